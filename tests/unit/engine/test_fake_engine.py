"""The scripted engine keeps the promises of a real one."""

from __future__ import annotations

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Progress, Started, StreamEvent, TextDelta
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Options, Part, Text
from phi_desk.errors import ContextError
from phi_desk.media.sound import Sound


def request(*parts: Part | str, options: Options | None = None) -> ChatRequest:
    content = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return ChatRequest(messages=(Message("user", content),), options=options or Options())


def answer(engine: FakeEngine, asked: ChatRequest) -> list[StreamEvent]:
    return list(engine.stream(asked, CancelToken()))


def last(events: list[StreamEvent]) -> Finished:
    assert isinstance(events[-1], Finished)
    assert [type(event) for event in events].count(Finished) == 1
    return events[-1]


def test_the_first_rule_that_fits_answers() -> None:
    engine = FakeEngine(Rule(asks("time"), "Noon."), Rule(asks("tim"), "No."), otherwise="What?")
    assert last(answer(engine, request("the time?"))).text == "Noon."
    assert last(answer(engine, request("hello"))).text == "What?"


@pytest.mark.parametrize("reply", ["", "one", " a  b\n\nc ", "日本語のテキストです。", "x" * 30])
def test_deltas_joined_are_the_answer(reply: str) -> None:
    events = answer(FakeEngine(otherwise=reply), request("hi"))
    assert isinstance(events[0], Started)
    assert any(isinstance(event, Progress) for event in events)
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert "".join(deltas) == last(events).text == reply
    assert last(events).output_tokens == len(deltas)
    assert (last(events).first_token_s is None) == (reply == "")


def test_the_token_limit() -> None:
    engine = FakeEngine(otherwise="one two three")
    cut = last(answer(engine, request("hi", options=Options(max_tokens=2))))
    assert (cut.text, cut.reason) == ("one two", "length")
    whole = last(answer(engine, request("hi", options=Options(max_tokens=3))))
    assert (whole.text, whole.reason) == ("one two three", "stop")


def test_cancelled_between_tokens() -> None:
    cancel = CancelToken()
    events = []
    for event in FakeEngine(otherwise="one two three").stream(request("hi"), cancel):
        events.append(event)
        if isinstance(event, TextDelta):
            cancel.cancel()
    assert (last(events).text, last(events).reason) == ("one", "cancelled")


def test_failures_are_exceptions() -> None:
    engine = FakeEngine(Rule(asks("long"), ContextError("Too long.")), otherwise="fine")
    with pytest.raises(ContextError):
        answer(engine, request("long"))
    assert last(answer(engine, request("short"))).text == "fine"


def test_the_adapter_follows_the_media(tmp_path: object) -> None:
    import numpy as np

    sound = Audio(Sound(np.zeros(16_000, np.float32)))
    from phi_desk.media.picture import Picture

    picture = Image(Picture(np.zeros((4, 4, 3), np.uint8)))
    engine = FakeEngine(otherwise="ok")
    adapters = [
        last(answer(engine, request(*parts))).adapter
        for parts in ([], [sound], [picture], [sound, picture])
    ]
    assert adapters == [None, "speech", "vision", "vision"]


def test_a_second_turn_reuses_the_first() -> None:
    engine = FakeEngine(otherwise="Fine, thanks.")
    first = request("How are you?")
    said = last(answer(engine, first))
    assert said.cached_tokens == 0
    turns = (*first.messages, Message("assistant", (Text(said.text),)), *request("Good.").messages)
    second = last(answer(engine, ChatRequest(messages=turns)))
    assert said.prompt_tokens <= second.cached_tokens < second.prompt_tokens
    other = last(answer(engine, ChatRequest(messages=turns, adapter="vision")))
    assert other.cached_tokens == 0
