"""Puts text on the clipboard, and sees to it that it stays there when the program ends.

On X11 what is copied belongs to the program that copied it, and is gone with it. Where a clipboard
manager runs, Qt hands it over by itself (SAVE_TARGETS); elsewhere a small process of ours holds it
until something else is copied. On Wayland the desktop keeps it, or `wl-copy` does where that is
installed. Windows and macOS keep it themselves.
"""

from __future__ import annotations

import base64
import ctypes
import ctypes.util
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

logger = logging.getLogger(__name__)

KEPT_FORMATS = ("text/plain", "text/html", "text/csv")
LARGEST = 64 << 20  # bytes


def copy_text(text: str, mime: QMimeData | None = None) -> None:
    """Copy words, or what `mime` holds of them besides."""
    clipboard = QGuiApplication.clipboard()
    if mime is not None:
        clipboard.setMimeData(mime)
    else:
        clipboard.setText(text)


def keep_after_end() -> bool:
    """Hand what this program has copied to somebody who stays; whether that was needed.

    Does not wait for anybody.
    """
    clipboard = QGuiApplication.clipboard()
    platform = QGuiApplication.platformName()
    if platform not in ("xcb", "wayland") or not clipboard.ownsClipboard():
        return False
    mime = clipboard.mimeData()
    held = {name: bytes(mime.data(name).data()) for name in KEPT_FORMATS if mime.hasFormat(name)}
    if "text/plain" not in held or sum(map(len, held.values())) > LARGEST:
        return False
    if platform == "wayland":
        tool = shutil.which("wl-copy")
        return tool is not None and _start([tool], held["text/plain"])
    if has_manager():
        return False  # Qt asks it to take over when the application ends
    packed = {name: base64.b64encode(data).decode() for name, data in held.items()}
    command = [sys.executable, "-P", "-m", "phi_desk.ui.common.clipboard_keeper"]
    return _start(command, json.dumps(packed).encode())


def has_manager() -> bool:
    """Whether an X11 clipboard manager runs; false where nobody can say."""
    name = ctypes.util.find_library("X11")
    if name is None:
        return False
    with suppress(OSError, AttributeError):
        x11 = ctypes.CDLL(name)
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
        x11.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
        x11.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
        x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        display = x11.XOpenDisplay(None)
        if display:
            atom = x11.XInternAtom(display, b"CLIPBOARD_MANAGER", 0)
            owner = x11.XGetSelectionOwner(display, atom)
            x11.XCloseDisplay(display)
            return bool(owner)
    return False


def _start(command: list[str], data: bytes) -> bool:
    """A process that outlives this one, with `data` on its standard input."""
    try:
        with tempfile.TemporaryFile() as file:  # a pipe would wait until it is read
            file.write(data)
            file.seek(0)
            process = subprocess.Popen(
                command,
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except OSError as error:
        logger.warning("the clipboard cannot be handed over: %s", error)
        return False
    process.returncode = 0  # it is left behind on purpose: no warning that it still runs
    return True
