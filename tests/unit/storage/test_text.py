"""Text that is stored and text that is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.storage.text import fold, fold_with_places, searchable, storable

ANY_TEXT = st.text(st.characters())  # lone surrogates, too


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Müller", "MULLER"),
        ("Cafe\u0301", "café"),
        ("Ｐｈｉ－４", "phi-4"),
        ("STRASSE", "straße"),
        ("ΌΛΟΣ", "ολος"),  # the final sigma is the same letter
        ("Ёлка", "елка"),
        ("北京", "北京"),
        ("İstanbul", "istanbul"),
        ("ﬁle", "file"),
    ],
)
def test_letters_that_people_take_for_the_same_are(said: str, typed: str) -> None:
    assert fold(said) == fold(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("が", "か"), ("हिन्दी", "हनद"), ("가", "각"), ("a", "b")]
)
def test_letters_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY_TEXT)
def test_whatever_is_typed_can_be_stored(text: str) -> None:
    stored = storable(text)
    assert stored.encode().decode() == stored
    assert "\0" not in stored
    assert storable(stored) == stored


def test_halves_of_an_emoji_are_joined_and_lone_ones_replaced() -> None:
    assert storable("\ud83d\ude00 \ud800 a\0b") == "😀 \ufffd ab"


@given(ANY_TEXT)
def test_every_folded_letter_knows_its_place(text: str) -> None:
    composed, folded, places = fold_with_places(storable(text))
    assert folded == fold(composed)
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(fold(composed[place]) for place in places)


def test_lines_do_not_matter_to_a_search() -> None:
    assert searchable(" Annual\n\tBUDGET \u3000 2026 ") == "annual budget 2026"
