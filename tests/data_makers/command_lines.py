"""What a test sees of a command line that ran."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.framing import FRAME_S, Framing, frame_samples
from phi_desk.services.engines import EngineOptions


@dataclass
class Ran:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]  # all line ends

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    @property
    def finished(self) -> dict[str, Any]:
        (event,) = self.named("finished")
        return event


@dataclass
class Desk:
    """The program with an engine of its own; `opened` holds what the engine was opened with."""

    run: Callable[..., Ran]
    opened: list[EngineOptions]


class ScriptedDetector:
    """Hears speech in the seconds it was told, in 16 kHz sound; everywhere when told nothing."""

    name = "scripted"

    def __init__(self, *spans: tuple[float, float]) -> None:
        self._spans = spans
        self._framing = Framing(frame_samples(16_000))
        self._frame = 0

    def reset(self, rate: int = 16_000) -> None:
        assert rate == 16_000
        self._framing = Framing(frame_samples(rate))
        self._frame = 0

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._probabilities(len(self._framing.push(block)))

    def finish(self) -> NDArray[np.float32]:
        return self._probabilities(len(self._framing.finish()))

    def _probabilities(self, frames: int) -> NDArray[np.float32]:
        times = (np.arange(self._frame, self._frame + frames) + 0.5) * FRAME_S
        self._frame += frames
        speaks = [not self._spans or any(a <= t < b for a, b in self._spans) for t in times]
        return np.array(speaks, np.float32)
