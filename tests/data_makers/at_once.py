"""A lane that does its work at once, or when it is told, on the thread of the test."""

from __future__ import annotations

from collections.abc import Callable

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.running import (
    ModelWork,
    OnEvent,
    OnFailed,
    OnFinished,
    Priority,
    ReportingWork,
    Work,
)


class Started:
    """Work that was given to a lane."""

    def __init__(self) -> None:
        self.token = CancelToken()

    def cancel(self) -> None:
        self.token.cancel()


class AtOnce:
    """A `WorkRunner`; with `hold` everything waits for `go_on`."""

    def __init__(self, *, hold: bool = False) -> None:
        self.hold = hold
        self.held: list[Callable[[], None]] = []

    def run(
        self,
        work: Work,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Started:
        def act(token: CancelToken) -> None:
            token.raise_if_cancelled()
            for event in work(token):
                if on_event is not None:
                    on_event(event)

        return self._do(act, on_failed, on_finished)

    def run_reporting(
        self,
        work: ReportingWork,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Started:
        def act(token: CancelToken) -> None:
            token.raise_if_cancelled()
            work(on_event or (lambda _event: None), token)

        return self._do(act, on_failed, on_finished)

    def go_on(self) -> None:
        """Do what waits."""
        while self.held:
            self.held.pop(0)()

    def _do(
        self,
        act: Callable[[CancelToken], None],
        on_failed: OnFailed | None,
        on_finished: OnFinished | None,
    ) -> Started:
        started = Started()

        def do() -> None:
            try:
                act(started.token)
            except Cancelled:
                pass
            except PhiDeskError as error:
                if on_failed is not None:
                    on_failed(error)
            if on_finished is not None:
                on_finished()

        self.held.append(do)
        if not self.hold:
            self.go_on()
        return started


class ModelAtOnce:
    """A `ModelRunner` with an engine, or with the failure to have none."""

    def __init__(self, engine: Engine | PhiDeskError) -> None:
        self._engine = engine

    def run(
        self,
        work: ModelWork,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Started:
        del priority

        def with_engine(token: CancelToken):  # type: ignore[no-untyped-def]
            if isinstance(self._engine, PhiDeskError):
                raise self._engine
            return work(self._engine, token)

        return AtOnce().run(
            with_engine, on_event=on_event, on_failed=on_failed, on_finished=on_finished
        )
