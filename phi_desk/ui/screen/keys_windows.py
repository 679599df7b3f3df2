"""Keys of every window on Windows, by RegisterHotKey on a thread of our own; knows no Qt.

Windows says that a hot key was pressed, not that it was let go: while it is held, its state is
read every few milliseconds.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Protocol, cast

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError
from phi_desk.ui.screen.keys import LOOK_S, Chords, KeyDown, KeyEvent, KeyUp, NotTaken, taken_error

WM_HOTKEY = 0x0312
PM_REMOVE = 1
QS_ALLINPUT = 0x04FF
NO_REPEAT = 0x4000
MODIFIERS = {"alt": 0x0001, "ctrl": 0x0002, "shift": 0x0004, "meta": 0x0008}
HELD_S = 0.015  # between two looks at a key that is held


class Message(ctypes.Structure):
    """Windows' MSG."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wParam", ctypes.c_size_t),
        ("lParam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
    )


class User32(Protocol):
    """The part of user32.dll that is used."""

    def RegisterHotKey(self, window: Any, number: int, modifiers: int, key: int) -> int: ...  # noqa: N802

    def UnregisterHotKey(self, window: Any, number: int) -> int: ...  # noqa: N802

    def PeekMessageW(  # noqa: N802
        self, message: Any, window: Any, first: int, last: int, remove: int
    ) -> int: ...

    def MsgWaitForMultipleObjects(  # noqa: N802
        self, count: int, handles: Any, everything: bool, milliseconds: int, wake: int
    ) -> int: ...

    def GetAsyncKeyState(self, key: int) -> int: ...  # noqa: N802


def watch(chords: Chords, cancel: CancelToken, user32: User32 | None = None) -> Iterator[KeyEvent]:
    """Register the keys and tell of them until `cancel` is set; all of it on one thread.

    Raises:
        DeviceError: this is not Windows.
    """
    windows = user32 or _user32()
    numbers: dict[int, str] = {}
    keys = {option: chord.system.windows for option, chord in chords.items()}
    held: set[str] = set()
    try:
        for number, (option, chord) in enumerate(chords.items(), start=1):
            bits = NO_REPEAT
            for name in chord.modifiers:
                bits |= MODIFIERS[name]
            if windows.RegisterHotKey(None, number, bits, keys[option] or 0):
                numbers[number] = option
            else:
                yield NotTaken(option, taken_error())
        while not cancel.cancelled:
            wait = HELD_S if held else LOOK_S
            windows.MsgWaitForMultipleObjects(0, None, False, round(wait * 1000), QS_ALLINPUT)
            for option in _pressed(windows, numbers):
                if option not in held:
                    held.add(option)
                    yield KeyDown(option)
            for option in sorted(held):
                if not windows.GetAsyncKeyState(keys[option] or 0) & 0x8000:
                    held.remove(option)
                    yield KeyUp(option)
    finally:
        for number in numbers:
            windows.UnregisterHotKey(None, number)


def _pressed(windows: User32, numbers: dict[int, str]) -> Iterator[str]:
    message = Message()
    while windows.PeekMessageW(ctypes.byref(message), None, 0, 0, PM_REMOVE):
        if message.message == WM_HOTKEY and message.wParam in numbers:
            yield numbers[message.wParam]


def _user32() -> User32:
    load = getattr(ctypes, "WinDLL", None)
    if load is None:
        raise DeviceError("These hot keys exist on Windows only.")
    return cast("User32", load("user32"))
