"""Runs a watcher of keys on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from phi_desk.errors import PhiDeskError
from phi_desk.ui.lane import Job, Lane
from phi_desk.ui.screen.keys import Chords, KeyDown, KeyEvent, KeyUp, NotTaken, Watch


class LaneKeys:
    """A `KeySource` out of a function that waits for keys."""

    everywhere = True

    def __init__(self, name: str, watch: Watch) -> None:
        self.name = name
        self._watch = watch
        self._lane = Lane("keys lane")
        self._job: Job | None = None
        self._number = 0

    def start(
        self,
        chords: Chords,
        say: Callable[[KeyEvent], None],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        """See `KeySource`."""
        self.stop()
        if not chords:
            return
        # What an earlier watcher said may still be on its way: only the newest is believed.
        self._number += 1
        self._job = self._lane.run(
            partial(self._watch, chords),
            on_event=partial(self._on_event, self._number, say),
            on_failed=partial(self._on_failed, self._number, on_failed),
        )

    def stop(self) -> None:
        """See `KeySource`."""
        self._number += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def close(self) -> None:
        """See `KeySource`."""
        self.stop()
        self._lane.close()

    def _on_event(self, number: int, say: Callable[[KeyEvent], None], event: object) -> None:
        if number == self._number and isinstance(event, KeyDown | KeyUp | NotTaken):
            say(event)

    def _on_failed(
        self, number: int, on_failed: Callable[[PhiDeskError], None], error: PhiDeskError
    ) -> None:
        if number == self._number:
            on_failed(error)
