"""Plays samples to one output; knows no file and no button."""

from __future__ import annotations

from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.media.microphone import server_device
from phi_desk.media.pulse import playing_to
from phi_desk.media.recorder import SoundSystem, quiet_libraries

LATENCY_S = 0.12  # of what is written and not heard yet: a button that pauses is felt within it

NO_OUTPUT = "There is no sound output to play to."
CONNECT_ONE = "Connect loudspeakers or headphones, or choose another output in Settings."


class Plays(Protocol):
    """The part of the module `sounddevice` that plays."""

    PortAudioError: type[Exception]

    def RawOutputStream(self, **settings: Any) -> Any:  # noqa: N802  (its name there)
        """An output that takes bytes."""
        ...

    def query_devices(self) -> Any:
        """Every device."""
        ...


class Output:
    """An open output for mono samples at `rate` Hz. Close it.

    Attributes:
        latency_s: how long after being written samples are heard.
    """

    def __init__(self, sound: SoundSystem, rate: int, name: str | None = None) -> None:
        """Open the output that settings call `name`; the default one for None.

        Raises:
            DeviceError: there is none, or it cannot be played to.
        """
        self._sound = sound
        library = cast("Plays", sound.port_audio)
        self._failure = library.PortAudioError
        server = server_device(sound)
        device = server if server is not None else _number_of(library, name)
        try:
            with quiet_libraries(), playing_to(name if server is not None else None):
                self._stream = library.RawOutputStream(
                    samplerate=rate, channels=1, dtype="float32", device=device, latency=LATENCY_S
                )
                self._stream.start()
                sound.recordings += 1  # the list of devices is not made anew meanwhile
        except self._failure as error:
            raise DeviceError(NO_OUTPUT, CONNECT_ONE, (str(error),)) from error
        self.latency_s = float(self._stream.latency)

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play `[n]` next; returns as soon as it is taken.

        Raises:
            DeviceError: the output is gone.
        """
        try:
            self._stream.write(np.ascontiguousarray(samples, np.float32).tobytes())
        except self._failure as error:
            raise DeviceError("The sound output is gone.", CONNECT_ONE, (str(error),)) from error

    def close(self) -> None:
        """Be silent at once, and give the output back."""
        with quiet_libraries():
            self._stream.close(ignore_errors=True)
            self._sound.recordings -= 1


def _number_of(library: Plays, name: str | None) -> int | None:
    """PortAudio's number for an output; None is its default."""
    if name is None:
        return None
    for index, one in enumerate(library.query_devices()):
        if str(one["name"]).strip() == name and int(one.get("max_output_channels", 0)) > 0:
            return index
    raise DeviceError(f"There is no output “{name}” at the moment.", CONNECT_ONE)
