"""Finds where a JSON value ends while its characters arrive; knows nothing of its meaning."""

from __future__ import annotations

from typing import Literal

Progress = Literal["more", "complete", "broken"]

_DEEPEST = 64
# What can stand outside strings: punctuation, numbers, true, false, null and white space.
_OUTSIDE = frozenset('{}[],:"+-.0123456789eEtrufalsn \t\r\n')


class JsonSpan:
    """Follows one array or object; coarse on purpose, a real parser reads it afterwards.

    "broken" comes at the first character that cannot belong to a list of objects, so that a text
    which merely begins like one is not held back for long.
    """

    def __init__(self) -> None:
        self.strings = 0  # strings finished so far
        self._open: list[str] = []
        self._in_string = False
        self._escaped = False

    def push(self, sign: str) -> Progress:
        """Take the next character; constant cost."""
        if self._in_string:
            return self._push_in_string(sign)
        if sign not in _OUTSIDE:
            return "broken"
        if (not self._open or not self.strings) and sign not in self._before_the_first_string():
            return "broken"
        return self._push_outside(sign)

    def _before_the_first_string(self) -> str:
        return '[{" \t\r\n' if self._open else "[{ \t\r\n"

    def _push_in_string(self, sign: str) -> Progress:
        if self._escaped:
            self._escaped = False
        elif sign == "\\":
            self._escaped = True
        elif sign == '"':
            self._in_string = False
            self.strings += 1
        return "more"

    def _push_outside(self, sign: str) -> Progress:
        if sign == '"':
            self._in_string = True
        elif sign in "[{":
            self._open.append("]" if sign == "[" else "}")
            return "more" if len(self._open) <= _DEEPEST else "broken"
        elif sign in "]}":
            if not self._open or self._open.pop() != sign:
                return "broken"
            return "more" if self._open else "complete"
        return "more"
