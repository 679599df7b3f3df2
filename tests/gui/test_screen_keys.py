"""Hot keys: of the settings, and where a desktop allows none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers.hot_keys import Heard, ScriptedKeys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen.chords import parse_chord
from phi_desk.ui.screen.global_keys import sources
from phi_desk.ui.screen.keys import KeyDown, KeyEvent, KeyUp
from phi_desk.ui.screen.keys_window import WindowKeys

LONG_MS = 30_000


@pytest.fixture
def preferences(tmp_path: Path, qtbot: QtBot) -> Iterator[Preferences]:
    assert qtbot
    disk = Lane("disk lane")
    yield Preferences(tmp_path, disk)
    disk.close()


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made, timeout=LONG_MS)
    made.setFocus()
    return made


def say(way: ScriptedKeys, *events: KeyEvent) -> None:
    assert way.say is not None
    for event in events:
        way.say(event)


def test_the_keys_of_the_settings_are_bound_and_bound_again_on_change(
    preferences: Preferences, field: QLineEdit
) -> None:
    way = ScriptedKeys()
    me = Heard(preferences, field, way)
    assert way.starts == 0, "nobody waits for them before the window is there"
    me.keys.start()
    assert set(way.chords) == {"ask_screen", "push_to_talk", "read_region", "live", "window"}
    say(way, KeyDown("live"), KeyDown("live"), KeyUp("live"), KeyUp("live"))
    assert me.log == ["+live", "-live"]
    preferences.change("live", target="de")
    assert way.starts == 1
    preferences.change("hot_keys", live="Ctrl+Alt+J", window="")
    assert way.starts == 2
    assert way.chords["live"] == parse_chord("Ctrl+Alt+J")
    assert "window" not in way.chords
    me.keys.close()
    assert way.closes == 1


def test_keys_that_are_taken_wrong_or_double_are_told_in_a_sentence(
    preferences: Preferences, field: QLineEdit
) -> None:
    preferences.change("hot_keys", window="Q", read_region="Alt+Ctrl+T")
    way = ScriptedKeys(refused=("live",))
    me = Heard(preferences, field, way)
    me.keys.start()
    assert set(me.keys.problems) == {"live", "window", "read_region"}
    assert "read_region" not in way.chords
    sentences = sorted(error.sentence for error in me.errors)
    assert sentences == [
        "“Read a region of the screen” (Alt+Ctrl+T) does not work: “Ask by voice” has the same "
        "keys.",
        "“Show the window” (Q) does not work: “Q” alone would be missing from every other program.",
        "“Start or stop listening live” (Ctrl+Alt+L) does not work: Another program has these "
        "keys already.",
    ]
    preferences.change("hot_keys", live="Ctrl+Alt+J", window="", read_region="Ctrl+Alt+R")
    assert "window" not in me.keys.problems
    me.keys.close()


def test_keys_that_are_held_when_the_settings_change_are_let_go(
    preferences: Preferences, field: QLineEdit
) -> None:
    way = ScriptedKeys()
    me = Heard(preferences, field, way)
    me.keys.start()
    say(way, KeyDown("ask_screen"))
    preferences.change("hot_keys", live="Ctrl+Alt+J")
    assert me.log == ["+ask_screen", "-ask_screen"]
    say(way, KeyDown("push_to_talk"))
    me.keys.pause()
    assert me.log[-1] == "-push_to_talk"
    preferences.change("hot_keys", live="Ctrl+Alt+L")
    starts = way.starts
    me.keys.resume()
    assert way.starts == starts + 1
    me.keys.close()


def test_where_a_way_is_closed_the_next_is_taken_and_said_once(
    preferences: Preferences, field: QLineEdit
) -> None:
    portal, window = ScriptedKeys(), ScriptedKeys(everywhere=False)
    portal.broken = "The desktop's portal has no GlobalShortcuts."
    me = Heard(preferences, field, portal, window)
    me.keys.start()
    assert portal.closes == 1
    assert set(window.chords) == set(me.keys.problems)
    (limit,) = me.limits
    assert "in front" in limit.hint
    assert portal.broken in limit.details[0]
    assert me.errors == []
    preferences.change("hot_keys", live="Ctrl+Alt+J")
    assert window.starts == 2
    assert len(me.limits) == 1
    me.keys.close()


def test_shortcuts_of_our_windows_say_press_and_release(
    preferences: Preferences, field: QLineEdit
) -> None:
    me = Heard(preferences, field, WindowKeys(field))
    me.keys.start()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyPress(field, Qt.Key.Key_Space, held)
    assert me.log == ["+ask_screen"]
    QTest.keyPress(field, Qt.Key.Key_Space, held)  # a repetition
    QTest.keyRelease(field, Qt.Key.Key_Control, Qt.KeyboardModifier.AltModifier)
    assert me.log == ["+ask_screen"]
    QTest.keyRelease(field, Qt.Key.Key_Space, Qt.KeyboardModifier.AltModifier)
    assert me.log == ["+ask_screen", "-ask_screen"]
    assert field.text() == ""
    me.keys.pause()
    QTest.keyClick(field, Qt.Key.Key_L, held)
    assert me.log == ["+ask_screen", "-ask_screen"]
    me.keys.resume()
    QTest.keyClick(field, Qt.Key.Key_L, held)
    assert me.log[2:] == ["+live", "-live"]
    me.keys.close()


@pytest.mark.parametrize(
    ("platform", "environment", "names"),
    [
        ("xcb", {}, ["X11", "our own windows"]),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, ["portal", "our own windows"]),
        ("wayland", {"WAYLAND_DISPLAY": "wayland-0"}, ["portal", "our own windows"]),
        ("windows", {}, ["RegisterHotKey", "our own windows"]),
        ("cocoa", {}, ["Carbon", "our own windows"]),
        ("offscreen", {}, ["our own windows"]),
    ],
)
def test_each_session_has_its_way(
    field: QLineEdit, platform: str, environment: dict[str, str], names: list[str]
) -> None:
    ways = sources(field, platform, environment)
    assert [way.name for way in ways] == names
    for way in ways:
        if not isinstance(way, WindowKeys) and way.name != "Carbon":
            way.close()
