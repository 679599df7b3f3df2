"""Lists what PortAudio can record from; knows no other device and starts no recording."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from phi_desk.errors import DeviceError

_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Microphone:
    """Something that can be recorded from.

    Attributes:
        index: PortAudio's number for it; changes when devices come and go.
        host: the sound system it belongs to, such as "ALSA" or "Windows WASAPI".
        channels: most channels it records.
        rate: its own sample rate, in Hz.
        default: whether the system records from it unless told otherwise.
    """

    name: str
    index: int
    host: str
    channels: int
    rate: int
    default: bool


class PortAudio(Protocol):
    """The part of the module `sounddevice` that is asked."""

    PortAudioError: type[Exception]
    default: Any

    def query_devices(self) -> Sequence[Mapping[str, Any]]:
        """Every device, inputs and outputs."""
        ...

    def query_hostapis(self) -> Sequence[Mapping[str, Any]]:
        """Every sound system."""
        ...


def is_loaded_or_not_begun(wait_s: float) -> bool:
    """Whether PortAudio is not just being loaded, after waiting for at most `wait_s` seconds.

    Loading it asks every sound system there is. A process that ends in the middle of that can leave
    JACK's database in shared memory locked, and the next one that loads PortAudio hangs.
    """
    ended = _LOADING.acquire(timeout=wait_s)
    if ended:
        _LOADING.release()
    return ended


def open_port_audio() -> PortAudio:
    """PortAudio through `sounddevice`.

    Raises:
        DeviceError: the library is not on this machine.
    """
    try:
        with _LOADING:
            import sounddevice
    except OSError as error:
        raise DeviceError(
            "The microphone cannot be used: the library PortAudio is not installed.",
            "On Debian and Ubuntu the package is libportaudio2, elsewhere portaudio.",
        ) from error
    port_audio: PortAudio = sounddevice
    return port_audio


def microphones(port_audio: PortAudio | None = None) -> tuple[Microphone, ...]:
    """Everything that can be recorded from, the default first.

    Raises:
        DeviceError: PortAudio is not installed, or the sound system refuses.
    """
    source = port_audio if port_audio is not None else open_port_audio()
    try:
        devices = source.query_devices()
        hosts = [str(host["name"]) for host in source.query_hostapis()]
        chosen = int(source.default.device[0])
    except source.PortAudioError as error:
        raise DeviceError(
            "The sound system does not say which microphones there are.",
            "Check that a sound server runs and that this program may use it.",
            (str(error),),
        ) from error
    found = [
        Microphone(
            name=str(device["name"]).strip(),
            index=index,
            host=hosts[int(device["hostapi"])],
            channels=int(device["max_input_channels"]),
            rate=int(device["default_samplerate"]),
            default=index == chosen,
        )
        for index, device in enumerate(devices)
        if int(device["max_input_channels"]) > 0
    ]
    return tuple(sorted(found, key=lambda one: not one.default))
