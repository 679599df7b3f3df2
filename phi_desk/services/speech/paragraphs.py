"""Joins segments to running text: spaces, paragraphs; knows no model."""

from __future__ import annotations

import unicodedata

from phi_desk.services.speech.events import Segment

PAUSE_S = 2.0  # a longer silence begins a new paragraph
FULL_PARAGRAPH = 700  # letters, after which the next finished sentence ends it
SENTENCE_MARKS = (".", "!", "?", "…", "。", "！", "？")


class Flow:
    """Decides what stands between the words so far and the next ones."""

    def __init__(self) -> None:
        self._tail = ""
        self._letters = 0
        self._heard_until: float | None = None

    def gap(self, start_s: float, words: str) -> str:
        """What to put before `words`, spoken from `start_s` on: nothing, a space, an empty line."""
        if self._heard_until is None:
            return ""
        full = self._letters > FULL_PARAGRAPH and self._tail.endswith(SENTENCE_MARKS)
        if full or start_s - self._heard_until >= PAUSE_S:
            self._letters = 0
            return "\n\n"
        return "" if _is_wide(self._tail[-1:]) and _is_wide(words[:1]) else " "

    def add(self, words: str, end_s: float) -> None:
        """`words` were said until `end_s`."""
        self._tail = words[-1:] or self._tail
        self._letters += len(words)
        self._heard_until = end_s


class Paragraphs:
    """Running text of finished segments: the translation where there is one, else the words."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._parts: list[str] = []

    def add(self, segment: Segment) -> None:
        """Append one segment."""
        words = segment.translation or segment.text
        self._parts += [self._flow.gap(segment.start_s, words), words]
        self._flow.add(words, segment.end_s)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)


def _is_wide(letter: str) -> bool:
    """Whether it is of a script written without spaces between words (Chinese, Japanese)."""
    return bool(letter) and unicodedata.east_asian_width(letter) in "WF" and not _is_hangul(letter)


def _is_hangul(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("HANGUL")
