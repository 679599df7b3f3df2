"""The words in the pictures: pieces of the corpus that fit; knows no font and no layout."""

from __future__ import annotations

import random
from collections.abc import Iterator

from corpus import LANGUAGES, sentences, written
from font_families import Split
from fonts import INDEX

_TYPED = str.maketrans({"‘": "'", "“": '"', "”": '"', "„": '"', "—": "–", "\u202f": " ",
                        "\xa0": " "})  # fmt: skip


class Strings:
    """An endless source of short texts of one split, a pure function of its seed."""

    def __init__(self, seed: int, split: Split) -> None:
        self._written = _usable(written(seed, split))
        self._sentences = _usable(_spoken(seed, split))

    def word(self, dice: random.Random, most: int) -> str:
        """One word of at most `most` letters, without the punctuation around it."""
        while True:
            words = self._text(dice).split()
            bare = [word.strip(".,:;!?¿¡\"'()«»") for word in words]
            fitting = [word for word in bare if len(word) <= most and any(map(str.isalpha, word))]
            longer = [word for word in fitting if len(word) > 2]
            if fitting and (longer or dice.random() < 0.2):
                return dice.choice(longer or fitting)

    def notice(self, dice: random.Random, most: int) -> str:
        """What may stand on a sign of at most `most` characters."""
        for _ in range(4):
            text = next(self._written)
            if len(text) <= most:
                return text
        return self.word(dice, most)

    def line(self, dice: random.Random, most: int) -> str:
        """At most `most` characters: a whole text where one fits, else words in a row of it."""
        for _ in range(4):
            text = self._text(dice)
            if len(text) <= most:
                return text
        words = text.split()
        start = dice.randrange(len(words))
        piece = words[start]
        for word in words[start + 1 :]:
            if len(piece) + 1 + len(word) > most:
                break
            piece = f"{piece} {word}"
        return piece if len(piece) <= most else self.word(dice, most)

    def running(self, dice: random.Random, most: int) -> str:
        """Text of about `most` characters, to be broken into lines."""
        text = next(self._sentences)
        while len(text) < most:
            text = f"{text} {next(self._sentences)}"
        return text

    def cased(self, dice: random.Random, text: str) -> str:
        """The text, at times in capitals or with a capital at each word."""
        chance = dice.random()
        if chance < 0.14 and "ß" not in text:
            upper = text.upper()
            return upper if set(upper) <= INDEX.keys() else text
        if chance < 0.24:
            return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
        return text

    def _text(self, dice: random.Random) -> str:
        return next(self._written if dice.random() < 0.5 else self._sentences)


def _spoken(seed: int, split: Split) -> Iterator[str]:
    """The corpus' sentences, half of them English."""
    dice = random.Random(f"languages {seed} {split}")
    for sentence in sentences(seed, split):
        yield sentence.text[dice.choice((*LANGUAGES, "en", "en"))]


def _usable(texts: Iterator[str]) -> Iterator[str]:
    """On one line, in characters that are drawn; others are left out."""
    for text in texts:
        plain = " ".join(text.translate(_TYPED).split())
        if plain and set(plain) <= INDEX.keys():
            yield plain
