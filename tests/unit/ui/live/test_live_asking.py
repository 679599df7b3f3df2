"""The engine of the listening thread: asks elsewhere, never waits, counts its own time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Progress, StreamEvent, TextDelta
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import ChatRequest, Message, Text
from phi_desk.errors import Cancelled, MemoryExhaustedError
from phi_desk.ui.live.asking import NOTHING_YET, AskedEngine, Question, Waits

REQUEST = ChatRequest(messages=(Message("user", (Text("Hello"),)),))


class Elsewhere:
    """The model's lane, worked off by the test."""

    def __init__(self) -> None:
        self.asked: list[Question | Waits] = []
        self.engine = FakeEngine(otherwise="one two three")

    @property
    def question(self) -> Question:
        return next(one for one in self.asked if isinstance(one, Question))

    @property
    def waits(self) -> list[bool]:
        return [one.waits for one in self.asked if isinstance(one, Waits)]

    def work(self, cancel: CancelToken | None = None) -> None:
        list(self.question.work(self.engine, cancel or CancelToken()))
        self.question.end()


def words(events: Iterator[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_who_reads_the_stream_gets_on_while_the_model_is_busy_elsewhere() -> None:
    elsewhere = Elsewhere()
    stream = AskedEngine(elsewhere.asked.append).stream(REQUEST, CancelToken())
    assert next(stream) is NOTHING_YET
    assert isinstance(NOTHING_YET, Progress)
    elsewhere.work()
    assert words(stream) == "one two three"
    assert elsewhere.engine.requests == [REQUEST]


def test_a_question_that_waits_for_its_turn_says_so_and_says_when_it_does_no_more() -> None:
    elsewhere = Elsewhere()
    engine = AskedEngine(elsewhere.asked.append)
    stream = engine.stream(REQUEST, CancelToken())
    while not elsewhere.waits:
        next(stream)
    assert elsewhere.waits == [True]
    assert engine.clock() == 0.0  # others kept the model busy: that is no slowness of ours
    elsewhere.work()
    assert words(stream) == "one two three"
    assert elsewhere.waits == [True, False]
    assert engine.clock() > 0.0


def test_a_failure_comes_through_as_it_is() -> None:
    elsewhere = Elsewhere()
    stream = AskedEngine(elsewhere.asked.append).stream(REQUEST, CancelToken())
    next(stream)
    elsewhere.question.fail(MemoryExhaustedError("Memory ran out."))
    with pytest.raises(MemoryExhaustedError):
        list(stream)


def test_a_lane_that_closes_before_the_answer_is_whole_is_a_stop() -> None:
    elsewhere = Elsewhere()
    stream = AskedEngine(elsewhere.asked.append).stream(REQUEST, CancelToken())
    next(stream)
    elsewhere.question.end()
    with pytest.raises(Cancelled):
        list(stream)


def test_a_stop_reaches_the_model_and_so_does_nobody_reading_any_more() -> None:
    for ways in ("cancel", "close"):
        elsewhere, cancel = Elsewhere(), CancelToken()
        stream = AskedEngine(elsewhere.asked.append).stream(REQUEST, cancel)
        next(stream)
        if ways == "cancel":
            cancel.cancel()
            with pytest.raises(Cancelled):
                list(stream)
        else:
            stream.close()  # type: ignore[attr-defined]
        elsewhere.work()
        came: list[StreamEvent] = []
        while not came or not isinstance(came[-1], Finished):
            came.append(elsewhere.question.take(0.1))
        assert isinstance(came[-1], Finished)
        assert came[-1].reason == "cancelled"
        assert not words(iter(came))


def test_the_lanes_own_token_ends_the_answer_too() -> None:
    elsewhere, closing = Elsewhere(), CancelToken()
    stream = AskedEngine(elsewhere.asked.append).stream(REQUEST, CancelToken())
    next(stream)
    closing.cancel()
    elsewhere.work(closing)
    last = list(stream)[-1]
    assert isinstance(last, Finished)
    assert last.reason == "cancelled"
