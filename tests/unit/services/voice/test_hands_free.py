"""Whose turn it is, with sound of which every sample says where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from data_makers.heard import LevelDetector
from data_makers.live_sound import RATE, numbered, numbers_of
from data_makers.sounds import speechlike
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.energy import EnergyDetector
from phi_desk.services.voice.events import Began, Heard, Said, Told, Turned, TurnEvent
from phi_desk.services.voice.hands_free import TAIL_S, TOO_LONG, HandsFree, options_for

PAUSE_S = 0.9
FRAME = 512


def turns(pause_s: float = PAUSE_S, longest_s: float = 60.0) -> HandsFree:
    return HandsFree(LevelDetector(), pause_s=pause_s, longest_s=longest_s)


def feed(machine: HandsFree, *given: Incoming, block: int = 700) -> list[TurnEvent]:
    """Everything that comes out, with the sound cut into blocks."""
    events: list[TurnEvent] = []
    for one in given:
        if isinstance(one, Lost):
            events += machine.add(one)
            continue
        for start in range(0, len(one), block):
            events += machine.add(one[start : start + block])
    return events


def said(events: Iterable[TurnEvent]) -> list[Said]:
    return [event for event in events if isinstance(event, Said)]


def states(events: Iterable[TurnEvent]) -> list[str]:
    return [event.state for event in events if isinstance(event, Turned)]


def spoken(seconds: float) -> NDArray[np.float32]:
    return numbered([(True, seconds)])


def quiet(seconds: float) -> NDArray[np.float32]:
    return numbered([(False, seconds)])


def test_a_question_begins_300_ms_before_the_first_word_and_ends_with_a_pause() -> None:
    machine = turns()
    events = feed(machine, numbered([(False, 2.0), (True, 1.5), (False, 1.5)]))
    assert isinstance(events[0], Began)
    assert states(events) == ["listening", "hearing", "thinking"]
    (one,) = said(events)
    assert one.whole
    places = numbers_of(one.sound.samples)
    assert abs(places[0] - (2.0 - 0.3) * RATE) <= 2 * FRAME
    assert abs(places[-1] - (3.5 + 0.3) * RATE) <= 2 * FRAME
    assert (np.diff(places) == 1).all()


def test_a_pause_within_a_question_does_not_end_it() -> None:
    machine = turns()
    sound = numbered([(True, 1.0), (False, 0.7), (True, 1.0), (False, 1.5)])
    (one,) = said(feed(machine, sound))
    assert one.sound.seconds == pytest.approx(2.7 + 0.3, abs=0.1)


def test_deaf_while_it_thinks_and_speaks_and_for_a_tail_after_that() -> None:
    machine = turns()
    first = feed(machine, numbered([(True, 1.0), (False, 1.2)]))
    assert len(said(first)) == 1
    assert not feed(machine, spoken(2.0))  # somebody speaks while it thinks
    assert states(machine.turn("speaking")) == ["speaking"]
    assert not feed(machine, spoken(2.0))  # its own voice
    assert states(machine.turn("listening")) == ["listening"]
    echo = feed(machine, spoken(TAIL_S - 0.05), quiet(1.5))
    assert not said(echo)
    again = feed(machine, numbered([(True, 1.0), (False, 1.2)]))
    assert len(said(again)) == 1


def test_nothing_of_before_is_in_the_next_question() -> None:
    machine = turns()
    feed(machine, numbered([(True, 1.0), (False, 1.2)]))
    feed(machine, spoken(3.0))
    list(machine.turn("listening"))
    later = 0.5 + numbered([(False, 1.0)]) * 0 + np.float32(2.0**-6)
    (one,) = said(feed(machine, later.astype(np.float32), quiet(1.5)))
    marked = one.sound.samples[one.sound.samples > 0.4]
    assert (marked == later[0]).all()


def test_saying_it_twice_does_not_cut_off_who_speaks() -> None:
    machine = turns()
    feed(machine, spoken(1.0))
    assert machine.state == "hearing"
    assert not list(machine.turn("listening"))
    (one,) = said(feed(machine, quiet(1.5)))
    assert one.sound.seconds > 1.0


def test_a_knock_is_no_question() -> None:
    machine = turns()
    assert not said(feed(machine, quiet(1.0), spoken(0.1), quiet(2.0)))
    assert machine.state == "listening"


def test_the_longest_question_is_asked_and_said() -> None:
    machine = turns(longest_s=10.0)
    events = feed(machine, spoken(11.0))
    (one,) = said(events)
    assert one.sound.seconds <= 10.0
    assert Told(TOO_LONG) in events


def test_a_short_loss_is_told_and_does_not_end_a_question() -> None:
    machine = turns()
    events = feed(machine, spoken(1.0), Lost(0.3, "Some is missing."), spoken(1.0), quiet(1.5))
    assert Told("Some is missing.") in events
    (one,) = said(events)
    assert one.sound.seconds == pytest.approx(2.3 + 0.3, abs=0.15)


def test_a_microphone_that_is_gone_for_good_leaves_what_was_said() -> None:
    machine = turns()
    feed(machine, spoken(1.0), Lost(0.2, "“Desk” is gone."))
    (one,) = said(machine.end())
    assert not one.whole
    assert one.sound.seconds >= 1.0
    assert not said(machine.end())


def test_it_says_nothing_before_the_microphone_does() -> None:
    machine = turns()
    assert not list(machine.turn("thinking"))
    events = feed(machine, quiet(0.2))
    assert states(events) == ["thinking"]
    assert not [event for event in events if isinstance(event, Heard)]


def test_levels_and_seconds_while_it_listens() -> None:
    events = feed(turns(), quiet(1.0), spoken(2.0), block=400)
    heard = [event for event in events if isinstance(event, Heard)]
    assert len(heard) == pytest.approx(60, abs=6)
    assert heard[0].level == 0.0
    assert heard[-1].level > 0.9
    assert heard[-1].seconds == pytest.approx(2.0, abs=0.4)


@settings(deadline=None)
@given(cuts=st.lists(st.integers(50, 5_000), min_size=1, max_size=20))
def test_the_blocks_in_which_sound_comes_make_no_difference(cuts: Sequence[int]) -> None:
    sound = numbered([(False, 0.5), (True, 1.0), (False, 1.2)])
    machine, place, found = turns(), 0, []
    while place < len(sound):
        for cut in cuts:
            found += said(machine.add(sound[place : place + cut]))
            place += cut
    (whole,) = said(feed(turns(), sound))
    (one,) = found
    assert np.array_equal(one.sound.samples, whole.sound.samples)


@pytest.mark.parametrize("pause_s", [0.3, 0.9, 5.0])
@pytest.mark.parametrize("longest_s", [5.0, 120.0, 1800.0])
def test_every_setting_makes_a_machine(pause_s: float, longest_s: float) -> None:
    options = options_for(pause_s, longest_s)
    assert options.pause_s == pause_s
    assert options.margin_s <= 0.3
    turns(pause_s, longest_s)


def test_by_loudness_alone_it_works_too() -> None:
    """The fallback where the speech detector is missing."""
    machine = HandsFree(EnergyDetector(), pause_s=PAUSE_S, longest_s=60.0)
    random = np.random.default_rng(1)
    noise = (0.001 * random.standard_normal(2 * RATE)).astype(np.float32)
    speech = speechlike(random, 2.0, RATE)
    assert len(said(feed(machine, noise, speech, noise))) == 1
