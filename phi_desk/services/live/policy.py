"""What is asked of the model, and when: the one place that decides; knows no sound and no words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from phi_desk.media.pieces import Piece
from phi_desk.services.speech.job import SpeechJob


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A segment that was heard: its number and its sound."""

    segment: int
    piece: Piece

    @property
    def seconds(self) -> float:
        """How long its sound lasts."""
        return self.piece.sound.seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """What a policy may know when the model is free.

    Attributes:
        waiting: segments that are over, the oldest first; each stays until it was decoded finally.
        waiting_s: how long they last together.
        speaking: what has been said of the segment that is not over; None when nobody speaks.
        job: what the person asked for.
    """

    waiting: Sequence[Utterance]
    waiting_s: float
    speaking: Callable[[], Utterance | None]
    job: SpeechJob


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decode:
    """One question to the model.

    A final one takes its segment out of the queue and ends in `Committed`; any other gives only
    `Partial`, for a segment that is not over.
    """

    utterance: Utterance
    job: SpeechJob
    final: bool = True


class Policy(Protocol):
    """Decides what the model does next."""

    def choose(self, situation: Situation) -> Decode | None:
        """The next question; None when there is nothing to ask yet.

        A final decode must be of the oldest waiting segment, so that words stay in order.
        """
        ...


class SegmentBySegment:
    """Each segment once, when it is over, the oldest first.

    When more than `hurry_s` of speech waits and a translation is wanted, the transcript is left
    out: about half the words to write, and what the person reads is still complete.
    """

    def __init__(self, hurry_s: float) -> None:
        self._hurry_s = hurry_s

    def choose(self, situation: Situation) -> Decode | None:
        """See `Policy.choose`."""
        if not situation.waiting:
            return None
        job = situation.job
        if job.language is not None and situation.waiting_s > self._hurry_s:
            job = replace(job, direct=True)
        return Decode(utterance=situation.waiting[0], job=job)
