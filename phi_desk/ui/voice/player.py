"""Plays one clip at a time, on a lane of its own; knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.output import Output
from phi_desk.media.playing import At, Plays, play
from phi_desk.media.recorder import SoundSystem
from phi_desk.media.sound import Sound
from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import Running

OpenOutput = Callable[[int], Plays]


@dataclass(frozen=True, slots=True)
class Clip:
    """Something that can be played; two with the same `key` are the same."""

    key: str
    source: Sound | Path


@dataclass(frozen=True, slots=True)
class PlayState:
    """Where `key` is, and whether it is heard right now."""

    key: str
    seconds: float = 0.0
    playing: bool = False


class Player(QObject):
    """Pauses one when another begins, and remembers where the last one was."""

    changed = Signal(object)  # PlayState
    playing_changed = Signal(bool)
    failed = Signal(object)  # PhiDeskError

    def __init__(
        self,
        preferences: Preferences,
        sound: Callable[[], SoundSystem],
        parent: QObject | None = None,
        *,
        open_output: OpenOutput | None = None,
    ) -> None:
        super().__init__(parent)
        self.lane = Lane("playing lane")
        self._preferences = preferences
        self._sound = sound
        self._open_output = open_output
        self._running: Running | None = None
        self._number = 0
        self.state = PlayState("")

    @property
    def playing(self) -> bool:
        """Whether anything is heard."""
        return self.state.playing

    def state_of(self, key: str) -> PlayState:
        """Where a clip is."""
        return self.state if key == self.state.key else PlayState(key)

    def toggle(self, clip: Clip, seconds: float) -> None:
        """Play from there, or pause."""
        if self.playing and clip.key == self.state.key:
            self.pause()
        else:
            self.play(clip, seconds)

    def play(self, clip: Clip, start_s: float) -> None:
        """Play from `start_s`; whatever else is heard stops."""
        self.pause()
        if clip.key != self.state.key:
            self._show(PlayState(self.state.key))  # the last one goes back to its beginning
        self._number += 1
        number, open_output = self._number, self._open_output or self._opener()
        self._show(PlayState(clip.key, start_s, playing=True))

        def work(cancel: CancelToken) -> Iterator[object]:
            yield from play(clip.source, start_s, open_output, cancel)

        def at(event: object) -> None:
            if isinstance(event, At) and number == self._number and self.playing:
                self._show(replace(self.state, seconds=event.seconds))

        def finished() -> None:
            if number == self._number and self.playing:
                self._running = None
                self._show(PlayState(clip.key))  # at its end: the next time from the beginning

        self._running = self.lane.run(
            work, on_event=at, on_failed=self._on_failed, on_finished=finished
        )

    @Slot()
    def pause(self) -> None:
        """Be silent; it goes on from here."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
        if self.playing:
            self._show(replace(self.state, playing=False))

    def stop(self) -> None:
        """Cancel everything; does not wait."""
        self.lane.stop()

    def close(self) -> None:
        """End the lane."""
        self.lane.close()

    def _opener(self) -> OpenOutput:
        name, sound = self._preferences.value.devices.speaker, self._sound
        return lambda rate: Output(sound(), rate, name)

    @Slot(object)
    def _on_failed(self, error: PhiDeskError) -> None:
        self.failed.emit(error)

    def _show(self, state: PlayState) -> None:
        before, self.state = self.state, state
        if state.key:
            self.changed.emit(state)
        if before.playing != state.playing:
            self.playing_changed.emit(state.playing)
