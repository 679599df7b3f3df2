"""Cuts an answer into running text and code, so that each is shown in its way; knows no Qt."""

from __future__ import annotations

import re
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
    found: list[Segment] = []
    lines: list[str] = []
    fence, language = "", ""
    for line in answer.split("\n"):
        mark = _FENCE.match(line)
        if not fence and mark:
            _add(found, Prose("\n".join(lines)))
            fence, language, lines = mark[1], mark[2], []
        elif fence and _closes(line, fence):
            found.append(Code("\n".join(lines), language))
            fence, lines = "", []
        else:
            lines.append(line)
    if fence:
        found.append(Code("\n".join(lines), language))
    else:
        _add(found, Prose("\n".join(lines)))
    return tuple(found)


def _add(found: list[Segment], prose: Prose) -> None:
    if prose.text.strip():
        found.append(prose)


def _closes(line: str, fence: str) -> bool:
    """The same sign, at least as often, and nothing else (CommonMark 4.5)."""
    bare = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    return indent <= 3 and len(bare) >= len(fence) and set(bare) == {fence[0]}
