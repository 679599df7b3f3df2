"""The phrasebook as a stream: sentences in four languages, in disjoint parts for each split.

A sentence belongs to a split by a hash of its English text. Patterns with few sentences (greetings,
the numbers up to a hundred, single questions) are in training only: what valid and test hold are
combinations not seen in training, made of words that were.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import Final, Literal

import grammar_daily
import grammar_figures
import grammar_travel
from grammar_forms import LANGUAGES
from grammar_patterns import Pattern
from grammar_phrases import PHRASES
from printed import printed

Split = Literal["train", "valid", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "valid", "test")
KINDS: Final = (
    "number", "time", "date", "price", "place", "direction", "order", "office", "phrase",
)  # fmt: skip
_SMALL = 510  # patterns with fewer sentences than this are for training only
_WORD = re.compile(r"\w+")
_PHRASE_SHARE = 0.22  # of the printed strings, how many are whole sentences
_LONGEST_PRINTED = 60  # characters of such a sentence
_FIXED_SHARE = 0.3  # of the phrases in training, how many are fixed ones

__all__ = ["KINDS", "LANGUAGES", "SPLITS", "Sentence", "Split", "sentences", "split_of",
           "vocabulary", "written"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One meaning in four languages, as written: sentence case, punctuation, numbers in words."""

    kind: str
    text: Mapping[str, str]


PATTERNS: Final[tuple[Pattern, ...]] = (
    *grammar_figures.NUMBERS,
    *grammar_figures.TIMES,
    *grammar_figures.DATES,
    *grammar_figures.PRICES,
    *grammar_travel.PLACES,
    *grammar_travel.DIRECTIONS,
    *grammar_travel.ORDERS,
    *grammar_daily.OFFICE,
    *grammar_daily.PHRASES,
)
_FIXED = tuple(Sentence("phrase", dict(zip(LANGUAGES, cells, strict=True))) for cells in PHRASES)


def split_of(text: str) -> Split:
    """Where a text belongs: two of a hundred to test, two to valid, the rest to train."""
    place = int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") % 100
    return "test" if place < 2 else "valid" if place < 4 else "train"


def sentences(seed: int, split: Split) -> Iterator[Sentence]:
    """Endless; every kind as often as the others."""
    rng = random.Random(f"sentences {seed} {split}")
    bags = [_Bag(kind, split) for kind in KINDS]
    while True:
        yield bags[int(rng.random() * len(bags))].draw(rng)


def written(seed: int, split: Split) -> Iterator[str]:
    """Endless short strings as printed on signs, tickets and bills; one line each."""
    rng = random.Random(f"written {seed} {split}")
    source = sentences(seed, split)
    while True:
        if rng.random() < _PHRASE_SHARE:
            text = next(source).text[LANGUAGES[int(rng.random() * len(LANGUAGES))]]
            if len(text) <= _LONGEST_PRINTED:
                yield text  # its sentence is of the split already
        else:
            text = printed(rng)
            if split_of(f"printed {text}") == split:
                yield text


def vocabulary(count: int = 50_000) -> dict[str, Counter[str]]:
    """How often each word, in small letters, stands in `count` sentences of training."""
    words: dict[str, Counter[str]] = {code: Counter() for code in LANGUAGES}
    for sentence in itertools.islice(sentences(0, "train"), count):
        for code, text in sentence.text.items():
            words[code].update(_WORD.findall(text.lower()))
    return words


class _Bag:
    """The patterns of one kind that a split may use."""

    def __init__(self, kind: str, split: Split) -> None:
        self._kind, self._split = kind, split
        self._patterns = [
            pattern
            for pattern in PATTERNS
            if pattern.kind == kind and (split == "train" or pattern.size >= _SMALL)
        ]
        self._weights = list(accumulate(pattern.weight for pattern in self._patterns))
        self._fixed = _FIXED if split == "train" and kind == "phrase" else ()

    def draw(self, rng: random.Random) -> Sentence:
        if self._fixed and rng.random() < _FIXED_SHARE:
            return self._fixed[int(rng.random() * len(self._fixed))]
        while True:
            (pattern,) = rng.choices(self._patterns, cum_weights=self._weights)
            text = pattern.fill(rng)
            if pattern.size < _SMALL or split_of(text[0]) == self._split:
                return Sentence(self._kind, dict(zip(LANGUAGES, text, strict=True)))
