"""The parts of voice by themselves: what holds, what is shown, and a voice that hangs or dies."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from data_makers.person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from phi_desk.engine.fake import FakeEngine
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.peaks import Outline
from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.voice.buttons import TalkButton
from phi_desk.ui.voice.capture import Capture, LazySound
from phi_desk.ui.voice.reader import Reader
from phi_desk.ui.voice.recorder import VoiceRecorder
from phi_desk.ui.voice.strip import VoiceStrip
from phi_desk.ui.voice.wave import WaveSlider, clock

Make = Callable[..., Reader]
LONG_MS = 30_000
HANGS = "import time; time.sleep(100)"
DIES = "import sys; sys.stdin.readline(); sys.exit(3)"
TALKS_NONSENSE = "print('Segmentation fault', flush=True); import time; time.sleep(100)"


@pytest.fixture
def preferences(tmp_path: Path) -> Iterator[Preferences]:
    lane = Lane("disk lane")
    yield Preferences(tmp_path, lane)
    lane.close()


@pytest.fixture
def reader(preferences: Preferences) -> Iterator[Make]:
    made: list[Reader] = []

    def make(program: str, answer_ms: int = 200) -> Reader:
        command = (sys.executable, "-c", program)
        made.append(Reader(preferences, command=command, answer_ms=answer_ms))
        return made[-1]

    yield make
    for one in made:
        one.close()
        one.deleteLater()


@pytest.mark.parametrize(
    ("program", "answer_ms", "sentence"),
    [
        (HANGS, 200, "does not answer"),
        (TALKS_NONSENSE, 200, "does not answer"),
        (DIES, 60_000, "has stopped"),
    ],
)
def test_a_voice_that_fails_is_one_sentence_and_can_be_tried_again(
    qtbot: QtBot, reader: Make, program: str, answer_ms: int, sentence: str
) -> None:
    reads = reader(program, answer_ms)
    told: list[str] = []
    reads.failed.connect(lambda error: told.append(error.sentence))
    for number in (1, 2):
        with qtbot.waitSignal(reads.failed, timeout=LONG_MS):
            assert reads.read("it", "Some words.")
            assert reads.key == "it"
        assert len(told) == number
        assert sentence in told[-1]
        assert reads.key == ""


def test_nothing_to_say_starts_no_process(reader: Make) -> None:
    assert not reader("raise SystemExit").read("it", "***")


def test_the_sample_in_settings_fills_the_list_of_voices(
    enter: Callable[..., Person], qtbot: QtBot
) -> None:
    person = enter(FakeEngine())
    person.desktop.reader.engine = "mock"
    person.desktop.window.open_page("Settings")
    buttons = person.desktop.settings.findChildren(QPushButton)
    (hear,) = [one for one in buttons if one.text() == "Hear the voice"]
    hear.click()
    qtbot.waitUntil(lambda: hear.text() == "Stop", timeout=LONG_MS)
    qtbot.waitUntil(lambda: hear.text() == "Hear the voice", timeout=LONG_MS)
    assert ("Bob", "en") in person.desktop.reader.voices


def test_the_button_is_held_wherever_the_mouse_goes(qtbot: QtBot) -> None:
    button = TalkButton()
    qtbot.addWidget(button)
    button.show()
    said: list[str] = []
    button.held.connect(lambda: said.append("held"))
    button.let_go.connect(lambda: said.append("let go"))
    button.tapped.connect(lambda: said.append("tapped"))
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(button, left)
    QTest.mouseMove(button, QPoint(500, 500))
    assert said == ["held"]
    QTest.mouseRelease(button, left, pos=QPoint(500, 500))
    assert said == ["held", "let go"]
    QTest.mouseClick(button, Qt.MouseButton.RightButton)
    QTest.keyPress(button, Qt.Key.Key_Space)
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert said == ["held", "let go"] * 2
    button.click()  # as a screen reader does
    assert said[4:] == ["tapped"]
    QTest.mousePress(button, left)
    button.hide()
    assert said[5:] == ["held", "let go"]


def test_a_waveform_is_a_slider(qtbot: QtBot) -> None:
    slider = WaveSlider("talk.wav")
    qtbot.addWidget(slider)
    slider.resize(208, 30)
    slider.show()
    slider.show_outline(Outline(np.linspace(0, 1, 48, dtype=np.float32), 100.0))
    sought: list[float] = []
    slider.sought.connect(sought.append)
    slider.show_place(20.0)
    assert not sought  # it was the player who moved it
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(104, 15))
    assert sought == [pytest.approx(50, abs=0.5)]
    for key, seconds in (
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 5),
        (Qt.Key.Key_PageUp, 15),
        (Qt.Key.Key_End, 100),
        (Qt.Key.Key_Left, 95),
    ):
        QTest.keyClick(slider, key)
        assert sought[-1] == seconds
    colours = {slider.grab().toImage().pixelColor(x, 15).name() for x in range(10, 200)}
    assert len(colours) > 2  # what was heard looks different from what is to come


def test_the_strip_has_room_for_its_hint_or_hides_it(qtbot: QtBot) -> None:
    strip = VoiceStrip()
    qtbot.addWidget(strip)
    strip.resize(900, 30)
    strip.show_limit(120)
    strip.show_state("Listening", "Let go to ask", cancel="Cancel|Cancel (Esc)", listening=True)
    strip.show_time(61)
    assert strip.time == "1:01 / 2:00"
    hint = next(
        one for one in strip.findChildren(type(strip._hint)) if one.text() == "Let go to ask"
    )
    assert not hint.isHidden()
    strip.resize(300, 30)
    assert hint.isHidden()
    strip.end()
    assert strip.words == ""


def test_times_as_people_read_them() -> None:
    assert [clock(seconds) for seconds in (0, 0.4, 7, 59.6, 750)] == [
        "0:00", "0:00", "0:07", "1:00", "12:30",
    ]  # fmt: skip


class Script:
    """A microphone that gives what a test says."""

    name, rate, patient, ended = "Script", 16_000, False, False

    def __init__(self, given: Sequence[Incoming]) -> None:
        self._given = list(given)
        self.closed = False

    def read(self, wait_s: float) -> list[Incoming]:
        return [self._given.pop(0)] if self._given else []

    def finish(self) -> list[Incoming]:
        return []

    def close(self) -> None:
        self.closed = True


def test_recorders_share_one_microphone_and_hear_of_losses(
    qtbot: QtBot, preferences: Preferences
) -> None:
    loud = np.full(1_600, 0.5, np.float32)
    source = Script([loud, Lost(1.0, "“Desk” is gone."), loud])
    capture = Capture(preferences, LazySound(), open_source=lambda _name: source)
    first, second = VoiceRecorder(capture), VoiceRecorder(capture)
    heard: list[str] = []
    first.listening_began.connect(lambda: heard.append("began"))
    first.told.connect(heard.append)
    first.ended.connect(lambda: heard.append("ended"))
    second.failed.connect(lambda error: heard.append(error.sentence))
    clips: list[tuple[object, str]] = []
    second.stop(lambda sound, why: clips.append((sound, why)))
    assert clips == [(None, "")]  # it records nothing
    assert first.start()
    assert not second.start()
    qtbot.waitUntil(lambda: "“Desk” is gone." in heard, timeout=LONG_MS)
    first.stop(lambda sound, why: clips.append((sound, why)))
    qtbot.waitUntil(lambda: not first.recording, timeout=LONG_MS)
    assert heard[0] == "Something is being recorded already."
    assert heard[1:] == ["began", "“Desk” is gone.", "ended"]
    assert clips[1][0] is None  # 0.2 s of a constant are no speech
    assert source.closed
    assert second.start()
    second.cancel()
    qtbot.waitUntil(lambda: not second.recording, timeout=LONG_MS)
    capture.close()
