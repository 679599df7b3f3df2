"""A microphone, by name or the system's default, as a source of sound."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from phi_desk.errors import DeviceError
from phi_desk.media.device_source import DeviceSource
from phi_desk.media.devices.microphones import Microphone, microphones
from phi_desk.media.following import (
    CONNECT_ONE,
    Follower,
    NamedSource,
    PortAudioFollower,
    PulseFollower,
    default_source,
    matching,
)
from phi_desk.media.pulse import ask_pactl
from phi_desk.media.recorder import SoundSystem

PULSE = "pulse"  # ALSA's name for the sound server, from the package libasound2-plugins


def open_microphone(name: str | None = None, sound: SoundSystem | None = None) -> DeviceSource:
    """The microphone that `name` means, wholly or in part; the default one when None.

    It is followed: unplugged and plugged in again it is heard again, and so is another one that
    becomes the default.

    Raises:
        DeviceError: no such microphone, or the sound library is missing.
    """
    system = sound or SoundSystem()
    return DeviceSource(system, _follower(name, system))


def server_device(sound: SoundSystem) -> int | None:
    """PortAudio's number for the sound server; None where there is no server or no way to it."""
    if not sys.platform.startswith("linux") or ask_pactl("info") is None:
        return None
    for _ in range(2):
        found = (one for one in microphones(sound.port_audio) if one.name == PULSE)
        if (device := next(found, None)) is not None:
            return device.index
        sound.refresh()  # the server may have started after us
    return None


def _follower(name: str | None, sound: SoundSystem) -> Follower:
    device = server_device(sound)
    if device is not None:
        return PulseFollower(default_source if name is None else NamedSource(name), device)

    def pick(found: Sequence[Microphone]) -> Microphone:
        if not found:
            raise DeviceError("No microphone is connected.", CONNECT_ONE)
        if name is None:
            return found[0]  # the default stands first
        return found[matching(name, [(one.name,) for one in found])]

    return PortAudioFollower(sound, pick)
