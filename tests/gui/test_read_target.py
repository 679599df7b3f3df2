"""The small window to drop on: reads and copies by itself, and remembers its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.read_page import a_pdf
from data_makers.read_window import ReadWindow, drop, mime_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from phi_desk.engine.base import Engine
from phi_desk.engine.fake import FakeEngine
from phi_desk.ui.ocr import drop_target
from phi_desk.ui.ocr.drop_target import ON_WAYLAND, SIZE, DropTarget
from phi_desk.ui.ocr.values import QueueShown

Open = Callable[..., ReadWindow]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    windows: list[ReadWindow] = []

    def come(engine: Engine | None = None) -> ReadWindow:
        engine = engine or FakeEngine(otherwise="The fox.")
        windows.append(ReadWindow(qtbot, tmp_path / "home", engine))
        return windows[-1]

    yield come
    for window in windows:
        window.leaves()


def test_what_is_dropped_on_it_is_read_and_copied_whatever_the_settings_say(
    opened: Open, tmp_path: Path
) -> None:
    window = opened()
    window.preferences.change("reading", drop_target=True, copy=False)
    assert window.page.target.isVisible()
    window.window.hide()
    QGuiApplication.clipboard().clear()
    drop(window.page.target, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.page.target.words == "Copied")
    window.waits_until_all_is_done()
    assert QGuiApplication.clipboard().text() == "The fox."
    assert not window.window.isVisible()


def test_it_shows_how_far_it_is(opened: Open, tmp_path: Path) -> None:
    window = opened(FakeEngine(otherwise="word " * 30, seconds_a_token=0.01))
    window.preferences.change("reading", drop_target=True)
    target = window.page.target
    drop(target, mime_of([a_pdf(tmp_path, 3)]))
    window.waits_for(lambda: target.words == "1 of 3")
    assert target.share == pytest.approx(1 / 3)
    QTest.keyClick(target, Qt.Key.Key_Escape)
    window.waits_for(lambda: target.words == "Stopped")
    window.waits_until_all_is_done()


def test_what_is_no_page_is_said(opened: Open) -> None:
    window = opened()
    window.preferences.change("reading", drop_target=True)
    drop(window.page.target, mime_of(text="only words"))
    assert window.page.target.words == "Could not be read"
    assert window.notice == "These are words already."


def test_it_comes_and_goes_with_the_setting_and_remembers_its_place(opened: Open) -> None:
    window = opened()
    target = window.page.target
    assert not target.isVisible()
    window.click(window.page.area.target)
    assert target.isVisible()
    assert target.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert target.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(target.geometry())
    start, end = QPoint(60, 60), QPoint(30, 20)
    before = target.pos()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(target, end)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start)
    assert target.pos() == before + end - start
    reading = window.preferences.value.reading
    assert (reading.target_x, reading.target_y) == (target.x(), target.y())
    target.close()
    assert not window.preferences.value.reading.drop_target
    assert not window.page.area.target.isChecked()
    place = target.pos()
    window.page.keeper.want(True)
    assert target.isVisible()
    assert target.pos() == place


def test_a_place_on_a_screen_that_is_gone_is_not_taken(qtbot: QtBot) -> None:
    assert qtbot
    target = DropTarget()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    target.place(99_000, -500)
    assert screen.contains(target.geometry())
    target.place(screen.x() + 10, screen.y() + 20)
    assert target.pos() == screen.topLeft() + QPoint(10, 20)
    target.deleteLater()


def test_on_wayland_it_has_a_frame_and_a_sentence(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_target, "is_wayland", lambda: True)
    monkeypatch.setattr("phi_desk.ui.ocr.target_keeper.is_wayland", lambda: True)
    window = opened()
    window.preferences.change("reading", drop_target=True)
    assert not window.page.target.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert window.notice == ON_WAYLAND
    assert "Always on Top" in ON_WAYLAND


def test_keyboard_and_menu(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    window.preferences.change("reading", drop_target=True)
    target = window.page.target
    with qtbot.waitSignal(window.page.window_requested):
        QTest.keyClick(target, Qt.Key.Key_Return)
    with qtbot.waitSignal(window.page.region_requested):
        menu = target.menu()
        next(a for a in menu.actions() if "screen" in a.text()).trigger()
    menu.deleteLater()
    target.enterEvent(_enter())
    assert target.out.isVisible()
    QTest.mouseClick(target.out, Qt.MouseButton.LeftButton)
    assert not target.isVisible()


def test_what_it_says_goes_after_a_while(qtbot: QtBot) -> None:
    target = DropTarget()
    target._back.setInterval(10)
    target.show_queue(QueueShown(done=0, total=1, sentence="Reading x"))
    assert target.words == "Reading…"
    target.say("x", "copied")
    target.show_queue(QueueShown())
    assert target.words == "Copied"
    qtbot.waitUntil(lambda: target.words == "Drop to read", timeout=30_000)
    target.show_queue(QueueShown(done=0, total=2, sentence="No model.", halted=True))
    assert target.words == "No model"
    assert target.size().width() == SIZE[0]
    target.deleteLater()


def _enter() -> QEnterEvent:
    return QEnterEvent(QPointF(), QPointF(), QPointF())
