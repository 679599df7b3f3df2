"""Names a chat after its first question, without asking a model; knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

from phi_desk.engine.messages import Text
from phi_desk.services.chats.values import Attachment, MediaKind, StoredPart

UNTITLED = "New chat"
TITLE_COLUMNS = 48  # about what a list at the side of a window shows
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|(?<=[。！？])")
_MARKUP = re.compile(r"^[\s#>*_`~=-]+|[\s*_`~]+$")
_NAMELESS: dict[MediaKind, str] = {"image": "Picture", "audio": "Recording"}


def title_of(parts: Sequence[StoredPart]) -> str:
    """A title for a chat that begins with `parts`: their first sentence, else a file's name."""
    for part in parts:
        if isinstance(part, Text) and (line := _first_line(part.text)):
            return shorten(_SENTENCE_END.split(line, maxsplit=1)[0])
    for part in parts:
        if isinstance(part, Attachment):
            stem = PurePath(part.name).stem if part.name else ""
            return shorten(stem) or _NAMELESS[part.kind]
    return UNTITLED


def shorten(text: str, columns: int = TITLE_COLUMNS) -> str:
    """`text` on one line, cut behind a word where it is wider than `columns`."""
    line = " ".join("".join(map(_visible, text)).split())
    if _width(line) <= columns:
        return line
    kept = line
    while _width(kept) > columns - 1:
        kept = kept[:-1]
    space = kept.rfind(" ")
    cut_in_word = line[len(kept) : len(kept) + 1].strip()
    if cut_in_word and space > len(kept) // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:–—-、，") + "…"


def _first_line(text: str) -> str:
    """The first line that has more than marks of Markdown on it, without these."""
    for line in text[:10_000].splitlines():
        bare = _MARKUP.sub("", line)
        if any(letter.isalnum() for letter in bare):
            return bare
    return " ".join(text[:200].split())


def _visible(letter: str) -> str:
    return " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter


def _width(text: str) -> int:
    """Columns: two for a wide letter, none for one that stands on the letter before."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
