"""Sound that comes in while time passes: what every source of it gives; knows no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Lost:
    """So many seconds of sound are missing here, because of `why`, a sentence.

    No seconds at all mark a place where the sound begins to come from somewhere else.
    """

    seconds: float
    why: str


Incoming = NDArray[np.float32] | Lost


class Source(Protocol):
    """Something to listen to: a microphone, what the computer plays, a file.

    Attributes:
        name: for people.
        rate: of the samples it gives, in Hz: 16,000 or 8,000.
        patient: whether it waits until it is read; a device does not.
    """

    name: str
    rate: int
    patient: bool

    @property
    def ended(self) -> bool:
        """Whether nothing more will come; the last `read` may still have given something."""
        ...

    def read(self, wait_s: float) -> list[Incoming]:
        """What has come in since the last call, in order: samples `[n]`, and what is missing.

        Waits for at most `wait_s` where nothing has come in. The first call begins to listen.

        Raises:
            PhiDeskError: it cannot be listened to.
        """
        ...

    def finish(self) -> list[Incoming]:
        """Listen no more; what came in, or was missed, since the last `read`."""
        ...

    def close(self) -> None:
        """Give the device or the file back; may be called twice, and after `finish`."""
        ...
