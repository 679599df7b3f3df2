"""Taking a picture in the window, with a film and a stream of this computer as the camera."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from data_makers.cameras import Stream, scene, write_film
from data_makers.person import Person, application
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Image, Text
from phi_desk.media.images import read_picture
from phi_desk.ui.camera.window import CameraWindow
from phi_desk.ui.common.pixels import to_picture

Enter = Callable[..., Person]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.avi"
    write_film(path)
    return path


@pytest.fixture
def stream() -> Iterator[Stream]:
    made = Stream()
    yield made
    made.off()


def looking(person: Person, source: str) -> CameraWindow:
    """The window of the camera, opened by its button, with a picture in it."""
    person.desktop.preferences.change("devices", camera=source)
    person.click(person.ask.composer._camera)
    window = person.desktop.camera
    person.qtbot.waitUntil(lambda: window.presenter.state == "live", timeout=30_000)
    person.qtbot.waitUntil(lambda: window.preview.image is not None, timeout=30_000)
    return window


def pixels(image: QImage | None) -> bytes:
    assert image is not None
    return to_picture(image).pixels.tobytes()


def test_the_shutter_keeps_the_very_picture_and_it_is_asked_about(
    enter: Enter, film: Path, tmp_path: Path
) -> None:
    engine = FakeEngine(otherwise="Stripes.")
    person = enter(engine)
    window = looking(person, str(film))
    QTest.keyClick(window, Qt.Key.Key_Space)
    shown = window.preview.image
    assert shown is not None
    kept = pixels(shown)
    assert window.presenter.state == "frozen"
    person.qtbot.wait(150)  # the film goes on
    assert pixels(window.preview.image) == kept
    QTest.keyClick(window, Qt.Key.Key_Return)
    person.waits_for(lambda: person.ask.composer.chips._chips)
    assert not window.isVisible()
    (chip,) = person.ask.composer.chips._chips.values()
    assert chip.name == "Photo"
    person.asks("What is this?")
    person.waits_for_the_answer()
    picture, words = engine.requests[-1].messages[-1].parts
    assert isinstance(picture, Image)
    assert isinstance(words, Text)
    assert isinstance(picture.source, Path)
    stored = read_picture(picture.source).pixels
    assert stored.tobytes() == kept
    assert any(np.array_equal(stored, scene(number)) for number in range(20))


def test_a_picture_is_taken_again(enter: Enter, film: Path) -> None:
    person = enter(FakeEngine())
    window = looking(person, str(film))
    person.click(window.shutter)
    first = pixels(window.preview.image)
    assert window.retake.isVisible()
    person.click(window.retake)
    person.waits_for(lambda: pixels(window.preview.image) != first)
    assert window.shutter.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    person.waits_for(lambda: person.desktop.camera_lane.idle)
    assert not person.ask.composer.chips._chips


def test_a_mirror_turns_what_is_shown_and_not_the_picture(enter: Enter, film: Path) -> None:
    person = enter(FakeEngine())
    window = looking(person, str(film))
    preview = window.preview
    plain = preview.grab().toImage()
    QTest.keyClick(window, Qt.Key.Key_M)
    assert window.mirror.isChecked()
    turned = preview.grab().toImage()
    middle = plain.height() // 2
    for place in (0.3, 0.7):
        left = plain.pixelColor(int(place * plain.width()), middle).blue() > 100
        right = turned.pixelColor(int((1 - place) * plain.width()), middle).blue() > 100
        assert left == right
    window.presenter.shutter()
    assert not preview.mirrored
    window.close()


def test_a_camera_that_is_unplugged_is_said_and_resumed(enter: Enter, stream: Stream) -> None:
    person = enter(FakeEngine())
    window = looking(person, stream.address)
    assert not window.sentence.isVisible()
    stream.off()
    person.qtbot.waitUntil(lambda: "no pictures" in window.sentence.text(), timeout=30_000)
    assert window.sentence.isVisible()
    assert not window.shutter.isEnabled() or window.presenter.state == "live"
    stream.on()
    person.qtbot.waitUntil(
        lambda: window.presenter.state == "live" and not window.sentence.isVisible(),
        timeout=60_000,
    )
    window.close()


def test_without_a_camera_there_is_a_sentence(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    person.desktop.preferences.change("devices", camera="Telescope of Galileo")
    person.click(person.ask.composer._camera)
    window = person.desktop.camera
    person.waits_for(lambda: "amera" in window.sentence.text() and window.hint.text())
    assert not window.shutter.isEnabled()
    window.close()


def test_fifty_openings_leave_nothing_behind(enter: Enter, film: Path) -> None:
    person = enter(FakeEngine())
    window = looking(person, str(film))
    process = psutil.Process()
    window.close()
    counts: list[tuple[int, int, int]] = []
    for round_ in range(50):
        window.begin()
        person.qtbot.waitUntil(lambda: window.preview.image is not None, timeout=30_000)
        window.close()
        person.qtbot.waitUntil(lambda: person.desktop.camera_lane.idle, timeout=30_000)
        if round_ % 10 == 9:
            application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
            objects = len(window.findChildren(QObject))
            counts.append((objects, threading.active_count(), process.num_fds()))
    assert counts[-1][0] == counts[0][0]
    assert counts[-1][1] <= counts[0][1]
    person.waits_for(lambda: process.num_fds() <= counts[0][2] + 1)  # helpers come and go
