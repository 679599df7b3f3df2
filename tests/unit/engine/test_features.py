"""Audio features against the published front end, and at the edges."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.engine.features import BLOCK_FRAMES, _mel_filters, clip_input, features, token_count
from phi_desk.errors import Cancelled, InputError
from phi_desk.media.resample import resample
from phi_desk.media.sound import Sound

# case, row of the case's batch, file: every published case whose sampling rate is treated right.
PUBLISHED = [
    ("speech_1_3s", 0, "a1_3s"),
    ("speech_45s_chunked", 0, "a45s"),
    ("speech_two_in_one_prompt", 0, "a7_9s"),
    ("speech_two_in_one_prompt", 1, "a2_2s"),
    ("vision_speech", 0, "a2_2s"),
    ("speech_3s_8khz", 0, "a3s_8k"),
]


def read_media(oracle: Path, name: str) -> tuple[NDArray[np.float32], int]:
    import soundfile

    samples, rate = soundfile.read(oracle / f"cases/media/{name}.wav", dtype="float32")
    return samples, rate


def reference(oracle: Path, case: str) -> dict[str, NDArray[Any]]:
    from safetensors.numpy import load_file

    return load_file(oracle / f"cases/ref/{case}.safetensors")


def noise(samples: int, rate: int = 16_000) -> Sound:
    generator = np.random.default_rng(samples)
    return Sound(0.1 * generator.standard_normal(samples, dtype=np.float32), rate)


@pytest.mark.parametrize(("case", "row", "name"), PUBLISHED)
def test_features_are_the_published_ones(oracle: Path, case: str, row: int, name: str) -> None:
    samples, rate = read_media(oracle, name)
    stored = reference(oracle, case)
    ours = features(Sound(samples, rate))
    theirs = stored["input_audio_embeds"][row]
    assert ours.dtype == np.float32
    difference = np.abs(ours - theirs[: len(ours)])
    assert difference.mean() < 5e-6  # measured 0.9e-6 to 1.6e-6
    assert difference.max() < 2e-3  # measured 5.2e-4
    assert not theirs[len(ours) :].any()  # beyond our frames lies the batch's padding only
    clip = clip_input(Sound(samples, rate))
    assert clip.tokens == stored["audio_embed_sizes"][row] == token_count(len(samples), rate)


def test_48_khz_gives_the_published_features(oracle: Path) -> None:
    samples, rate = read_media(oracle, "a2s_48k")
    ours = features(Sound(resample(samples, rate, 16_000)))
    theirs = reference(oracle, "speech_2s_48k")["input_audio_embeds"][0]
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 5e-6  # measured 2.1e-6
    assert np.abs(ours - theirs).max() < 2e-3  # measured 0.9e-3


@pytest.mark.parametrize(
    ("samples", "rate", "frames", "tokens"),
    [
        (0, 16_000, 1, 1),
        (1, 16_000, 1, 1),
        (399, 16_000, 1, 1),
        (400, 16_000, 1, 1),
        (559, 16_000, 1, 1),
        (560, 16_000, 2, 1),
        (199, 8_000, 1, 1),
        (280, 8_000, 2, 1),
        (16_000, 16_000, 98, 13),
        (8_000, 8_000, 98, 13),
        (160_000, 16_000, 998, 125),
        (480_000, 16_000, 2998, 375),
        (640_000, 16_000, 3998, 500),
        (960_000, 16_000, 5998, 750),
    ],
)
def test_frames_and_tokens_follow_the_published_arithmetic(
    samples: int, rate: int, frames: int, tokens: int
) -> None:
    clip = clip_input(noise(samples, rate))
    assert clip.blocks[0].shape == (frames, 80)
    assert clip.tokens == tokens == token_count(samples, rate)


def test_silence_has_no_energy_and_a_short_sound_is_padded_with_it() -> None:
    assert not features(Sound(np.zeros(16_000, dtype=np.float32))).any()
    click = np.full(100, 0.5, dtype=np.float32)
    padded = np.pad(click, (0, 300))
    assert np.array_equal(features(Sound(click)), features(Sound(padded)))


def test_telephone_sound_has_nothing_above_4_khz() -> None:
    energy = features(noise(8_000, 8_000))
    corners = 700 * np.expm1(np.linspace(0, 1127 * np.log1p(7690 / 700), 82) / 1127)  # Hz
    assert energy[:, corners[2:] < 4000].min() > 1
    assert not energy[:, corners[:-2] > 4000].any()


def test_a_tone_lights_up_the_band_it_lies_in() -> None:
    times = np.arange(16_000, dtype=np.float32) / 16_000
    tone = Sound((0.3 * np.sin(2 * np.pi * 1000 * times)).astype(np.float32))
    corners = np.linspace(0, 1127 * np.log1p(7690 / 700), 82)
    band = int(np.abs(corners[1:-1] - 1127 * np.log1p(1000 / 700)).argmin())
    assert abs(int(features(tone).mean(axis=0).argmax()) - band) <= 1


def test_the_published_filters_stop_below_bin_246() -> None:
    filters = _mel_filters()
    assert filters.shape == (257, 80)
    assert not filters[246:].any()
    assert filters[1:246].sum(axis=1).min() > 0
    assert filters.sum(axis=0).min() > 0  # no band is dead


def test_slices_leave_no_seam() -> None:
    sound = noise(160 * 2500 + 400)  # three slices
    whole = features(sound)
    for first in (1000, 1023, 1024, 2047, 2048):
        alone = features(Sound(sound.samples[first * 160 : first * 160 + 560]))
        assert np.allclose(whole[first : first + 2], alone, atol=1e-5)


def test_half_an_hour_needs_little_memory_beyond_the_result() -> None:
    sound = Sound(np.zeros(16_000 * 1800, dtype=np.float32))
    tracemalloc.start()
    try:
        result = features(sound)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < result.nbytes + 20 * 2**20


def test_cuts_make_blocks_of_at_most_40_seconds_and_lose_nothing() -> None:
    sound = noise(16_000 * 100)
    cuts = (16_000 * 30, 16_000 * 90, 16_000 * 90, 0, -5, 16_000 * 500)
    clip = clip_input(sound, cuts)
    assert [len(block) for block in clip.blocks] == [3000, 4000, 2000, 998]
    assert max(len(block) for block in clip.blocks) <= BLOCK_FRAMES
    assert np.array_equal(np.concatenate(clip.blocks), features(sound))
    assert clip.tokens == 375 + 500 + 250 + 125
    assert clip.tokens == token_count(16_000 * 100, 16_000, cuts)


def test_without_cuts_the_sound_stays_one_block() -> None:
    clip = clip_input(noise(16_000 * 50))
    assert [len(block) for block in clip.blocks] == [4998]


def test_silence_comes_behind_a_sound_where_an_encoder_wants_it() -> None:
    plain, trailed = clip_input(noise(16_000)), clip_input(noise(16_000), trailing_frames=64)
    (heard,), (all_of_it,) = plain.blocks, trailed.blocks
    assert np.array_equal(all_of_it[: len(heard)], heard)
    assert len(all_of_it) == len(heard) + 64
    silence = features(Sound(np.zeros(16_000, np.float32)))
    assert np.array_equal(all_of_it[len(heard) :], silence[:64])
    assert trailed.tokens == plain.tokens + 8
    assert trailed.key != plain.key


def test_the_key_follows_content_and_cuts() -> None:
    one, same, other = noise(16_000), noise(16_000), noise(16_001)
    assert clip_input(one).key == clip_input(same).key
    keys = {clip_input(one).key, clip_input(other).key, clip_input(one, (8000,)).key}
    assert len(keys) == 3


@pytest.mark.parametrize("rate", [0, 11_025, 44_100, 48_000])
def test_other_rates_are_refused(rate: int) -> None:
    with pytest.raises(InputError, match="16 or 8 kHz"):
        features(noise(1000, rate))
    with pytest.raises(InputError, match="16 or 8 kHz"):
        token_count(1000, rate)


def test_stereo_and_whole_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="mono"):
        features(Sound(np.zeros((1000, 2), dtype=np.float32)))
    whole: Any = np.zeros(1000, dtype=np.int16)
    with pytest.raises(InputError, match="whole numbers"):
        features(Sound(whole))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_values_that_are_no_sound_are_refused(value: float) -> None:
    samples = np.zeros(5000, dtype=np.float32)
    samples[2500] = value
    with pytest.raises(InputError, match="no sound"):
        features(Sound(samples))


def test_it_stops_when_asked() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        clip_input(noise(1000), cancel=cancel)


@settings(deadline=None, max_examples=50)
@given(
    samples=st.integers(0, 3000),
    rate=st.sampled_from([8_000, 16_000]),
    cuts=st.lists(st.integers(-100, 4000), max_size=5),
)
def test_blocks_tokens_and_counts_always_agree(samples: int, rate: int, cuts: list[int]) -> None:
    clip = clip_input(noise(samples, rate), tuple(cuts))
    assert all(len(block) for block in clip.blocks)
    assert clip.tokens == sum(-(-len(block) // 8) for block in clip.blocks)
    assert clip.tokens == token_count(samples, rate, tuple(cuts))
