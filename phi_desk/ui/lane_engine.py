"""An engine for other threads than the model lane's; knows neither the lane nor the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, StreamEvent
from phi_desk.engine.messages import ChatRequest
from phi_desk.errors import Cancelled
from phi_desk.ui.lane import End
from phi_desk.ui.running import ModelWork

LOOK_S = 0.05  # how often a thread that waits looks whether it was stopped
Start = Callable[[ModelWork, Callable[[object], None]], Callable[[], None]]


class LaneEngine:
    """What is asked here is answered on the model lane, in its turn.

    `start` queues work there, which tells what it yields to a function, and gives a function that
    stops it. May be used by several threads, never by the one that paints.
    """

    def __init__(self, start: Start) -> None:
        self._start = start

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """See `Engine.stream`.

        Raises:
            NoModelError: there is no model to answer with.
            Cancelled: the lane was closed, or `cancel` was set before the answer began.
        """
        mail: SimpleQueue[object] = SimpleQueue()
        stop = self._start(lambda engine, token: engine.stream(request, token), mail.put)
        finished = False
        try:
            while not isinstance(item := _next(mail, cancel, stop), End):
                finished = finished or isinstance(item, Finished)
                yield item  # type: ignore[misc]  # what an engine's stream yields
        finally:
            stop()
        if item.error is not None:
            raise item.error
        if not finished:
            raise Cancelled

    def close(self) -> None:
        """See `Engine.close`; the engine itself is the lane's."""


def _next(mail: SimpleQueue[object], cancel: CancelToken, stop: Callable[[], None]) -> object:
    while True:
        if cancel.cancelled:
            stop()
        try:
            return mail.get(timeout=LOOK_S)
        except Empty:
            continue
