"""What this computer plays, as a source of sound, without a cable."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from phi_desk.errors import DeviceError
from phi_desk.media.device_source import DeviceSource
from phi_desk.media.devices.microphones import Microphone
from phi_desk.media.following import PortAudioFollower, PulseFollower
from phi_desk.media.microphone import server_device
from phi_desk.media.pulse import PulseSource, PulseState, pulse_state
from phi_desk.media.recorder import SoundSystem

LOOPBACK = "[loopback]"  # how PortAudio marks them, from the version after 19.7


def open_system_audio(
    sound: SoundSystem | None = None, system: str = sys.platform, *, output: str = ""
) -> DeviceSource:
    """The sound of the default output; another output that becomes the default is followed.

    `output`, the sound server's name for one, listens to that one only.

    Raises:
        DeviceError: this system cannot do it, with what is needed.
    """
    if system == "darwin":
        raise DeviceError(
            "macOS lets no program hear what others play.",
            "Install a loopback device such as BlackHole, make it part of a multi-output device, "
            "and choose it as the microphone.",
        )
    recorder = sound or SoundSystem()
    if system.startswith("win"):
        return DeviceSource(recorder, PortAudioFollower(recorder, loopback_device))
    if pulse_state() is None:
        raise DeviceError(
            "The sound of this computer can only be heard through PulseAudio or PipeWire, and "
            "neither answers.",
            "On Debian and Ubuntu: apt install pulseaudio pulseaudio-utils.",
        )
    device = server_device(recorder)
    if device is None:
        raise DeviceError(
            "The sound server is there, but no way to it from PortAudio.",
            "On Debian and Ubuntu the package is libasound2-plugins.",
        )
    return DeviceSource(recorder, PulseFollower(partial(played_source, output=output), device))


def played_source(state: PulseState, output: str = "") -> PulseSource:
    """The monitor of that output, or of the default one.

    Raises:
        DeviceError: there is no such output, or it has no monitor.
    """
    wanted = output or state.default_sink
    monitors = (one for one in state.sources if one.monitor_of == wanted)
    found = next(monitors, None) if wanted else None
    if found is None and output:
        raise DeviceError(
            f"There is no sound output “{output}” at the moment.",
            "Connect it again, or choose the system's own in Settings.",
        )
    if found is None:
        raise DeviceError(
            "This computer has no sound output to listen to.", "Connect or enable one."
        )
    return found


def loopback_device(found: Sequence[Microphone]) -> Microphone:
    """On Windows: the loopback of an output, the default one's before others.

    Raises:
        DeviceError: PortAudio offers none.
    """
    loops = [one for one in found if LOOPBACK in one.name.casefold()]
    if not loops:
        raise DeviceError(
            "The sound library on this computer cannot hear what Windows plays.",
            "Enable “Stereo Mix” among the recording devices of Windows, or install a virtual "
            "cable such as VB-Cable, and choose it as the microphone.",
        )
    return loops[0]
