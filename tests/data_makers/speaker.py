"""Somebody who speaks to the window through a virtual microphone, and what was heard of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from data_makers.person import Person
from data_makers.pulse_server import PulseServer
from phi_desk.engine.messages import Audio, ChatRequest
from phi_desk.media.decode import read_sound
from phi_desk.ui.chat.speaking import Speaking
from phi_desk.ui.voice.buttons import TalkButton

LONG_MS = 40_000  # a slow machine, with a sound server that needs two seconds for its first sound


class Speaker:
    """Somebody in front of the window who also speaks."""

    def __init__(self, person: Person, pulse: PulseServer) -> None:
        self.person, self.pulse = person, pulse
        assert person.ask.voice is not None
        self.voice: Speaking = person.ask.voice

    @property
    def button(self) -> TalkButton:
        return self.voice.button

    @property
    def strip(self) -> str:
        return self.voice.strip.words

    def waits_until(self, condition: Callable[[], object]) -> None:
        self.person.qtbot.waitUntil(lambda: bool(condition()), timeout=LONG_MS)

    def holds(self, widget: QWidget) -> None:
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())
        self.waits_until(lambda: self.strip == "Listening")

    def lets_go(self, widget: QWidget) -> None:
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    def says(self, wav: Path) -> None:
        self.ends(self.pulse.play("desk_in", wav))
        self.person.qtbot.wait(300)  # the last of it is on its way

    def ends(self, player: subprocess.Popen[bytes]) -> None:
        self.waits_until(lambda: player.poll() is not None)

    def waits_for_an_answer(self, number: int = 1) -> None:
        self.waits_until(lambda: len([a for a in self.person.answers if a]) >= number)
        self.waits_until(lambda: not self.person.ask.talk.busy and not self.voice.talking.holding)
        self.person.waits_for_the_answer()


def heard(request: ChatRequest) -> Path:
    """The recording in a question, as the engine gets it: a file that is on disk already."""
    audio = [part for part in request.messages[-1].parts if isinstance(part, Audio)]
    assert len(audio) == 1
    assert isinstance(audio[0].source, Path)
    return audio[0].source


def is_said_in(wav: Path, said: Path) -> bool:
    """Whether a recording holds what was said, whole."""
    whole, words = read_sound(wav).samples, read_sound(said).samples
    size = 1 << (len(whole) + len(words)).bit_length()
    match = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(words, size)))
    place = int(match[: len(whole)].argmax())
    there = whole[place : place + len(words)]
    return len(there) > 0.97 * len(words) and (
        float(np.corrcoef(there, words[: len(there)])[0, 1]) > 0.9
    )
