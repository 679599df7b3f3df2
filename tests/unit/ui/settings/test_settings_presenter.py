"""What is entered on the page Settings is kept, or refused with its reason at the option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from data_makers.at_once import AtOnce

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.settings.schema import HotKeys, Settings
from phi_desk.ui.settings.options import Key
from phi_desk.ui.settings.presenter import SettingsPresenter


class Kept:
    """Settings that are kept nowhere."""

    def __init__(self) -> None:
        self.value = Settings()

    def change(self, part: str, **values: Any) -> None:
        new = replace(getattr(self.value, part), **values)
        self.value = replace(self.value, **{part: new})


class Page:
    """Writes down what it is told to show."""

    def __init__(self) -> None:
        self.values: dict[Key, object] = {}
        self.changed: set[Key] = set()
        self.wrong: dict[Key, str] = {}
        self.found: frozenset[Key] = frozenset()

    def show_value(self, key: Key, value: object, *, is_default: bool) -> None:
        self.values[key] = value
        (self.changed.discard if is_default else self.changed.add)(key)

    def show_wrong(self, key: Key, sentence: str) -> None:
        self.wrong[key] = sentence

    def show_found(self, keys: frozenset[Key], words: str) -> None:
        self.found = keys


class Room:
    def __init__(self) -> None:
        self.kept, self.page, self.lane = Kept(), Page(), AtOnce()
        self.presenter = SettingsPresenter(self.page, self.kept, self.lane, check)


def check(folder: Path, known: Sequence[Path], _cancel: CancelToken) -> object:
    if folder.name == "broken":
        raise CheckpointError("It is broken.", "Fetch it again.")
    return folder


@pytest.fixture
def room() -> Room:
    room = Room()
    room.presenter.show()
    return room


def test_everything_is_shown_as_it_is(room: Room) -> None:
    assert room.page.values["appearance", "theme"] == "system"
    assert room.page.changed == set()


def test_a_change_is_kept_shown_and_can_be_taken_back(room: Room) -> None:
    room.presenter.set(("appearance", "theme"), "dark")
    assert room.kept.value.appearance.theme == "dark"
    assert room.page.changed == {("appearance", "theme")}
    room.presenter.reset(("appearance", "theme"))
    assert room.kept.value == Settings()
    assert room.page.changed == set()


def test_a_wrong_value_is_refused_at_its_option_and_stays_to_be_mended(room: Room) -> None:
    key = ("appearance", "text_scale")
    before = dict(room.page.values)
    room.presenter.set(key, 9.0)
    assert room.kept.value == Settings()
    assert "between 0.75 and 2.5" in room.page.wrong[key]
    room.presenter.set(("appearance", "theme"), "dark")
    assert room.page.values[key] == before[key], "what was entered is not overwritten"
    room.presenter.set(key, 1.5)
    assert room.page.wrong[key] == ""
    assert room.kept.value.appearance.text_scale == 1.5


def test_two_values_that_only_fit_together_may_be_entered_one_after_the_other(room: Room) -> None:
    room.presenter.set(("live", "pause_s"), 9.0)
    assert room.page.wrong["live", "pause_s"]
    room.presenter.set(("live", "longest_s"), 60.0)
    assert (room.kept.value.live.pause_s, room.kept.value.live.longest_s) == (9.0, 60.0)
    assert room.page.wrong["live", "pause_s"] == ""


def test_one_wrong_value_does_not_keep_another_option_from_being_changed(room: Room) -> None:
    room.presenter.set(("overlay", "size"), 9999)
    room.presenter.set(("overlay", "lines"), 4)
    assert room.kept.value.overlay.lines == 4
    assert room.kept.value.overlay.size == 28
    assert room.page.wrong["overlay", "size"]


def test_back_to_the_default_forgets_what_was_wrong(room: Room) -> None:
    room.presenter.set(("overlay", "size"), 9999)
    room.presenter.reset(("overlay", "size"))
    assert room.page.wrong["overlay", "size"] == ""
    assert room.page.values["overlay", "size"] == 28


def test_the_same_keys_twice_are_said_at_both(room: Room) -> None:
    keys = HotKeys().live
    room.presenter.set(("hot_keys", "window"), keys)
    assert "Listen live" in room.page.wrong["hot_keys", "window"]
    assert "Show the window" in room.page.wrong["hot_keys", "live"]
    assert room.page.wrong["hot_keys", "ask_screen"] == ""
    room.presenter.set(("hot_keys", "live"), "")
    assert room.page.wrong["hot_keys", "window"] == room.page.wrong["hot_keys", "live"] == ""


def test_keys_that_the_system_refused_are_said_until_they_are_given(room: Room) -> None:
    room.presenter.show_failed_keys({"live": "Another program has these keys."})
    assert room.page.wrong["hot_keys", "live"] == "Another program has these keys."
    room.presenter.show_failed_keys({})
    assert room.page.wrong["hot_keys", "live"] == ""


def test_a_folder_is_looked_at_before_it_is_kept(room: Room, tmp_path: Path) -> None:
    key = ("model", "adapters")
    room.presenter.add_folder(key, tmp_path / "broken")
    assert not room.kept.value.model.adapters
    assert room.page.wrong[key] == "It is broken. Fetch it again."
    room.presenter.add_folder(key, tmp_path / "good")
    assert room.kept.value.model.adapters == (str(tmp_path / "good"),)
    assert room.page.wrong[key] == ""


def test_a_search_finds_options_and_none_at_all(room: Room) -> None:
    room.presenter.search("microphone")
    assert ("devices", "microphone") in room.page.found
    assert ("appearance", "theme") not in room.page.found
    room.presenter.search("")
    assert len(room.page.found) == len(room.page.values)
    room.presenter.search("zebra")
    assert room.page.found == frozenset()
