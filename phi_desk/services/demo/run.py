"""All samples one after another through one engine; one that fails does not stop the others."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from phi_desk.engine.messages import ToolCall
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.services.demo.events import (
    DemoEvent,
    DemoFinished,
    SampleBegun,
    SampleFailed,
    SampleShown,
)
from phi_desk.services.demo.samples import Agreement, Sample, compare
from phi_desk.services.demo.showing import Asking, Outcome, show


def run_demo(samples: Sequence[Sample], asking: Asking) -> Iterator[DemoEvent]:
    """Show every sample; the last event is a `DemoFinished`. A stop by the person ends it."""
    begun = time.monotonic()
    counts: Counter[str] = Counter()
    for number, sample in enumerate(samples, start=1):
        if asking.cancel.cancelled:
            break
        yield SampleBegun(sample=sample, number=number, total=len(samples))
        try:
            outcome = yield from show(sample, asking)
        except Cancelled:
            break
        except PhiDeskError as error:
            counts["failed"] += 1
            yield SampleFailed(sample=sample, error=error)
            continue
        if outcome.finished.reason == "cancelled":
            break
        shown = _shown(sample, outcome)
        counts["shown"] += 1
        counts["right"] += shown.agreement != "not as expected"
        yield shown
    yield DemoFinished(
        shown=counts["shown"],
        failed=counts["failed"],
        as_expected=counts["right"],
        stopped=asking.cancel.cancelled,
        seconds=time.monotonic() - begun,
    )


def _shown(sample: Sample, outcome: Outcome) -> SampleShown:
    finished = outcome.finished
    return SampleShown(
        sample=sample,
        answer=outcome.answer,
        agreement=_agreement(sample, outcome),
        adapter=finished.adapter,
        reason=finished.reason,
        seconds=finished.seconds,
        output_tokens=finished.output_tokens,
        transcript=outcome.transcript,
        calls=outcome.calls,
        results=outcome.results,
    )


def _agreement(sample: Sample, outcome: Outcome) -> Agreement:
    """That of the answer; where calls or a transcript are expected too, these must be right."""
    if _listed(sample.calls) != _listed(outcome.calls):
        return "not as expected"
    if sample.transcript and compare(sample.transcript, outcome.transcript) != "as expected":
        return "not as expected"
    return compare(sample.expected, outcome.answer)


def _listed(calls: Sequence[ToolCall]) -> list[tuple[str, dict[str, object]]]:
    return [(call.name, dict(call.arguments)) for call in calls]
