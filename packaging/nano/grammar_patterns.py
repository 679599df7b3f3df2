"""Patterns: one meaning in four languages with slots to fill; the phrasebook's sentences.

A field `{p.the}` is the form "the" of the entry in slot p; `{a.is@p}` is the form of a that agrees
with p. The first letter of a sentence is made a capital when it is filled.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from grammar_forms import LANGUAGES, Entry
from grammar_slots import Choice, Slot

_FIELD = re.compile(r"\{(\w+)(?:\.(\w+))?(?:@(\w+))?\}")
_Piece = tuple[str, str, str, str]  # literal before, slot, form, slot it agrees with


@dataclass(frozen=True, slots=True)
class Pattern:
    """One meaning with slots.

    Attributes:
        weight: how often beside the other patterns of its kind.
    """

    kind: str
    pieces: tuple[tuple[_Piece, ...], ...]  # one a language, in the order of LANGUAGES
    slots: tuple[tuple[str, Slot], ...]
    weight: float

    @property
    def size(self) -> int:
        """About how many different sentences it makes."""
        return prod(slot.size for _, slot in self.slots)

    def fill(self, rng: random.Random) -> tuple[str, str, str, str]:
        """One sentence in the four languages; no word stands in two slots."""
        while True:
            drawn = {name: slot.draw(rng) for name, slot in self.slots}
            if len({id(entry) for entry in drawn.values()}) == len(drawn):
                return self.texts(drawn)

    def texts(self, drawn: Mapping[str, Entry]) -> tuple[str, str, str, str]:
        """The sentence with these entries in the slots, in the order of LANGUAGES."""
        en, de, fr, es = (
            _written(code, pieces, drawn)
            for code, pieces in zip(LANGUAGES, self.pieces, strict=True)
        )
        return en, de, fr, es


def pattern(
    kind: str,
    en: str,
    de: str,
    fr: str,
    es: str,
    /,
    weight: float = 0.0,
    **slots: Slot | Sequence[Entry] | Entry,
) -> Pattern:
    """Compile a pattern; a sequence of entries is a choice of one, one entry is always that."""
    named = tuple((name, _slot(value)) for name, value in slots.items())
    pieces = tuple(_compiled(text) for text in (en, de, fr, es))
    made = Pattern(kind, pieces, named, 1.0)
    return Pattern(kind, pieces, named, weight or min(made.size, 100_000) ** 0.25)


def _slot(value: Slot | Sequence[Entry] | Entry) -> Slot:
    if isinstance(value, Entry):
        return Choice((value,))
    return Choice(value) if isinstance(value, Sequence) else value


def _compiled(text: str) -> tuple[_Piece, ...]:
    pieces, end = [], 0
    for found in _FIELD.finditer(text):
        slot, form, other = found.groups(default="")
        pieces.append((text[end : found.start()], slot, form, other))
        end = found.end()
    return (*pieces, (text[end:], "", "", ""))


def _written(code: str, pieces: tuple[_Piece, ...], drawn: Mapping[str, Entry]) -> str:
    parts = []
    for literal, slot, form, other in pieces:
        parts.append(literal)
        if slot:
            name = f"{form}.{drawn[other].agree[code]}" if other else form
            parts.append(drawn[slot].forms[code][name])
    return capitalised(" ".join("".join(parts).split()))


def capitalised(sentence: str) -> str:
    """With a capital at the beginning, behind ¿ and ¡."""
    place = 1 if sentence[0] in "¿¡" else 0
    return sentence[:place] + sentence[place].upper() + sentence[place + 1 :]
