"""What the systems tell of keys that work in every window, and how they are asked; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.ui.screen.chords import Chord

LOOK_S = 0.25  # how often a watcher looks whether it shall end

NAMES = {
    "ask_screen": "Ask about the screen",
    "push_to_talk": "Ask by voice",
    "read_region": "Read a region of the screen",
    "live": "Start or stop listening live",
    "window": "Show the window",
}


@dataclass(frozen=True, slots=True)
class KeyDown:
    """The keys of an option were pressed; holding them says so once."""

    option: str


@dataclass(frozen=True, slots=True)
class KeyUp:
    """The last key of an option was let go."""

    option: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The keys of an option do not work, and why."""

    option: str
    error: PhiDeskError


KeyEvent = KeyDown | KeyUp | NotTaken
Chords = Mapping[str, Chord]
Watch = Callable[[Chords, CancelToken], Iterator[KeyEvent]]


def taken_error() -> DeviceError:
    """Another program was first."""
    return DeviceError("Another program has these keys already.", "Choose others in Settings.")


class KeySource(Protocol):
    """One way to hear of keys while other programs are in front."""

    @property
    def name(self) -> str:
        """A word for the log."""
        ...

    @property
    def everywhere(self) -> bool:
        """Whether it hears keys that are pressed in other programs."""
        ...

    def start(
        self,
        chords: Chords,
        say: Callable[[KeyEvent], None],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        """Hear these keys, and no longer those of before; tell on the thread that paints.

        `on_failed` is told when none of them can be heard in this way.
        """
        ...

    def stop(self) -> None:
        """Let go of the keys; may be followed by `start`."""
        ...

    def close(self) -> None:
        """Let go of everything, for good."""
        ...
