"""Translates the text of a page through the model, part by part; knows no page and no window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, TextDelta
from phi_desk.engine.languages import Language
from phi_desk.engine.messages import ChatRequest, Message, Options, Text
from phi_desk.services.tally import Tally

PART = 1800  # letters a request: about 500 tokens, so that little is lost where one goes wrong
MAX_TOKENS = 2048  # of a part's translation; some languages take three times as many as English
_PARAGRAPHS = re.compile(r"\n[ \t]*\n+")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+|\n")


def translate(
    text: str, language: Language, engine: Engine, cancel: CancelToken
) -> Iterator[TextDelta | Finished]:
    """The translation as it is written, then a `Finished` with the whole of it.

    Raises:
        PhiDeskError: the engine fails.
    """
    tally = Tally()
    whole: list[str] = []
    for number, part in enumerate(parts_of(text)):
        if cancel.cancelled:
            tally.stop()
            break
        if number:
            whole.append("\n\n")
            yield TextDelta("\n\n")
        finished: Finished | None = None
        for event in engine.stream(_request(part, language), cancel):
            if isinstance(event, TextDelta):
                whole.append(event.text)
                yield event
            elif isinstance(event, Finished):
                finished = event
        if finished is not None:
            tally.add(finished)
            if finished.reason == "cancelled":
                break
    yield tally.finish("".join(whole))


def parts_of(text: str, longest: int = PART) -> list[str]:
    """The text in parts of whole paragraphs where that is possible, none longer than `longest`."""
    parts: list[str] = []
    for paragraph in _PARAGRAPHS.split(text.strip()):
        if not paragraph.strip():
            continue
        if parts and len(parts[-1]) + 2 + len(paragraph) <= longest:
            parts[-1] += "\n\n" + paragraph
        else:
            parts += _cut(paragraph, longest)
    return parts


def _cut(paragraph: str, longest: int) -> list[str]:
    """A paragraph that is too long, at the ends of sentences or lines; else anywhere."""
    if len(paragraph) <= longest:
        return [paragraph]
    parts = [""]
    for sentence in _SENTENCES.split(paragraph):
        for start in range(0, len(sentence), longest):
            piece = sentence[start : start + longest]
            if len(parts[-1]) + 1 + len(piece) <= longest:
                parts[-1] = f"{parts[-1]} {piece}".strip()
            else:
                parts.append(piece)
    return [part for part in parts if part]


def _request(text: str, language: Language) -> ChatRequest:
    words = Text(tasks.translate_text(text, language))
    return ChatRequest(
        messages=(Message("user", (words,)),), options=Options(max_tokens=MAX_TOKENS)
    )
