"""Hold a key, speak, and ask about what is on the screen: the order of things; knows no Qt.

The screen is frozen first, before anything of ours is shown. When the key is let go the picture
and the voice become one question; without a voice the picture waits in the composer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from phi_desk.media.sound import Sound

SHORTEST_S = 0.3  # who lets go sooner only touched the key
TOUCHED = "Hold the keys while you speak. The picture of the screen waits in your question."
UNHEARD = "Nothing was heard. The picture of the screen waits in your question."
NO_MICROPHONE = "The picture of the screen waits in your question: write what you want to know."

Shot = TypeVar("Shot")


class AskingView(Protocol):
    """What is shown while the key is held."""

    def show_recording(self) -> None:
        """The microphone is listening."""
        ...

    def hide_recording(self) -> None:
        """It is no longer."""
        ...

    def tell(self, sentence: str) -> None:
        """Say why nothing was asked."""
        ...


class Voice(Protocol):
    """Records one question."""

    def start(self) -> bool:
        """Begin; false where that is not possible now."""
        ...

    def stop(self, on_clip: Callable[[Sound | None, str], None]) -> None:
        """End; `on_clip` gets the voice later, or None and a sentence."""
        ...

    def cancel(self) -> None:
        """End, and forget it."""
        ...


@dataclass(slots=True)
class _Question(Generic[Shot]):
    """What there is of a question so far."""

    begun: float
    shot: Shot | None = None
    sound: Sound | None = None
    sentence: str = ""  # why there is no voice
    voice_ended: bool = False
    released: bool = False


class Asking(Generic[Shot]):
    """One question at a time.

    Args:
        freeze: freezes the screen and hands it to its argument; false where that cannot be now.
        ask: takes the screen and the voice, and whether to send them at once.
        toggle: whether one press begins and the next ends, instead of holding.
    """

    def __init__(
        self,
        view: AskingView,
        freeze: Callable[[Callable[[Shot], None]], bool],
        voice: Voice,
        ask: Callable[[Shot, Sound | None, bool], None],
        toggle: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._view, self._freeze, self._voice, self._ask = view, freeze, voice, ask
        self._toggle, self._clock = toggle, clock
        self._question: _Question[Shot] | None = None

    @property
    def active(self) -> bool:
        """Whether a question is being recorded or made ready."""
        return self._question is not None

    def press(self) -> None:
        """The key goes down."""
        if self._question is not None:
            if self._toggle():
                self._finish(self._question)
            return
        question = self._question = _Question[Shot](self._clock())
        if not self._freeze(lambda shot: self._on_shot(question, shot)):
            self._question = None

    def release(self) -> None:
        """It goes up."""
        if self._question is not None and not self._toggle():
            self._finish(self._question)

    def full(self) -> None:
        """No more can be recorded: as if the key were let go."""
        if self._question is not None:
            self._finish(self._question)

    def cancel(self) -> None:
        """Ask nothing."""
        question, self._question = self._question, None
        if question is not None:
            self._voice.cancel()
            self._view.hide_recording()

    def no_screen(self) -> None:
        """The screen could not be frozen; why is told elsewhere."""
        if self._question is not None and self._question.shot is None:
            self.cancel()

    def _on_shot(self, question: _Question[Shot], shot: Shot) -> None:
        if question is not self._question:
            return
        question.shot = shot
        if question.released:
            self._join(question)
        elif self._voice.start():
            question.begun = self._clock()
            self._view.show_recording()
        else:
            question.voice_ended, question.sentence = True, NO_MICROPHONE
            self._join(question)

    def _finish(self, question: _Question[Shot]) -> None:
        if question.released:
            return
        question.released = True
        self._view.hide_recording()
        if question.shot is None:  # the desktop has not given it yet, so nothing was recorded
            question.voice_ended, question.sentence = True, TOUCHED
        elif self._clock() - question.begun < SHORTEST_S:
            self._voice.cancel()
            question.voice_ended, question.sentence = True, TOUCHED
            self._join(question)
        else:
            self._voice.stop(lambda sound, sentence: self._on_clip(question, sound, sentence))

    def _on_clip(self, question: _Question[Shot], sound: Sound | None, sentence: str) -> None:
        if question is self._question:
            question.sound, question.voice_ended = sound, True
            question.sentence = f"{sentence} {NO_MICROPHONE}" if sentence else UNHEARD
            self._join(question)

    def _join(self, question: _Question[Shot]) -> None:
        """Ask, when everything is there."""
        if question.shot is None or not question.voice_ended:
            return
        self._question = None
        self._view.hide_recording()
        if question.sound is None:
            self._view.tell(question.sentence)
        self._ask(question.shot, question.sound, question.sound is not None)
