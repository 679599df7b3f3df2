"""Jobs of a lane take turns, and other threads ask the engine through it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from data_makers.lane_listener import Listener
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, TextDelta
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import ChatRequest, Message, Text
from phi_desk.errors import Cancelled, ModelNotFoundError
from phi_desk.ui.engine_status import NoModelError
from phi_desk.ui.lane import Job, Lane
from phi_desk.ui.model_lane import ModelLane, OpenEngine
from phi_desk.ui.running import Priority


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    lane = Lane("test lane")
    yield lane
    assert lane.close()


def model_lane(opener: OpenEngine) -> ModelLane:
    return ModelLane(opener)


def stepping(name: str, steps: int, said: list[str], cancel: CancelToken) -> Iterator[object]:
    """Work that says each of its steps."""
    for number in range(steps):
        cancel.raise_if_cancelled()
        said.append(f"{name} {number}")
        yield name


def test_captions_have_their_turn_between_two_events_of_a_chat(lane: Lane, qtbot: QtBot) -> None:
    said: list[str] = []
    listener = Listener()

    def captions(cancel: CancelToken) -> Iterator[object]:
        return stepping("captions", 3, said, cancel)

    def chat(cancel: CancelToken) -> Iterator[object]:
        for number in range(4):
            if number == 2:
                lane.submit(lane.task(captions, Priority.CAPTIONS, lambda _: None))
                lane.submit(lane.task(page, Priority.BATCH, lambda _: None))
            said.append(f"chat {number}")
            yield number

    def page(cancel: CancelToken) -> Iterator[object]:
        return stepping("page", 2, said, cancel)

    lane.run(chat, on_event=listener.event, on_finished=listener.finished)
    qtbot.waitUntil(lambda: "page 1" in said)
    assert said == [
        *("chat 0", "chat 1", "chat 2"),
        *("captions 0", "captions 1", "captions 2"),
        *("chat 3", "page 0", "page 1"),
    ]
    assert listener.said == [0, 1, 2, 3, "finished"]


def test_jobs_of_one_priority_do_not_mix(lane: Lane, qtbot: QtBot) -> None:
    said: list[str] = []
    for name in ("one", "two"):
        lane.run(lambda cancel, name=name: stepping(name, 3, said, cancel))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(said) == 6)
    assert said == ["one 0", "one 1", "one 2", "two 0", "two 1", "two 2"]


def test_a_paused_job_that_is_stopped_ends_before_the_other_goes_on(
    lane: Lane, qtbot: QtBot
) -> None:
    said: list[str] = []
    listener, stopped = Listener(), threading.Event()

    def captions(cancel: CancelToken) -> Iterator[object]:
        said.append("captions 0")
        yield 0
        stopped.wait(10)
        said.append("captions 1")
        yield 1
        said.append("captions 2")

    def chat(cancel: CancelToken) -> Iterator[object]:
        lane.submit(lane.task(captions, Priority.CAPTIONS, lambda _: None))
        yield "begun"
        said.append("chat looks")
        cancel.raise_if_cancelled()
        yield "not stopped"

    job = lane.run(chat, on_event=listener.event, on_finished=listener.finished)
    qtbot.waitUntil(lambda: "captions 0" in said)
    job.cancel()
    stopped.set()
    qtbot.waitUntil(lambda: "captions 2" in said)
    qtbot.waitUntil(lambda: "finished" in listener.said)
    assert said == ["captions 0", "captions 1", "chat looks", "captions 2"]
    assert listener.said == ["begun", "finished"]


def test_closing_ends_paused_jobs_too(qtbot: QtBot) -> None:
    lane = Lane("pausing lane")
    chat, captions = Listener(), Listener()
    ended: list[str] = []

    def talk(cancel: CancelToken) -> Iterator[object]:
        try:
            while not cancel.cancelled:
                yield "begun"
                time.sleep(0.001)
        finally:
            ended.append("chat")

    def hear(cancel: CancelToken) -> Iterator[object]:
        yield "heard"
        cancel.wait(30)
        cancel.raise_if_cancelled()

    chat.wired(Job(lane, talk)).start()
    qtbot.waitUntil(lambda: "begun" in chat.said)
    captions.wired(Job(lane, hear, Priority.CAPTIONS)).start()
    qtbot.waitUntil(lambda: captions.said == ["heard"])
    assert lane.close()
    assert ended == ["chat"]
    assert (chat.said[-1], chat.said.count("finished")) == ("finished", 1)
    assert captions.said == ["heard", "finished"]


def test_another_thread_asks_the_engine_between_two_words_of_an_answer(qtbot: QtBot) -> None:
    asked = threading.Event()
    said: list[object] = []
    heard: list[object] = []

    def hear(_request: ChatRequest) -> str:
        said.append("heard")
        return "Yes."

    engine = FakeEngine(Rule(asks("hear"), hear), otherwise="one two three four")
    lane = model_lane(lambda _p, _c: engine)

    def chat(real: Engine, cancel: CancelToken) -> Iterator[object]:
        for event in real.stream(question("Count."), cancel):
            said.append(event)
            if isinstance(event, TextDelta) and not asked.is_set():
                asked.set()
                while not lane._turns.waiting:  # until the other thread has asked
                    time.sleep(0.001)
            yield event

    def listen() -> None:
        asked.wait(10)
        heard.extend(lane.engine(Priority.CAPTIONS).stream(question("Do you hear?"), CancelToken()))

    other = threading.Thread(target=listen)
    other.start()
    job = Listener()
    lane.run(chat, on_event=job.event, on_finished=job.finished)
    qtbot.waitUntil(lambda: "finished" in job.said)
    other.join(10)
    first = next(place for place, event in enumerate(said) if isinstance(event, TextDelta))
    assert said[first + 1] == "heard"
    assert [e.text for e in (*said, *heard) if isinstance(e, Finished)] == [
        "one two three four",
        "Yes.",
    ]
    assert lane.close()


def test_what_another_thread_asks_can_be_stopped_and_let_go(qtbot: QtBot) -> None:
    engine = FakeEngine(otherwise="word " * 100, seconds_a_token=0.01)
    lane = model_lane(lambda _p, _c: engine)
    proxy, stop = lane.engine(Priority.CAPTIONS), CancelToken()
    stream = proxy.stream(question("Talk."), stop)
    while not isinstance(next(stream), TextDelta):
        pass
    stop.cancel()
    last = list(stream)[-1]
    assert isinstance(last, Finished)
    assert last.reason == "cancelled"
    other = proxy.stream(question("Talk."), CancelToken())
    next(other)
    other.close()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not lane._turns)
    assert lane.close()
    with pytest.raises(Cancelled):
        list(proxy.stream(question("Talk."), CancelToken()))


def test_another_thread_hears_that_there_is_no_model(qtbot: QtBot) -> None:
    def opener(progress: object, cancel: CancelToken) -> Engine:
        raise ModelNotFoundError("There is no model yet.", "Get one.")

    lane = model_lane(opener)
    with pytest.raises(NoModelError):
        list(lane.engine(Priority.CAPTIONS).stream(question("Well?"), CancelToken()))
    assert lane.close()


def test_another_model_waits_for_the_answers_that_have_begun(qtbot: QtBot) -> None:
    one, two = FakeEngine(otherwise="one"), FakeEngine(otherwise="two")
    lane = model_lane(lambda _p, _c: one)
    said: list[object] = []

    def page(engine: Engine, cancel: CancelToken) -> Iterator[object]:
        yield engine
        lane.use(lambda _p, _c: two)
        lane.submit(lane.task(lane._with_engine(hear), Priority.CAPTIONS, said.append))
        yield "paused"
        said.append("page" if not one.closed else "page without an engine")

    def hear(engine: Engine, cancel: CancelToken) -> Iterator[object]:
        yield engine

    lane.run(page, priority=Priority.BATCH)
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said[:2] == ["page", two]
    assert one.closed
    assert lane.close()


def question(text: str) -> ChatRequest:
    return ChatRequest(messages=(Message("user", (Text(text),)),))
