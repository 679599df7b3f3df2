"""Whose turn it is on a lane: a job that matters more goes between two steps of one that does not.

Knows no thread, no Qt and no work. Jobs of one priority run one after the other.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

SHARE = 0.25  # of the time that others took from a begun job it gets before a next one begins
MOST_OWED_S = 2.0  # and no more than this: a question does not wait longer for a page


class Turn(Protocol):
    """What is known of a job.

    Attributes:
        priority: the smaller, the sooner.
        number: of two jobs with the same priority the smaller one comes first.
        begun: whether it has got its first turn.
        stopped: whether it was asked to end; one that has begun gets its turn for that at once.
        owed_s: how much time it gets before another one may begin in its place.
    """

    owed_s: float

    @property
    def priority(self) -> int:
        """See above."""
        ...

    @property
    def number(self) -> int:
        """See above."""
        ...

    @property
    def begun(self) -> bool:
        """See above."""
        ...

    @property
    def stopped(self) -> bool:
        """See above."""
        ...


T = TypeVar("T", bound=Turn)


class Turns(Generic[T]):
    """The jobs that wait, and those that have begun."""

    def __init__(self) -> None:
        self._jobs: list[T] = []

    def __bool__(self) -> bool:
        return bool(self._jobs)

    @property
    def begun(self) -> list[T]:
        """The jobs that have taken a step."""
        return [job for job in self._jobs if job.begun]

    @property
    def waiting(self) -> list[T]:
        """The jobs that have taken none."""
        return [job for job in self._jobs if not job.begun]

    def add(self, job: T) -> None:
        """One more."""
        self._jobs.append(job)

    def remove(self, job: T) -> bool:
        """It has ended, or is not wanted any more; whether it was there."""
        left = [one for one in self._jobs if one is not job]
        was_there = len(left) < len(self._jobs)
        self._jobs = left
        return was_there

    def next(self, *, beginning: bool = True) -> T | None:
        """Who takes the next step; without `beginning` only one that has begun."""
        begun = self.begun
        ready = begun if begun and not beginning else self._jobs
        if not ready:
            return None
        first = min(ready, key=_order)
        owed = [job for job in begun if job.owed_s > 0]
        if owed and not first.begun:
            return min(owed, key=_order)
        return first

    def took(self, job: T, seconds: float) -> None:
        """`job` has taken a step that long; those that it made wait are owed a share of it."""
        job.owed_s = max(0.0, job.owed_s - seconds)
        for other in self.begun:
            if other is not job and other.priority > job.priority:
                other.owed_s = min(MOST_OWED_S, other.owed_s + SHARE * seconds)


def _order(job: Turn) -> tuple[bool, int, int]:
    return not (job.begun and job.stopped), job.priority, job.number
