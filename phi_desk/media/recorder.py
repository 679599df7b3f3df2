"""Records from one device of PortAudio into a ring; knows no list of devices and no sound server.

PortAudio's own thread calls back for every few milliseconds of sound; what happens there is a
copy and a little arithmetic, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, cast

from phi_desk.errors import DeviceError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.devices.microphones import PortAudio, open_port_audio
from phi_desk.media.resample import Resampler
from phi_desk.media.ring import SoundRing
from phi_desk.media.sound import WIDE_BAND

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

RING_S = 120.0  # of sound that waits while a slow model computes one step: 23 MB at 48 kHz
# Without any sign of it from the driver, sound is missing when the device's own time runs ahead of
# its samples by this much. Measured with PulseAudio: at most 0.05 s in either direction, and
# exactly the time that is missing when its buffer of some 25 s has overflowed.
JUMP_S = 0.25
QUIET_OPENING = threading.Lock()

LOST_ON_ITS_WAY = "Some sound was lost on its way from the device."


class PortAudioRecording(PortAudio, Protocol):
    """The part of the module `sounddevice` that records."""

    def RawInputStream(self, **settings: Any) -> Any:  # noqa: N802  (its name there)
        """A recording that calls back with bytes."""
        ...

    def _initialize(self) -> None: ...

    def _terminate(self) -> None: ...


class SoundSystem:
    """PortAudio, and how many recordings and playings of ours run on it.

    Its list of devices is made when it starts and never changes; the only way to a new list is to
    start it again, which ends every recording. Share one of these, so that none is cut off.
    """

    def __init__(self, port_audio: PortAudioRecording | None = None) -> None:
        """Raises `DeviceError` when PortAudio is not on this machine."""
        self.port_audio = port_audio or cast("PortAudioRecording", open_port_audio())
        self.recordings = 0

    def refresh(self) -> None:
        """A new list of devices, unless a recording runs.

        Raises:
            DeviceError: the sound system does not start.
        """
        with QUIET_OPENING:  # not while another thread opens a device
            if not self.recordings:
                self._start_again()

    def _start_again(self) -> None:
        with contextlib.suppress(self.port_audio.PortAudioError):  # it may not have started before
            self.port_audio._terminate()  # noqa: SLF001  (there is no public way to a new list)
        try:
            self.port_audio._initialize()  # noqa: SLF001
        except self.port_audio.PortAudioError as error:
            raise DeviceError(
                "The sound system does not start.",
                "Check that a sound server runs and that this program may use it.",
                (str(error),),
            ) from error


class Recording:
    """A device that is being recorded, at its own rate, and read at 16,000 Hz, mono.

    Attributes:
        rate: of the device, in Hz.
    """

    def __init__(self, sound: SoundSystem, device: int, *, ring_s: float = RING_S) -> None:
        """Begin to record from PortAudio's device number `device`.

        Raises:
            DeviceError: it cannot be opened.
        """
        self._sound = sound
        port_audio = sound.port_audio
        try:
            about = port_audio.query_devices()[device]
        except (port_audio.PortAudioError, IndexError) as error:
            raise _cannot_open("The device", error) from error
        self.rate = int(about["default_samplerate"])
        self._resampler = Resampler(self.rate, WIDE_BAND)
        self._stream: Any = None
        self._ring = SoundRing(1)
        self._expected = 0.0  # the device's time at which the next block should begin
        try:
            self._open(device, 1, ring_s)
        except port_audio.PortAudioError as one_channel:
            channels = int(about["max_input_channels"])
            if not 1 < channels <= 2:
                raise _cannot_open(str(about["name"]), one_channel) from one_channel
            try:  # some drivers give all channels or none
                self._open(device, channels, ring_s)
            except port_audio.PortAudioError as error:
                raise _cannot_open(str(about["name"]), error) from error

    @property
    def running(self) -> bool:
        """Whether the device still gives sound, as far as PortAudio knows."""
        return self._stream is not None and bool(self._stream.active)

    def read(self) -> Iterator[Incoming]:
        """What came in since the last call; never waits."""
        for one in self._ring.read():
            if isinstance(one, int):
                yield self._resampler.finish()
                self._resampler = Resampler(self.rate, WIDE_BAND)
                yield Lost(one / self.rate, LOST_ON_ITS_WAY)
            else:
                yield self._resampler.push(one)

    def close(self) -> None:
        """Let go of the device; what was recorded can still be read."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with quiet_libraries():
                stream.close(ignore_errors=True)
                self._sound.recordings -= 1

    def rest(self) -> Iterator[Incoming]:
        """After `close`: what was recorded until the end."""
        yield from self.read()
        yield self._resampler.finish()

    def _open(self, device: int, channels: int, ring_s: float) -> None:
        self._ring = SoundRing(round(ring_s * self.rate), channels)
        with quiet_libraries():
            stream = self._sound.port_audio.RawInputStream(
                device=device,
                channels=channels,
                samplerate=self.rate,
                dtype="float32",
                callback=self._on_sound,
            )
            try:
                stream.start()
            except BaseException:
                stream.close(ignore_errors=True)
                raise
            self._sound.recordings += 1
        self._stream = stream

    def _on_sound(self, data: ReadableBuffer, frames: int, time: Any, status: Any) -> None:
        """Called by PortAudio's thread."""
        begun = time.inputBufferAdcTime
        ahead = begun - self._expected if self._expected > 0 and begun > 0 else 0.0
        if ahead > JUMP_S:
            self._ring.lose(int(ahead * self.rate))
        elif status.input_overflow:
            self._ring.lose(max(int(ahead * self.rate), frames))
        self._expected = begun + frames / self.rate
        self._ring.write(data, frames)


def _cannot_open(name: str, error: Exception) -> DeviceError:
    return DeviceError(
        f"“{name.strip()}” cannot be recorded from.",
        "Another program may hold it; close that program, or choose another device.",
        (str(error),),
    )


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep what PortAudio and ALSA write to the error output of the process from the person.

    They write there whatever happens, past `sys.stderr`.
    """
    with QUIET_OPENING:
        try:
            kept = os.dup(2)
        except OSError:  # there is no error output
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
