"""Speech from the engines that are installed here; the others are skipped."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import speech
from engines import EngineMissingError, Manner, engine, missing
from numpy.typing import NDArray
from shards import read_shard, shards
from speaking import trimmed
from voices import LANGUAGE_SHARES, SPLITS, EngineName, Voice, voices, voices_of

from phi_desk.errors import InputError, UsageError

TEXTS = {
    "en": "The next train leaves at seven thirty.",
    "de": "Der nächste Zug fährt um halb acht.",
    "fr": "Où est la gare, s'il vous plaît ?",
    "es": "¿Dónde está el museo, señor?",
}
NAMES: tuple[EngineName, ...] = ("espeak", "pico", "flite", "festival")


def needs(name: EngineName) -> None:
    try:
        engine(name)
    except EngineMissingError as error:
        pytest.skip(str(error))


def voice_of(name: EngineName, language: str = "en") -> Voice:
    return next(v for v in voices_of("train", language) if v.engine == name)


def middle_pitch(samples: NDArray[np.float32]) -> float:
    """The median pitch in Hz of the loud frames, by autocorrelation."""
    found = []
    for start in range(0, len(samples) - 1024, 512):
        frame = samples[start : start + 1024]
        if np.sqrt(np.mean(frame**2)) < 0.05:
            continue
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(1024), 4096)) ** 2
        correlation = np.fft.irfft(spectrum)[40:260]  # 60 to 400 Hz
        found.append(16_000 / (40 + int(np.argmax(correlation))))
    return float(np.median(found))


@pytest.mark.parametrize("name", NAMES)
def test_an_engine_speaks(name: EngineName) -> None:
    needs(name)
    samples = speech.speak(TEXTS["en"], "en", voice_of(name), 1)
    assert samples.dtype == np.float32
    assert 1.2 < len(samples) / 16_000 < 4
    assert np.abs(samples).max() == pytest.approx(0.7, rel=0.01)
    assert np.sqrt(np.mean(samples**2)) > 0.03


@pytest.mark.parametrize("name", NAMES)
def test_the_asked_rate_is_kept(name: EngineName) -> None:
    needs(name)
    voice = voice_of(name)
    slow, fast = (
        trimmed(engine(name).say(TEXTS["en"], voice.name, Manner(rate=rate)).samples)
        for rate in (0.8, 1.25)
    )
    assert len(slow) / len(fast) == pytest.approx(1.25 / 0.8, rel=0.25)


@pytest.mark.parametrize("name", ["espeak", "pico", "flite"])
def test_the_asked_pitch_is_kept(name: EngineName) -> None:
    needs(name)
    voice = voice_of(name)
    low, high = (
        engine(name).say(TEXTS["en"], voice.name, Manner(pitch=pitch)) for pitch in (0.8, 1.25)
    )
    ratio = middle_pitch(high.samples) / middle_pitch(low.samples)
    assert ratio == pytest.approx(1.25 / 0.8, rel=0.2)


def test_a_shorter_throat_speaks_as_long() -> None:
    needs("pico")
    plain, small = (
        speech.speak(
            TEXTS["de"], "de", Voice(engine="pico", name="de-DE", language="de", tract=tract), 2
        )
        for tract in (1.0, 1.14)
    )
    assert len(small) == pytest.approx(len(plain), rel=0.06)
    assert middle_pitch(small) == pytest.approx(middle_pitch(plain), rel=0.1)


@pytest.mark.parametrize("language", LANGUAGE_SHARES)
def test_every_voice_of_a_language_says_something(language: str) -> None:
    """One accent of each espeak variant, and all other voices."""
    said = set()
    for voice in itertools.chain.from_iterable(voices_of(split, language) for split in SPLITS):
        key = voice.name.partition("+")[2] if voice.engine == "espeak" else voice.label
        if key in said or missing((voice,)):
            continue
        said.add(key)
        seconds = len(speech.speak(TEXTS[language], language, voice, 3)) / 16_000
        assert 0.8 < seconds < 5, voice.label
    if not said:
        pytest.skip("no engine for this language is installed")


def test_an_unknown_voice_is_told() -> None:
    needs("espeak")
    with pytest.raises(InputError, match="has no voice"):
        speech.speak("Hello.", "en", Voice(engine="espeak", name="xx/none", language="en"), 1)


def test_festival_tells_when_its_voice_is_missing() -> None:
    needs("festival")
    with pytest.raises(InputError, match="could not say"):
        engine("festival").say("Hello.", "no_such_voice", Manner())
    assert len(engine("festival").say("Hello.", "kal_diphone", Manner()).samples) > 4000


def test_nothing_to_say_is_told() -> None:
    needs("espeak")
    with pytest.raises(InputError, match="said nothing"):
        speech.speak(" ", "en", voice_of("espeak"), 1)


def test_dictated_words_stand_apart() -> None:
    needs("espeak")
    voice = voice_of("espeak")
    text = "Seven hundred twenty-five."
    words = [
        len(speech.speak(f"{word}.", "en", voice, 5))
        for word in ("Seven", "hundred", "twenty", "five")
    ]
    apart = len(speech.dictate(text, "en", voice, 5))
    assert sum(words) * 0.97 < apart < sum(words) * 1.03 + 3 * 0.15 * 16_000
    assert apart > 1.2 * len(speech.speak(text, "en", voice, 5))
    with pytest.raises(InputError, match="no word"):
        speech.dictate("...", "en", voice, 5)


def test_the_wrong_language_is_refused() -> None:
    with pytest.raises(UsageError, match="does not speak de"):
        speech.speak("Hallo.", "de", voice_of("pico"), 1)


def test_a_build_renders_every_language(tmp_path: Path) -> None:
    if missing(tuple(voices("test"))):
        pytest.skip("not all engines are installed")
    speech.build(tmp_path, "test", 40, 9, 1)
    (path,) = shards(tmp_path, "test")
    found = read_shard(path)
    assert {clip.language for clip in found} == set(LANGUAGE_SHARES)
    labels = {voice.label for voice in voices("test")}
    assert {clip.voice for clip in found} <= labels
    assert all(50 < len(clip.features) < 1500 for clip in found)
    assert all(clip.sentence.text[clip.language] for clip in found)
