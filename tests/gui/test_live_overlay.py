"""The captions above all windows: moved and sized by the mouse, kept, let through, docked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.person import application
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from phi_desk.settings.schema import Overlay as Look
from phi_desk.ui.lane import Lane
from phi_desk.ui.live.captions import CaptionsView
from phi_desk.ui.live.overlay import WAYLAND, Overlay
from phi_desk.ui.live.overlay_window import OverlayWindow
from phi_desk.ui.live.values import Captions
from phi_desk.ui.preferences import Preferences

LEFT = Qt.MouseButton.LeftButton
SAID = Captions(text="Good morning.", unsure_text="and", translation="Guten Morgen.")


class Desk:
    """An overlay with settings of its own."""

    def __init__(self, qtbot: QtBot, home: Path, platform: str | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.qtbot = qtbot
        self.disk = Lane("disk lane")
        self.preferences = Preferences(home, self.disk)
        self.main = QWidget()
        self.overlay = Overlay(self.preferences, self.main, platform)
        self.overlay.dock.setParent(self.main)

    @property
    def window(self) -> OverlayWindow:
        assert self.overlay.window is not None
        return self.overlay.window

    @property
    def look(self) -> Look:
        return self.preferences.value.overlay

    def shows(self) -> OverlayWindow:
        self.overlay.show()
        self.qtbot.waitExposed(self.window)
        return self.window

    def drags(self, start: QPoint, way: QPoint) -> None:
        """By the mouse: pressed, moved step by step, let go."""
        window = self.window
        begin = window.mapToGlobal(start)
        QTest.mousePress(window, LEFT, pos=start)
        for step in range(1, 5):
            QTest.mouseMove(window, window.mapFromGlobal(begin + way * step / 4))
        QTest.mouseRelease(window, LEFT, pos=window.mapFromGlobal(begin + way))

    def leaves(self) -> None:
        self.overlay.close()
        self.disk.close()
        self.preferences.flush()
        self.main.deleteLater()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "home")
    made.preferences.change("overlay", x=100, y=200, width=400)
    yield made
    made.leaves()


def test_it_stands_above_all_windows_without_a_frame(desk: Desk) -> None:
    window = desk.shows()
    flags = window.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.FramelessWindowHint
    assert not flags & Qt.WindowType.WindowTransparentForInput
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert window.geometry().topLeft() == QPoint(100, 200)
    assert window.width() == 400


def test_it_is_dragged_by_the_mouse_and_its_place_is_remembered(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = desk.shows()
    desk.drags(window.rect().center(), QPoint(60, -90))
    assert window.pos() == QPoint(160, 110)
    assert (desk.look.x, desk.look.y) == (160, 110)
    desk.leaves()
    again = Desk(qtbot, tmp_path / "home")
    assert again.shows().pos() == QPoint(160, 110)
    again.leaves()


def test_an_edge_sizes_it_and_the_lower_one_chooses_the_lines(desk: Desk) -> None:
    window = desk.shows()
    right = QPoint(window.width() - 3, window.height() // 2)
    desk.drags(right, QPoint(120, 0))
    assert (window.width(), window.x()) == (520, 100)
    assert desk.look.width == 520
    desk.drags(QPoint(2, window.height() // 2), QPoint(50, 0))
    assert (window.width(), window.x()) == (470, 150)
    lines = desk.look.lines
    more = window.height_of(lines + 2) - window.height_of(lines)
    top = window.y()
    desk.drags(QPoint(window.width() // 2, window.height() - 2), QPoint(0, more))
    assert desk.look.lines == lines + 2
    assert window.height() == window.height_of(lines + 2)
    assert window.y() == top
    bottom = window.geometry().bottom()
    desk.drags(QPoint(window.width() // 2, 2), QPoint(0, more))
    assert desk.look.lines == lines
    assert window.geometry().bottom() == bottom


def test_keys_do_what_the_mouse_does(desk: Desk) -> None:
    window = desk.shows()
    QTest.keyClick(window, Qt.Key.Key_Right)
    QTest.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert window.pos() == QPoint(110, 150)
    assert (desk.look.x, desk.look.y) == (110, 150)
    size = desk.look.size
    QTest.keyClick(window, Qt.Key.Key_Plus)
    assert desk.look.size == size + 2
    QTest.keyClick(window, Qt.Key.Key_Minus)
    QTest.keyClick(window, Qt.Key.Key_Minus)
    assert desk.look.size == size - 2
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert not desk.overlay.shown


def test_its_menu_changes_what_it_shows(desk: Desk) -> None:
    window = desk.shows()
    desk.overlay.expect(translated=True)
    desk.overlay.show_captions(SAID)
    assert window.text == "Good morning. and\nGuten Morgen."

    def choose(words: str) -> None:
        menu = window.menu()
        (action,) = [one for one in menu.actions() if one.text().split("\t")[0] == words]
        assert action.isEnabled()
        action.trigger()
        menu.close()
        menu.deleteLater()

    choose("Translation Only")
    assert window.text == "Guten Morgen."
    assert window.height() == window.height_of(desk.look.lines)
    choose("Words Only")
    assert window.text == "Good morning. and"
    lines = desk.look.lines
    bottom = window.geometry().bottom()
    choose("More Lines")
    assert desk.look.lines == lines + 1
    assert window.geometry().bottom() == bottom  # it grows upwards
    choose("Lighter Ground")
    assert desk.look.opacity == pytest.approx(0.72)
    asked: list[bool] = []
    desk.overlay.options_requested.connect(lambda: asked.append(True))
    choose("All Options…")
    assert asked
    choose("Hide")
    assert not window.isVisible()


def test_clicks_go_through_it_and_come_back(desk: Desk) -> None:
    window = desk.shows()
    place = window.geometry()
    told: list[bool] = []
    desk.overlay.click_through_changed.connect(told.append)
    desk.overlay.set_click_through(True)
    assert window.windowFlags() & Qt.WindowType.WindowTransparentForInput
    assert window.isVisible()
    assert window.geometry() == place
    desk.overlay.set_click_through(False)
    assert not window.windowFlags() & Qt.WindowType.WindowTransparentForInput
    assert window.isVisible()
    assert told == [True, False]
    desk.drags(window.rect().center(), QPoint(10, 10))
    assert window.pos() == place.topLeft() + QPoint(10, 10)


def test_a_place_that_no_screen_shows_is_not_used(desk: Desk) -> None:
    desk.preferences.change("overlay", x=30_000, y=30_000)
    window = desk.shows()
    screen = application().primaryScreen().availableGeometry()
    assert screen.contains(window.geometry())
    assert window.geometry().center().y() > screen.center().y()


def test_the_look_follows_the_settings_at_once(desk: Desk) -> None:
    window = desk.shows()
    desk.overlay.show_captions(SAID)
    desk.preferences.change(
        "overlay", back_colour="#ff0000", opacity=1.0, text_colour="#00ff00", size=40
    )
    picture = pixels(window)
    assert tuple(picture[picture.shape[0] // 2, 3]) == (255, 0, 0)
    green = (picture[..., 1] > 200) & (picture[..., 0] < 80)
    assert green.sum() > 50
    assert window.height() == window.height_of(2)


def test_only_the_last_lines_are_painted_and_unsure_words_are_slanted(qtbot: QtBot) -> None:
    look = Look(lines=1, width=300, size=20, opacity=1.0, back_colour="#000000")
    view = CaptionsView(look)
    qtbot.addWidget(view)
    view.resize(300, view.height())
    view.show_captions(Captions(text="early " * 200 + "last words"))
    long = pixels(view)
    view.show_captions(Captions(text=last_line_of("early " * 200 + "last words", view)))
    assert np.array_equal(long, pixels(view))
    view.show_captions(Captions(text="words"))
    sure = pixels(view)
    view.show_captions(Captions(unsure_text="words"))
    unsure = pixels(view)
    shape = [np.flatnonzero((one.max(axis=2) > 90).any(axis=0)) for one in (sure, unsure)]
    assert not np.array_equal(shape[0], shape[1])  # other letters, not only another colour


def test_where_wayland_forbids_it_the_captions_are_docked_and_say_why(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(qtbot, tmp_path / "wayland", "wayland")
    desk.main.resize(600, 300)
    desk.main.show()
    desk.overlay.show()
    assert desk.overlay.window is None
    dock = desk.overlay.dock
    assert dock.isVisible()
    assert dock.reason.text() == WAYLAND
    assert not dock.float.isVisible()
    desk.overlay.show_captions(SAID)
    assert dock.captions.text == "Good morning. and"
    desk.overlay.hide()
    assert not dock.isVisible()
    desk.main.hide()
    desk.leaves()


def test_the_person_may_dock_it_and_take_it_out_again(desk: Desk) -> None:
    desk.main.show()
    window = desk.shows()
    desk.preferences.change("overlay", docked=True)
    assert not window.isVisible()
    assert desk.overlay.dock.isVisible()
    QTest.mouseClick(desk.overlay.dock.float, LEFT)
    assert window.isVisible()
    assert not desk.overlay.dock.isVisible()
    desk.main.hide()


def test_a_note_about_missing_sound_is_shown_last(desk: Desk) -> None:
    window = desk.shows()
    desk.overlay.show_captions(Captions(text="Good morning.", note="“Desk” is gone."))
    assert window.text.endswith("“Desk” is gone.")
    assert "“Desk” is gone." in window.accessibleDescription()


def pixels(widget: QWidget) -> np.ndarray:
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = np.frombuffer(picture.constBits(), np.uint8)
    rows = bits.reshape(picture.height(), picture.bytesPerLine())
    return rows[:, : 3 * picture.width()].reshape(picture.height(), picture.width(), 3).copy()


def last_line_of(words: str, view: CaptionsView) -> str:
    """The words of the last line, as they break at that width."""
    from PySide6.QtGui import QTextLayout

    layout = QTextLayout(words, view._fonts()[0])
    layout.beginLayout()
    start = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(view.width() - 28.0)
        start = line.textStart()
    layout.endLayout()
    return words[start:]


def test_it_keeps_within_the_screen_at_first(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path / "new")
    window = desk.shows()
    screen: QRect = application().primaryScreen().availableGeometry()
    assert screen.contains(window.geometry())
    desk.leaves()
