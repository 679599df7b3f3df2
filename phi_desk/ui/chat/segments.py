"""Cuts an answer into running text and code, so that each is shown in its way; knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$")


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown without code blocks."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code block; `language` as the answer names it, or empty."""

    text: str
    language: str


Segment = Prose | Code


def segments(answer: str) -> tuple[Segment, ...]:
    """The parts of an answer in order; a block that is still open is code already."""
    return tuple(segment for segment, _ in _spans(answer, 0))


class GrowingSegments:
    """Cuts a text that grows: only its last part is looked at again."""

    def __init__(self) -> None:
        self._text = ""
        self._closed: list[Segment] = []
        self._begin = 0

    def of(self, text: str) -> tuple[Segment, ...]:
        """As `segments(text)`."""
        if not text.startswith(self._text):
            self._closed, self._begin = [], 0
        self._text = text
        found = list(_spans(text, self._begin))
        # A line that goes on may turn out to open no block: "```" may become "```word```".
        if found and "\n" in text[found[-1][1] :]:
            self._closed += [segment for segment, _ in found[:-1]]
            self._begin = found[-1][1]
            found = found[-1:]
        return (*self._closed, *(segment for segment, _ in found))


def _spans(answer: str, start: int) -> Iterator[tuple[Segment, int]]:
    """The parts from `start` on, each with where it begins."""
    lines: list[str] = []
    fence, language, begin, place = "", "", start, start
    for line in answer[start:].split("\n"):
        mark = _FENCE.match(line)
        if not fence and mark:
            if any(one.strip() for one in lines):
                yield Prose("\n".join(lines)), begin
            fence, language, lines, begin = mark[1], mark[2], [], place
        elif fence and _closes(line, fence):
            yield Code("\n".join(lines), language), begin
            fence, lines, begin = "", [], place + len(line) + 1
        else:
            lines.append(line)
        place += len(line) + 1
    if fence:
        yield Code("\n".join(lines), language), begin
    elif any(one.strip() for one in lines):
        yield Prose("\n".join(lines)), begin


def _closes(line: str, fence: str) -> bool:
    """The same sign, at least as often, and nothing else (CommonMark 4.5)."""
    bare = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    return indent <= 3 and len(bare) >= len(fence) and set(bare) == {fence[0]}
