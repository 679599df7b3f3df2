"""Pictures of the screen where only the desktop's portal may take them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.private_bus import portal, session_bus
from data_makers.screens import Tooled, noise, same
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from phi_desk.errors import Cancelled
from phi_desk.ui.screen.ways import PortalWay

LONG_MS = 30_000


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if not shutil.which("dbus-daemon"):
        pytest.skip("needs dbus-daemon")
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


def saved(folder: Path, image: QImage) -> tuple[Path, str]:
    path = folder / "Screenshot from today.png"
    assert image.save(str(path))
    return path, path.as_uri()


def all_screens() -> QRect:
    around = QRect()
    for screen in QGuiApplication.screens():
        around = around.united(screen.geometry())
    return around


Waits = Callable[[Callable[[], object]], None]


@pytest.fixture
def waits(qtbot: QtBot) -> Waits:
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=LONG_MS)


def test_the_portal_gives_all_screens_and_its_file_is_removed(
    bus: str, tmp_path: Path, waits: Waits
) -> None:
    whole = noise(all_screens().width(), all_screens().height())
    path, uri = saved(tmp_path, whole)
    me = Tooled(PortalWay())
    with portal(bus, screenshots=["grant"], uri=uri):
        me.tool.take_screen(me.pictures.append)
        waits(lambda: me.pictures)
    screen = QGuiApplication.screens()[0].geometry()
    assert same(me.pictures[0], whole, screen.translated(-all_screens().topLeft()))
    assert not path.exists()
    me.tool.close()


def test_what_was_chosen_in_the_desktops_dialog_is_taken_and_its_file_kept(
    bus: str, tmp_path: Path, waits: Waits
) -> None:
    path, uri = saved(tmp_path, noise(123, 45))
    me = Tooled(PortalWay())
    with portal(bus, screenshots=["refuse", "chosen"], uri=uri):
        me.tool.cut_region(me.pictures.append)
        waits(lambda: me.pictures)
    assert me.sentences == ["Your desktop takes the picture: choose in its window."]
    assert same(me.pictures[0], noise(123, 45), QRect(0, 0, 123, 45))
    assert me.picker() is None
    assert path.exists(), "a picture that the person took is theirs"
    me.tool.close()


def test_a_silent_portal_leads_to_a_sentence_and_can_be_left(bus: str, waits: Waits) -> None:
    me = Tooled(PortalWay())
    me.tool._silence.setInterval(200)
    with portal(bus, screenshots=["silent"]) as desktop:
        me.tool.take_screen(me.pictures.append)
        waits(lambda: me.sentences)
        me.tool.cancel()
        waits(lambda: me.errors)
        calls = [one["call"] for one in desktop.asked()]
    assert [type(error) for error in me.errors] == [Cancelled]
    assert "Close" in calls
    me.tool.close()


def test_a_portal_without_screenshots_ends_in_a_sentence(bus: str, waits: Waits) -> None:
    me = Tooled(PortalWay())
    with portal(bus, without=["Screenshot"]):
        me.tool.take_screen(me.pictures.append)
        waits(lambda: me.errors)
    assert "takes no screenshots" in me.errors[0].sentence
    assert me.errors[0].hint
    me.tool.close()


def test_a_file_that_is_no_picture_ends_in_a_sentence(
    bus: str, tmp_path: Path, waits: Waits
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"nothing")
    me = Tooled(PortalWay())
    with portal(bus, screenshots=["grant"], uri=path.as_uri()):
        me.tool.take_screen(me.pictures.append)
        waits(lambda: me.errors)
    assert "cannot be read" in me.errors[0].sentence
    me.tool.close()
