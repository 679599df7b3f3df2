"""Lists cameras by what the system says about them; where it says nothing, tries to open them.

Knows no other device and takes no picture.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from phi_desk.errors import DeviceError
from phi_desk.media.devices.commands import output_of

SYSFS = Path("/sys/class/video4linux")
PROBED = 4  # cameras tried by number on Windows; a desk has rarely more
ASK_LIMIT_S = 4.0

Ask = Callable[[tuple[str, ...], float], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera: its name, and what OpenCV opens it by (a device file or a number).

    `usable` is false where the device is there but this person may not read it.
    """

    name: str
    source: str
    usable: bool = True


def cameras(system: str = sys.platform, *, ask: Ask = output_of) -> tuple[Camera, ...]:
    """The cameras of this machine.

    Raises:
        DeviceError: the system does not answer.
    """
    if system.startswith("linux"):
        return linux_cameras()
    if system == "darwin":
        return mac_cameras(ask)
    return tried_cameras()


def linux_cameras(
    sysfs: Path = SYSFS, may_read: Callable[[str], bool] | None = None
) -> tuple[Camera, ...]:
    """What Video4Linux lists, without opening it.

    A camera has several nodes; the one with index 0 gives pictures, the others metadata.
    """
    allowed = may_read or (lambda device: os.access(device, os.R_OK | os.W_OK))
    found = []
    for node in sorted(sysfs.glob("video*"), key=_number):
        if _line(node / "index") not in ("0", ""):
            continue
        device = f"/dev/{node.name}"
        name = _line(node / "name") or node.name
        found.append(Camera(name=name, source=device, usable=allowed(device)))
    return tuple(found)


def mac_cameras(ask: Ask = output_of) -> tuple[Camera, ...]:
    """What the System Information of macOS lists; the camera's light stays dark.

    Raises:
        DeviceError: it does not answer, or not as expected.
    """
    answer = ask(("system_profiler", "SPCameraDataType", "-json"), ASK_LIMIT_S)
    try:
        listed = json.loads(answer or "")["SPCameraDataType"]
        return tuple(
            Camera(name=str(one["_name"]), source=str(number)) for number, one in enumerate(listed)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DeviceError("macOS does not say which cameras there are.") from error


def tried_cameras(limit: int = PROBED) -> tuple[Camera, ...]:
    """Open and close the first numbers with OpenCV: the only way left, and it may take seconds."""
    import cv2

    found = []
    for number in range(limit):
        capture = cv2.VideoCapture(number)
        try:
            if capture.isOpened():
                found.append(Camera(name=f"Camera {number}", source=str(number)))
        finally:
            capture.release()
    return tuple(found)


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(node: Path) -> int:
    digits = node.name.removeprefix("video")
    return int(digits) if digits.isdecimal() else 0
