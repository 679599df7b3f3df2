"""How presenters have work done elsewhere; knows no Qt, no thread and no feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError

if TYPE_CHECKING:  # the first window stands there before anything of the engine is imported
    from phi_desk.engine.base import Engine

Work = Callable[[CancelToken], Iterable[object]]
Say = Callable[[object], None]
ReportingWork = Callable[[Say, CancelToken], None]
ModelWork = Callable[["Engine", CancelToken], Iterable[object]]
OnEvent = Callable[[object], None]
OnFailed = Callable[[PhiDeskError], None]
OnFinished = Callable[[], None]


class Priority(IntEnum):
    """Who goes first on the model lane, also between two events of a job that comes later."""

    CAPTIONS = 0
    CHAT = 1
    BATCH = 2


class Running(Protocol):
    """Work that was started."""

    def cancel(self) -> None:
        """Ask it to stop; its listeners still hear that it finished, once."""
        ...


class WorkRunner(Protocol):
    """Does disk and network work, one job after another."""

    def run(
        self,
        work: Work,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Running:
        """Start `work`; the listeners are called on the thread that paints, `on_finished` last."""
        ...

    def run_reporting(
        self,
        work: ReportingWork,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Running:
        """As `run`, for work that tells its events to a function instead of yielding them."""
        ...


class ModelRunner(Protocol):
    """Does what needs the model, one job after another."""

    def run(
        self,
        work: ModelWork,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Running:
        """Start `work` with the engine; the listeners are called as by `WorkRunner.run`."""
        ...
