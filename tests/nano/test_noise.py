"""Sounds without words: their variety, their spectra, their loudness."""

from __future__ import annotations

import numpy as np
import pytest
from music import music
from noise import background, coloured, not_speech
from numpy.typing import NDArray


def slope(samples: NDArray[np.float32]) -> float:
    """How the power falls with the frequency, as an exponent, between 100 and 6400 Hz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / 16_000)
    edges = 100 * 2.0 ** np.arange(7)
    bands = [power[(hertz >= a) & (hertz < 2 * a)].mean() for a in edges[:-1]]
    return float(-np.polyfit(np.log(edges[:-1]), np.log(bands), 1)[0])


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_coloured_noise_has_its_colour(exponent: float) -> None:
    samples = coloured(60_000, exponent, np.random.default_rng(1))
    assert slope(samples) == pytest.approx(exponent, abs=0.15)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(1.0, rel=0.05)


def test_clips_without_words_are_drawn_from_the_seed_alone() -> None:
    assert np.array_equal(not_speech(7), not_speech(7))
    assert not np.array_equal(not_speech(7)[:4000], not_speech(8)[:4000])


def test_clips_without_words_vary_in_length_and_loudness() -> None:
    clips = [not_speech(seed) for seed in range(150)]
    assert all(clip.dtype == np.float32 and np.isfinite(clip).all() for clip in clips)
    seconds = [len(clip) / 16_000 for clip in clips]
    assert 0.29 < min(seconds) < 1 < 5 < max(seconds) < 6.01
    peaks = [float(np.abs(clip).max()) for clip in clips]
    assert min(peaks) == 0.0  # silence is one of them
    assert 0.5 < max(peaks) <= 1.0


@pytest.mark.parametrize("seed", range(8))
def test_backgrounds_have_the_level_that_the_mixer_counts_on(seed: int) -> None:
    rng = np.random.default_rng(seed)
    voices = tuple(rng.standard_normal(5000).astype(np.float32) for _ in range(3))
    samples = background(16_000, rng, voices)
    assert len(samples) == 16_000
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(1.0, rel=0.01)


def test_music_is_made_of_tones() -> None:
    samples = music(32_000, np.random.default_rng(2))
    assert np.abs(samples).max() == pytest.approx(1.0, rel=1e-3)
    power = np.sort(np.abs(np.fft.rfft(samples)) ** 2)
    assert power[-len(power) // 50 :].sum() > 0.8 * power.sum()  # in white noise it would be 0.1
