"""Freezing the screen, choosing a region, and the windows that step aside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from data_makers.screens import SlowWay, Tooled, noise, same, screens_of_three_scales
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from phi_desk.errors import Cancelled, DeviceError
from phi_desk.ui.common.pixels import to_picture
from phi_desk.ui.screen.picker import RegionPicker, ScreenWindow
from phi_desk.ui.screen.shots import FrozenScreen, ScreenShot, cut_apart
from phi_desk.ui.screen.ways import DirectWay, way_here

LONG_MS = 30_000


@pytest.fixture
def picked() -> list[QImage | None]:
    return []


@pytest.fixture
def picker(qtbot: QtBot, picked: list[QImage | None]) -> Iterator[RegionPicker]:
    made = RegionPicker(screens_of_three_scales(), picked.append)
    made.show()
    qtbot.waitUntil(lambda: all(window.isVisible() for window in made.windows), timeout=LONG_MS)
    yield made
    made.cancel()


def at(window: ScreenWindow, x: int, y: int) -> QPoint:
    """Where a pixel of the frozen screen lies in the window that covers it."""
    ratio = window.frozen.ratio
    place = QPointF(x / ratio, y / ratio) - window._offset()
    return place.toPoint()


def drag(window: ScreenWindow, start: tuple[int, int], end: tuple[int, int]) -> None:
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(window, button, pos=at(window, *start))
    QTest.mouseMove(window, at(window, *end))
    QTest.mouseRelease(window, button, pos=at(window, *end))


@pytest.mark.parametrize(
    ("screen", "start", "end"),
    [
        (0, (10, 20), (309, 219)),
        (1, (30, 60), (900, 600)),
        (2, (100, 50), (998, 600)),
    ],
)
def test_a_region_is_cut_from_its_screen_pixel_by_pixel(
    picker: RegionPicker,
    picked: list[QImage | None],
    screen: int,
    start: tuple[int, int],
    end: tuple[int, int],
) -> None:
    drag(picker.windows[screen], start, end)
    (image,) = picked
    assert image is not None
    place = QRect(QPoint(*start), QPoint(*end))
    assert image.size() == place.size()
    assert same(image, screens_of_three_scales().screens[screen].image, place)


def test_a_click_takes_the_screen_that_was_clicked(
    picker: RegionPicker, picked: list[QImage | None]
) -> None:
    QTest.mouseClick(picker.windows[2], Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    (image,) = picked
    assert image is not None
    assert same(image, screens_of_three_scales().screens[2].image, QRect(0, 0, 1000, 800))


def test_keys_alone_choose_a_region(picker: RegionPicker, picked: list[QImage | None]) -> None:
    first = picker.choice.screen
    QTest.keyClick(picker.windows[first], Qt.Key.Key_Tab)
    screen = picker.choice.screen
    assert screen == (first + 1) % 3
    window = picker.windows[screen]
    frozen = window.frozen.image
    QTest.keyClick(window, Qt.Key.Key_Right)
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Up)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window, Qt.Key.Key_Return)
    (image,) = picked
    assert image is not None
    width, height = frozen.width(), frozen.height()
    place = QRect(width // 4 + 10, height // 4 - 1, width // 2 - 1, height // 2)
    assert same(image, frozen, place)


def test_escape_and_the_other_button_take_nothing(
    picker: RegionPicker, picked: list[QImage | None]
) -> None:
    QTest.keyClick(picker.windows[0], Qt.Key.Key_Escape)
    assert picked == [None]
    assert not any(window.isVisible() for window in picker.windows)


def test_shift_keeps_the_frame_to_be_corrected(
    picker: RegionPicker, picked: list[QImage | None]
) -> None:
    window, shift = picker.windows[0], Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(window, Qt.MouseButton.LeftButton, shift, at(window, 10, 10))
    QTest.mouseMove(window, at(window, 109, 59))
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, shift, at(window, 109, 59))
    assert picked == []
    QTest.keyClick(window, Qt.Key.Key_Down)
    QTest.keyClick(window, Qt.Key.Key_Return)
    (image,) = picked
    assert image is not None
    assert same(image, window.frozen.image, QRect(10, 11, 100, 50))


def test_the_frozen_screen_is_painted_dimmed_and_the_region_bright(
    qtbot: QtBot, picked: list[QImage | None]
) -> None:
    geometry = QGuiApplication.primaryScreen().geometry()
    whole = noise(geometry.width(), geometry.height())
    name = QGuiApplication.primaryScreen().name()
    picker = RegionPicker(ScreenShot((FrozenScreen(name, geometry, 1.0, whole),)), picked.append)
    picker.show()
    (window,) = picker.windows
    qtbot.waitUntil(lambda: window.size() == geometry.size(), timeout=LONG_MS)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(window, QPoint(299, 199))
    painted = to_picture(window.grab().toImage()).pixels.astype(int)
    true = to_picture(whole).pixels.astype(int)
    assert np.array_equal(painted[100:200, 100:300], true[100:200, 100:300])
    dimmed = painted[400:440, 400:600] - 0.55 * true[400:440, 400:600]
    assert np.abs(dimmed).max() <= 3
    picker.cancel()
    assert picked == [None]


def test_all_screens_are_frozen_directly_in_their_own_pixels() -> None:
    me = Tooled(DirectWay())
    shots: list[ScreenShot] = []
    assert me.tool.freeze(shots.append)
    (shot,) = shots
    screens = QGuiApplication.screens()
    assert [one.geometry for one in shot.screens] == [one.geometry() for one in screens]
    assert [one.image.width() for one in shot.screens] == [
        round(one.geometry().width() * one.devicePixelRatio()) for one in screens
    ]
    me.tool.close()


def test_without_a_permission_nothing_is_taken() -> None:
    def refuse() -> None:
        raise DeviceError("Not yet.", "Allow it.")

    me = Tooled(DirectWay(ask_macos=True, permission=refuse))
    me.tool.take_screen(me.pictures.append)
    assert [str(error) for error in me.errors] == ["Not yet. Allow it."]
    assert me.pictures == []
    assert not me.busy()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.setGeometry(10, 10, 300, 200)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made, timeout=LONG_MS)
    return made


def test_our_windows_step_aside_and_come_back(qtbot: QtBot, window: QWidget) -> None:
    way = SlowWay()
    me = Tooled(way)
    me.tool.take_screen(me.pictures.append)
    me.tool.take_screen(me.pictures.append)  # is passed over
    assert me.busy()
    qtbot.waitUntil(lambda: way.on_shot is not None, timeout=LONG_MS)
    assert way.windows == [False]
    assert way.on_shot is not None
    way.on_shot(screens_of_three_scales())
    assert len(me.pictures) == 1
    assert window.isVisible()
    assert not me.busy()
    me.tool.close()


def test_a_hot_key_takes_the_screen_as_it_is(window: QWidget) -> None:
    assert window.isVisible()
    way = SlowWay()
    me = Tooled(way)
    shots: list[ScreenShot] = []
    assert me.tool.freeze(shots.append)
    assert way.windows == [True]
    assert not me.tool.freeze(shots.append)
    assert way.on_shot is not None
    way.on_shot(screens_of_three_scales())
    assert len(shots) == 1
    me.tool.close()
    assert way.closed


def test_who_is_kept_waiting_is_told_and_can_stop(qtbot: QtBot, window: QWidget) -> None:
    way = SlowWay()
    me = Tooled(way)
    assert me.tool._silence.interval() < 5000
    me.tool._silence.setInterval(30)
    me.tool.cut_region(me.pictures.append)
    qtbot.waitUntil(lambda: bool(me.sentences), timeout=LONG_MS)
    assert "desktop" in me.sentences[0]
    assert window.isVisible(), "the sentence stands in the window"
    me.tool.cancel()
    assert [type(error) for error in me.errors] == [Cancelled]
    assert not me.busy()
    assert way.on_shot is not None
    way.on_shot(screens_of_three_scales())  # too late
    assert me.pictures == []
    me.tool.close()


def test_a_region_is_chosen_by_the_tool(qtbot: QtBot) -> None:
    way = SlowWay()
    me = Tooled(way)
    me.tool.cut_region(me.pictures.append)
    assert way.on_shot is not None
    way.on_shot(screens_of_three_scales())
    picker = me.picker()
    assert picker is not None
    QTest.mouseClick(picker.windows[0], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert [image.size().toTuple() for image in me.pictures] == [(640, 480)]
    me.tool.cut_region(me.pictures.append)
    way.on_shot(screens_of_three_scales())
    assert me.picker() is not None
    me.tool.cancel()
    assert me.picker() is None
    assert len(me.pictures) == 1
    assert me.errors == []
    me.tool.close()
    qtbot.wait(10)


def test_one_picture_of_all_screens_is_cut_apart() -> None:
    places = (("left", QRect(-640, -120, 640, 480)), ("main", QRect(0, 0, 800, 600)))
    whole = noise(2 * 1440, 2 * 720)
    shot = cut_apart(whole, places)
    left, main = shot.screens
    assert (left.ratio, main.ratio) == (2.0, 2.0)
    assert same(left.image, whole, QRect(0, 0, 1280, 960))
    assert same(main.image, whole, QRect(1280, 240, 1600, 1200))
    assert shot.under(QPoint(-600, 0)) is left
    assert shot.under(QPoint(5000, 5000)) is main


def test_a_picture_of_another_shape_is_taken_as_it_is() -> None:
    whole = noise(500, 500)
    shot = cut_apart(whole, (("main", QRect(0, 0, 800, 600)),))
    assert shot.screens == ()
    assert shot.chosen is whole


@pytest.mark.parametrize(
    ("platform", "environment", "name"),
    [
        ("xcb", {}, "directly"),
        ("windows", {}, "directly"),
        ("cocoa", {}, "directly"),
        ("wayland", {"WAYLAND_DISPLAY": "wayland-0"}, "by the portal"),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, "by the portal"),
    ],
)
def test_each_session_has_its_way(platform: str, environment: dict[str, str], name: str) -> None:
    way = way_here(platform, environment)
    assert way.name == name
    way.close()
