"""Words that are often said by themselves: numbers, ordinals, days, months, today and tomorrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from corpus import LANGUAGES, Sentence
from grammar_patterns import capitalised
from grammar_words import MONTHS, WEEKDAYS, WHEN
from numbers_words import cardinal, ordinal

_LANGUAGE_SHARES = (0.4, 0.2, 0.2, 0.2)
_CARDINALS = (*range(21), *range(30, 100, 10), 100, 1000)
_ORDINALS = range(1, 32)
# Beyond the days of a month there are no ordinals in the phrasebook; counting people do say these.
_ENGLISH = (
    *("fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth", "hundredth"),
    *("hundred", "thousand", "yesterday", "yes", "no", "hello", "please", "thanks"),
)


@cache
def single_words(language: str) -> Sequence[str]:
    """Each once, as written: "Seven."."""
    words = [cardinal(language, number) for number in _CARDINALS]
    words += [ordinal(language, number) for number in _ORDINALS]
    entries = (*WEEKDAYS, *MONTHS, *WHEN)
    words += [entry.forms[language][""] for entry in entries]
    if language == "en":
        words += _ENGLISH
    return tuple(dict.fromkeys(f"{capitalised(word)}." for word in words if " " not in word))


def alone(seed: int) -> Iterator[tuple[Sentence, str]]:
    """Endless: sentences of one word, of the kind "words", and their language."""
    rng = np.random.default_rng([seed, 0x51])
    while True:
        language = str(rng.choice(LANGUAGES, p=_LANGUAGE_SHARES))
        words = single_words(language)
        yield Sentence("words", {language: words[int(rng.integers(len(words)))]}), language
