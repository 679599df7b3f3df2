"""A live session in trouble: losses, pauses, stops, failures, words nobody said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from data_makers.live_runs import TRANSCRIBE, Run, heard_numbers
from data_makers.live_sound import RATE, numbered

from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.engine.messages import Options
from phi_desk.errors import MemoryExhaustedError, UsageError
from phi_desk.services.live.events import (
    Closed,
    Committed,
    Gap,
    Partial,
)
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.policy import Decode, Situation
from phi_desk.services.live.session import STOPPED
from phi_desk.services.speech.job import SpeechJob


def test_a_longer_loss_ends_the_segment_and_the_time_goes_on() -> None:
    run = Run().feed(numbered([(True, 2)]))
    run.events += run.session.miss(3.0, "The microphone was gone.")
    run.feed(numbered([(True, 2), (False, 1)])).end()
    (gap,) = run.of(Gap)
    assert (gap.start_s, gap.end_s, gap.why) == (2.0, 5.0, "The microphone was gone.")
    first, second = run.of(Committed)
    assert first.end_s == 2.0
    assert second.start_s == 5.0
    assert run.of(Closed) == [Closed(heard_s=5.0, missed_s=3.0, gaps=1)]


def test_a_short_loss_is_bridged_with_silence_and_does_not_cut_the_word() -> None:
    run = Run().feed(numbered([(True, 2)]))
    run.events += run.session.miss(0.2, "The microphone lost some sound.")
    run.feed(numbered([(True, 2), (False, 1)])).end()
    (committed,) = run.of(Committed)
    assert committed.end_s == pytest.approx(4.5, abs=0.04)
    assert [(g.start_s, g.end_s) for g in run.of(Gap)] == [(2.0, 2.2)]
    assert (heard_numbers(run.noting.heard) == -1).sum() == round(0.2 * RATE)


def test_a_change_of_the_device_without_a_loss_is_a_gap_of_no_length() -> None:
    run = Run().feed(numbered([(True, 1)]))
    run.events += run.session.miss(0.0, "Now listening to “USB”.")
    run.feed(numbered([(True, 1), (False, 1)])).end()
    assert run.of(Gap) == [Gap(start_s=1.0, end_s=1.0, why="Now listening to “USB”.")]
    assert run.of(Closed) == [Closed(heard_s=3.0, missed_s=0.0, gaps=0)]
    assert len(run.noting.heard) == 1


def test_what_is_said_during_a_pause_is_not_heard_and_reported() -> None:
    run = Run().feed(numbered([(True, 2)]))
    run.events += run.session.pause()
    assert run.session.paused
    run.feed(numbered([(True, 3)]))
    run.events += run.session.resume()
    run.feed(numbered([(True, 2), (False, 1)])).end()
    (gap,) = run.of(Gap)
    assert (gap.start_s, gap.end_s) == (2.0, 5.0)
    assert [s.seconds for s in run.noting.heard] == pytest.approx([2.0, 2.3], abs=0.04)
    assert run.of(Closed)[0].missed_s == 3.0


def test_stop_finishes_what_was_heard() -> None:
    run = Run(pace=0.5).feed(numbered([(True, 2), (False, 1), (True, 2)]))
    run.events += run.session.stop()
    assert not run.of(Committed)
    assert run.session.feed(numbered([(True, 1)])) == ()
    run.steps()
    assert len(run.of(Committed)) == 2
    assert run.of(Committed)[-1].end_s == 5.0
    assert isinstance(run.events[-1], Closed)
    assert run.session.step() == ()


def test_a_second_stop_keeps_the_words_so_far_and_reports_the_rest() -> None:
    run = Run().feed(numbered([(True, 2), (False, 1)] * 3))
    run.steps(4)
    assert run.of(Partial)[-1].transcript == "one two"
    run.events += run.session.stop()
    run.end()
    (committed,) = run.of(Committed)
    assert (committed.text, committed.reason) == ("one two", "cancelled")
    gaps = run.of(Gap)
    assert [gap.why for gap in gaps] == [STOPPED] * 3
    (closed,) = run.of(Closed)
    assert closed.heard_s + closed.missed_s == pytest.approx(9)


def test_the_token_ends_a_session_that_still_hears() -> None:
    run = Run().feed(numbered([(True, 2)]))
    run.cancel.cancel()
    run.events += run.session.step()
    run.steps()
    assert [gap.why for gap in run.of(Gap)] == [STOPPED]
    assert isinstance(run.events[-1], Closed)


def test_a_failure_of_the_engine_is_a_gap_and_the_next_segment_is_heard() -> None:
    run = Run(failures=[0]).feed(numbered([(True, 2), (False, 1)] * 2)).end()
    (gap,) = run.of(Gap)
    assert gap.why == "The model failed."
    assert [c.text for c in run.of(Committed)] == ["", "one two"]


def test_an_engine_that_always_fails_is_told_and_loses_nothing() -> None:
    engine = FakeEngine(Rule(lambda _: True, MemoryExhaustedError("No memory is left.")))
    run = Run(engine=engine).feed(numbered([(True, 2), (False, 1)] * 4))
    with pytest.raises(MemoryExhaustedError):
        run.steps()
    run.events += run.session.stop()
    run.events += run.session.stop()
    run.steps()
    assert len(run.of(Gap)) == 4
    assert isinstance(run.events[-1], Closed)


def test_failures_that_are_not_in_a_row_do_not_end_it() -> None:
    run = Run(failures=[0, 1, 3, 4, 6]).feed(numbered([(True, 1), (False, 1)] * 8)).end()
    assert len(run.of(Gap)) == 5
    assert len([c for c in run.of(Committed) if c.text]) == 3


def test_more_words_than_anyone_can_say_are_not_believed() -> None:
    run = Run(reply="thanks for watching and please subscribe to this channel " * 3)
    run.feed(numbered([(True, 1), (False, 1)])).end()
    (committed,) = run.of(Committed)
    assert committed.text == ""
    (gap,) = run.of(Gap)
    assert "noise or music" in gap.why
    assert (gap.start_s, gap.end_s) == (committed.start_s, committed.end_s)


def test_a_model_that_runs_away_is_stopped_long_before_its_limit() -> None:
    run = Run(reply="la " * 4000, job=replace(TRANSCRIBE, options=Options(max_tokens=4096)))
    run.feed(numbered([(True, 1), (False, 1)])).end()
    assert run.of(Committed)[0].answer.output_tokens < 100
    assert run.of(Committed)[0].text == ""


def test_a_fast_speaker_is_believed() -> None:
    said = "and then they all went back to the old house by the river"  # 59 letters in 1.7 s
    run = Run(reply=said, job=TRANSCRIBE).feed(numbered([(True, 1.7), (False, 1)])).end()
    assert run.of(Committed)[0].text == said
    assert not run.of(Gap)


def test_the_person_s_own_limit_only_marks_the_words() -> None:
    job = SpeechJob(options=Options(max_tokens=2))
    run = Run(reply="one two three", job=job).feed(numbered([(True, 2), (False, 1)])).end()
    (committed,) = run.of(Committed)
    assert (committed.text, committed.reason) == ("one two", "length")
    assert not run.of(Gap)


class Eager:
    """Decodes what is being spoken whenever nothing waits: what a later policy may do."""

    def choose(self, situation: Situation) -> Decode | None:
        if situation.waiting:
            return Decode(utterance=situation.waiting[0], job=situation.job)
        speaking = situation.speaking()
        if speaking is None:
            return None
        return Decode(utterance=speaking, job=situation.job, final=False)


def test_another_policy_may_show_words_while_somebody_speaks() -> None:
    run = Run(policy=Eager(), job=TRANSCRIBE, reply="so far")
    run.feed(numbered([(True, 2)]))
    for _ in range(4):
        run.events += run.session.step()
    assert [(p.segment, p.transcript) for p in run.of(Partial)][-1] == (0, "so far")
    assert not run.of(Committed)
    assert not run.of(Gap)
    run.feed(numbered([(False, 1)])).end()
    (committed,) = run.of(Committed)
    assert committed.segment == 0
    assert run.of(Closed)[0].missed_s == 0


def test_words_shown_of_a_segment_that_is_lost_are_taken_back() -> None:
    options = LiveOptions(most_waiting_s=20, longest_s=20)
    run = Run(policy=Eager(), job=TRANSCRIBE, options=options).feed(numbered([(True, 15)]))
    run.feed(numbered([(False, 1), (True, 8)]))
    run.session._policy = Previewing()
    run.events += run.session.step()
    run.steps(8)
    assert run.of(Partial)[-1].segment == 1
    run.feed(numbered([(False, 1)]))
    assert run.of(Gap)[-1].why.startswith("The model is too slow")
    assert (run.of(Partial)[-1].segment, run.of(Partial)[-1].transcript) == (1, "")


class Previewing(Eager):
    """Lets what is over wait."""

    def choose(self, situation: Situation) -> Decode | None:
        speaking = situation.speaking()
        if speaking is None:
            return None
        return Decode(utterance=speaking, job=situation.job, final=False)


@pytest.mark.parametrize(
    "wrong", [{"pause_s": 0.2}, {"longest_s": 0.5}, {"margin_s": -1.0}, {"most_waiting_s": 10.0}]
)
def test_lengths_that_make_no_segments_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        LiveOptions(**wrong)


def test_closing_lets_go_of_the_engine_s_stream() -> None:
    run = Run().feed(numbered([(True, 2), (False, 1)]))
    run.steps(3)
    assert run.noting.running == 1
    run.session.close()
    assert run.session.closed
    assert run.session.step() == ()
    assert run.noting.running == 0
