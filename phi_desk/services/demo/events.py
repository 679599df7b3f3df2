"""What comes out of the demonstration: a closed union of frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.engine.events import Progress, Reason
from phi_desk.engine.messages import ToolCall, ToolResult
from phi_desk.errors import PhiDeskError
from phi_desk.services.demo.samples import Agreement, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBegun:
    """A sample is given to the model; `number` of `total`."""

    sample: Sample
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShown:
    """What the model made of a sample.

    Attributes:
        answer: its own words; nothing is put right.
        transcript: what it heard, where it translated speech.
        calls, results: the tools it called, and what these answered.
        agreement: how the answer, the transcript and the calls agree with what was expected.
        adapter: which one was used; None for none.
        reason: why the model ended.
        seconds: from reading the files to the last word.
    """

    sample: Sample
    answer: str
    agreement: Agreement
    adapter: str | None
    reason: Reason
    seconds: float
    output_tokens: int
    transcript: str = ""
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFailed:
    """A sample that could not be shown; the others are."""

    sample: Sample
    error: PhiDeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFinished:
    """The last event.

    Attributes:
        shown, failed: how many samples; those after a stop count as neither.
        as_expected: how many of the shown ones came out as expected, or contain it.
        stopped: whether the person ended it.
    """

    shown: int
    failed: int
    as_expected: int
    stopped: bool
    seconds: float


DemoEvent = SampleBegun | Progress | SampleShown | SampleFailed | DemoFinished
