"""The speech engines behind one call; knows what an engine must do, not which sentences it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from voices import EngineName, Voice

from phi_desk.errors import UsageError

_INSTALL = {
    "espeak": "Install it with: apt install espeak-ng",
    "pico": "Install it with: pip install ttspico",
    "flite": "Install it with: apt install flite",
    "festival": "Install it with: apt install festival festvox-kallpc16k festvox-kdlpc16k"
    " festvox-us-slt-hts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a sentence is spoken, as factors of the voice's own habit."""

    rate: float = 1.0  # words a minute
    pitch: float = 1.0
    melody: float = 1.0  # how far the pitch moves


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """What an engine said: mono float32 in -1..1 at `rate` Hz (each engine has its own)."""

    samples: NDArray[np.float32]
    rate: int


class Engine(Protocol):
    """Speaks; one instance a process, used by one thread."""

    def say(self, text: str, name: str, manner: Manner) -> Rendering:
        """`text` in the engine's voice `name`."""
        ...


class EngineMissingError(UsageError):
    """A speech engine is not installed."""

    def __init__(self, engine: EngineName) -> None:
        super().__init__(f"The speech engine {engine} is not installed.", _INSTALL[engine])


@cache
def engine(name: EngineName) -> Engine:
    """The engine called `name`, started on first use and kept for the life of the process.

    Raises:
        EngineMissingError: it is not installed.
    """
    try:
        return _started(name)
    except (OSError, ImportError) as error:
        raise EngineMissingError(name) from error


def missing(voices: tuple[Voice, ...]) -> tuple[EngineName, ...]:
    """The engines that `voices` need and this computer lacks."""
    names = sorted({voice.engine for voice in voices})
    return tuple(name for name in names if not _is_there(name))


def _is_there(name: EngineName) -> bool:
    try:
        engine(name)
    except EngineMissingError:
        return False
    return True


def _started(name: EngineName) -> Engine:
    # Imported here because each module loads its engine's library.
    if name == "espeak":
        from espeak import Espeak

        return Espeak()
    if name == "pico":
        from pico import Pico

        return Pico()
    if name == "flite":
        from flite import Flite

        return Flite()
    from festival import Festival

    return Festival()


def from_pcm(raw: bytes) -> NDArray[np.float32]:
    """16-bit samples as floats in -1..1."""
    return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(32768.0)
