"""A source and a session joined: who waits for whom, and what happens at the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from data_makers.heard import LevelDetector
from data_makers.live_sound import Clock, NotingEngine, numbered

from phi_desk.cancel import CancelToken
from phi_desk.engine.languages import find_language
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.services.live.events import Closed, Committed, Gap, LiveEvent, Translated
from phi_desk.services.live.loop import hear
from phi_desk.services.live.segments import Segments
from phi_desk.services.live.session import LiveSession
from phi_desk.services.speech.job import SpeechJob

TALK = numbered([(True, 2), (False, 1)] * 3)


class Script:
    """A source that gives one block a read, and notes how it was read."""

    name = "Script"
    rate = 16_000

    def __init__(self, *blocks: Incoming | PhiDeskError, patient: bool = False) -> None:
        self.patient = patient
        self.blocks = list(blocks)
        self.reads: list[float] = []
        self.closed = False

    @property
    def ended(self) -> bool:
        return not self.blocks

    def read(self, wait_s: float) -> list[Incoming]:
        assert not self.closed
        self.reads.append(wait_s)
        one = self.blocks.pop(0)
        if isinstance(one, PhiDeskError):
            raise one
        return [one]

    def finish(self) -> list[Incoming]:
        self.close()
        return []

    def close(self) -> None:
        self.closed = True


def session(**settings: object) -> tuple[LiveSession, NotingEngine, CancelToken]:
    clock, cancel = Clock(), CancelToken()
    engine = NotingEngine(clock, **settings)  # type: ignore[arg-type]
    job = SpeechJob(language=find_language("de"))
    return (
        LiveSession(engine, job, LevelDetector(), cancel=cancel, clock=clock),
        engine,
        cancel,
    )


def until_failure(
    events: Iterator[LiveEvent],
) -> tuple[list[LiveEvent], PhiDeskError | None]:
    seen: list[LiveEvent] = []
    try:
        for event in events:
            seen.append(event)  # noqa: PERF402  (what came before a failure counts)
    except PhiDeskError as error:
        return seen, error
    return seen, None


def test_a_device_is_read_between_any_two_steps_of_the_engine() -> None:
    one, _, _ = session()
    source = Script(*np.array_split(TALK, 90))
    events = list(hear(source, one, CancelToken()))
    assert len([e for e in events if isinstance(e, Committed)]) == 3
    assert set(source.reads) == {0.0, 0.1}  # it waits only while the model is idle
    committed = next(i for i, e in enumerate(events) if isinstance(e, Committed))
    assert any(getattr(e, "at_s", 0) > 4 for e in events[committed:])  # hearing went on
    assert source.closed


def test_a_patient_source_is_not_read_while_the_model_works() -> None:
    one, _, _ = session()
    source = Script(*np.array_split(TALK, 9), patient=True)
    list(hear(source, one, CancelToken()))
    assert set(source.reads) == {0.1}
    assert len(source.reads) == 9


def test_stop_closes_the_source_at_once_and_finishes_what_was_heard() -> None:
    one, engine, _ = session()
    stop = CancelToken()
    source = Script(*np.array_split(TALK, 90))
    seen: list[LiveEvent] = []
    for event in hear(source, one, stop):
        seen.append(event)
        if getattr(event, "at_s", 0) > 1.5:
            stop.cancel()
        if isinstance(event, Committed):
            assert source.closed
    assert [type(e) for e in seen[-1:]] == [Closed]
    assert len(engine.heard) == 1
    assert len(source.blocks) > 60


def test_the_cancel_token_ends_it_with_gaps() -> None:
    one, _, cancel = session(reply="word " * 500)
    seen: list[LiveEvent] = []
    for event in hear(Script(TALK, TALK), one, CancelToken()):
        seen.append(event)
        if type(event).__name__ == "Partial":
            cancel.cancel()
    assert isinstance(seen[-1], Closed)
    assert len([e for e in seen if isinstance(e, Gap)]) >= 3


def test_a_source_that_fails_is_told_when_what_was_heard_is_understood() -> None:
    one, _, _ = session()
    source = Script(TALK, DeviceError("It broke."))
    seen, failure = until_failure(hear(source, one, CancelToken()))
    assert isinstance(failure, DeviceError)
    assert len([e for e in seen if isinstance(e, Committed)]) == 3
    assert isinstance(seen[-1], Closed)


def test_an_engine_that_fails_too_often_gives_the_rest_up() -> None:
    one, _, _ = session(failures=range(10))
    source = Script(*[TALK] * 10)
    seen, failure = until_failure(hear(source, one, CancelToken()))
    assert "The model failed" in str(failure)
    assert isinstance(seen[-1], Closed)
    assert source.closed
    gaps = sum(e.end_s - e.start_s for e in seen if isinstance(e, Gap))
    assert seen[-1].missed_s == pytest.approx(gaps)
    assert gaps > 6


def test_losses_reach_the_session() -> None:
    one, _, _ = session()
    source = Script(TALK, Lost(4.0, "“Desk” is gone."), TALK)
    seen = list(hear(source, one, CancelToken()))
    assert [(e.start_s, e.end_s) for e in seen if isinstance(e, Gap)] == [(9.0, 13.0)]


def test_segments_for_files_join_words_and_translation() -> None:
    one, _, _ = session()
    joined = Segments(translated=True)
    events = list(hear(Script(TALK), one, CancelToken()))
    segments = [found for event in events if (found := joined.feed(event)) is not None]
    assert [(s.text, s.translation) for s in segments] == [("one two", "eins zwei")] * 3
    assert segments[1].start_s == pytest.approx(3.0, abs=0.04)
    assert any(isinstance(event, Translated) for event in events)
    empty, _, _ = session(reply="")
    nothing = list(hear(Script(TALK), empty, CancelToken()))
    assert not any(Segments(translated=True).feed(event) for event in nothing)


def test_what_is_said_in_a_pause_is_a_gap_and_what_was_said_before_is_understood() -> None:
    live, engine, _ = session()
    source = Script(*np.split(TALK, 9))  # seconds: speech, speech, silence, and so on
    read = 0

    def paused() -> bool:
        nonlocal read
        read = len(source.reads)
        return 3 <= read < 6

    events = list(hear(source, live, CancelToken(), paused))
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.start_s, gap.end_s) == (3.0, 6.0)
    assert gap.why == "Listening was paused."
    assert len([event for event in events if isinstance(event, Committed)]) == 2
    assert len(engine.heard) == 2
    assert isinstance(events[-1], Closed)
