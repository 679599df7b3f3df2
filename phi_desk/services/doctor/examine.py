"""Runs every probe, in order; one that fails or hangs becomes a finding and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera
from phi_desk.media.devices.microphones import Microphone
from phi_desk.media.devices.screens import screen_capture
from phi_desk.model import published
from phi_desk.model.plan import Device
from phi_desk.services.doctor import basics, hardware, packages, precisions
from phi_desk.services.doctor.finding import Finding
from phi_desk.services.doctor.isolated import Question, Rows
from phi_desk.services.doctor.machine import Machine

logger = logging.getLogger(__name__)

DRIVER_LIMIT_S = 5.0
TORCH_LIMIT_S = 30.0  # importing torch from a cold, slow disk takes many seconds
MICROPHONES = "phi_desk.media.devices.microphones:microphones"
CAMERAS = "phi_desk.media.devices.cameras:cameras"
DEVICES = "phi_desk.model.devices:find_devices"


class Asked(Protocol):
    """A question that is being answered elsewhere."""

    def answer(self) -> Rows:
        """Wait for it; raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Stop waiting for good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Looks at one machine.

    Attributes:
        home: the folder of all state.
        list_models: the names of the installed models.
        notice: what must be known about the model that is used; empty for nothing.
        offline: whether the person has switched the network off.
        ask: calls a function, named "module:function", in a process of its own.
    """

    home: Path
    list_models: Callable[[], Sequence[str]]
    notice: Callable[[], str] = str
    offline: bool = False
    machine: Machine = field(default_factory=Machine)
    ask: Callable[[str, float], Asked] = Question

    def examine(self) -> Iterator[Finding]:
        """Every finding, as soon as it is known; the drivers are asked all at once."""
        devices = self.ask(DEVICES, TORCH_LIMIT_S)
        microphones = self.ask(MICROPHONES, DRIVER_LIMIT_S)
        cameras = self.ask(CAMERAS, DRIVER_LIMIT_S)
        try:
            yield from self._basics()
            yield from _safely("microphone", lambda: [_microphone(microphones)])
            yield from _safely("camera", lambda: [_camera(cameras)])
            yield from _safely("screen capture", lambda: [self._screen()])
            yield from _safely("accelerator", lambda: _model(devices))
            yield from _safely("models", lambda: [self._models()])
        finally:
            for asked in (devices, microphones, cameras):
                asked.close()

    def _basics(self) -> Iterator[Finding]:
        here = self.machine
        needed = published.TOTAL_BYTES
        probes: dict[str, Callable[[], Finding]] = {
            "system": lambda: basics.operating_system(here),
            "python": basics.python,
            "processor": lambda: basics.processor(here),
            "instruction sets": lambda: basics.instruction_sets(here),
            "memory": basics.memory,
            "disk": lambda: basics.disk(self.home, needed),
            "network": lambda: basics.network(offline=self.offline),
            "system packages": lambda: packages.system_packages(here),
        }
        for name, probe in probes.items():
            yield from _safely(name, lambda probe=probe: [probe()])  # type: ignore[misc]

    def _screen(self) -> Finding:
        here = self.machine
        return hardware.screen(screen_capture(here.system, here.environment, ask=here.ask))

    def _models(self) -> Finding:
        names = self.list_models()
        if names:
            return Finding(name="models", value=", ".join(names), hint=self.notice())
        return Finding(
            name="models",
            value="none installed",
            state="missing",
            hint="Fetch the full model with `phi-desk models download`, or add a folder with "
            "`phi-desk models add DIR`.",
        )


def _safely(name: str, probe: Callable[[], Sequence[Finding]]) -> Sequence[Finding]:
    """The findings of a probe; a failure of it is a finding too."""
    try:
        return probe()
    except DeviceError as error:
        return [hardware.failed(name, error)]
    except Exception as error:  # a probe is a plug-in: none stops the others
        logger.warning("The probe %r failed.", name, exc_info=True)
        return [Finding(name=name, value=f"could not be found out ({error})", state="warning")]


def _microphone(asked: Asked) -> Finding:
    return hardware.microphone([Microphone(**row) for row in asked.answer()])


def _camera(asked: Asked) -> Finding:
    return hardware.camera([Camera(**row) for row in asked.answer()])


def _model(asked: Asked) -> list[Finding]:
    devices = [Device(**row) for row in asked.answer()]
    found = [precisions.accelerator(devices), *precisions.precisions(devices)]
    return [*found, precisions.advice(devices)]
