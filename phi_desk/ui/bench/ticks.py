"""Notes how long the event loop did not turn; knows no window."""

from __future__ import annotations

import faulthandler
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

EVERY_MS = 2  # short beside a frame; a shorter one would be work of its own


class Ticks(QObject):
    """Ticks as often as the loop lets it; gaps include the 2 ms between two ticks.

    With `stacks`, a tick that is late by `stacks_ms` has the stacks of all threads written there,
    by a thread that needs no interpreter: it sees who holds it.
    """

    def __init__(self, stacks: Path | None = None, stacks_ms: float = 50.0) -> None:
        super().__init__()
        self._gaps: list[float] = []
        self._last: float | None = None
        self._file = stacks.open("w", encoding="utf-8") if stacks is not None else None
        self._late_s = stacks_ms / 1000
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()

    def take(self) -> list[float]:
        """The gaps since the last time, in seconds."""
        gaps, self._gaps = self._gaps, []
        return gaps

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        if self._file is not None:
            faulthandler.cancel_dump_traceback_later()
            self._file.close()

    @Slot()
    def _on_timeout(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            gap = now - self._last
            self._gaps.append(gap)
            if self._file is not None and gap > self._late_s:
                self._file.write(f"The loop did not turn for {1000 * gap:.1f} ms, see above.\n\n")
                self._file.flush()
        if self._file is not None:
            faulthandler.dump_traceback_later(self._late_s, file=self._file)
        self._last = now
