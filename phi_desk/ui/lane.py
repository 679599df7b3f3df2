"""Runs work off the painting thread, job by job; knows no feature and no widget.

Work yields events, and between two of them a job with a higher priority may have its turn; so work
holds nothing across a `yield` that another job may want.

A lane's thread never touches a `QObject` of a job: it puts what happened into a mailbox and rings a
bell. The painting thread empties the mailbox in slices, so that it never stops painting for long.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.running import OnEvent, OnFailed, OnFinished, Priority, ReportingWork, Work
from phi_desk.ui.turns import Turns

logger = logging.getLogger(__name__)

SLICE_S = 0.006  # of delivering before painting gets its turn: well below a frame of 16 ms
CLOSE_S = 1.0  # so long one lane that is closed by itself is waited for
# And so long all lanes together: a closed window is gone in a second, whichever driver hangs.
ALL_CLOSE_S = 0.6
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class End:
    """The last thing that is posted about a job."""

    error: PhiDeskError | None = None


@dataclass(eq=False, slots=True)
class Task:
    """A job as the lane's thread knows it: nothing of Qt.

    Attributes:
        post: takes what the work yields and one `End`; called on the lane's thread, mostly.
        events: what it yields, once it has been asked to.
        begun, owed_s: see `Turns`.
    """

    priority: int
    number: int
    work: Work
    post: Callable[[object], None]
    cancel: CancelToken = field(default_factory=CancelToken)
    events: Iterator[object] | None = None
    begun: bool = False
    owed_s: float = 0.0

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self.cancel.cancelled

    def let_go(self) -> None:
        """Forget the work: it often leads back to its job, and Python finds no such circle."""
        self.work = _no_work
        self.events = None


def _no_work(_cancel: CancelToken) -> Iterable[object]:
    return ()


class Job(QObject):
    """One piece of work of a lane: build it, connect its signals, then start it.

    It lives on the painting thread, and so does everything that listens to it.
    """

    event_received = Signal(object)  # what the work yields
    failed = Signal(object)  # PhiDeskError
    finished = Signal()  # always last, once

    def __init__(self, lane: Lane, work: Work, priority: Priority = Priority.CHAT) -> None:
        super().__init__()
        self._lane = lane
        self.task = lane.task(work, priority)

    def start(self) -> None:
        """Queue it; once."""
        self._lane.start(self)

    def cancel(self) -> None:
        """Ask it to stop; a job that has not begun ends at once."""
        self.task.cancel.cancel()
        self._lane.withdraw(self.task)

    def deliver(self, item: object) -> None:
        """Tell the listeners; called by the lane, on the painting thread."""
        if not isinstance(item, End):
            self.event_received.emit(item)
            return
        if item.error is not None:
            self.failed.emit(item.error)
        self.finished.emit()
        self.task.let_go()
        self.deleteLater()  # with its connections: listeners may lead back to it, too


class Lane(QObject):
    """One thread and one queue; the thread begins with the first job."""

    _rang = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._mail: deque[tuple[int, object]] = deque()
        self._ringing = False
        self._condition = threading.Condition()
        self._turns: Turns[Task] = Turns()
        self._closing = CancelToken()
        self._thread: threading.Thread | None = None
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._on_rang)
        self._rang.connect(self._on_rang, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Work,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Job:
        """Build a job, wire it and start it."""
        return _wired(Job(self, work, priority), on_event, on_failed, on_finished)

    def run_reporting(
        self,
        work: ReportingWork,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Job:
        """As `run`, for work that tells its events to a function instead of yielding them."""
        posts: list[Callable[[object], None]] = []

        def reported(cancel: CancelToken) -> Iterable[object]:
            work(posts[0], cancel)
            return ()

        job = Job(self, reported)
        posts.append(job.task.post)
        return _wired(job, on_event, on_failed, on_finished)

    @property
    def idle(self) -> bool:
        """Whether every job has finished, as far as the painting thread knows."""
        return not self._jobs

    def task(
        self, work: Work, priority: Priority, post: Callable[[object], None] | None = None
    ) -> Task:
        """Work as the lane's thread takes it; numbers count up, so equal ones keep their order."""
        number = next(self._numbers)
        return Task(priority, number, work, post or (lambda item: self._post(number, item)))

    def start(self, job: Job) -> None:
        """Queue a job; on a closed lane it finishes without having begun."""
        if job.task.number in self._jobs:
            raise RuntimeError("a job is started once")
        self._jobs[job.task.number] = job
        self.submit(job.task)

    def submit(self, task: Task) -> None:
        """Queue it; may be called from any thread."""
        with self._condition:
            if self._closing.cancelled:
                task.post(End())
                return
            self._turns.add(task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify()

    def withdraw(self, task: Task) -> None:
        """End a job that has not begun; nothing happens to any other. From any thread."""
        with self._condition:
            if not task.begun and self._turns.remove(task):
                task.post(End())

    def stop(self) -> None:
        """Cancel everything, and take nothing more; does not wait."""
        with self._condition:
            self._closing.cancel()
            for task in self._turns.waiting:
                self._turns.remove(task)
                task.post(End())
            for task in self._turns.begun:
                task.cancel.cancel()
            self._condition.notify_all()

    def close(self, seconds: float = CLOSE_S) -> bool:
        """Stop, and wait for the thread, not longer than `seconds`; whether it ended.

        Every job has finished for its listeners when this returns.
        """
        self.stop()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
            if thread.is_alive():
                logger.error("the lane %s did not end within %.1f s", self._name, seconds)
        while self._mail:
            self._hand_out(*self._mail.popleft())
        for number in list(self._jobs):  # a thread that hangs shall not keep its listeners waiting
            self._hand_out(number, End())
        return thread is None or not thread.is_alive()

    def _hand_out(self, number: int, item: object) -> None:
        """Give one piece of mail to its job; overridden where a lane speaks for itself."""
        job = self._jobs.get(number)
        if job is None:
            return
        if isinstance(item, End):
            del self._jobs[number]
        job.deliver(item)

    @Slot()
    def _on_rang(self) -> None:
        self._ringing = False
        until = time.perf_counter() + SLICE_S
        while self._mail:
            if time.perf_counter() > until:
                self._rest.start()  # a timer, because posted events would go before painting
                return
            self._hand_out(*self._mail.popleft())

    # What follows runs on the lane's thread.

    def _post(self, number: int, item: object) -> None:
        self._mail.append((number, item))
        if not self._ringing:
            self._ringing = True
            self._rang.emit()

    def _work(self) -> None:
        while self._wait():
            problem = self._prepare()
            with self._condition:
                task = self._turns.next(beginning=self._may_begin())
                if task is None:
                    continue  # withdrawn, or the lane was closed
                task.begun = True
            begun = time.perf_counter()
            end = self._step(task) if problem is None else End(problem)
            with self._condition:
                self._turns.took(task, time.perf_counter() - begun)
                if end is not None:
                    self._turns.remove(task)
            if end is not None:
                task.post(end)
            del task  # while waiting for the next job nothing of this one is kept
        self._let_go()

    def _wait(self) -> bool:
        """Until there is something to do; false when the lane is closed and all has ended."""
        with self._condition:
            while not self._turns and not self._closing.cancelled:
                self._condition.wait()
            return bool(self._turns)

    def _step(self, task: Task) -> End | None:
        """Go on with a job as far as its next event; its end, where this was it."""
        try:
            if task.events is None:
                task.cancel.raise_if_cancelled()
                task.events = iter(task.work(task.cancel))
            event = next(task.events, _NOTHING)
        except Cancelled:
            return End()
        except Exception as failure:  # noqa: BLE001  (the last place that can tell the person)
            return End(in_words(failure))
        if event is _NOTHING:
            return End()
        task.post(event)
        return None

    def _may_begin(self) -> bool:
        """Whether a job may begin in the place of one that has begun."""
        return True

    def _prepare(self) -> PhiDeskError | None:
        """See to what must be there for the next step; the failure where it cannot be."""
        return None

    def _let_go(self) -> None:
        """The thread ends."""


def close_all(lanes: Sequence[Lane], seconds: float = ALL_CLOSE_S) -> bool:
    """Close lanes at the same time, and wait for all of them together; whether all ended."""
    until = time.monotonic() + seconds
    for lane in lanes:
        lane.stop()
    ended = [lane.close(max(0.0, until - time.monotonic())) for lane in lanes]
    return all(ended)


def _wired(
    job: Job, on_event: OnEvent | None, on_failed: OnFailed | None, on_finished: OnFinished | None
) -> Job:
    """Connect those who listen, and start."""
    if on_event is not None:
        job.event_received.connect(_unwatched(on_event))
    if on_failed is not None:
        job.failed.connect(_unwatched(on_failed))
    if on_finished is not None:
        job.finished.connect(_unwatched(on_finished))
    job.start()
    return job


def _unwatched(listener: Callable[..., None]) -> Callable[..., None]:
    """The same call, behind which Qt's binding sees no object.

    It watches what a connected method belongs to, and disconnects it where the last reference goes
    away. For a listener that the lane's thread holds, too, that may be on that thread, while the
    job is deleted on this one: the program crashed.
    """
    if isinstance(getattr(listener, "__self__", None), QObject):
        return listener  # lives on this thread, and is not called once it is deleted
    return lambda *told: listener(*told)


def in_words(failure: Exception) -> PhiDeskError:
    """A failure as one sentence; one that nobody foresaw is logged with its traceback."""
    if isinstance(failure, PhiDeskError):
        logger.info("failed: %s %s", failure, "\n".join(failure.details))
        failure.__traceback__ = None  # its frames hold the model's tensors
        return failure
    logger.error("an unexpected failure in a lane", exc_info=failure)
    return PhiDeskError(
        f"Something went wrong inside Phi Desk ({type(failure).__name__}).",
        "Please report it with the details; they are in the log, too.",
        tuple("".join(traceback.format_exception(failure)).splitlines()),
    )
