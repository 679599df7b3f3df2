"""Every device a person may choose, as values that settings keep and words that people read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera
from phi_desk.media.devices.microphones import PortAudio, open_port_audio
from phi_desk.media.pulse import PulseState


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A device: what settings keep of it, and its name for people."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """What is connected; `microphone` and `speaker` are the names of the defaults, or empty."""

    microphones: tuple[Known, ...] = ()
    speakers: tuple[Known, ...] = ()
    cameras: tuple[Known, ...] = ()
    microphone: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundDevice:
    """A device as PortAudio lists it; the defaults are those of the system."""

    name: str
    records: bool
    plays: bool
    default_microphone: bool
    default_speaker: bool


def sound_devices(port_audio: PortAudio | None = None) -> tuple[SoundDevice, ...]:
    """Everything that PortAudio can record from or play to.

    Raises:
        DeviceError: PortAudio is not installed, or the sound system refuses.
    """
    source = port_audio if port_audio is not None else open_port_audio()
    try:
        listed = list(source.query_devices())
        recorded, played = (int(number) for number in source.default.device)
    except source.PortAudioError as error:
        raise DeviceError(
            "The sound system does not say which devices there are.",
            "Check that it runs and that this program may use it.",
            (str(error),),
        ) from error
    return tuple(
        SoundDevice(
            name=str(one["name"]).strip(),
            records=int(one["max_input_channels"]) > 0,
            plays=int(one.get("max_output_channels", 0)) > 0,
            default_microphone=index == recorded,
            default_speaker=index == played,
        )
        for index, one in enumerate(listed)
    )


def from_server(state: PulseState, sinks: str | None, found: Sequence[Camera]) -> Devices:
    """As a sound server says it; `sinks` is what `pactl -f json list sinks` answers."""
    speakers = tuple(_sinks(sinks))
    default = state.named(state.default_source)
    return Devices(
        microphones=tuple(
            Known(value=one.name, words=one.description) for one in state.microphones
        ),
        speakers=speakers,
        cameras=as_known(found),
        # without a microphone a server records what the loudspeakers play: that is none
        microphone=default.description if default is not None and not default.monitor_of else "",
        speaker=next((one.words for one in speakers if one.value == state.default_sink), ""),
    )


def from_port_audio(listed: Sequence[SoundDevice], found: Sequence[Camera]) -> Devices:
    """As PortAudio lists it, where there is no server to be asked."""
    return Devices(
        microphones=tuple(Known(value=one.name, words=one.name) for one in listed if one.records),
        speakers=tuple(Known(value=one.name, words=one.name) for one in listed if one.plays),
        cameras=as_known(found),
        microphone=next((one.name for one in listed if one.default_microphone), ""),
        speaker=next((one.name for one in listed if one.default_speaker), ""),
    )


def as_known(found: Sequence[Camera]) -> tuple[Known, ...]:
    """Cameras by what they are opened by; two of one make are told apart by it."""
    names = [one.name for one in found]
    return tuple(
        Known(
            value=one.source,
            words=one.name if names.count(one.name) == 1 else f"{one.name} ({one.source})",
        )
        for one in found
    )


def news(before: Devices, after: Devices) -> tuple[str, ...]:
    """What has changed, in sentences."""
    said: list[str] = []
    for kind, old, new in (
        ("microphone", before.microphones, after.microphones),
        ("output", before.speakers, after.speakers),
        ("camera", before.cameras, after.cameras),
    ):
        said += [f"New {kind}: “{one.words}”." for one in new if one not in old]
        said += [f"The {kind} “{one.words}” is gone." for one in old if one not in new]
    if after.microphone and after.microphone != before.microphone:
        said.append(f"The default microphone is “{after.microphone}” now.")
    if after.speaker and after.speaker != before.speaker:
        said.append(f"Sound goes to “{after.speaker}” now.")
    return tuple(said)


def _sinks(answer: str | None) -> Iterator[Known]:
    try:
        listed: Any = json.loads(answer or "[]")
    except ValueError:
        return
    for one in listed if isinstance(listed, list) else ():
        name = str(one.get("name", ""))
        yield Known(value=name, words=str(one.get("description") or name))
