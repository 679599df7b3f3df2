"""Words said by themselves: which ones, in which language, and that they are spoken as clips."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from corpus import LANGUAGES
from single_words import alone, single_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_is_one_word_and_there_once(language: str) -> None:
    words = single_words(language)
    assert len(set(words)) == len(words) > 70
    assert all(word[0].isupper() and word.endswith(".") and " " not in word for word in words)


def test_what_people_count_and_date_by_is_there() -> None:
    assert {"Seven.", "Twentieth.", "Fortieth.", "Tuesday.", "May.", "Thousand."} <= set(
        single_words("en")
    )
    assert {"Sieben.", "Dritte.", "Montag.", "Heute."} <= set(single_words("de"))
    assert {"Sept.", "Premier.", "Lundi.", "Demain."} <= set(single_words("fr"))
    assert {"Siete.", "Lunes.", "Hoy."} <= set(single_words("es"))


def test_clips_have_one_language_and_every_word_comes() -> None:
    drawn = list(itertools.islice(alone(3), 6000))
    assert drawn == list(itertools.islice(alone(3), 6000))
    languages = Counter(language for _, language in drawn)
    assert 2200 < languages["en"] < 2600
    for sentence, language in drawn:
        assert sentence.kind == "words"
        assert set(sentence.text) == {language}
    for language in LANGUAGES:
        said = {s.text[language] for s, code in drawn if code == language}
        assert said == set(single_words(language))
