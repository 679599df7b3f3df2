"""The demonstration: every sample through its own service, and what came out is what is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from data_makers.demonstration import answering

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import ToolCall
from phi_desk.errors import MemoryExhaustedError
from phi_desk.services.demo.events import (
    DemoEvent,
    DemoFinished,
    SampleBegun,
    SampleFailed,
    SampleShown,
)
from phi_desk.services.demo.run import run_demo
from phi_desk.services.demo.samples import Sample, read_samples
from phi_desk.services.demo.showing import Asking

SAMPLES = read_samples()


def demonstrated(
    engine: FakeEngine, samples: tuple[Sample, ...] = SAMPLES, *, adapter: str = "auto"
) -> list[DemoEvent]:
    asking = Asking(engine=engine, cancel=CancelToken(), adapter=adapter)
    return list(run_demo(samples, asking))


def shown(events: list[DemoEvent]) -> dict[str, SampleShown]:
    return {event.sample.name: event for event in events if isinstance(event, SampleShown)}


def test_right_answers_are_told_right_with_the_adapter_of_each_job() -> None:
    events = demonstrated(answering(SAMPLES))
    finished = events[-1]
    assert isinstance(finished, DemoFinished)
    found = shown(events)
    assert {name: one.agreement for name, one in found.items()} == dict.fromkeys(
        [sample.name for sample in SAMPLES], "as expected"
    )
    counts = (finished.shown, finished.failed, finished.as_expected, finished.stopped)
    assert counts == (len(SAMPLES), 0, len(SAMPLES), False)
    adapters = {one.sample.kind: one.adapter for one in found.values()}
    assert adapters == {
        "hear": "speech",
        "say": "speech",
        "translate": None,
        "read": "vision",
        "table": "vision",
        "ask": "vision",
        "chat": None,
        "tool": None,
    }
    begun = [event.number for event in events if isinstance(event, SampleBegun)]
    assert begun == list(range(1, len(SAMPLES) + 1))


def test_a_wrong_answer_is_shown_as_it_is_and_counted() -> None:
    events = demonstrated(answering(SAMPLES, hear="Call Maria.", ask="Green"))
    found = shown(events)
    assert (found["hear"].answer, found["hear"].agreement) == ("Call Maria.", "not as expected")
    assert found["ask"].agreement == "not as expected"
    assert isinstance(events[-1], DemoFinished)
    assert events[-1].as_expected == len(SAMPLES) - 2


def test_a_right_sentence_after_a_wrong_call_is_wrong() -> None:
    light = next(sample for sample in SAMPLES if sample.name == "tool-light")
    other = replace(light, calls=(ToolCall("light", {"room": "moon", "state": "on"}),))
    events = demonstrated(answering([other]), (light,))
    assert shown(events)["tool-light"].agreement == "not as expected"


def test_what_was_heard_wrong_spoils_a_right_translation() -> None:
    sample = next(one for one in SAMPLES if one.kind == "say")
    heard = replace(sample, transcript="Something else.")
    events = demonstrated(answering([heard]), (sample,))
    told = shown(events)[sample.name]
    assert told.transcript == "Something else."
    assert told.answer == sample.expected
    assert told.agreement == "not as expected"


def test_the_made_up_house_answers_the_calls() -> None:
    found = shown(demonstrated(answering(SAMPLES)))
    (result,) = found["tool-light"].results
    assert result.content == '{"room": "garage", "state": "off"}'


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    first, *others = SAMPLES
    broken = replace(first, sound=tmp_path / "nowhere.flac")
    full = MemoryExhaustedError("Memory ran out.")
    engine = answering(others, translate=full, read=full)
    events = demonstrated(engine, (broken, *others))
    failed = {event.sample.name for event in events if isinstance(event, SampleFailed)}
    assert failed == {first.name, "translate", "read"}
    assert isinstance(events[-1], DemoFinished)
    assert (events[-1].shown, events[-1].failed) == (len(SAMPLES) - 3, 3)


def test_a_stop_ends_it() -> None:
    cancel = CancelToken()
    events = run_demo(SAMPLES, Asking(engine=answering(SAMPLES), cancel=cancel))
    told: list[DemoEvent] = []
    for event in events:
        told.append(event)
        if isinstance(event, SampleShown):
            cancel.cancel()
    assert isinstance(told[-1], DemoFinished)
    assert (told[-1].shown, told[-1].stopped) == (1, True)


@pytest.mark.parametrize("kind", ["hear", "translate", "read", "ask", "chat", "tool"])
def test_a_stop_while_a_sample_is_answered_shows_no_half_answer(kind: str) -> None:
    sample = next(one for one in SAMPLES if one.kind == kind)
    cancel = CancelToken()
    events = run_demo((sample,), Asking(engine=answering([sample]), cancel=cancel))
    assert isinstance(next(events), SampleBegun)
    cancel.cancel()
    *_, last = events
    assert isinstance(last, DemoFinished)
    assert (last.shown, last.failed, last.stopped) == (0, 0, True)


def test_the_adapter_asked_for_is_used() -> None:
    engine = answering(SAMPLES)
    found = shown(demonstrated(engine, adapter="none"))
    assert {one.adapter for one in found.values()} == {None}
    assert {request.adapter for request in engine.requests} == {"none"}
