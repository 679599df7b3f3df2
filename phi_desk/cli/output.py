"""What a command says: words for people, or with --json one event a line; knows no command."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

from phi_desk.cli.progress import ProgressBar
from phi_desk.errors import PhiDeskError
from phi_desk.services.json_lines import json_line

if TYPE_CHECKING:
    from phi_desk.engine.events import Finished, Progress

JSON_PROGRESS_S = 0.1  # at most one progress event in this time, besides the first and the last
# Control characters but tab and line feed: what a model reads off a picture shall not steer a
# person's terminal.
_CONTROLS = {n: None for n in (*range(32), *range(127, 160)) if chr(n) not in "\t\n"}


class Output:
    """One command's way to the person.

    Attributes:
        json: whether events are written instead of words.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self._bar = ProgressBar(hidden=json)
        self._line_open = False
        self._last_event = ""
        self._progress_shown = ("", 0.0)

    def words(self, text: str) -> None:
        """Text for people on stdout, shown at once; nothing with --json."""
        if self.json or not text:
            return
        terminal = sys.stdout.isatty()
        if terminal:
            self._bar.end()  # the words are the progress from now on
        self._write(text.translate(_CONTROLS) if terminal else text)
        self._line_open = not text.endswith("\n")

    def line(self, text: str = "") -> None:
        """One line for people on stdout; nothing with --json."""
        self.words(f"{text}\n")

    def end_line(self) -> None:
        """End the line of words that is still open."""
        if self._line_open:
            self.words("\n")

    def event(self, name: str, /, **values: Any) -> None:
        """One JSON object on a line of stdout; nothing without --json."""
        if self.json:
            self._last_event = name
            record = json_line({"event": name, **values})
            self._write(record + "\n")

    def progress(self, phase: str, done: float, total: float | None, /, **values: Any) -> None:
        """`done` of `total` steps of a phase; None where the total is unknown.

        An event, or a bar on stderr where that is a terminal.
        """
        if not self.json:
            if not (self._line_open and sys.stdout.isatty()):  # a bar would tear the words apart
                self._bar.show(phase, done, total)
            return
        shown_phase, shown_at = self._progress_shown
        now = time.monotonic()
        if phase != shown_phase or done == total or now - shown_at >= JSON_PROGRESS_S:
            self._progress_shown = (phase, now)
            self.event("progress", **values, phase=phase, done=done, total=total)

    def on_progress(self, progress: Progress) -> None:
        """Show an engine's progress; fits where a callback is wanted."""
        self.progress(progress.phase, progress.done, progress.total)

    def engine_progress(self, progress: Progress, /) -> None:
        """Progress of one request among many: an event only, because the bar shows the whole."""
        if self.json:
            self.on_progress(progress)

    def note(self, sentence: str) -> None:
        """A sentence beside the result, on stderr; with --json it belongs into an event."""
        if sentence and not self.json:
            self._stderr(sentence)

    def error(self, error: PhiDeskError, /, **values: Any) -> None:
        """One line on stderr, and with --json an event on stdout."""
        sentence, hint = _one_line(error.sentence), _one_line(error.hint)
        self._stderr(f"{sentence} {hint}".strip())
        self.event(
            "error",
            **values,
            sentence=sentence,
            hint=hint,
            kind=type(error).__name__,
            details=list(error.details),
        )

    def finished(self, finished: Finished, /, **values: Any) -> None:
        """The last event of a job; for people only its note, where it has one."""
        self.close()
        if not self.json:
            self.note(finished.note)
            return
        first = finished.first_token_s
        self.event(
            "finished",
            **values,
            text=finished.text,
            reason=finished.reason,
            adapter=finished.adapter,
            prompt_tokens=finished.prompt_tokens,
            cached_tokens=finished.cached_tokens,
            output_tokens=finished.output_tokens,
            output_ids=list(finished.output_ids),
            first_token_s=None if first is None else round(first, 3),
            seconds=round(finished.seconds, 3),
            note=finished.note,
        )

    def interrupted(self) -> None:
        """The person stopped it; with --json a last event, where the job has not given its own."""
        self.close()
        if self._last_event == "finished":
            return
        self.event(
            "finished",
            text="",
            reason="cancelled",
            adapter=None,
            prompt_tokens=0,
            cached_tokens=0,
            output_tokens=0,
            output_ids=[],
            first_token_s=None,
            seconds=0.0,
            note="",
        )

    def close(self) -> None:
        """Take the bar off the terminal and end an open line."""
        self._bar.end()
        self.end_line()

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _stderr(self, sentence: str) -> None:
        self._bar.end()
        if self._line_open and sys.stdout.isatty():
            self.end_line()
        with contextlib.suppress(OSError):  # a full disk or a reader gone: the answer still counts
            sys.stderr.write(f"phi-desk: {sentence}\n")
            sys.stderr.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split()).translate(_CONTROLS)
