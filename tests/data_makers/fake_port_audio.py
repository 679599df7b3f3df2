"""PortAudio without hardware: a list of devices, and recordings that a test speaks into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.recorder import SoundSystem


class PortAudioError(Exception):
    """As sounddevice's."""


def device(name: str, *, channels: int = 1, rate: int = 16_000, host: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "hostapi": host,
        "max_input_channels": channels,
        "default_samplerate": float(rate),
    }


@dataclass
class FakeStream:
    """A recording: `say` calls back as PortAudio's thread would."""

    settings: dict[str, Any]
    callback: Callable[..., None]
    active: bool = False
    closed: bool = False
    adc: float = 1.0

    def start(self) -> None:
        self.active = True

    def close(self, ignore_errors: bool = True) -> None:
        self.active, self.closed = False, True

    def say(
        self, samples: NDArray[np.float32], *, overflow: bool = False, late_s: float = 0.0
    ) -> None:
        frames = len(samples)
        self.adc += late_s
        moment = SimpleNamespace(inputBufferAdcTime=self.adc)
        status = SimpleNamespace(input_overflow=overflow)
        self.callback(memoryview(samples.tobytes()), frames, moment, status)
        self.adc += frames / float(self.settings["samplerate"])


class FakePortAudio:
    """The module `sounddevice`, as far as it is used."""

    PortAudioError: type[Exception] = PortAudioError

    def __init__(self, *devices: Mapping[str, Any]) -> None:
        self.devices: Sequence[Mapping[str, Any]] = devices
        self.after_restart: Sequence[Mapping[str, Any]] | None = None
        self.default = SimpleNamespace(device=[0, 0])
        self.streams: list[FakeStream] = []
        self.refused_channels: set[int] = set()
        self.restarts = 0

    @property
    def system(self) -> SoundSystem:
        return SoundSystem(self)

    def query_devices(self) -> Sequence[Mapping[str, Any]]:
        return self.devices

    def query_hostapis(self) -> Sequence[Mapping[str, Any]]:
        return [{"name": "ALSA"}, {"name": "Windows WASAPI"}]

    def RawInputStream(self, **settings: Any) -> FakeStream:  # noqa: N802  (its real name)
        if settings["channels"] in self.refused_channels:
            raise PortAudioError("Invalid number of channels")
        self.streams.append(FakeStream(settings, settings["callback"]))
        return self.streams[-1]

    def _terminate(self) -> None:
        self.restarts += 1

    def _initialize(self) -> None:
        if self.after_restart is not None:
            self.devices = self.after_restart
