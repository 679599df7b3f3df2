"""Text files, and their translation part by part; knows no terminal and no window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Started, StreamEvent, TextDelta
from phi_desk.engine.languages import Language
from phi_desk.engine.messages import ChatRequest, Message, Options, Text
from phi_desk.errors import InputError
from phi_desk.paths import open_regular
from phi_desk.services.tally import Tally

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md"})
LARGEST_BYTES = 20_000_000
PART_LETTERS = 1500  # about 400 tokens: short enough that nothing is left out in the translation

# Behind an empty line, a line, a sentence, a word: from the best place to cut to the worst.
_BORDERS = (r"(?<=\n)(?=[ \t]*\n)", r"(?<=\n)", r"(?<=[.!?…])(?=\s)|(?<=[。！？])", r"(?<=\s)")
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text_file(path: Path) -> str:
    """The text of a UTF-8 file, or of a UTF-16 file with a byte order mark.

    Raises:
        InputError: it cannot be read, is larger than 20 MB, or is no text.
    """
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"“{path}” cannot be read: {error.strerror or error}.", "Check the name and the folder."
        ) from error
    if len(data) > LARGEST_BYTES:
        raise InputError(f"“{path.name}” is larger than 20 MB.", "Cut it into parts.")
    return decode_text(data, path.name)


def decode_text(data: bytes, name: str) -> str:
    """`data` as text with `\\n` at the line ends; `name` is what an error calls it.

    Raises:
        InputError: it is neither UTF-8 nor marked as UTF-16, or holds zero bytes.
    """
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not text in UTF-8.", "Save it as UTF-8 text.") from error
    if "\0" in text:
        raise InputError(f"{name} is not text.", "Give a text file in UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def translate_text(
    text: str,
    language: Language,
    engine: Engine,
    cancel: CancelToken,
    *,
    options: Options | None = None,
    adapter: str = "auto",
) -> Iterator[StreamEvent]:
    """Translate `text` in parts of whole paragraphs; the space between them stays as it was.

    Raises:
        PhiDeskError: from the engine.
    """
    tally = Tally()
    said: list[str] = []
    done = 0
    for space, words in cut_text(text):
        if cancel.cancelled:
            tally.stop()
            break
        request = ChatRequest(
            messages=(Message("user", (Text(tasks.translate_text(words, language)),)),),
            options=options or Options(),
            adapter=adapter,
        )
        if space:
            yield TextDelta(space)
        for event in engine.stream(request, cancel):
            if isinstance(event, Finished):
                tally.add(event)
                said += [space, event.text]
            elif not isinstance(event, Started) or not done:
                yield event
        done += len(words)
    yield tally.finish("".join(said))


def cut_text(text: str) -> list[tuple[str, str]]:
    """`text` as pairs of white space and the words behind it, at most about 1500 letters each.

    Cut between paragraphs, else lines, else sentences, else words, else anywhere; joined the pairs
    are `text` without the white space at its end.
    """
    parts = ((part, len(part) - len(part.lstrip())) for part in _cut(text.rstrip(), _BORDERS))
    pairs: list[tuple[str, str]] = []
    space = ""
    for part, begin in parts:
        space += part[:begin]
        if words := part[begin:].rstrip():
            pairs.append((space, words))
            space = part[begin + len(words) :]
    return pairs


def _cut(text: str, borders: tuple[str, ...]) -> Iterator[str]:
    """`text` in parts of at most `PART_LETTERS`, cut at the first border that does it."""
    if len(text) <= PART_LETTERS:
        yield text
        return
    if not borders:
        yield from (text[i : i + PART_LETTERS] for i in range(0, len(text), PART_LETTERS))
        return
    filled = ""
    for piece in re.split(borders[0], text):
        if len(filled) + len(piece) > PART_LETTERS and filled:
            yield from _cut(filled, borders[1:])
            filled = ""
        filled += piece
    yield from _cut(filled, borders[1:])
