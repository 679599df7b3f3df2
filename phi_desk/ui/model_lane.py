"""The lane that owns the engine: opened here, used here, closed here; knows no model by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress
from phi_desk.errors import Cancelled, ModelNotFoundError, PhiDeskError
from phi_desk.ui.engine_status import EngineStatus as EngineStatus
from phi_desk.ui.engine_status import NoModelError as NoModelError
from phi_desk.ui.lane import Job, Lane, in_words
from phi_desk.ui.lane_engine import LaneEngine
from phi_desk.ui.running import ModelWork, OnEvent, OnFailed, OnFinished, Priority, Work

OpenEngine = Callable[[Callable[[Progress], None], CancelToken], Engine]

_LANE = 0  # the number of mail about the lane itself; jobs count from 1


class ModelLane(Lane):
    """Runs jobs with the engine; loads it before the first one, never on the painting thread.

    A job that is cancelled while the model is still loading ends at once; the loading goes on.
    """

    status_changed = Signal(object)  # EngineStatus

    def __init__(self, opener: OpenEngine, parent: QObject | None = None) -> None:
        super().__init__("model lane", parent)
        self._opener = opener
        self._stale = False
        self._engine: Engine | None = None
        self.status = EngineStatus(state="asleep")

    def run(  # type: ignore[override]  # its work takes the engine, too: that is what it is for
        self,
        work: ModelWork,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Job:
        """Build a job, wire it and start it."""
        return super().run(
            self._with_engine(work),
            priority=priority,
            on_event=on_event,
            on_failed=on_failed,
            on_finished=on_finished,
        )

    def engine(self, priority: Priority) -> Engine:
        """The engine for other threads: what they ask it is a job here with this priority."""

        def start(work: ModelWork, post: Callable[[object], None]) -> Callable[[], None]:
            task = self.task(self._with_engine(work), priority, post)
            self.submit(task)

            def stop() -> None:
                task.cancel.cancel()
                self.withdraw(task)

            return stop

        return LaneEngine(start)

    def warm(self) -> None:
        """Load the model now, so that the first question need not wait for it."""
        self.run(lambda _engine, _cancel: ())

    def use(self, opener: OpenEngine) -> None:
        """Take another model from the next job on, and load it."""
        with self._condition:
            self._opener = opener
            self._stale = True
        self.warm()

    def unload(self) -> None:
        """Give the model's memory back once nothing else runs; the next question loads it again."""

        def work(_cancel: CancelToken) -> Iterable[object]:
            self._let_go()
            self._say(EngineStatus(state="asleep", sentence="The model is not loaded."))
            return ()

        super().run(work, priority=Priority.BATCH)

    def _with_engine(self, work: ModelWork) -> Work:
        def with_engine(cancel: CancelToken) -> Iterable[object]:
            if self._engine is None:
                raise RuntimeError("a job began without an engine")
            return work(self._engine, cancel)

        return with_engine

    def _hand_out(self, number: int, item: object) -> None:
        if number == _LANE and isinstance(item, EngineStatus):
            self.status = item
            self.status_changed.emit(item)
        else:
            super()._hand_out(number, item)

    # What follows runs on the lane's thread.

    def _may_begin(self) -> bool:
        return not self._stale  # those that have begun are ended by the engine they began with

    def _prepare(self) -> PhiDeskError | None:
        with self._condition:
            opener, stale = self._opener, self._stale and not self._turns.begun
            if stale:
                self._stale = False
        if stale:
            self._let_go()
        if self._engine is not None:
            return None
        self._say(EngineStatus(state="loading", sentence="Loading the model…"))
        try:
            self._engine = opener(self._on_loading, self._closing)
        except Cancelled:
            self._say(EngineStatus(state="asleep"))
            return None  # the lane is closing: no job is left
        except Exception as failure:  # noqa: BLE001  (a lane; it is logged and told)
            error = in_words(failure)
            if isinstance(error, ModelNotFoundError):
                error = NoModelError(error.sentence, error.hint, error.details)
            self._say(EngineStatus(state="failed", sentence=error.sentence, error=error))
            return error
        plan = getattr(self._engine, "plan", "")
        self._say(EngineStatus(state="ready", sentence=plan or "The model is ready."))
        return None

    def _on_loading(self, progress: Progress) -> None:
        self._say(
            EngineStatus(
                state="loading",
                sentence="Loading the model…",
                done=progress.done,
                total=progress.total,
            )
        )

    def _say(self, status: EngineStatus) -> None:
        self._post(_LANE, status)

    def _let_go(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
