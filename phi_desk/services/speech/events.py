"""What comes out of transcribing and translating: a closed union of frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phi_desk.engine.events import Finished, Progress, Reason

Strand = Literal["text", "translation"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The recording is understood up to `done_s` of `total_s` seconds; None where unknown."""

    done_s: float
    total_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """New words of the segment that begins at `start_s`; a `Segment` with the whole follows."""

    start_s: float
    strand: Strand
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What was said in one piece of the recording; all times in seconds from its beginning.

    Attributes:
        text: the transcript; empty where only the translation was asked for.
        translation: None where none was asked for.
        speech: where in the recording somebody speaks, in order, never overlapping.
        reason: why the model ended; "repetition" means the end of the text is not to be trusted.
    """

    start_s: float
    end_s: float
    text: str
    translation: str | None
    speech: tuple[Span, ...]
    reason: Reason = "stop"


SpeechEvent = Heard | Progress | Partial | Segment | Finished
