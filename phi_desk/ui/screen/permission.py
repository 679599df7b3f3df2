"""Whether macOS lets us see the screen; knows no picture and no window."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Protocol

from phi_desk.errors import DeviceError

NOT_ALLOWED = DeviceError(
    "macOS does not let Phi Desk see the screen yet.",
    "Allow it in System Settings, Privacy & Security, Screen Recording; then start Phi Desk again.",
)


class CoreGraphics(Protocol):
    """The part of the system's library that is asked."""

    def CGPreflightScreenCaptureAccess(self) -> bool: ...  # noqa: N802

    def CGRequestScreenCaptureAccess(self) -> bool: ...  # noqa: N802


def need_permission(graphics: CoreGraphics | None = None) -> None:
    """Return when the screen may be seen; else let macOS ask the person, once.

    Without the permission macOS gives a picture all the same, with the wallpaper and no windows.

    Raises:
        DeviceError: it may not be seen yet.
    """
    system = graphics or _core_graphics()
    if system is None or system.CGPreflightScreenCaptureAccess():
        return
    if not system.CGRequestScreenCaptureAccess():
        raise NOT_ALLOWED


def _core_graphics() -> CoreGraphics | None:
    path = ctypes.util.find_library("CoreGraphics")
    if path is None:
        return None
    graphics = ctypes.CDLL(path)
    try:
        for function in (
            graphics.CGPreflightScreenCaptureAccess,
            graphics.CGRequestScreenCaptureAccess,
        ):
            function.restype, function.argtypes = ctypes.c_bool, []
    except AttributeError:  # before macOS 10.15 nobody needs to ask
        return None
    return graphics
