"""A sound file as a source of sound that comes in over time, or as fast as it is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from phi_desk.cancel import CancelToken
from phi_desk.media.capture import Incoming
from phi_desk.media.decode import open_sound

Pace = Literal["realtime", "fast"]

POLL_S = 0.02


class FileSource:
    """A `phi_desk.media.capture.Source` over a file.

    At natural pace it behaves as a microphone that is spoken into since the first `read`: it gives
    what would have been said by now, however late it is asked. When fast it waits for its reader.

    Attributes:
        name: of the file.
        rate: 16,000 or 8,000 Hz, as the model hears the file.
        seconds: how long the file says it lasts; None where it does not say.
        notice: after its end, a sentence when a part of it could not be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        pace: Pace = "realtime",
        cancel: CancelToken | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open the file.

        Raises:
            InputError: it cannot be read.
            Cancelled: the person stopped it.
        """
        self._stream = open_sound(path, cancel=cancel)
        self._blocks = iter(self._stream)
        self.name = path.name
        self.rate = self._stream.rate
        self.seconds = self._stream.seconds
        self.patient = pace == "fast"
        self.ended = False
        self._clock = clock
        self._sleep = sleep
        self._begun: float | None = None
        self._given = 0  # samples
        self._block = np.zeros(0, np.float32)  # read, and not due yet

    @property
    def notice(self) -> str:
        """A sentence when a part of the file could not be read."""
        return self._stream.notice

    def read(self, wait_s: float) -> list[Incoming]:
        """See `Source.read`.

        Raises:
            InputError: the file is damaged from here on.
            Cancelled: the person stopped it.
        """
        if self.ended:
            return []
        if self.patient:
            block = next(self._blocks, None)
            self.ended = block is None
            return [] if block is None else [block]
        if self._begun is None:
            self._begun = self._clock()
        deadline = self._clock() + wait_s
        while True:
            now = self._clock()
            due = int((now - self._begun) * self.rate) - self._given
            if due > 0:
                return self._take(due)
            if now >= deadline:
                return []
            self._sleep(POLL_S)

    def _take(self, count: int) -> list[Incoming]:
        """The next `count` samples, or what is left."""
        taken: list[Incoming] = []
        while count > 0 and not self.ended:
            if not len(self._block):
                block = next(self._blocks, None)
                self.ended = block is None
                self._block = self._block if block is None else block
                continue
            part, self._block = self._block[:count], self._block[count:]
            taken.append(part)
            count -= len(part)
            self._given += len(part)
        return taken

    def finish(self) -> list[Incoming]:
        """See `Source.finish`: nothing, because a `read` gives all that is due."""
        self.close()
        return []

    def close(self) -> None:
        """See `Source.close`."""
        self.ended = True
        self._stream.close()
