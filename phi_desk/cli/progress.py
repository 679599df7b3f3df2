"""A bar on stderr while a person waits at a terminal; knows no command."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

REDRAW_S = 0.1
LABELS = {
    "load": "Loading the model",
    "media": "Reading the files",
    "encode": "Looking and listening",
    "prefill": "Thinking",
    "listen": "Listening",
    "pages": "Reading pages",
    "convert": "Converting",
    "check": "Checking",
    "checksum": "Checking",
}


class ProgressBar:
    """One bar; nothing at all where stderr is no terminal, or once `end` has been called
    because words are coming."""

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._phase = ""
        self._drawn_at = 0.0

    def show(self, phase: str, done: float, total: float | None) -> None:
        """Draw `done` of `total`; a new phase begins a new bar."""
        if self._hidden or sys.stderr is None or not sys.stderr.isatty():
            return
        now = time.monotonic()
        if phase == self._phase and done != total and now - self._drawn_at < REDRAW_S:
            return
        self._drawn_at = now
        progress = self._progress or self._open()
        if self._task is None or phase != self._phase:
            if self._task is not None:
                progress.remove_task(self._task)
            self._task = progress.add_task(LABELS.get(phase, phase), total=total)
            self._phase = phase
        progress.update(self._task, completed=done, total=total)
        progress.refresh()

    def end(self) -> None:
        """Take the bar off the terminal; the next `show` draws a new one."""
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._task, self._phase = None, None, ""

    def _open(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,  # no thread: the work itself redraws
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._progress.start()
        return self._progress
