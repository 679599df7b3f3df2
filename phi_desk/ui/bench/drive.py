"""Opens the real window, has answers written in it, and notes how it fares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from phi_desk.app.wiring import App
from phi_desk.bench.ui import WindowRun
from phi_desk.bench.ui_figures import Gaps, WindowFigures
from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Progress
from phi_desk.errors import PhiDeskError
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop
from phi_desk.ui.bench.engines import Watched, opened
from phi_desk.ui.bench.ticks import Ticks

QUESTION = "What makes a window smooth?"
LOOK_MS = 5
LOAD_S, ANSWER_S = 1500.0, 300.0
STOP_AFTER_S = (0.3, 1.1, 2.3)  # in the prompt of a large model, and within its answer


class Frames(QObject):
    """Counts how often a window is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Every frame begins with such a request."""
        self.count += event.type() == QEvent.Type.UpdateRequest
        return False


def drive(asked: WindowRun, told: Callable[[WindowFigures], None]) -> None:
    """Measure, close the window while it answers, and tell.

    Raises:
        PhiDeskError: the model could not be loaded, or does not answer.
    """
    application = QApplication.instance() or QApplication(["phi-desk"])
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    app, made = App(asked.home, EngineOptions()), list[Watched]()

    def open_engine(progress: Callable[[Progress], None], cancel: CancelToken) -> Watched:
        made.append(opened(asked, app.catalog, progress, cancel))
        return made[-1]

    ticks = Ticks(asked.stacks, asked.stacks_ms)
    desktop = Desktop(app, application, open_engine)
    try:
        told(_measured(asked, desktop, ticks, made))
    finally:
        ticks.close()
        desktop.close()


def _measured(
    asked: WindowRun, desktop: Desktop, ticks: Ticks, made: list[Watched]
) -> WindowFigures:
    desktop.show()
    desktop.window.open_page("Ask")
    ticks.start()
    _until(lambda: desktop.model.status.state in ("ready", "failed"), LOAD_S)
    if desktop.model.status.error is not None:
        raise desktop.model.status.error
    loading = Gaps.of(ticks.take())
    _until(lambda: not desktop.glyphs.busy, LOAD_S)
    _wait(1.0)  # what the model's arrival sets off is over
    ticks.take()
    before = made[-1].pieces
    frames, seconds = _answers(desktop, asked.seconds)
    generating, pieces = Gaps.of(ticks.take()), made[-1].pieces - before
    cancel_s = max(_stopped(desktop, after) for after in STOP_AFTER_S)
    closing_at, closed_s = _closed(desktop)
    script = f"a script of {asked.rate:g} tokens a second"
    return WindowFigures(
        words=script if asked.model is None else f"a model ({desktop.model.status.sentence})",
        loading=asdict(loading),
        generating=asdict(generating),
        frames=frames / seconds,
        tokens=pieces / seconds,
        cancel_s=cancel_s,
        closed_s=closed_s,
        closing_at=closing_at,
    )


def _answers(desktop: Desktop, seconds: float) -> tuple[int, float]:
    """Have answers written for so long: the frames, and the time it really took."""
    frames = Frames()
    desktop.window.installEventFilter(frames)
    begun = time.perf_counter()
    while (left := begun + seconds - time.perf_counter()) > 0:
        desktop.ask.talk.send(QUESTION)
        _until(lambda: not desktop.ask.talk.busy, left, strict=False)
        _until(lambda: desktop.disk.idle or desktop.ask.talk.busy, ANSWER_S)
    taken = time.perf_counter() - begun
    desktop.window.removeEventFilter(frames)
    _stop(desktop)
    return frames.count, taken


def _stopped(desktop: Desktop, after_s: float) -> float:
    """Seconds from a stop, so long into an answer, until nothing is written any more."""
    desktop.ask.talk.open(None)
    _until(lambda: desktop.disk.idle, ANSWER_S)
    desktop.ask.talk.send(QUESTION)
    _wait(after_s)
    return _stop(desktop)


def _stop(desktop: Desktop) -> float:
    begun = time.perf_counter()
    desktop.ask.talk.stop()
    _until(lambda: not desktop.ask.talk.busy, ANSWER_S)
    taken = time.perf_counter() - begun
    _until(lambda: desktop.disk.idle, ANSWER_S)
    return taken


def _closed(desktop: Desktop) -> tuple[float, float]:
    """When the window was closed within an answer, and how long its threads took to end."""
    desktop.ask.talk.send(QUESTION)
    _wait(2.0)
    closing_at, begun = time.time(), time.perf_counter()
    desktop.window.leave()
    desktop.close()
    return closing_at, time.perf_counter() - begun


def _until(there: Callable[[], object], seconds: float, *, strict: bool = True) -> None:
    """Let the loop turn until something is there.

    Raises:
        PhiDeskError: it was not there in time, where that is `strict`.
    """
    loop, look = QEventLoop(), QTimer(interval=LOOK_MS)
    end = time.perf_counter() + seconds
    look.timeout.connect(lambda: loop.quit() if there() or time.perf_counter() > end else None)
    look.start()
    if not there():
        loop.exec()
    look.stop()
    if strict and not there():
        raise PhiDeskError(f"The window was not done after {seconds:.0f} s.")


def _wait(seconds: float) -> None:
    _until(lambda: False, seconds, strict=False)
