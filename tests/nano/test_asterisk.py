"""The human recordings: that what is played is what the text says."""

from __future__ import annotations

import re

import asterisk
import numpy as np
import pytest
from numbers_words import cardinal

from phi_desk.errors import InputError


def needs(language: str) -> None:
    try:
        asterisk.recordings(language)
    except InputError as error:
        pytest.skip(str(error))


def letters(text: str) -> str:
    """Without spaces, hyphens and the silent plural of "deux cents", "quatre-vingts"."""
    return re.sub(r"[ -]", "", re.sub(r"\b(cent|vingt)s\b", r"\1", text))


@pytest.mark.parametrize("language", asterisk.LANGUAGES)
def test_joined_numbers_say_the_number(language: str) -> None:
    needs(language)
    written = asterisk.written(language)
    for number in range(10_000):
        played = " ".join(written[name] for name in asterisk.number_names(language, number))
        assert letters(played) == letters(cardinal(language, number)), number


@pytest.mark.parametrize("language", asterisk.LANGUAGES)
def test_single_words_are_recordings_with_their_text(language: str) -> None:
    needs(language)
    found = asterisk.recordings(language)
    texts = [recording.text for recording in found]
    assert len(found) >= 75
    assert len(set(texts)) == len(texts)
    assert {r.kind for r in found} == {"number", "day", "month", "ordinal", "word"}
    assert all(re.fullmatch(r"[A-ZÉÀ][a-zéèûáóñí' -]+\.", text) for text in texts), texts
    for recording in found:
        assert recording.samples.dtype == np.float32
        assert 0.2 < len(recording.samples) / 16_000 < 2, recording.text
        assert np.abs(recording.samples).max() == pytest.approx(0.7, rel=0.01)


@pytest.mark.parametrize("language", asterisk.LANGUAGES)
def test_joined_clips_are_as_long_as_their_words(language: str) -> None:
    needs(language)
    found = asterisk.joined(language, 4, 40)
    assert {recording.kind for recording in found} == {"number", "time", "date"}
    for recording in found:
        words = len(re.findall(r"[\w.']+", recording.text))
        assert 0.2 * words < len(recording.samples) / 16_000 < 1.5 * words, recording.text


def test_the_seed_alone_decides() -> None:
    needs("en")
    first, again, other = (asterisk.joined("en", seed, 5) for seed in (1, 1, 2))
    assert [r.text for r in first] == [r.text for r in again] != [r.text for r in other]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, again, strict=True))


def test_a_language_without_recordings_is_told() -> None:
    with pytest.raises(InputError, match="recordings in de are not installed"):
        asterisk.recordings("de")
