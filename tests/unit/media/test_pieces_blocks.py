"""Encoder blocks of long recordings: whole tokens, at pauses, else as published."""

from __future__ import annotations

import numpy as np
import pytest
from data_makers.heard import LevelDetector, speech_and_pauses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled
from phi_desk.media.blocks import cut_at_pauses
from phi_desk.media.pauses import find_speech, pauses_between
from phi_desk.media.sound import Sound

RATE = 16_000
TOKEN = 1_280


def cuts_of(pattern: list[tuple[float, float]], rate: int = RATE) -> tuple[int, ...]:
    return cut_at_pauses(Sound(speech_and_pauses(pattern, rate), rate), LevelDetector())


def test_up_to_forty_seconds_is_one_block() -> None:
    assert cuts_of([(0.0, 20.0), (1.0, 19.0)]) == ()


def test_without_speech_blocks_are_as_published() -> None:
    assert cuts_of([(100.0, 0.0)]) == (640_000, 1_280_000)


def test_speech_without_a_pause_is_cut_as_published() -> None:
    assert cuts_of([(0.0, 100.0)]) == (640_000, 1_280_000)


def test_silence_before_and_after_speech_is_no_pause() -> None:
    assert cuts_of([(30.0, 5.0), (30.0, 0.0)]) == (640_000,)


def test_a_pause_too_early_does_not_count() -> None:
    assert cuts_of([(0.0, 15.0), (1.0, 50.0)])[0] == 640_000


def test_blocks_are_laid_in_the_pause_and_counted_from_there() -> None:
    assert cuts_of([(0.0, 30.0), (0.64, 50.0)]) == (
        round(30.32 * RATE / TOKEN) * TOKEN,
        round(30.32 * RATE / TOKEN) * TOKEN + 640_000,
    )


def test_telephone_sound_has_tokens_of_640_samples() -> None:
    (cut,) = cuts_of([(0.0, 30.0), (0.64, 20.0)], 8_000)
    assert cut % 640 == 0
    assert 30.0 < cut / 8_000 < 30.64


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.floats(0.0, 3.0), st.floats(0.05, 50.0)), min_size=1, max_size=8),
    st.sampled_from([8_000, 16_000]),
)
def test_blocks_are_short_enough_whole_tokens_and_cut_no_speech_that_pauses(
    pattern: list[tuple[float, float]], rate: int
) -> None:
    sound = Sound(speech_and_pauses(pattern, rate), rate)
    cuts = cut_at_pauses(sound, LevelDetector())
    pauses = pauses_between(find_speech(sound, LevelDetector()))
    borders = np.array([0, *cuts, len(sound.samples)])
    assert (np.diff(borders) > 0).all()
    assert (np.diff(borders) <= 40 * rate).all()
    assert (borders[:-1] % (rate * 8 // 100) == 0).all()
    for start, cut in zip(borders, cuts, strict=False):
        if cut - start == 40 * rate:
            continue
        assert cut - start >= 20 * rate
        assert any(pause.start <= cut <= pause.end for pause in pauses)


def test_a_clear_pause_in_the_window_is_always_used() -> None:
    for place in np.arange(20.5, 39.0, 0.37):
        cuts = cuts_of([(0.0, place), (0.3, 70.0)])
        assert place - 0.04 <= cuts[0] / RATE <= place + 0.34


def test_it_stops_when_asked() -> None:
    cancel = CancelToken()
    cancel.cancel()
    sound = Sound(np.zeros(50 * RATE, np.float32))
    with pytest.raises(Cancelled):
        cut_at_pauses(sound, LevelDetector(), cancel=cancel)
