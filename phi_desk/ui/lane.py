"""Runs work off the painting thread, one job after another; knows no feature and no widget.

A lane's thread never touches a `QObject` of a job: it puts what happened into a mailbox and rings a
bell. The painting thread empties the mailbox in slices, so that it never stops painting for long.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.running import OnEvent, OnFailed, OnFinished, Priority, ReportingWork, Work

logger = logging.getLogger(__name__)

SLICE_S = 0.006  # of delivering before painting gets its turn: well below a frame of 16 ms
CLOSE_S = 1.0  # a window that is closed is gone after this


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in the mailbox about a job."""

    error: PhiDeskError | None = None


@dataclass(order=True, slots=True)
class _Task:
    """A job as the lane's thread knows it: nothing of Qt."""

    priority: int
    number: int
    work: Work = field(compare=False)
    cancel: CancelToken = field(compare=False, default_factory=CancelToken)


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
        self.task = _Task(priority, lane.next_number(), work)

    def start(self) -> None:
        """Queue it; once."""
        self._lane.submit(self)

    def cancel(self) -> None:
        """Ask it to stop; a job that has not begun ends at once."""
        self.task.cancel.cancel()
        self._lane.withdraw(self.task)

    def deliver(self, item: object) -> None:
        """Tell the listeners; called by the lane, on the painting thread."""
        if not isinstance(item, _End):
            self.event_received.emit(item)
            return
        if item.error is not None:
            self.failed.emit(item.error)
        self.finished.emit()


class Lane(QObject):
    """One thread and one queue; the thread begins with the first job."""

    _rang = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._numbers = 0
        self._jobs: dict[int, Job] = {}
        self._mail: deque[tuple[int, object]] = deque()
        self._ringing = False
        self._condition = threading.Condition()
        self._queue: list[_Task] = []
        self._current: _Task | None = None
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
        job = Job(self, work, priority)
        if on_event is not None:
            job.event_received.connect(on_event)
        if on_failed is not None:
            job.failed.connect(on_failed)
        if on_finished is not None:
            job.finished.connect(on_finished)
        job.start()
        return job

    def run_reporting(
        self,
        work: ReportingWork,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Job:
        """As `run`, for work that tells its events to a function instead of yielding them."""
        number = self._numbers + 1  # of the job that is built next

        def reported(cancel: CancelToken) -> Iterable[object]:
            work(lambda event: self._post(number, event), cancel)
            return ()

        return Lane.run(
            self, reported, on_event=on_event, on_failed=on_failed, on_finished=on_finished
        )

    @property
    def idle(self) -> bool:
        """Whether every job has finished, as far as the painting thread knows."""
        return not self._jobs

    def next_number(self) -> int:
        """A number for a job; they count up, so equal priorities keep their order."""
        self._numbers += 1
        return self._numbers

    def submit(self, job: Job) -> None:
        """Queue a job; on a closed lane it finishes without having begun."""
        if job.task.number in self._jobs:
            raise RuntimeError("a job is started once")
        self._jobs[job.task.number] = job
        with self._condition:
            if self._closing.cancelled:
                self._post(job.task.number, _End())
                return
            heapq.heappush(self._queue, job.task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify()

    def withdraw(self, task: _Task) -> None:
        """End a job that has not begun; nothing happens to any other."""
        with self._condition:
            if task in self._queue:
                self._queue.remove(task)
                heapq.heapify(self._queue)
                self._post(task.number, _End())

    def stop(self) -> None:
        """Cancel everything, and take nothing more; does not wait."""
        with self._condition:
            self._closing.cancel()
            for task in self._queue:
                self._post(task.number, _End())
            self._queue.clear()
            if self._current is not None:
                self._current.cancel.cancel()
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
            self._hand_out(number, _End())
        return thread is None or not thread.is_alive()

    def _hand_out(self, number: int, item: object) -> None:
        """Give one piece of mail to its job; overridden where a lane speaks for itself."""
        job = self._jobs.get(number)
        if job is None:
            return
        if isinstance(item, _End):
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
                task = self._current = heapq.heappop(self._queue) if self._queue else None
            if task is None:
                continue  # withdrawn, or the lane was closed
            end = _End(problem) if problem is not None else self._perform(task)
            with self._condition:
                self._current = None
            self._post(task.number, end)
            del task  # while waiting for the next job nothing of this one is kept
        self._let_go()

    def _wait(self) -> bool:
        with self._condition:
            while not self._queue and not self._closing.cancelled:
                self._condition.wait()
            return not self._closing.cancelled

    def _perform(self, task: _Task) -> _End:
        try:
            for event in self._events(task):
                self._post(task.number, event)
        except Cancelled:
            return _End()
        except Exception as failure:  # noqa: BLE001  (the last place that can tell the person)
            return _End(in_words(failure))
        return _End()

    def _events(self, task: _Task) -> Iterable[object]:
        task.cancel.raise_if_cancelled()
        return task.work(task.cancel)

    def _prepare(self) -> PhiDeskError | None:
        """What must be there before a job begins; the failure where it is not."""
        return None

    def _let_go(self) -> None:
        """The thread ends."""


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
