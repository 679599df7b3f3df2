"""Listens to the jobs of a lane, for tests."""

from __future__ import annotations

import threading

from phi_desk.errors import PhiDeskError
from phi_desk.ui.lane import Job


class Listener:
    """Writes down what a job says, and where it was said."""

    def __init__(self) -> None:
        self.said: list[object] = []
        self.threads: set[int] = set()

    def event(self, event: object) -> None:
        self._note(event)

    def failed(self, error: PhiDeskError) -> None:
        self._note(error)

    def finished(self) -> None:
        self._note("finished")

    def _note(self, what: object) -> None:
        self.said.append(what)
        self.threads.add(threading.get_ident())

    def wired(self, job: Job) -> Job:
        job.event_received.connect(self.event)
        job.failed.connect(self.failed)
        job.finished.connect(self.finished)
        return job
