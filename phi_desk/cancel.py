"""The one way to stop long work: a token that is set once and read often."""

from __future__ import annotations

import threading

from phi_desk.errors import Cancelled


class CancelToken:
    """Set from any thread with `cancel()`; read by the work between its steps."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; cannot be taken back."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep for at most `seconds`; true as soon as somebody asked to stop."""
        return self._event.wait(seconds)
