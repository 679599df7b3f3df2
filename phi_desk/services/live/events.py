"""What comes out of listening live: a closed union of frozen values. All times are seconds.

Times count from the beginning of the session, gaps included. Words of a segment are unconfirmed
as long as they come as `Partial`; one `Committed` ends them, and what it says never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from phi_desk.engine.events import Finished, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How loud the last tenth of a second until `at_s` was, and whether somebody speaks.

    `rms_db` and `peak_db` are decibels of full scale, at least -120.
    """

    at_s: float
    rms_db: float
    peak_db: float
    speech: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """The unconfirmed words of a segment so far; each replaces the one before.

    `translation` is None until the model has begun to translate.
    """

    segment: int
    start_s: float
    transcript: str
    translation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A segment is understood; comes once for every segment that was asked about, in order.

    Attributes:
        text: what was said; empty when there were no words, when the words could not be trusted
            (a `Gap` before it says so), or when only a translation was made to catch up.
        speech: where in the session somebody speaks, in order, never overlapping.
        answer: what the model spent on it; its reason is why the words ended.
    """

    segment: int
    start_s: float
    end_s: float
    text: str
    speech: tuple[tuple[float, float], ...]
    answer: Finished = field(compare=False)  # it holds measured seconds

    @property
    def reason(self) -> Reason:
        """Why the words ended; "repetition" and "length" mean that their end is doubtful."""
        return self.answer.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """The translation of a segment; follows its `Committed` at once where one was asked for."""

    segment: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far the words are behind the sound; comes about every second while they are.

    Attributes:
        behind_s: the sound heard less the sound understood; 0 says that all is understood.
        waiting_s: the part of it that waits for the model; the rest waits for a pause.
        why: a sentence, empty when nothing is behind.
    """

    behind_s: float
    waiting_s: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The sound from `start_s` to `end_s` was not heard, or not understood; `why` is a sentence.

    One of no length marks a place where the sound began to come from somewhere else.
    """

    start_s: float
    end_s: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The last event: `heard_s` were heard, `missed_s` were in the `gaps` gaps of some length."""

    heard_s: float
    missed_s: float
    gaps: int


LiveEvent = Level | Partial | Committed | Translated | Lag | Gap | Closed
