"""An engine for the thread that listens: it asks the one on the model lane, and never waits long.

Knows no Qt and no lane: whoever listens is handed a `Question` and has it worked off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress, StreamEvent
from phi_desk.engine.messages import ChatRequest
from phi_desk.errors import Cancelled, PhiDeskError

POLL_S = 0.03  # the listening thread looks after its microphone this often while the model works
WAITS_S = 0.5  # a question that waits longer for its turn is spoken of
NOTHING_YET = Progress("prefill", 0, 0)


@dataclass(frozen=True, slots=True)
class Waits:
    """Whether the question that was asked last still waits for the model to turn to it."""

    waits: bool


class Question:
    """One request on its way: worked off on the model lane, read on the listening thread.

    Attributes:
        begun: whether the model has turned to it; before, it does something else.
    """

    def __init__(self, request: ChatRequest, clock: Callable[[], float] = time.monotonic) -> None:
        self.begun = False
        self._request = request
        self._clock = clock
        self._events: SimpleQueue[StreamEvent | PhiDeskError | None] = SimpleQueue()
        self._cancel = CancelToken()
        self._from = self._until = 0.0

    # On the model lane.

    def work(self, engine: Engine, cancel: CancelToken) -> Iterator[object]:
        """Have it answered. Raises `PhiDeskError` from the engine."""
        self._from = self._clock()
        self.begun = True
        try:
            for event in engine.stream(self._request, self._cancel):
                self._events.put(event)
                if cancel.cancelled:
                    self._cancel.cancel()
        finally:
            self._until = self._clock()
        yield from ()

    # On the thread that paints, when the work has ended.

    def fail(self, error: PhiDeskError) -> None:
        """It could not be answered."""
        self._events.put(error)

    def end(self) -> None:
        """Nothing more will come."""
        self._events.put(None)

    # On the listening thread.

    @property
    def worked_s(self) -> float:
        """For how long the model has worked on it so far."""
        if not self.begun:
            return 0.0
        return max(0.0, (self._until or self._clock()) - self._from)

    def take(self, wait_s: float) -> StreamEvent:
        """What came next, or `NOTHING_YET` after `wait_s`.

        Raises:
            PhiDeskError: the engine failed.
            Cancelled: the work ended before the answer did.
        """
        try:
            came = self._events.get(timeout=wait_s)
        except Empty:
            return NOTHING_YET
        if came is None:
            raise Cancelled
        if isinstance(came, PhiDeskError):
            raise came
        return came

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self._cancel.cancel()


class AskedEngine:
    """See `Engine`; `ask` is told every question, and has it worked off elsewhere.

    It is told of a question that waits, too. While an answer is awaited the stream gives `Progress`
    without any, so that its reader gets on with other things.
    """

    def __init__(self, ask: Callable[[Question | Waits], None]) -> None:
        self._ask = ask
        self._worked_s = 0.0

    def clock(self) -> float:
        """How long the model has worked for us: what others made it do does not count."""
        return self._worked_s

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """See `Engine.stream`."""
        cancel.raise_if_cancelled()
        question = Question(request)
        before_s = self._worked_s
        self._ask(question)
        asked_at, waits = time.monotonic(), False
        try:
            while True:
                event = question.take(POLL_S)
                self._worked_s = before_s + question.worked_s
                late = not question.begun and time.monotonic() - asked_at > WAITS_S
                if late != waits:
                    waits = late
                    self._ask(Waits(waits))
                cancel.raise_if_cancelled()
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            question.drop()

    def close(self) -> None:
        """See `Engine.close`: the real one stays."""
