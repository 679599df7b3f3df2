"""What a perturbation does to a sound, measured in the sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise import fast_size
from numpy.typing import NDArray
from perturb import Perturbation, applied, drawn, heard, perturbed
from stretch import faster, resampled

RATE = 16_000


def tone(hertz: float, seconds: float = 1.0) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)).astype(
        np.float32
    )


def strongest(samples: NDArray[np.float32], rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def power_above(samples: NDArray[np.float32], hertz: float) -> float:
    """The share of the power above `hertz`."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power[int(hertz * len(samples) / RATE) :].sum() / power.sum())


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_no_strength_changes_nothing() -> None:
    samples = tone(300)
    assert np.array_equal(perturbed(samples, 5, 0.0), samples)


def test_the_seed_alone_decides() -> None:
    samples = tone(300)
    assert np.array_equal(perturbed(samples, 5, 1.0), perturbed(samples, 5, 1.0))
    assert not np.array_equal(perturbed(samples, 5, 1.0), perturbed(samples, 6, 1.0))


@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_faster_speech_keeps_its_pitch(factor: float) -> None:
    changed = faster(tone(300, 2.0), factor)
    assert len(changed) == pytest.approx(2 * RATE / factor, rel=0.01)
    assert strongest(changed) == pytest.approx(300, rel=0.02)
    middle = changed[2000:-2000]
    assert np.abs(middle).max() < 0.6  # no jumps where the windows meet


@pytest.mark.parametrize("factor", [0.9, 1.12])
def test_a_smaller_mouth_is_higher_and_shorter(factor: float) -> None:
    changed = resampled(tone(300), factor)
    assert len(changed) == pytest.approx(RATE / factor, rel=0.01)
    assert strongest(changed) == pytest.approx(300 * factor, rel=0.02)


def test_pitch_and_speed_are_apart() -> None:
    sound = applied(tone(300, 2.0), Perturbation(pitch=1.1, speed=0.9), rng())
    assert len(sound.samples) == pytest.approx(2 * RATE / 0.9, rel=0.02)
    assert strongest(sound.samples) == pytest.approx(330, rel=0.02)


@pytest.mark.parametrize("decibels", [5.0, 20.0])
def test_noise_has_the_asked_strength(decibels: float) -> None:
    samples = tone(300)
    noise = applied(samples, Perturbation(signal_to_noise=decibels), rng()).samples - samples
    # The speech's own level is taken where it is loud: nearly everywhere in a tone.
    ratio = 10 * np.log10(np.mean(samples**2) / np.mean(noise**2))
    assert ratio == pytest.approx(decibels, abs=0.5)


def test_a_telephone_lets_nothing_through_above_four_kilohertz() -> None:
    samples = rng().uniform(-0.5, 0.5, RATE).astype(np.float32)
    sound = applied(samples, Perturbation(is_telephone=True), rng())
    assert sound.rate == RATE
    assert power_above(samples, 4200) > 0.4
    assert power_above(sound.samples, 4200) < 1e-3


def test_a_telephones_sound_may_stay_narrow() -> None:
    sound = applied(
        tone(300), Perturbation(is_telephone=True, stays_narrow=True, mu_law=True), rng()
    )
    assert (sound.rate, len(sound.samples)) == (8000, 8000)
    assert strongest(sound.samples, 8000) == pytest.approx(300, rel=0.02)


def test_mu_law_rounds_but_keeps_the_sound() -> None:
    line = Perturbation(is_telephone=True, stays_narrow=True)
    clean = applied(tone(300), line, rng()).samples
    digital = Perturbation(is_telephone=True, stays_narrow=True, mu_law=True)
    rounded = applied(tone(300), digital, rng()).samples
    assert 0 < np.abs(rounded - clean).max() < 0.03
    assert len(np.unique(rounded)) < 256 < len(np.unique(clean))


def test_a_room_rings_on_and_keeps_the_direct_sound() -> None:
    samples = np.concatenate([tone(300, 0.5), np.zeros(8000, dtype=np.float32)])
    sound = applied(samples, Perturbation(echo=0.5, echo_share=0.5), rng()).samples
    assert np.abs(sound[8200:9000]).max() > 0.02
    assert np.abs(sound[15000:16000]).max() < 0.3 * np.abs(sound[8200:9000]).max()
    assert np.corrcoef(sound[:8000], samples[:8000])[0, 1] > 0.7


def test_the_microphones_tone_is_what_was_asked() -> None:
    changed = applied(tone(100), Perturbation(tone=(6.0,) * 6), rng()).samples
    assert np.abs(changed[4000:12000]).max() == pytest.approx(0.5 * 10 ** (6 / 20), rel=0.02)


def test_the_peak_is_the_gain() -> None:
    assert np.abs(applied(tone(300), Perturbation(peak=0.05), rng()).samples).max() == (
        pytest.approx(0.05, rel=0.01)
    )


def test_every_perturbation_is_drawn_and_stays_within_its_bounds() -> None:
    changes = [drawn(np.random.default_rng(seed), 1.0) for seed in range(400)]
    assert {c.is_telephone for c in changes} == {c.stays_narrow for c in changes} == {True, False}
    assert {bool(c.echo) for c in changes} == {bool(c.tone) for c in changes} == {True, False}
    assert {c.signal_to_noise is None for c in changes} == {True, False}
    assert all(0.85 <= c.speed <= 1.2 and 0.9 <= c.pitch <= 1.12 for c in changes)
    assert all(c.peak is not None and 0.05 <= c.peak <= 1.0 for c in changes)
    assert all(5 <= c.signal_to_noise <= 30 for c in changes if c.signal_to_noise is not None)
    assert min(c.speed for c in changes) < 0.9 < 1.1 < max(c.speed for c in changes)


@settings(max_examples=60, deadline=None)
@given(
    length=st.integers(0, 9000),
    seed=st.integers(0, 10_000),
    level=st.sampled_from([0.0, 1e-6, 9.0]),
)
def test_odd_sounds_give_finite_sound(length: int, seed: int, level: float) -> None:
    noise = np.random.default_rng(seed).standard_normal(length).astype(np.float32)
    sound = heard(noise * np.float32(level), seed, 2.0, (noise,) * 3)
    assert sound.samples.dtype == np.float32
    assert np.isfinite(sound.samples).all()
    assert np.abs(sound.samples).max(initial=0.0) <= 0.99


@given(st.integers(1, 1 << 20))
def test_fast_sizes_are_long_enough_and_not_wasteful(count: int) -> None:
    size = fast_size(count)
    assert count <= size <= max(2, count * 3 // 2 + 1)
    odd = size
    while odd % 2 == 0:
        odd //= 2
    assert odd in (1, 3)
