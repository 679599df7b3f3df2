"""Does something at most once a frame, however often it is asked for; knows not what.

What takes long is done less often, so that it never takes more than a share of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

FRAME_MS = 16  # 60 frames a second
SHARE = 4  # at most a quarter of the time goes into what is throttled


class Throttle(QObject):
    """Calls `action` at the end of the frame in which it was first asked for."""

    def __init__(self, action: Callable[[], None], parent: QObject, every_ms: int = FRAME_MS):
        super().__init__(parent)
        self._action = action
        self._every_ms = every_ms
        self._timer = QTimer(self, singleShot=True, interval=every_ms)
        self._timer.timeout.connect(self._act)

    def request(self) -> None:
        """Ask for it."""
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Do now what was asked for and not done yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._act()

    def drop(self) -> None:
        """Forget what was asked for."""
        self._timer.stop()

    @Slot()
    def _act(self) -> None:
        begun = time.perf_counter()
        self._action()
        took_ms = 1000 * (time.perf_counter() - begun)
        self._timer.setInterval(max(self._every_ms, round(SHARE * took_ms)))


class Pause(Throttle):
    """Calls `action` when nobody has asked for it for a while: after typing, not within it."""

    def request(self) -> None:
        """Ask for it, later than asked before."""
        self._timer.start()
