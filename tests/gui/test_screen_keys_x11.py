"""Hot keys on a real X server, pressed by xdotool."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from data_makers.hot_keys import Heard
from data_makers.x_server import x_server
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen import keys_x11
from phi_desk.ui.screen.keys_lane import LaneKeys
from phi_desk.ui.screen.keys_window import WindowKeys

LONG_MS = 30_000
Waits = Callable[[Callable[[], object]], None]


@pytest.fixture
def waits(qtbot: QtBot) -> Waits:
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=LONG_MS)


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


@pytest.fixture
def server() -> Iterator[str]:
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("needs Xvfb and xdotool")
    with x_server(320, 240) as display:
        yield display


class Keyboard:
    """Keys of a real X server."""

    def __init__(self, display: str) -> None:
        self.display = display

    def does(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env={"DISPLAY": self.display}, check=True)


def on_x(display: str) -> LaneKeys:
    return LaneKeys("X11", partial(keys_x11.watch, display=display))


def connection(display: str) -> Any:
    from Xlib.display import Display

    return Display(display)


@pytest.fixture
def x_keys(
    server: str, preferences: Preferences, field: QLineEdit, waits: Waits
) -> Iterator[tuple[Keyboard, Heard]]:
    """Hot keys that are bound: their first press has been heard."""
    keyboard, me = Keyboard(server), Heard(preferences, field, on_x(server), WindowKeys(field))
    me.keys.start()
    heard_one(keyboard, me, "ctrl+alt+p", waits)
    me.log.clear()
    yield keyboard, me
    me.keys.close()


def heard_one(keyboard: Keyboard, me: Heard, keys: str, waits: Waits) -> None:
    """Press until it is heard: nobody says when the server has bound them."""

    def heard() -> bool:
        keyboard.does("key", keys)
        return "-window" in me.log

    waits(heard)
    keyboard.does("key", "ctrl+alt+r")  # behind the last of those presses
    waits(lambda: me.log[-1] == "-read_region")


def test_holding_a_key_is_one_press_and_one_release(
    x_keys: tuple[Keyboard, Heard], waits: Waits, qtbot: QtBot
) -> None:
    keyboard, me = x_keys
    keyboard.does("keydown", "ctrl", "keydown", "alt", "keydown", "space")
    waits(lambda: me.log)
    qtbot.wait(1500)  # the server repeats it now
    assert me.log == ["+ask_screen"]
    keyboard.does("keyup", "ctrl", "keyup", "alt")
    qtbot.wait(300)
    assert me.log == ["+ask_screen"], "the key itself is still held"
    keyboard.does("keyup", "space")
    waits(lambda: len(me.log) == 2)
    assert me.log == ["+ask_screen", "-ask_screen"]


def test_locks_do_not_matter_and_other_modifiers_do(
    x_keys: tuple[Keyboard, Heard], waits: Waits
) -> None:
    keyboard, me = x_keys
    for lock in ("Caps_Lock", "Num_Lock"):
        keyboard.does("key", lock)
        keyboard.does("key", "ctrl+alt+l")
    keyboard.does("key", "ctrl+alt+shift+l", "key", "ctrl+l", "key", "alt+l", "key", "l")
    keyboard.does("key", "Caps_Lock", "key", "Num_Lock")
    keyboard.does("key", "ctrl+alt+r")
    waits(lambda: "-read_region" in me.log)
    assert me.log == ["+live", "-live", "+live", "-live", "+read_region", "-read_region"]


def test_keys_of_another_program_are_told_and_the_others_work(
    server: str, preferences: Preferences, field: QLineEdit, waits: Waits
) -> None:
    from Xlib import XK, X

    other = connection(server)
    code = other.keysym_to_keycode(XK.string_to_keysym("space"))
    # With the lock of numbers only: that is enough to be in the way.
    other.screen().root.grab_key(
        code, X.ControlMask | X.Mod1Mask | X.Mod2Mask, False, X.GrabModeAsync, X.GrabModeAsync
    )
    other.sync()
    keyboard, me = Keyboard(server), Heard(preferences, field, on_x(server), WindowKeys(field))
    me.keys.start()
    waits(lambda: me.errors)
    assert set(me.keys.problems) == {"ask_screen"}
    assert "Another program" in me.errors[0].sentence
    heard_one(keyboard, me, "ctrl+alt+p", waits)
    other.close()
    preferences.change("hot_keys", live="Ctrl+Alt+J")  # bound again: they are free now
    me.log.clear()
    heard_one(keyboard, me, "ctrl+alt+p", waits)
    assert me.keys.problems == {}
    me.keys.close()


def test_another_layout_moves_the_keys(
    x_keys: tuple[Keyboard, Heard], server: str, waits: Waits, qtbot: QtBot
) -> None:
    from Xlib import XK

    keyboard, me = x_keys
    display = connection(server)
    old = display.keysym_to_keycode(XK.string_to_keysym("l"))
    new = display.keysym_to_keycode(XK.string_to_keysym("x"))
    width = len(display.get_keyboard_mapping(old, 1)[0])
    l_key = display.get_keyboard_mapping(old, 1)[0]
    display.change_keyboard_mapping(old, [[0] * width])
    display.change_keyboard_mapping(new, [list(l_key)])
    display.sync()

    def heard() -> bool:
        keyboard.does("keydown", "ctrl", "keydown", "alt", "key", str(new))
        keyboard.does("keyup", "alt", "keyup", "ctrl")
        qtbot.wait(100)
        return "+live" in me.log

    waits(heard)
    display.close()


def test_a_server_that_goes_away_leaves_the_keys_of_our_windows(
    preferences: Preferences, field: QLineEdit, waits: Waits
) -> None:
    if not shutil.which("Xvfb"):
        pytest.skip("needs Xvfb")
    with x_server(320, 240) as display:
        me = Heard(preferences, field, on_x(display), WindowKeys(field))
        me.keys.start()
        heard_one(Keyboard(display), me, "ctrl+alt+p", waits)
        me.log.clear()
    waits(lambda: me.limits)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(field, Qt.Key.Key_L, held)
    assert me.log == ["+live", "-live"]
    me.keys.close()


# python-xlib leaves the closing of a socket that did not connect to Python.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_server_at_all_is_said(preferences: Preferences, field: QLineEdit, waits: Waits) -> None:
    me = Heard(preferences, field, on_x(":987"), WindowKeys(field))
    me.keys.start()
    waits(lambda: me.limits)
    assert "does not answer" in me.limits[0].details[0]
    me.keys.close()
