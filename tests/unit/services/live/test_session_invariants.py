"""Whatever happens: every second is heard or a gap, in order, once, however the sound comes in."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from data_makers.heard import PAUSE, SPEECH, LevelDetector
from data_makers.live_sound import LONGEST, RATE, Clock, NotingEngine, numbered, numbers_of
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from phi_desk.engine.languages import find_language
from phi_desk.errors import PhiDeskError
from phi_desk.services.live.events import (
    Closed,
    Committed,
    Gap,
    Level,
    LiveEvent,
    Partial,
    Translated,
)
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.session import LiveSession
from phi_desk.services.speech.job import SpeechJob

SURE_S = 0.35  # speech at least this long is heard for sure; shorter may be taken for a knock

spans = st.lists(st.tuples(st.booleans(), st.floats(0.02, 9.0)), min_size=1, max_size=16).filter(
    lambda found: sum(seconds for _, seconds in found) * RATE < LONGEST - RATE
)
actions = st.one_of(
    st.tuples(st.just("feed"), st.integers(1, 40_000)),
    st.tuples(st.just("miss"), st.floats(0.0, 4.0)),
    st.tuples(st.just("step"), st.integers(1, 30)),
    st.tuples(st.sampled_from(["pause", "resume"]), st.just(0)),
)


@dataclass
class Story:
    """A session that is fed numbered samples and notes where in its time each of them stands."""

    samples: NDArray[np.float32]
    session: LiveSession
    events: list[LiveEvent] = field(default_factory=list)
    fed: int = 0
    missed: int = 0
    breaks: list[int] = field(default_factory=list)  # samples before which the sound was broken

    def __post_init__(self) -> None:
        self.places = np.zeros(len(self.samples), np.int64)  # in the session's time
        self.unheard = np.zeros(len(self.samples), bool)  # fed during a pause

    def act(self, name: str, value: float) -> None:
        if name == "feed":
            end = min(self.fed + int(value), len(self.samples))
            self.places[self.fed : end] = np.arange(self.fed, end) + self.missed
            self.unheard[self.fed : end] = self.session.paused
            self.events += self.session.feed(self.samples[self.fed : end])
            self.fed = end
        elif name == "miss":
            self.events += self.session.miss(value, "The device was gone.")
            self.missed += round(value * RATE)
            self.breaks.append(self.fed)
        elif name == "pause":
            self.events += self.session.pause()
            self.breaks.append(self.fed)
        elif name == "resume":
            self.events += self.session.resume()
            self.breaks.append(self.fed)
        else:
            for _ in range(int(value)):
                self.step()

    def step(self) -> None:
        with suppress(PhiDeskError):  # the events come with the next call
            self.events += self.session.step()

    def finish(self) -> None:
        self.act("feed", len(self.samples))
        self.events += self.session.stop()
        while not self.session.closed:
            self.step()


def in_gaps(places: NDArray[np.int64], gaps: list[Gap]) -> NDArray[np.bool_]:
    inside = np.zeros(len(places), bool)
    for gap in gaps:
        start, end = round(gap.start_s * RATE), round(gap.end_s * RATE)
        inside |= (places >= start) & (places < end)
    return inside


def sure_speech(story: Story) -> NDArray[np.bool_]:
    """The samples of speech that goes on for long enough, without a break in the sound."""
    speech = (story.samples >= 0.5).astype(np.int8)
    borders = set(np.flatnonzero(np.diff(speech)) + 1) | set(story.breaks)
    edges = sorted({0, len(speech), *borders})
    sure = np.zeros(len(speech), bool)
    for start, end in pairwise(edges):
        if speech[start:end].all() and end - start >= SURE_S * RATE:
            sure[start:end] = True
    return sure


@settings(max_examples=150, deadline=None)
@given(
    pattern=spans,
    script=st.lists(actions, max_size=25),
    pace=st.floats(0.0, 3.0),
    most_waiting_s=st.sampled_from([5.0, 12.0, 300.0]),
    failures=st.sets(st.integers(0, 6)),
)
def test_every_second_is_heard_or_reported(
    pattern: list[tuple[bool, float]],
    script: list[tuple[str, float]],
    pace: float,
    most_waiting_s: float,
    failures: set[int],
) -> None:
    clock = Clock()
    engine = NotingEngine(clock, pace=pace, failures=failures)
    session = LiveSession(
        engine,
        SpeechJob(language=find_language("de")),
        LevelDetector(),
        options=LiveOptions(longest_s=5.0, most_waiting_s=most_waiting_s, hurry_s=4.0),
        clock=clock,
    )
    story = Story(numbered(pattern), session)
    for name, value in script:
        story.act(name, value)
    story.finish()

    gaps = [event for event in story.events if isinstance(event, Gap)]
    heard = np.concatenate(
        [numbers_of(sound.samples) for sound in engine.heard] or [np.zeros(0, np.int64)]
    )
    heard = heard[heard >= 0]  # what was filled in has no number
    assert (np.diff(heard) > 0).all()  # in order, and nothing twice
    shown = np.zeros(len(story.samples), bool)
    shown[heard] = True
    assert not (shown & story.unheard).any()
    missing = sure_speech(story) & ~shown & ~in_gaps(story.places, gaps)
    assert not missing.any(), np.flatnonzero(missing)[[0, -1]] / RATE
    assert in_gaps(story.places[story.unheard], gaps).all()

    closed = story.events[-1]
    assert isinstance(closed, Closed)
    whole_s = (len(story.samples) + story.missed) / RATE
    assert abs(closed.heard_s + closed.missed_s - whole_s) < 1e-6
    real = [gap for gap in gaps if gap.end_s > gap.start_s]
    assert closed.gaps == len(real)
    missing_s = in_gaps(np.arange(round(whole_s * RATE)), real).sum() / RATE
    assert abs(closed.missed_s - missing_s) < 1e-3
    ordered = sorted(real, key=lambda gap: gap.start_s)
    for before, after in pairwise(ordered):
        assert before.end_s <= after.start_s + 1e-9 or bridged(before, after)


def bridged(before: Gap, after: Gap) -> bool:
    """A short loss inside a segment that was lost as a whole later: both are true."""
    device = "The device was gone."
    return device in (before.why, after.why) and before.why != after.why


@settings(max_examples=60, deadline=None)
@given(pattern=spans, script=st.lists(actions, max_size=15))
def test_committed_words_come_once_in_order_and_never_change(
    pattern: list[tuple[bool, float]], script: list[tuple[str, float]]
) -> None:
    clock = Clock()
    session = LiveSession(
        NotingEngine(clock, pace=0.7),
        SpeechJob(language=find_language("de")),
        LevelDetector(),
        options=LiveOptions(longest_s=5.0, hurry_s=4.0),
        clock=clock,
    )
    story = Story(numbered(pattern), session)
    for name, value in script:
        story.act(name, value)
    story.finish()
    committed = [e for e in story.events if isinstance(e, Committed)]
    assert [c.segment for c in committed] == list(range(len(committed)))
    assert [e.segment for e in story.events if isinstance(e, Translated)] == [
        c.segment for c in committed
    ]
    done = -1
    for event in story.events:
        if isinstance(event, Partial):
            assert event.segment > done
        if isinstance(event, Committed):
            done = event.segment
    edges = [time for c in committed for time in (c.start_s, c.end_s)]
    assert edges == sorted(edges)


def replayed(samples: NDArray[np.float32], blocks: list[int]) -> list[LiveEvent]:
    clock = Clock()
    session = LiveSession(NotingEngine(clock), SpeechJob(), LevelDetector(), clock=clock)
    events: list[LiveEvent] = []
    start = turn = 0
    while start < len(samples):
        block = blocks[turn % len(blocks)]
        events += session.feed(samples[start : start + block])
        start, turn = start + block, turn + 1
    events += session.stop()
    while not session.closed:
        events += session.step()
    return events


@settings(max_examples=40, deadline=None)
@given(pattern=spans, cuts=st.lists(st.integers(300, 50_000), min_size=1, max_size=60))
def test_the_blocks_in_which_the_sound_comes_do_not_matter(
    pattern: list[tuple[bool, float]], cuts: list[int]
) -> None:
    """A file replays exactly like a microphone."""
    samples = numbered(pattern)
    assert replayed(samples, cuts) == replayed(samples, [len(samples)])


def test_single_samples_are_a_block_too() -> None:
    samples = numbered([(False, 0.4), (True, 0.9), (False, 0.7)])
    assert replayed(samples, [1]) == replayed(samples, [len(samples)])


def test_hours_take_no_more_memory_than_minutes() -> None:
    """Twenty minutes of talk with an engine that keeps up: what is held does not grow."""
    minute = np.concatenate(
        [np.full(8 * RATE, SPEECH, np.float32), np.full(2 * RATE, PAUSE, np.float32)] * 6
    )
    clock = Clock()
    engine = NotingEngine(clock, pace=0.3)
    session = LiveSession(engine, SpeechJob(), LevelDetector(), clock=clock)
    held, peaks = [], []
    tracemalloc.start()
    try:
        for _ in range(20):
            tracemalloc.reset_peak()
            for start in range(0, len(minute), RATE):
                session.feed(minute[start : start + RATE])
                while session.busy:
                    session.step()
            engine.heard.clear()
            engine.instructions.clear()
            held.append(session.held)
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert max(held) <= 22 * RATE
    assert max(peaks[10:]) < 1.05 * max(peaks[1:4])


def test_a_waiting_queue_is_bounded_however_long_the_engine_hangs() -> None:
    clock = Clock()
    options = LiveOptions(most_waiting_s=60)
    session = LiveSession(NotingEngine(clock), SpeechJob(), LevelDetector(), options=options)
    block = np.full(10 * RATE, SPEECH, np.float32)
    most = 0
    for _ in range(60):
        session.feed(block)
        most = max(most, session.held)
    assert most <= (60 + 21) * RATE


def test_levels_come_at_a_steady_pace_through_gaps_and_pauses() -> None:
    session = LiveSession(NotingEngine(Clock()), SpeechJob(), LevelDetector())
    events: list[LiveEvent] = [*session.feed(np.zeros(2 * RATE, np.float32)), *session.pause()]
    events += session.feed(np.zeros(2 * RATE, np.float32))
    events += [*session.resume(), *session.feed(np.zeros(2 * RATE, np.float32))]
    levels = [event.at_s for event in events if isinstance(event, Level)]
    assert len(levels) == 62
    assert levels == sorted(levels)
