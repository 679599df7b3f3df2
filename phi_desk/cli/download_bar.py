"""How a download looks at a terminal: bytes, speed and time left on stderr; knows no network."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from phi_desk.model.download.values import DownloadProgress, bytes_in_words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class DownloadBar:
    """One bar over all files; draws nothing where stderr is no terminal, or when hidden."""

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden or sys.stderr is None or not sys.stderr.isatty()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def show(self, report: DownloadProgress) -> None:
        """Draw the state of things."""
        if self._hidden:
            return
        progress = self._progress or self._open()
        if self._task is None:
            self._task = progress.add_task("", total=None)
        checking = report.phase == "check"
        progress.update(
            self._task,
            description=describe(report),
            completed=report.file_done if checking else report.done,
            total=(report.file_total if checking else report.total) or None,
        )
        progress.refresh()

    def end(self) -> None:
        """Take the bar off the terminal; the next `show` draws a new one."""
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._task = None, None

    def _open(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress = Progress(
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,  # no thread: the download itself redraws
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._progress.start()
        return self._progress


def describe(report: DownloadProgress) -> str:
    """The state in a few words."""
    if report.phase == "list":
        return "Asking what there is"
    if report.phase == "check":
        return f"Checking {report.file}"
    if report.phase == "wait":
        return "Waiting"
    words = f"{bytes_in_words(report.done)} of {bytes_in_words(report.total)}"
    if report.speed:
        words += f", {bytes_in_words(report.speed)}/s"
    if report.seconds_left is not None:
        words += f", {duration_in_words(report.seconds_left)} left"
    return words


def duration_in_words(seconds: float) -> str:
    """A time as people say it: 45 s, 12 min, 3 h 20 min."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
