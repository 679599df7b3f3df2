"""What comes out while a person speaks; knows no device and no window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phi_desk.media.sound import Sound

State = Literal["listening", "hearing", "thinking", "speaking"]


@dataclass(frozen=True, slots=True)
class Began:
    """The microphone gives sound from now on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How loud it is, 0..1, and how many seconds there are by now."""

    level: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Told:
    """Something the person should know."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Full:
    """The clip is as long as it may be."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The clip; or None where there is nothing to ask with, and why."""

    sound: Sound | None
    why: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """Hands-free is doing something else now."""

    state: State


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said this; not `whole` when the microphone went in the middle of it."""

    sound: Sound
    whole: bool = True


ClipEvent = Began | Heard | Told | Full | Taken
TurnEvent = Began | Heard | Told | Turned | Said
