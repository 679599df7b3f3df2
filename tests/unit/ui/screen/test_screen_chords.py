"""Combinations of keys as people and Qt write them."""

from __future__ import annotations

import pytest

from phi_desk.errors import UsageError
from phi_desk.settings.fields import options_of
from phi_desk.settings.schema import HotKeys
from phi_desk.ui.screen.chords import Chord, parse_chord
from phi_desk.ui.screen.keys import NAMES
from phi_desk.ui.screen.keys_portal import trigger


def chord(text: str) -> Chord:
    found = parse_chord(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "modifiers", "key"),
    [
        ("Ctrl+Alt+Space", {"ctrl", "alt"}, "space"),
        ("ctrl + ALT + space", {"ctrl", "alt"}, "space"),
        ("Meta+Shift+PgDown", {"meta", "shift"}, "pgdown"),
        ("Ctrl++", {"ctrl"}, "+"),
        ("Ctrl+Shift++", {"ctrl", "shift"}, "+"),
        ("Ctrl+,", {"ctrl"}, ","),
        ("Alt+Page Down", {"alt"}, "pgdown"),
        ("F9", set(), "f9"),
        ("Print", set(), "print"),
        ("Shift+F24", {"shift"}, "f24"),
    ],
)
def test_what_people_write_is_understood(text: str, modifiers: set[str], key: str) -> None:
    assert parse_chord(text) == Chord(frozenset(modifiers), key)


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_is_no_key(text: str) -> None:
    assert parse_chord(text) is None


@pytest.mark.parametrize(
    "text",
    ["A", "Shift+A", "Space", "Ctrl+", "Hyper+A", "Ctrl+Volume Up", "Ctrl+K, Ctrl+C", "Ctrl+Alt"],
)
def test_what_cannot_be_a_hot_key_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_chord(text)
    assert caught.value.hint


def test_every_default_can_be_used_on_every_system() -> None:
    wanted = HotKeys()
    for one in options_of(wanted):
        keys = chord(getattr(wanted, one.name)).system
        assert keys.keysym
        assert keys.windows
        assert keys.mac is not None
        assert NAMES[one.name]


def test_the_portal_is_told_keys_by_their_names_in_xkb() -> None:
    assert trigger(chord("Ctrl+Alt+Space")) == "CTRL+ALT+space"
    assert trigger(chord("Meta+Shift+PgDown")) == "SHIFT+LOGO+Next"
    assert trigger(chord("Ctrl+Alt+R")) == "CTRL+ALT+r"
