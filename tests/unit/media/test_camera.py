"""Pictures of a camera that comes and goes, played by a scripted driver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError
from phi_desk.media import camera as module
from phi_desk.media.camera import (
    CameraEvent,
    Device,
    Found,
    Frame,
    Gone,
    find_camera,
    open_device,
    watch,
)
from phi_desk.media.devices.cameras import Camera

DESK = Camera(name="Desk Camera", source="/dev/video0")
LAMP = Camera(name="Document Lamp", source="/dev/video2")


class Script:
    """A driver that gives so many pictures, then none."""

    opened = 0
    released = 0

    def __init__(self, pictures: int) -> None:
        self.left = pictures
        Script.opened += 1

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        if self.left <= 0:
            return False, None
        self.left -= 1
        pixels = np.zeros((4, 6, 3), np.uint8)
        pixels[..., 0], pixels[..., 2] = 10, self.left % 256  # blue, red
        return True, pixels

    def release(self) -> None:
        Script.released += 1


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "SILENT_S", 0.01)
    monkeypatch.setattr(module, "RETRY_S", 0.001)
    Script.opened = Script.released = 0
    yield
    assert Script.opened == Script.released


def test_pictures_come_upright_in_red_green_blue() -> None:
    (found, first, *_) = take(watch(lambda: DESK, CancelToken(), opened=driver([3])), 2)
    assert isinstance(found, Found)
    assert found.camera == DESK
    assert isinstance(first, Frame)
    assert first.picture.pixels[0, 0].tolist() == [2, 0, 10]
    assert first.picture.pixels.flags.c_contiguous


def test_a_camera_that_goes_is_said_once_and_found_again() -> None:
    cancel = CancelToken()
    events = take(watch(lambda: DESK, cancel, opened=driver([1, 0, 0, 1]), rate=1e6), 6)
    assert [type(event) for event in events] == [Found, Frame, Gone, Found, Frame, Gone]
    gone = next(event for event in events if isinstance(event, Gone))
    assert "Desk Camera" in gone.sentence


def test_without_a_camera_a_sentence_comes_once_until_there_is_one() -> None:
    tries = 0

    def find() -> Camera:
        nonlocal tries
        tries += 1
        if tries < 5:
            raise DeviceError("No camera is connected.", "Connect one.")
        return DESK

    events = take(watch(find, CancelToken(), opened=driver([2])), 3)
    assert [type(event) for event in events] == [Gone, Found, Frame]
    assert tries == 5


def test_a_camera_that_another_program_holds_is_said() -> None:
    cancel = CancelToken()

    def refuse(camera: Camera) -> Device:
        raise DeviceError(f"“{camera.name}” cannot be opened.", "Another program may use it.")

    (gone,) = take(watch(lambda: DESK, cancel, opened=refuse), 1)
    assert isinstance(gone, Gone)
    assert "cannot be opened" in gone.sentence


def test_pictures_come_no_faster_than_anybody_sees() -> None:
    cancel = CancelToken()
    events = []
    for event in watch(lambda: DESK, cancel, opened=driver([100_000]), rate=20):
        events.append(event)
        if len(events) == 4:
            cancel.cancel()
    assert [type(event) for event in events] == [Found, Frame, Frame, Frame]


@pytest.mark.parametrize(
    ("wanted", "source"),
    [("", "/dev/video0"), ("/dev/video2", "/dev/video2"), ("Desk Camera", "/dev/video0"),
     ("lamp", "/dev/video2"), ("1", "1"), ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x")],
)  # fmt: skip
def test_a_camera_is_found_by_its_source_or_its_name(wanted: str, source: str) -> None:
    assert find_camera(wanted, lambda: (DESK, LAMP)).source == source


def test_what_cannot_be_found_or_used_is_said() -> None:
    with pytest.raises(DeviceError, match="No camera"):
        find_camera("", tuple)
    with pytest.raises(DeviceError, match="not connected"):
        find_camera("Telescope", lambda: (DESK,))
    locked = Camera(name="Locked", source="/dev/video9", usable=False)
    with pytest.raises(DeviceError, match="may not use"):
        find_camera("", lambda: (locked,))


@pytest.mark.parametrize(
    "address",
    ["http://192.0.2.1/video", "rtsp://127.0.0.1/x", "http://example.org/", "file:///etc/passwd",
     "http://localhost.example.org/", "http:///x"],
)  # fmt: skip
def test_nothing_is_fetched_from_another_machine(address: str) -> None:
    with pytest.raises(DeviceError, match="this computer"):
        open_device(Camera(name=address, source=address))


def driver(rounds: list[int]) -> module.Open:
    """Opens a driver with so many pictures at each try."""
    left = list(rounds)

    def opened(_camera: Camera) -> Device:
        return Device(Script(left.pop(0) if left else 0))

    return opened


def take(events: Iterator[CameraEvent], count: int) -> list[CameraEvent]:
    """The first so many; what goes on afterwards is ended."""
    found = [event for _, event in zip(range(count), events, strict=False)]
    events.close()  # type: ignore[attr-defined]  # a generator
    return found
