"""Holds the clipboard of X11 after the window is gone, until something else is copied.

`python -m phi_desk.ui.common.clipboard_keeper` reads JSON from its standard input: the formats,
each with its bytes in base64. Knows nothing of the window.
"""

from __future__ import annotations

import base64
import json
import sys

from PySide6.QtCore import QByteArray, QMimeData, QTimer
from PySide6.QtGui import QGuiApplication


def main() -> int:
    """Hold what is read, until another program takes the clipboard."""
    held = {name: base64.b64decode(data) for name, data in json.load(sys.stdin).items()}
    application = QGuiApplication(["phi-desk-clipboard"])
    clipboard = application.clipboard()
    there = clipboard.text()
    if there and there.encode() != held.get("text/plain"):
        return 0  # somebody copied something else meanwhile
    mime = QMimeData()
    for name, data in held.items():
        mime.setData(name, QByteArray(data))
    clipboard.setMimeData(mime)

    def look() -> None:
        if not clipboard.ownsClipboard():
            application.quit()

    clipboard.dataChanged.connect(look)
    begin = QTimer(singleShot=True, interval=0)
    begin.timeout.connect(look)
    begin.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
