"""Work off the painting thread: order, cancelling, failures, closing."""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Iterator

import pytest
from data_makers.lane_listener import Listener
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import ChatRequest, Message, Text
from phi_desk.errors import Cancelled, InputError, ModelNotFoundError, PhiDeskError
from phi_desk.ui.lane import Job, Lane
from phi_desk.ui.model_lane import EngineStatus, ModelLane, NoModelError, OpenEngine
from phi_desk.ui.running import Priority


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    lane = Lane("test lane")
    yield lane
    assert lane.close()


def model_lane(opener: OpenEngine) -> ModelLane:
    return ModelLane(opener)


def waiting(event: threading.Event) -> Iterator[object]:
    """Work that does not listen."""
    yield "waiting"
    event.wait(5)


def test_events_arrive_in_order_on_the_painting_thread(lane: Lane, qtbot: QtBot) -> None:
    workers: set[int] = set()

    def work(cancel: CancelToken) -> Iterator[object]:
        for number in range(2000):
            workers.add(threading.get_ident())
            yield number

    listener = Listener()
    listener.wired(Job(lane, work)).start()
    qtbot.waitUntil(lambda: "finished" in listener.said)
    assert listener.said == [*range(2000), "finished"]
    assert listener.threads == {threading.get_ident()}
    assert threading.get_ident() not in workers


def test_the_loop_turns_while_many_events_are_delivered(lane: Lane, qtbot: QtBot) -> None:
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer(interval=0)
    timer.timeout.connect(tick)
    timer.start()
    listener = Listener()
    job = Job(lane, lambda _cancel: iter(range(3000)))
    job.event_received.connect(lambda _: time.sleep(0.0002))  # 0.6 s of listening in all
    listener.wired(job).start()
    qtbot.waitUntil(lambda: "finished" in listener.said, timeout=20_000)
    timer.stop()
    assert len(gaps) > 30  # delivered in one go it would have been one or two


def test_a_foreseen_failure_arrives_as_it_is_and_is_followed_by_finished(
    lane: Lane, qtbot: QtBot
) -> None:
    error = ModelNotFoundError("There is no model.", "Get one.")

    def work(cancel: CancelToken) -> Iterator[object]:
        yield 1
        raise error

    listener = Listener()
    listener.wired(Job(lane, work)).start()
    qtbot.waitUntil(lambda: "finished" in listener.said)
    assert listener.said == [1, error, "finished"]


def test_an_unforeseen_failure_is_logged_and_told_in_one_sentence(
    lane: Lane, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def work(cancel: CancelToken) -> Iterator[object]:
        raise ZeroDivisionError("boo")

    listener = Listener()
    with caplog.at_level(logging.ERROR):
        listener.wired(Job(lane, work)).start()
        qtbot.waitUntil(lambda: "finished" in listener.said)
    error = listener.said[0]
    assert isinstance(error, PhiDeskError)
    assert "ZeroDivisionError" in error.sentence
    assert "boo" not in error.sentence
    assert any("boo" in line for line in error.details)
    assert "boo" in caplog.text
    after = Listener()
    after.wired(Job(lane, lambda _: ("still alive",))).start()
    qtbot.waitUntil(lambda: "finished" in after.said)
    assert after.said == ["still alive", "finished"]


def test_cancelling_a_running_job_ends_it_without_an_error(lane: Lane, qtbot: QtBot) -> None:
    def work(cancel: CancelToken) -> Iterator[object]:
        yield "begun"
        while not cancel.wait(5):
            pass
        raise Cancelled

    listener = Listener()
    job = listener.wired(Job(lane, work))
    job.start()
    qtbot.waitUntil(lambda: "begun" in listener.said)
    job.cancel()
    qtbot.waitUntil(lambda: "finished" in listener.said)
    job.cancel()  # again, after the end: nothing happens
    qtbot.wait(20)
    assert listener.said == ["begun", "finished"]


def test_cancelling_a_queued_job_ends_it_at_once(lane: Lane, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def slow(cancel: CancelToken) -> Iterator[object]:
        go_on.wait(5)
        yield "slow"

    first, second = Listener(), Listener()
    first.wired(Job(lane, slow)).start()
    queued = second.wired(Job(lane, lambda _: ("never",)))
    queued.start()
    queued.cancel()
    qtbot.waitUntil(lambda: second.said == ["finished"])
    go_on.set()
    qtbot.waitUntil(lambda: "finished" in first.said)
    assert first.said == ["slow", "finished"]
    assert second.said == ["finished"]


def test_captions_go_before_chat_and_chat_before_batch(lane: Lane, qtbot: QtBot) -> None:
    hold, order = threading.Event(), Listener()
    lane.run(lambda _: waiting(hold))
    for name, priority in (
        ("batch 1", Priority.BATCH),
        ("batch 2", Priority.BATCH),
        ("chat", Priority.CHAT),
        ("captions", Priority.CAPTIONS),
    ):
        lane.run(lambda _, name=name: (name,), priority=priority, on_event=order.event)  # type: ignore[misc]
    hold.set()
    qtbot.waitUntil(lambda: len(order.said) == 4)
    assert order.said == ["captions", "chat", "batch 1", "batch 2"]


def test_closing_ends_every_job_once_and_leaves_no_thread(qtbot: QtBot) -> None:
    lane = Lane("closing lane")
    running, queued = Listener(), Listener()

    def work(cancel: CancelToken) -> Iterator[object]:
        yield "begun"
        cancel.wait(30)

    running.wired(Job(lane, work)).start()
    queued.wired(Job(lane, lambda _: ("never",))).start()
    qtbot.waitUntil(lambda: running.said == ["begun"])
    assert lane.close()
    assert running.said == ["begun", "finished"]
    assert queued.said == ["finished"]
    late = Listener()
    late.wired(Job(lane, lambda _: ("never",))).start()
    qtbot.waitUntil(lambda: late.said == ["finished"])


def test_a_job_that_does_not_listen_does_not_hold_the_window(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    lane, stubborn = Lane("stubborn lane"), threading.Event()
    listener = Listener()
    listener.wired(Job(lane, lambda _: waiting(stubborn))).start()
    qtbot.waitUntil(lambda: listener.said == ["waiting"])
    assert not lane.close(0.2)
    assert listener.said == ["waiting", "finished"]
    assert "did not end" in caplog.text
    stubborn.set()
    qtbot.waitUntil(lambda: not any(t.name == "stubborn lane" for t in threading.enumerate()))


def test_a_finished_job_is_not_kept(lane: Lane, qtbot: QtBot) -> None:
    listener = Listener()
    job = listener.wired(Job(lane, lambda _: (1, 2)))
    there = weakref.ref(job)
    job.start()
    del job
    qtbot.waitUntil(lambda: "finished" in listener.said)
    gc.collect()
    assert there() is None


def test_a_finished_job_is_not_kept_by_work_that_knows_it(lane: Lane, qtbot: QtBot) -> None:
    listener = Listener()

    def begun() -> weakref.ref[Job]:
        jobs: list[Job] = []
        job = listener.wired(Job(lane, lambda _cancel: (len(jobs),)))
        job.finished.connect(lambda: jobs[0])  # one who listens knows it, too
        jobs.append(job)
        job.start()
        return weakref.ref(job)

    there = begun()
    qtbot.waitUntil(lambda: "finished" in listener.said)
    qtbot.wait(10)
    gc.collect()
    assert listener.said == [1, "finished"]
    assert there() is None


def test_a_listener_that_the_work_holds_may_die_on_its_thread(lane: Lane, qtbot: QtBot) -> None:
    """Nothing of Qt watches it: what did, disconnected it there while the job was deleted here."""

    class Question:
        def __init__(self) -> None:
            self.said: list[object] = []
            self.watchers: list[int] = []

        def work(self, _cancel: CancelToken) -> Iterator[object]:
            self.watchers.append(weakref.getweakrefcount(self))
            yield 1
            raise InputError("That is nothing.", "Ask for something.")

        def event(self, item: object) -> None:
            self.said.append(item)

        def fail(self, error: PhiDeskError) -> None:
            self.said.append(error.sentence)

        def end(self) -> None:
            self.said.append("end")

    question = Question()
    lane.run(
        question.work, on_event=question.event, on_failed=question.fail, on_finished=question.end
    )
    qtbot.waitUntil(lambda: "end" in question.said)
    assert question.said == [1, "That is nothing.", "end"]
    assert question.watchers == [0]


def test_the_engine_is_opened_in_the_lane_and_closed_with_it(qtbot: QtBot) -> None:
    places: list[int] = []
    engine = FakeEngine(otherwise="Good morning.")

    def opener(progress: object, cancel: CancelToken) -> Engine:
        places.append(threading.get_ident())
        assert callable(progress)
        progress(Progress("load", 1, 2))
        return engine

    lane = model_lane(opener)
    said: list[EngineStatus] = []
    lane.status_changed.connect(said.append)
    assert places == []
    listener = Listener()
    request = ChatRequest(messages=(Message("user", (Text("Hello"),)),))
    lane.run(
        lambda e, c: e.stream(request, c),
        on_event=listener.event,
        on_failed=listener.failed,
        on_finished=listener.finished,
    )
    qtbot.waitUntil(lambda: "finished" in listener.said)
    assert places == [places[0]]
    assert places[0] != threading.get_ident()
    last = listener.said[-2]
    assert isinstance(last, Finished)
    assert last.text == "Good morning."
    assert [(s.state, s.done) for s in said] == [("loading", 0), ("loading", 1), ("ready", 0)]
    assert lane.close()
    assert engine.closed


def test_a_job_cancelled_while_the_model_loads_ends_at_once(qtbot: QtBot) -> None:
    loaded = threading.Event()

    def opener(progress: object, cancel: CancelToken) -> Engine:
        loaded.wait(5)
        return FakeEngine(otherwise="late")

    lane = model_lane(opener)
    listener = Listener()
    job = lane.run(
        lambda _e, _c: ("never",), on_event=listener.event, on_finished=listener.finished
    )
    qtbot.waitUntil(lambda: lane.status.state == "loading")
    job.cancel()
    qtbot.waitUntil(lambda: listener.said == ["finished"])
    assert not loaded.is_set()
    loaded.set()
    qtbot.waitUntil(lambda: lane.status.state == "ready")
    assert lane.close()


def test_a_model_that_cannot_be_loaded_fails_the_job_and_is_tried_again(qtbot: QtBot) -> None:
    error = ModelNotFoundError("There is no model yet.", "Get one.")
    engines: list[Engine] = []

    def opener(progress: object, cancel: CancelToken) -> Engine:
        if not engines:
            engines.append(FakeEngine())
            raise error
        return engines[0]

    lane = model_lane(opener)
    first, second = Listener(), Listener()
    lane.run(lambda _e, _c: ("never",), on_failed=first.failed, on_finished=first.finished)
    qtbot.waitUntil(lambda: "finished" in first.said)
    (told, _) = first.said
    assert isinstance(told, NoModelError)
    assert told.sentence == error.sentence
    assert lane.status.state == "failed"
    assert lane.status.error is told
    lane.run(lambda _e, _c: ("now",), on_event=second.event)
    qtbot.waitUntil(lambda: second.said == ["now"])
    assert lane.close()


def test_another_model_takes_the_place_of_the_first(qtbot: QtBot) -> None:
    one, two = FakeEngine(), FakeEngine()
    lane = model_lane(lambda _p, _c: one)
    lane.warm()
    qtbot.waitUntil(lambda: lane.status.state == "ready")
    lane.use(lambda _p, _c: two)
    seen: list[object] = []
    lane.run(lambda engine, _c: (engine,), on_event=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [two]
    assert one.closed
    assert not two.closed
    assert lane.close()
    assert two.closed


def test_closing_while_the_model_loads_stops_the_loading(qtbot: QtBot) -> None:
    def opener(progress: object, cancel: CancelToken) -> Engine:
        cancel.wait(30)
        raise Cancelled

    lane = model_lane(opener)
    lane.warm()
    qtbot.waitUntil(lambda: lane.status.state == "loading")
    assert lane.close()
