"""Trying devices: the level of the microphone and a tone to the output; knows no Qt.

What is said is listened to and forgotten at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.settings.schema import Devices as Chosen
from phi_desk.ui.running import Running, Say, WorkRunner

if TYPE_CHECKING:  # they bring numpy, and a window shall be seen at once
    from phi_desk.media.capture import Source
    from phi_desk.media.recorder import SoundSystem

LONGEST_S = 120.0  # a forgotten test gives the microphone back
QUIET_DB = -60.0  # below it the bar is empty
HEARD = 0.35  # so much of the bar is a voice, not a room
STEP_S = 0.1

OpenMicrophone = Callable[[str | None], "Source"]
PlayTone = Callable[[str | None, CancelToken], None]


@dataclass(frozen=True, slots=True)
class Level:
    """How loud it is, from 0 to 1."""

    value: float


class TryingView(Protocol):
    """The panel, as its presenter sees it."""

    def show_level(self, level: float | None, sentence: str) -> None:
        """How loud it is; None while nothing is listened to."""
        ...

    def show_playing(self, playing: bool) -> None:
        """Whether the tone is being played."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class TryingPresenter:
    """Listens and plays on one lane, so that the two do not disturb each other."""

    def __init__(
        self,
        view: TryingView,
        lane: WorkRunner,
        chosen: Callable[[], Chosen],
        open_microphone: OpenMicrophone,
        play_tone: PlayTone,
    ) -> None:
        self._view = view
        self._lane = lane
        self._chosen = chosen
        self._open = open_microphone
        self._play = play_tone
        self._listening: Running | None = None
        self._playing: Running | None = None
        self._heard = False
        self._again = False

    @property
    def listening(self) -> bool:
        """Whether the microphone is open for us."""
        return self._listening is not None

    def listen(self) -> None:
        """Open the chosen microphone and show how loud it is."""
        if self._listening is not None:
            return
        name = self._chosen().microphone
        self._heard = self._again = False
        self._view.show_level(0.0, "Opening the microphone…")
        self._listening = self._lane.run_reporting(
            lambda say, cancel: _listen(self._open, name, say, cancel),
            on_event=self._on_event,
            on_failed=self._view.tell,
            on_finished=self._on_ended,
        )

    def stop(self) -> None:
        """Give the microphone back, and end the tone."""
        self._again = False
        for running in (self._listening, self._playing):
            if running is not None:
                running.cancel()

    def chosen_changed(self) -> None:
        """Another microphone is meant: listen to that one."""
        if self._listening is not None:
            self._again = True
            self._listening.cancel()

    def play(self) -> None:
        """Play a tone to the chosen output."""
        if self._playing is not None:
            return
        if self._listening is not None:
            self._listening.cancel()  # it would hear the tone, and it has the lane
        output = self._chosen().speaker

        def work(_say: Say, cancel: CancelToken) -> None:
            self._play(output, cancel)

        self._view.show_playing(True)
        self._playing = self._lane.run_reporting(
            work, on_failed=self._view.tell, on_finished=self._on_played
        )

    def _on_event(self, event: object) -> None:
        if isinstance(event, Level):
            self._heard = self._heard or event.value > HEARD
            said = "It hears you." if self._heard else "Say something: the bar should move."
            self._view.show_level(event.value, said)
        elif isinstance(event, str):
            self._view.show_level(0.0, event)

    def _on_ended(self) -> None:
        self._listening = None
        self._view.show_level(None, "")
        if self._again:
            self.listen()

    def _on_played(self) -> None:
        self._playing = None
        self._view.show_playing(False)


def microphone_of(sound: Callable[[], SoundSystem], name: str | None) -> Source:
    """The microphone of that name, through the one sound system of the window."""
    from phi_desk.media.microphone import open_microphone

    return open_microphone(name, sound())


def tone_to(sound: Callable[[], SoundSystem], output: str | None, cancel: CancelToken) -> None:
    """A tone to the output of that name, through the one sound system of the window."""
    from phi_desk.media.tone import play_tone

    play_tone(sound(), output, cancel)


def level_of(loudness: float) -> float:
    """Root mean square of samples, 0 to 1, as a part of the bar: in decibels, as ears hear."""
    if loudness <= 0:
        return 0.0
    return min(1.0, max(0.0, 1 - 20 * math.log10(loudness) / QUIET_DB))


def _listen(open_: OpenMicrophone, name: str | None, say: Say, cancel: CancelToken) -> None:
    import numpy as np

    from phi_desk.media.capture import Lost

    source = open_(name)
    heard_s = 0.0
    try:
        while heard_s < LONGEST_S and not cancel.cancelled:
            for one in source.read(STEP_S):
                if isinstance(one, Lost):
                    say(one.why)
                elif len(one):
                    heard_s += len(one) / source.rate
                    say(Level(level_of(float(np.sqrt(np.mean(np.square(one)))))))
    finally:
        source.close()
