"""Pictures of a camera, one after another; begins again when it was unplugged. Knows no window.

OpenCV gives the pictures. A file, or a stream of this computer, can take a camera's place: for
tests and demonstrations. Nothing is ever fetched from another machine.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera, cameras
from phi_desk.media.picture import Picture

RATE = 30.0  # pictures a second at most: more than anybody sees
SILENT_S = 1.0  # without a picture for so long it is gone
RETRY_S = 0.5  # between two tries to find it again
TIMEOUT_MS = 2000  # a driver or a stream that hangs is left after this
SIZE = (1920, 1080)  # asked for; a camera gives what comes next to it
CONNECT = "Connect a camera; it is found as soon as it is there."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """A picture of the camera."""

    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Its pictures come now, or come again."""

    camera: Camera


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """There is none, or its pictures have ended; it is looked for until it is back."""

    sentence: str
    hint: str


CameraEvent = Frame | Found | Gone


class Capture(Protocol):
    """An opened camera, as OpenCV has it."""

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """Wait for the next picture, BGR; false when there is none."""
        ...

    def release(self) -> None:
        """Let go of it."""
        ...


class Device:
    """An opened camera that is let go of by `close`; `ends` where it is a file."""

    def __init__(self, capture: Capture, *, ends: bool = False) -> None:
        self._capture = capture
        self.ends = ends

    def read(self) -> Picture | None:
        """The next picture, or None where there is none."""
        good, pixels = self._capture.read()
        if not good or pixels is None or pixels.ndim != 3:
            return None
        return Picture(np.ascontiguousarray(pixels[:, :, ::-1]))

    def close(self) -> None:
        """Let go of it."""
        self._capture.release()


Find = Callable[[], Camera]
Open = Callable[[Camera], Device]


def find_camera(wanted: str, listed: Callable[[], tuple[Camera, ...]] | None = None) -> Camera:
    """The camera that `wanted` means: its source, its name, or a part of that; empty for any.

    Raises:
        DeviceError: it is not there, or this person may not use it.
    """
    if wanted.isdecimal() or _is_address(wanted) or _is_file(wanted):
        return Camera(name=_words(wanted), source=wanted)
    if not wanted and not sys.platform.startswith("linux") and listed is None:
        return Camera(name="The camera", source="0")  # listing them may take seconds there
    found = (listed or cameras)()
    if not found:
        raise DeviceError("No camera is connected.", CONNECT)
    words = wanted.casefold()
    fitting = [one for one in found if wanted in ("", one.source, one.name)]
    fitting = fitting or [one for one in found if words and words in one.name.casefold()]
    if not fitting:
        raise DeviceError(f"The camera “{wanted}” is not connected.", CONNECT)
    usable = [one for one in fitting if one.usable]
    if not usable:
        raise DeviceError(
            f"You may not use the camera “{fitting[0].name}”.",
            "Add yourself to the group “video”, and log in again.",
        )
    return usable[0]


def open_device(camera: Camera) -> Device:
    """Open a camera.

    Raises:
        DeviceError: another program holds it, it is no camera, or it is not on this computer.
    """
    source = camera.source
    if "://" in source and not _is_local(source):
        raise DeviceError(
            "Only a camera of this computer can be used.", "Connect one, or choose another."
        )
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # it writes past the log
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(TIMEOUT_MS // 1000))
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    file = _is_file(source)
    capture = _open(cv2, source, stream=file or "://" in source)
    if not capture.isOpened():
        capture.release()
        raise DeviceError(
            f"“{camera.name}” cannot be opened.",
            "Another program may be using it; close that program, or choose another camera.",
        )
    return Device(capture, ends=file)


def watch(
    find: Find, cancel: CancelToken, *, opened: Open = open_device, rate: float = RATE
) -> Iterator[CameraEvent]:
    """What the camera sees, until `cancel`; it is found again when it was unplugged."""
    told = ""
    while not cancel.cancelled:
        try:
            camera = find()
            device = opened(camera)
        except DeviceError as error:
            if error.sentence != told:
                told = error.sentence
                yield Gone(sentence=error.sentence, hint=error.hint)
            cancel.wait(RETRY_S)
            continue
        with closing(device):
            came = yield from _frames(device, camera, cancel, rate)
        if cancel.cancelled or (came and device.ends):
            continue
        sentence = f"“{camera.name}” gives no pictures any more."
        if came or sentence != told:
            told = sentence
            yield Gone(sentence=told, hint="Connect it again; it goes on by itself.")
        cancel.wait(RETRY_S)


def _frames(
    device: Device, camera: Camera, cancel: CancelToken, rate: float
) -> Generator[CameraEvent, None, bool]:
    """Pictures until there are none; whether there were any."""
    came = False
    due = last = time.monotonic()
    while not cancel.cancelled:
        picture = device.read()
        now = time.monotonic()
        if picture is None:
            if (came and device.ends) or now - last > SILENT_S:
                break
            cancel.wait(0.02)
            continue
        if not came:
            yield Found(camera=camera)
        came, last = True, now
        if now < due - 0.5 / rate and not device.ends:
            continue  # faster than anybody sees
        due = max(now, due) + 1 / rate
        yield Frame(picture=picture)
        if device.ends:
            cancel.wait(max(0.0, due - time.monotonic()))
    return came


def _open(cv2: Any, source: str, *, stream: bool) -> Any:
    if stream:
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_MS]
        return cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)
    linux = sys.platform.startswith("linux")
    number = int(source) if source.isdecimal() else source
    capture = cv2.VideoCapture(number, cv2.CAP_V4L2 if linux else cv2.CAP_ANY)
    if capture.isOpened():
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def _is_address(words: str) -> bool:
    return "://" in words


def _is_local(address: str) -> bool:
    """Whether an address is one of this very computer."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _is_file(words: str) -> bool:
    try:
        return bool(words) and not words.startswith("/dev/") and Path(words).is_file()
    except OSError:
        return False


def _words(wanted: str) -> str:
    if _is_address(wanted):
        return wanted
    return f"Camera {wanted}" if wanted.isdecimal() else Path(wanted).name
