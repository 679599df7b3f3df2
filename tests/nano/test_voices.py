"""Who speaks in which split."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from voices import LANGUAGE_SHARES, SPLITS, Voice, draw, voices, voices_of


def speakers(found: Iterable[Voice]) -> set[str]:
    """Speakers without accents: an espeak variant is one in every accent."""
    return {
        voice.name.partition("+")[2] if voice.engine == "espeak" else voice.label for voice in found
    }


def test_no_speaker_is_in_two_splits() -> None:
    train, valid, test = (speakers(voices(split)) for split in SPLITS)
    assert not train & valid
    assert not train & test
    assert not valid & test


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGE_SHARES)
def test_shares_add_up_and_engines_differ(split: str, language: str) -> None:
    known = next(s for s in SPLITS if s == split)
    found = voices_of(known, language)
    assert sum(voice.share for voice in found) == pytest.approx(1.0)
    assert {"espeak", "pico"} <= {voice.engine for voice in found}
    assert all(voice.language == language for voice in found)


def test_an_english_speaker_is_wholly_apart() -> None:
    assert {v.name for v in voices_of("test", "en") if v.engine == "flite"} == {"rms"}
    assert "rms" not in {v.name for split in ("train", "valid") for v in _flite(split)}


def _flite(split: str) -> list[Voice]:
    known = next(s for s in SPLITS if s == split)
    return [v for v in voices_of(known, "en") if v.engine == "flite"]


def test_labels_tell_all_voices_of_a_language_apart() -> None:
    for language in LANGUAGE_SHARES:
        labels = [voice.label for split in SPLITS for voice in voices_of(split, language)]
        assert len(labels) == len(set(labels))


def test_drawing_follows_the_shares() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw(rng, "train", "de").engine for _ in range(2000)]
    assert drawn.count("pico") / len(drawn) == pytest.approx(0.45, abs=0.04)
