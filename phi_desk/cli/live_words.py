"""Shows a live session: words for people as they are sure, or events; knows no device."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, assert_never

from phi_desk.cli.output import Output
from phi_desk.errors import PhiDeskError
from phi_desk.services.live.events import (
    Closed,
    Committed,
    Gap,
    Lag,
    Level,
    LiveEvent,
    Partial,
    Translated,
)
from phi_desk.services.live.segments import Segments
from phi_desk.services.speech.cues import columns_of
from phi_desk.services.speech.events import Segment
from phi_desk.services.speech.formats import FormatName, Wanted, segment_values, writer_for

if TYPE_CHECKING:
    from phi_desk.engine.languages import Language

TOLD_LAGS_S = (10.0, 30.0, 60.0, 120.0, 240.0)  # a lag is told to people when it passes one
CLEAR_LINE = "\r\x1b[K"
DIM, PLAIN = "\x1b[2m", "\x1b[0m"


class Showing:
    """Show every event of a session with `show`, between `begin` and `end`."""

    def __init__(
        self, name: FormatName, source: str, language: Language | None, out: Output
    ) -> None:
        about = {"source": source}
        if language is not None:
            about["language"] = language.code
        self._about: dict[str, Any] = about
        self._wanted = Wanted(translation=language is not None, about=about)
        self._writer = writer_for(name, self._wanted) if name != "text" else None
        self._segments = Segments(translated=language is not None)
        self._out = out
        self._unsure = UnsureLine(hidden=out.json)
        self._lags = [*TOLD_LAGS_S]
        self._document: list[str] = []
        self._spent = Spent()
        self._closed: Closed | None = None
        self._any = False  # whether a word was understood

    def begin(self, *, live: bool) -> None:
        """Say what is listened to."""
        self._out.close()
        self._out.event("started", **self._about)
        if live:
            self._note(f"Listening to “{self._about['source']}”. Ctrl-C stops.")

    def show(self, event: LiveEvent) -> None:
        """Show one event."""
        out = self._out
        segment = self._segments.feed(event)
        match event:
            case Level():
                out.event("level", **_values(event, "at_s", "rms_db", "peak_db", "speech"))
            case Partial():
                self._unsure.show(event.translation or event.transcript)
                names = ("segment", "start_s", "transcript", "translation")
                out.event("partial", **_values(event, *names))
            case Committed():
                self._spent.add(event)
            case Translated():
                pass
            case Lag():
                self._tell(event)
                out.event("lag", **_values(event, "behind_s", "waiting_s", "why"))
            case Gap():
                self._tell_gap(event)
                out.event("gap", **_values(event, "start_s", "end_s", "why"))
            case Closed():
                self._closed = event
            case _:
                assert_never(event)
        if segment is not None:
            self._write(segment)

    def end(self, *, cancelled: bool, notice: str) -> None:
        """Write the end of the document and the last event."""
        self._end_document(None)
        if (closed := self._closed) is None:
            raise TypeError("a session ended without Closed")
        note = notice
        if not self._any and not cancelled:
            note = f"{notice} No speech was heard.".strip()
        self._note(note)
        self._out.event(
            "finished",
            **self._about,
            text="".join(self._document),
            reason="cancelled" if cancelled else "stop",
            **self._spent.values(),
            **_values(closed, "heard_s", "missed_s", "gaps"),
            note=note,
        )

    def fail(self, error: PhiDeskError) -> None:
        """Write the end of the document: what was heard until the failure is kept."""
        self._end_document(error)

    def _end_document(self, failure: PhiDeskError | None) -> None:
        self._unsure.clear()
        if self._writer is not None:
            self._words(self._writer.end(failure))
        self._out.close()

    def _write(self, segment: Segment) -> None:
        self._unsure.clear()
        self._any = True
        number = self._spent.segments - 1
        self._out.event("segment", segment=number, **segment_values(segment, self._wanted))
        if self._writer is not None:
            self._words(self._writer.write(segment))
        elif segment.translation is None:
            self._words(f"{segment.text}\n")
        else:
            both = (line for line in (segment.text, segment.translation) if line)
            self._words("\n".join(both) + "\n\n")

    def _words(self, text: str) -> None:
        if self._out.json:
            self._document.append(text)
        self._out.words(text)

    def _tell(self, lag: Lag) -> None:
        """A person hears of a lag that the model makes, once each time it has grown a lot."""
        passed = [limit for limit in self._lags if lag.waiting_s >= limit]
        if passed:
            self._lags = [limit for limit in self._lags if limit not in passed]
            self._note(f"{lag.waiting_s:.0f} s of speech are waiting. {lag.why}")

    def _tell_gap(self, gap: Gap) -> None:
        if gap.end_s > gap.start_s:
            where = f"From {_clock(gap.start_s)} to {_clock(gap.end_s)} nothing was understood"
            self._note(f"{where}: {gap.why}")
        else:
            self._note(gap.why)

    def _note(self, sentence: str) -> None:
        self._unsure.clear()
        self._out.note(sentence)


class Spent:
    """What the model spent on a session."""

    def __init__(self) -> None:
        self.segments = 0
        self._adapter: str | None = None
        self._prompt = self._cached = self._output = 0
        self._seconds = 0.0

    def add(self, committed: Committed) -> None:
        """Count one segment."""
        answer = committed.answer
        self.segments += 1
        self._adapter = self._adapter or answer.adapter
        self._prompt += answer.prompt_tokens
        self._cached += answer.cached_tokens
        self._output += answer.output_tokens
        self._seconds += answer.seconds

    def values(self) -> dict[str, Any]:
        """For the last event; the ids of the tokens, which have no end, are left out."""
        return {
            "segments": self.segments,
            "adapter": self._adapter,
            "prompt_tokens": self._prompt,
            "cached_tokens": self._cached,
            "output_tokens": self._output,
            "seconds": round(self._seconds, 3),
        }


class UnsureLine:
    """The words that are not sure yet, on one line of a terminal's stderr, in place."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._shown = False

    def show(self, text: str) -> None:
        """Show the end of `text`, as much as fits the line."""
        if self._hidden or sys.stderr is None or not sys.stderr.isatty():
            return
        room = shutil.get_terminal_size().columns - 1
        line = "".join(sign if sign.isprintable() else " " for sign in text)
        while columns_of(line) > room:
            line = line[1:]
        sys.stderr.write(f"{CLEAR_LINE}{DIM}{line}{PLAIN}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take it off the terminal."""
        if self._shown:
            sys.stderr.write(CLEAR_LINE)
            sys.stderr.flush()
            self._shown = False


def _values(event: object, *names: str) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in names}
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in values.items()}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:04.1f}"
