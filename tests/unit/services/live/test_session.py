"""A live session: what is asked of the model, when, and what comes out."""

from __future__ import annotations

import numpy as np
import pytest
from data_makers.live_runs import TRANSCRIBE, Run, heard_numbers
from data_makers.live_sound import RATE, numbered

from phi_desk.services.live.events import (
    Closed,
    Committed,
    Gap,
    Lag,
    Level,
    Partial,
    Translated,
)
from phi_desk.services.live.options import LiveOptions


def test_a_segment_ends_at_a_pause_and_is_transcribed_and_translated_in_one_decode() -> None:
    run = Run().feed(numbered([(False, 1), (True, 2), (False, 0.5)]))
    assert not run.session.busy  # 0.5 s of silence are no pause yet
    run.feed(numbered([(False, 0.2)])).steps()
    (committed,) = run.of(Committed)
    (translated,) = run.of(Translated)
    assert (committed.segment, committed.text) == (0, "one two")
    assert (translated.segment, translated.text) == (0, "eins zwei")
    assert len(run.noting.heard) == 1
    assert "<sep>" in run.noting.instructions[0]
    assert committed.start_s == pytest.approx(0.7, abs=0.04)  # 300 ms before the first word
    assert committed.end_s == pytest.approx(3.3, abs=0.04)
    assert run.noting.heard[0].seconds == pytest.approx(2.6, abs=0.04)
    ((start, end),) = committed.speech
    assert (start, end) == pytest.approx((1, 3), abs=0.04)


def test_unconfirmed_words_grow_and_what_is_committed_comes_once() -> None:
    run = Run().feed(numbered([(True, 2), (False, 1)])).steps()
    partials = [(p.transcript, p.translation) for p in run.of(Partial)]
    assert partials[0] == ("one", None)
    assert partials[-1] == ("one two", "eins zwei")
    kinds = [type(e) for e in run.events if isinstance(e, Partial | Committed | Translated)]
    assert kinds[-2:] == [Committed, Translated]
    assert kinds.count(Committed) == 1


def test_without_a_language_there_is_a_transcript_only() -> None:
    run = Run(job=TRANSCRIBE, reply="only words").feed(numbered([(True, 1), (False, 1)])).steps()
    assert [c.text for c in run.of(Committed)] == ["only words"]
    assert not run.of(Translated)
    assert "<sep>" not in run.noting.instructions[0]


def test_silence_never_reaches_the_model() -> None:
    run = Run().feed(numbered([(False, 60)])).end()
    assert not run.noting.heard
    assert run.events[-1] == Closed(heard_s=60.0, missed_s=0.0, gaps=0)
    assert not run.of(Lag)


def test_a_knock_is_no_speech() -> None:
    run = Run().feed(numbered([(False, 1), (True, 0.15), (False, 2)])).end()
    assert not run.noting.heard


def test_a_long_speech_is_cut_at_the_quietest_place_of_its_last_third() -> None:
    samples = numbered([(True, 16), (False, 0.2), (True, 10), (False, 1)])
    run = Run().feed(samples).end()
    first, second = run.of(Committed)
    assert 16.0 <= first.end_s <= 16.2
    assert second.start_s == first.end_s
    numbers = heard_numbers(run.noting.heard)
    assert np.array_equal(np.diff(numbers), np.ones(len(numbers) - 1))  # nothing lost, none twice


def test_a_pause_that_has_begun_is_waited_for_before_a_cut() -> None:
    """The soft end of the last word belongs to the segment, however near its limit it is."""
    run = Run().feed(numbered([(True, 19.2), (False, 2)])).end()
    (committed,) = run.of(Committed)
    assert committed.end_s == pytest.approx(19.5, abs=0.04)


def test_speech_without_any_pause_is_cut_in_the_last_third() -> None:
    run = Run().feed(numbered([(True, 65), (False, 1)])).end()
    committed = run.of(Committed)
    lengths = [c.end_s - c.start_s for c in committed]
    assert all(40 / 3 - 0.1 <= length <= 20 for length in lengths[:-1])
    numbers = heard_numbers(run.noting.heard)
    assert np.array_equal(numbers, np.arange(numbers[0], numbers[0] + len(numbers)))
    assert numbers[0] == 0
    assert len(numbers) >= 65 * RATE


def test_the_pre_roll_never_repeats_the_end_of_the_segment_before() -> None:
    run = Run().feed(numbered([(True, 1), (False, 0.65), (True, 1), (False, 1)])).end()
    first, second = run.of(Committed)
    assert first.end_s <= second.start_s


def test_the_level_says_how_loud_it_is_ten_times_a_second() -> None:
    silence, full = np.zeros(RATE, np.float32), np.ones(RATE, np.float32)
    run = Run().feed(np.concatenate([silence, full]))
    levels = run.of(Level)
    assert 18 <= len(levels) <= 22
    assert (levels[0].rms_db, levels[0].peak_db, levels[0].speech) == (-120.0, -120.0, False)
    assert (levels[-1].rms_db, levels[-1].peak_db, levels[-1].speech) == (0.0, 0.0, True)
    half = Run().feed(np.full(RATE, 0.5, np.float32)).of(Level)
    assert half[-1].rms_db == pytest.approx(-6.0, abs=0.05)


def test_the_lag_grows_while_somebody_speaks_and_ends_with_the_words() -> None:
    run = Run().feed(numbered([(True, 5)]))
    lags = run.of(Lag)
    assert [round(lag.behind_s) for lag in lags] == [1, 2, 3, 4, 5]
    assert all(lag.waiting_s == 0 and "speaking" in lag.why for lag in lags)
    run.feed(numbered([(False, 1)])).steps()
    assert run.of(Lag)[-1] == Lag(behind_s=0.0, waiting_s=0.0, why="")


def test_a_slow_model_is_said_with_its_pace() -> None:
    run = Run(pace=1.8)
    samples = numbered([(True, 4), (False, 1)] * 4)
    run.feed(samples[: 5 * RATE]).steps()
    run.feed(samples[5 * RATE :])
    assert run.of(Lag)[-1].why == "The model needs 1.8 s for a second of speech."
    assert run.of(Lag)[-1].waiting_s > 9


def test_far_behind_it_translates_without_a_transcript_until_it_has_caught_up() -> None:
    run = Run(options=LiveOptions(hurry_s=10)).feed(numbered([(True, 6), (False, 1)] * 3))
    run.noting.reply = "eins zwei"
    run.steps(3)
    assert any("catch up" in lag.why for lag in run.feed(numbered([(False, 1)])).of(Lag))
    run.noting.reply = "one <sep> eins"
    run.end()
    assert run.noting.instructions[:2] == ["Translate the audio to German."] * 2
    assert "<sep>" in run.noting.instructions[2]  # only 6.6 s wait
    assert [c.text for c in run.of(Committed)] == ["", "", "one"]
    assert [t.text for t in run.of(Translated)] == ["eins zwei", "one <sep> eins", "eins"]


def test_beyond_the_limit_the_oldest_speech_is_kept_and_the_new_is_a_gap() -> None:
    options = LiveOptions(most_waiting_s=20, hurry_s=1000)
    run = Run(options=options).feed(numbered([(True, 6), (False, 1)] * 5))
    gaps = run.of(Gap)
    assert len(gaps) == 2
    assert all("too slow" in gap.why for gap in gaps)
    assert [round(gap.start_s) for gap in gaps] == [21, 28]
    run.end()
    assert [round(c.start_s) for c in run.of(Committed)] == [0, 7, 14]
    (closed,) = run.of(Closed)
    assert closed.gaps == 2
    assert closed.missed_s == pytest.approx(sum(g.end_s - g.start_s for g in gaps))
    assert closed.heard_s + closed.missed_s == pytest.approx(35)
