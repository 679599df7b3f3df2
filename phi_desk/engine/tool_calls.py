"""Finds tool calls in an answer while it streams; knows no model and runs no tool.

Three ways to call are known: `<|tool_call|>[...]<|/tool_call|>` (published), `functools[...]` (what
the models also write), and bare JSON at the beginning of a line that names a tool of the request.
Whatever is no call comes back as text, sign by sign as it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from phi_desk.engine.call_json import read_calls
from phi_desk.engine.json_span import JsonSpan
from phi_desk.engine.messages import ToolCall

Output = str | ToolCall
Form = Literal["tag", "functools", "bare"]

_OPENING_TAG = "<|tool_call|>"
_CLOSING_TAG = "<|/tool_call|>"
_FUNCTOOLS = "functools"
_START = re.compile(
    rf"(?P<tag>{re.escape(_OPENING_TAG)})|(?P<functools>{_FUNCTOOLS}(?=\[))"
    r"|^[^\S\n]*(?P<bare>[\[{])",
    re.MULTILINE,
)
_PARTIAL = (_OPENING_TAG, _FUNCTOOLS + "[")
# The keys a call may begin with: a bare list of other objects is let go at its first key.
_BARE_OPENING = re.compile(r'[\[\s]*\{\s*"(name|arguments|parameters|type|function|id)"')
_BETWEEN_CALLS = re.compile(r"[\s,]*")


class ToolCallParser:
    """Feed it the text deltas of one answer; it gives text and calls back, in order.

    The cost is constant a character. Without tools everything is text.
    """

    def __init__(self, tools: Collection[str]) -> None:
        """Take the names of the tools that the request offers."""
        self._names = frozenset(tools)
        self._waiting = ""  # not yet looked at, or too little to decide
        self._capture: _Capture | None = None
        self._last: Form | None = None  # right behind a call: the form it had
        self._blank_line = True  # whether the line so far is white space

    def feed(self, delta: str) -> list[Output]:
        """The text and the calls that became certain with `delta`."""
        if not self._names:
            return [delta] if delta else []
        self._waiting += delta
        return _joined(self._outputs())

    def flush(self) -> list[Output]:
        """The rest at the end of the answer: an unfinished call is text."""
        taken = self._capture.raw if self._capture else ""
        rest = taken + self._waiting
        self._waiting, self._capture, self._last, self._blank_line = "", None, None, True
        return [rest] if rest else []

    def _outputs(self) -> Iterator[Output]:
        """Work off what waits; every step takes something or asks for more."""
        while self._waiting:
            if self._capture is not None:
                yield from self._follow(self._capture)
            elif self._last is not None:
                if not self._look_behind_a_call(self._last):
                    return
            else:
                found = self._find_start()
                if found is None:
                    yield self._text(len(self._waiting) - _begun_marker(self._waiting))
                    return
                yield self._text(found.start(found.lastgroup or 0))
                self._begin(found)

    def _find_start(self) -> re.Match[str] | None:
        for found in _START.finditer(self._waiting):
            at_line_start = self._blank_line or found.start() > 0
            if found.lastgroup != "bare" or at_line_start:
                return found
        return None

    def _begin(self, found: re.Match[str]) -> None:
        """Start a capture at the marker, which now opens what waits."""
        match found.lastgroup:
            case "tag":
                self._capture = _Capture("tag", _OPENING_TAG)
            case "functools":
                self._capture = _Capture("functools", _FUNCTOOLS)
            case _:
                self._capture = _Capture("bare", "")
        self._waiting = self._waiting[len(self._capture.raw) :]

    def _follow(self, capture: _Capture) -> Iterator[Output]:
        """Let the capture take what belongs to it; give out its calls, or its text."""
        taken = capture.take(self._waiting)
        self._waiting = self._waiting[taken:]
        if capture.ended == "no":
            return
        self._capture = None
        calls = capture.calls(self._names) if capture.ended == "complete" else ()
        if calls:
            self._last = capture.form
            yield from calls
        else:
            yield self._text_of(capture.raw)

    def _look_behind_a_call(self, form: Form) -> bool:
        """Another call may follow, or the closing tag; false where more is needed to know."""
        found = _BETWEEN_CALLS.match(self._waiting)
        between = found.end() if found else 0
        rest = self._waiting[between:]
        if not rest or (form == "tag" and len(rest) < len(_CLOSING_TAG) and _closes(rest)):
            return False
        self._last, self._blank_line = None, True
        if form == "tag" and _closes(rest):
            self._waiting = rest[len(_CLOSING_TAG) :]
        elif rest[0] in "[{":
            following: Form = "tag" if form == "tag" else "bare"
            self._capture = _Capture(following, self._waiting[:between])
            self._waiting = rest
        return True

    def _text(self, end: int) -> str:
        """What waits up to `end`, as text."""
        text, self._waiting = self._waiting[:end], self._waiting[end:]
        return self._text_of(text)

    def _text_of(self, text: str) -> str:
        _, newline, tail = text.rpartition("\n")
        self._blank_line = (bool(newline) or self._blank_line) and not tail.strip()
        return text


class _Capture:
    """Text that may be a call: kept as it came until that is known.

    Attributes:
        ended: "no" while it goes on; "complete" with the JSON's last bracket; else "broken".
    """

    def __init__(self, form: Form, opening: str) -> None:
        self.form = form
        self.ended: Literal["no", "complete", "broken"] = "no"
        self._span = JsonSpan()
        self._opening = opening
        self._value: list[str] = []

    @property
    def raw(self) -> str:
        """All it took, unchanged."""
        return self._opening + "".join(self._value)

    def take(self, text: str) -> int:
        """Take characters from the beginning of `text` until the end is known; how many."""
        for place, sign in enumerate(text):
            strings = self._span.strings
            progress = self._span.push(sign)
            if progress == "broken":
                self.ended = "broken"
                return place
            self._value.append(sign)
            if progress == "complete":
                self.ended = "complete"
                return place + 1
            if not strings and self._span.strings and not self._may_be_a_call():
                self.ended = "broken"
                return place + 1
        return len(text)

    def calls(self, names: Collection[str]) -> tuple[ToolCall, ...]:
        """The calls in it; bare JSON must name a tool of the request to be one."""
        calls = read_calls("".join(self._value))
        if self.form == "bare" and any(call.name not in names for call in calls):
            return ()
        return calls

    def _may_be_a_call(self) -> bool:
        return self.form != "bare" or bool(_BARE_OPENING.match("".join(self._value)))


def _begun_marker(text: str) -> int:
    """How many signs at the end of `text` may be the beginning of a marker."""
    lengths = (
        length
        for marker in _PARTIAL
        for length in range(1, len(marker))
        if text.endswith(marker[:length])
    )
    return max(lengths, default=0)


def _closes(rest: str) -> bool:
    return rest.startswith(_CLOSING_TAG) or _CLOSING_TAG.startswith(rest)


def _joined(outputs: Iterable[Output]) -> list[Output]:
    """Neighbouring texts as one, empty ones left out."""
    result: list[Output] = []
    for output in outputs:
        if isinstance(output, str) and result and isinstance(result[-1], str):
            result[-1] += output
        elif output != "":
            result.append(output)
    return result
