"""Resampling: exact where nothing is to do, right in pitch and length elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phi_desk.media.resample import Resampler, model_rate, resample


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (4_000, 8_000),
        (7_999, 8_000),
        (8_000, 8_000),
        (11_025, 8_000),
        (15_999, 8_000),
        (16_000, 16_000),
        (44_100, 16_000),
        (192_000, 16_000),
    ],
)
def test_telephone_sound_stays_telephone_sound(rate: int, expected: int) -> None:
    assert model_rate(rate) == expected


def test_equal_rates_pass_bit_for_bit() -> None:
    samples = np.random.default_rng(0).uniform(-2, 2, 5_000).astype(np.float32)
    assert np.array_equal(resample(samples, 16_000, 16_000), samples)


@pytest.mark.parametrize(
    ("source", "ripple"),
    [
        (22_050, 1e-5),
        (24_000, 1e-5),
        (44_100, 1e-5),
        (32_000, 1e-3),
        (48_000, 1e-3),
        (96_000, 1e-3),
    ],
)
def test_a_tone_keeps_its_pitch_level_and_place(source: int, ripple: float) -> None:
    def tone(rate: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(rate * 2) / rate)

    result = resample(tone(source).astype(np.float32), source, 16_000)
    assert len(result) == 32_000
    assert np.abs(result - tone(16_000))[800:-800].max() < ripple


def test_what_the_new_rate_cannot_hold_is_removed_not_folded_back() -> None:
    t = np.arange(44_100 * 2) / 44_100
    whistle = np.sin(2 * np.pi * 10_000 * t).astype(np.float32)
    result = resample(whistle, 44_100, 16_000)
    assert np.abs(result[1_600:-1_600]).max() < 1e-4  # -80 dB; plain decimation gives 1.0


@settings(deadline=None, max_examples=40)
@given(
    source=st.sampled_from([4_000, 11_025, 22_050, 32_000, 44_100, 48_000]),
    sizes=st.lists(st.integers(1, 9_000), min_size=1, max_size=8),
)
def test_blocks_make_no_difference(source: int, sizes: list[int]) -> None:
    samples = np.random.default_rng(1).uniform(-1, 1, sum(sizes)).astype(np.float32)
    target = model_rate(source)
    resampler = Resampler(source, target)
    parts = [resampler.push(block) for block in np.split(samples, np.cumsum(sizes)[:-1])]
    joined = np.concatenate([*parts, resampler.finish()])
    assert np.array_equal(joined, resample(samples, source, target))
    assert abs(len(joined) - len(samples) * target / source) <= 1
