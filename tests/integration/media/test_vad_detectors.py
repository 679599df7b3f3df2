"""The detectors on real synthetic speech, and on what is none."""

from __future__ import annotations

import logging
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.media.blocks import cut_at_pauses
from phi_desk.media.decode import open_sound, read_sound
from phi_desk.media.energy import EnergyDetector
from phi_desk.media.pauses import find_speech, pauses_between
from phi_desk.media.pieces import cut_into_pieces
from phi_desk.media.resample import resample
from phi_desk.media.sound import Sound
from phi_desk.media.vad import SileroDetector, SpeechDetector, open_detector

DATA = Path(__file__).resolve().parents[2] / "data"
ENGLISH = DATA / "speech_english.ogg"  # three sentences, 16 kHz, 11.7 s
GERMAN = DATA / "speech_german_8k.flac"  # two sentences, 8 kHz, 7.1 s


@pytest.fixture(scope="module", params=[SileroDetector, EnergyDetector])
def detector(request: pytest.FixtureRequest) -> SpeechDetector:
    made: SpeechDetector = request.param()
    return made


@pytest.fixture(scope="module")
def silero() -> SileroDetector:
    return SileroDetector()


@pytest.fixture(scope="module")
def english() -> Sound:
    return read_sound(ENGLISH)


def probabilities(detector: SpeechDetector, *blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    detector.reset()
    return np.concatenate([*(detector.feed(block) for block in blocks), detector.finish()])


def seconds_of(sound: Sound, detector: SpeechDetector) -> list[tuple[float, float]]:
    return [(s.start / sound.rate, s.end / sound.rate) for s in find_speech(sound, detector)]


def chord(rate: int) -> NDArray[np.float32]:
    t = np.arange(10 * rate) / rate
    tones = [np.sin(2 * np.pi * f * t) + 0.3 * np.sin(4 * np.pi * f * t) for f in (262, 330, 392)]
    samples: NDArray[np.float32] = (0.15 * np.sum(tones, axis=0)).astype(np.float32)
    return samples


@pytest.mark.parametrize("rate", [8_000, 16_000])
@pytest.mark.parametrize("kind", ["silence", "hum", "noise", "loud noise", "sine", "chord"])
def test_what_is_no_speech_is_not_taken_for_it(
    kind: str, rate: int, detector: SpeechDetector
) -> None:
    random = np.random.default_rng(0)
    t = np.arange(10 * rate) / rate
    sounds: dict[str, NDArray[Any]] = {
        "silence": np.zeros(10 * rate),
        "hum": 0.01 * np.sin(2 * np.pi * 50 * t) + 0.2,
        "noise": 0.05 * random.standard_normal(10 * rate),
        "loud noise": 0.3 * random.standard_normal(10 * rate),
        "sine": 0.5 * np.sin(2 * np.pi * 440 * t),
        "chord": chord(rate),
    }
    assert seconds_of(Sound(sounds[kind].astype(np.float32), rate), detector) == []


def test_speech_is_found_and_its_pauses_too(english: Sound, detector: SpeechDetector) -> None:
    spans = seconds_of(english, detector)
    assert spans[0][0] < 0.2
    assert spans[-1][1] == pytest.approx(11.4, abs=0.2)
    assert sum(end - start for start, end in spans) > 9.5
    gaps = [(a[1] + b[0]) / 2 for a, b in pairwise(spans)]
    for sentence_end in (2.85, 5.65):
        assert min(abs(gap - sentence_end) for gap in gaps) < 0.15


def test_telephone_speech_is_found(detector: SpeechDetector) -> None:
    sound = read_sound(GERMAN)
    assert sound.rate == 8_000
    spans = seconds_of(sound, detector)
    assert spans[0][0] < 0.2
    assert spans[-1][1] == pytest.approx(6.75, abs=0.2)
    assert sum(end - start for start, end in spans) > 5.0


def test_speech_after_silence_and_in_noise_is_found_where_it_is(
    english: Sound, detector: SpeechDetector
) -> None:
    silence = np.zeros(80_000, np.float32)
    samples = np.concatenate([silence, english.samples, silence])
    samples += 0.002 * np.random.default_rng(0).standard_normal(len(samples)).astype(np.float32)
    spans = seconds_of(Sound(samples), detector)
    assert spans[0][0] == pytest.approx(5.06, abs=0.1)
    assert spans[-1][1] == pytest.approx(16.4, abs=0.2)


def test_blocks_make_no_difference(english: Sound, detector: SpeechDetector) -> None:
    whole = probabilities(detector, english.samples)
    parts = np.split(english.samples, [1, 300, 812, 5_000, 5_001, 90_000])
    assert np.array_equal(probabilities(detector, *parts), whole)
    assert len(whole) == -(-len(english.samples) // 512)
    assert 0 <= whole.min() <= whole.max() <= 1


def test_a_reset_forgets_the_sound_before(english: Sound, detector: SpeechDetector) -> None:
    first = probabilities(detector, english.samples)
    detector.feed(english.samples[:777])
    assert np.array_equal(probabilities(detector, english.samples), first)


def test_silero_hears_telephone_sound_like_wide_band_sound(
    english: Sound, silero: SileroDetector
) -> None:
    narrow = Sound(resample(english.samples, 16_000, 8_000), 8_000)
    wide, thin = seconds_of(english, silero), seconds_of(narrow, silero)
    assert len(wide) == len(thin)
    assert np.abs(np.array(wide) - np.array(thin)).max() < 0.2


def test_the_best_detector_is_chosen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "phi_desk"):
        assert open_detector().name == "silero"
    assert "Silero" in caplog.text


def test_without_onnxruntime_loudness_decides(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with caplog.at_level(logging.INFO, "phi_desk"):
        assert open_detector().name == "energy"
    assert "onnxruntime" in caplog.text


@pytest.mark.parametrize("data", [None, b"", b"no network at all", b"\x08\x07" * 500])
def test_a_missing_or_damaged_network_is_refused(
    data: bytes | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.onnx"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DeviceError):
        SileroDetector(path)
    assert open_detector(path).name == "energy"
    assert capfd.readouterr().err == ""


def test_a_long_sound_without_speech_is_divided_as_published(
    oracle: Path, silero: SileroDetector
) -> None:
    sound = read_sound(oracle / "cases" / "media" / "a45s.wav")
    assert cut_at_pauses(sound, silero) == (640_000,)


def test_a_long_talk_is_divided_at_its_pauses(english: Sound, silero: SileroDetector) -> None:
    talk = Sound(np.tile(english.samples, 12))
    cuts = cut_at_pauses(talk, silero)
    borders = [0, *cuts, len(talk.samples)]
    pauses = pauses_between(find_speech(talk, silero))
    assert len(cuts) >= 3
    assert all(cut % 1_280 == 0 for cut in cuts)
    assert all(20 <= (b - a) / 16_000 <= 40 for a, b in zip(borders, cuts, strict=False))
    assert all(any(p.start <= cut <= p.end for p in pauses) for cut in cuts)


def test_a_long_file_is_cut_between_its_sentences(
    english: Sound, silero: SileroDetector, tmp_path: Path
) -> None:
    import soundfile

    path = tmp_path / "talk.wav"
    soundfile.write(str(path), np.tile(english.samples, 10), 16_000, subtype="FLOAT")
    with open_sound(path) as stream:
        pieces = list(cut_into_pieces(stream, silero))
    talk = read_sound(path)
    spans = seconds_of(talk, silero)
    assert pieces[-1].end_s == pytest.approx(spans[-1][1], abs=0.35)
    assert [s for piece in pieces for s in piece.speech] == spans
    assert all(10 <= piece.end_s - piece.start_s <= 30 for piece in pieces[:-1])
    for piece in pieces:
        start = round(piece.start_s * 16_000)
        expected = talk.samples[start : start + len(piece.sound.samples)]
        assert np.array_equal(piece.sound.samples, expected)
