"""Trying devices: what is heard becomes a level, one thing at a time, and nothing stays open."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from data_makers.at_once import AtOnce

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.settings.schema import Devices
from phi_desk.ui.settings.trying import LONGEST_S, TryingPresenter, level_of


class Panel:
    def __init__(self) -> None:
        self.levels: list[float | None] = []
        self.sentences: list[str] = []
        self.playing: list[bool] = []
        self.errors: list[str] = []

    def show_level(self, level: float | None, sentence: str) -> None:
        self.levels.append(level)
        self.sentences.append(sentence)

    def show_playing(self, playing: bool) -> None:
        self.playing.append(playing)

    def tell(self, error: PhiDeskError) -> None:
        self.errors.append(error.sentence)


class Microphone:
    """Gives what it is told, then does what it is told."""

    name, rate, patient, ended = "Desk", 16_000, False, False

    def __init__(self, then: Callable[[], object], *heard: Incoming) -> None:
        self._heard, self._then = list(heard), then
        self.closed = False

    def read(self, wait_s: float) -> list[Incoming]:
        if self._heard:
            return [self._heard.pop(0)]
        self._then()
        return []

    def finish(self) -> list[Incoming]:
        return []

    def close(self) -> None:
        self.closed = True


def sound(loudness: float, seconds: float = 0.1) -> Incoming:
    return np.full(round(16_000 * seconds), loudness, np.float32)


class Room:
    def __init__(self, *heard: Incoming, hold: bool = False) -> None:
        self.panel, self.lane = Panel(), AtOnce(hold=hold)
        self.opened: list[str | None] = []
        self.played: list[str | None] = []
        self.chosen = Devices(microphone="desk", speaker="out")
        self.failure: PhiDeskError | None = None
        self.microphone = Microphone(lambda: self.presenter.stop(), *heard)
        self.presenter = TryingPresenter(
            self.panel, self.lane, lambda: self.chosen, self.open, self.play
        )

    def open(self, name: str | None) -> Microphone:
        self.opened.append(name)
        if self.failure is not None:
            raise self.failure
        return self.microphone

    def play(self, output: str | None, cancel: CancelToken) -> None:
        cancel.raise_if_cancelled()
        self.played.append(output)


@pytest.mark.parametrize(
    ("loudness", "level"), [(0.0, 0.0), (0.001, 0.0), (0.01, 1 / 3), (0.1, 2 / 3), (1.0, 1.0)]
)
def test_a_level_is_a_share_of_sixty_decibels(loudness: float, level: float) -> None:
    assert level_of(loudness) == pytest.approx(level, abs=0.01)


def test_what_is_heard_moves_the_bar_and_the_microphone_is_given_back() -> None:
    room = Room(sound(0.0), sound(0.2), sound(0.0))
    room.lane.hold = True
    room.presenter.listen()
    assert room.presenter.listening
    room.lane.go_on()
    assert room.opened == ["desk"]
    assert room.panel.levels == pytest.approx([0.0, 0.0, 0.767, 0.0, None], abs=0.01)
    assert "Say something" in room.panel.sentences[1]
    assert room.panel.sentences[3] == "It hears you."
    assert room.microphone.closed
    assert not room.presenter.listening


def test_a_loss_is_told() -> None:
    room = Room(Lost(0.5, "“Desk” is gone."), hold=True)
    room.presenter.listen()
    room.lane.go_on()
    assert "“Desk” is gone." in room.panel.sentences


def test_a_microphone_that_cannot_be_opened_is_told() -> None:
    room = Room()
    room.failure = DeviceError("No microphone is connected.")
    room.presenter.listen()
    assert room.panel.errors == ["No microphone is connected."]
    assert room.panel.levels[-1] is None


def test_a_forgotten_test_ends_by_itself() -> None:
    room = Room(sound(0.1, LONGEST_S + 1))
    room.microphone._then = lambda: pytest.fail("it listens for ever")
    room.presenter.listen()
    assert room.microphone.closed


def test_another_choice_is_listened_to_instead() -> None:
    room = Room(sound(0.1), hold=True)
    room.presenter.listen()
    room.chosen = Devices(microphone="headset")
    room.presenter.chosen_changed()
    room.lane.go_on()
    assert room.opened == ["headset"], "the first one was withdrawn before it was opened"
    room.presenter.chosen_changed()
    assert not room.lane.held, "nothing begins by itself"


def test_the_tone_goes_to_the_chosen_output_once_at_a_time() -> None:
    room = Room(hold=True)
    room.presenter.listen()
    room.presenter.play()
    room.presenter.play()
    room.lane.go_on()
    assert room.opened == [], "it does not listen to its own tone"
    assert room.played == ["out"]
    assert room.panel.playing == [True, False]
