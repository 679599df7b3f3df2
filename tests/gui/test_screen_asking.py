"""Hold one key, speak, ask about the screen; and what else the hot keys and pages ask of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_makers.person import Person
from data_makers.pulse_server import missing_programs, pulse_server
from data_makers.sounds import write_wav
from data_makers.x_server import x_server
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Audio, ChatRequest, Image
from phi_desk.errors import Cancelled, DeviceError
from phi_desk.media.capture import Incoming
from phi_desk.media.decode import read_sound
from phi_desk.media.devices.microphones import open_port_audio
from phi_desk.media.images import read_picture
from phi_desk.ui.common.pixels import to_image, to_picture
from phi_desk.ui.screen.asking import NO_MICROPHONE, TOUCHED
from phi_desk.ui.screen.bubble import HOLDING, READY
from phi_desk.ui.screen.desk import ScreenDesk
from phi_desk.ui.screen.shots import FrozenScreen, ScreenShot
from phi_desk.ui.screen.ways import OnFailed, OnShot, OnTold

Enter = Callable[..., Person]
TESTS = Path(__file__).resolve().parents[1]
SPEECH = TESTS / "data" / "speech_english.ogg"
RATE = 16_000
LONG_MS = 40_000


def screen() -> QImage:
    return to_image(np.random.default_rng(3).integers(0, 256, (90, 160, 3), np.uint8))


class ReadyWay:
    """Gives a known screen at once, or fails as it is told."""

    name = "at once"

    def __init__(self) -> None:
        self.error: DeviceError | Cancelled | None = None
        self.silent = False
        self.bubbles: list[bool] = []  # whether ours could be seen when the screen was frozen
        self._on_failed: OnFailed | None = None

    def freeze(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        del on_told
        names = [w.accessibleName() for w in QApplication.topLevelWidgets() if w.isVisible()]
        self.bubbles.append(any("Recording" in name for name in names))
        self._on_failed = on_failed
        if self.error is not None:
            on_failed(self.error)
        elif not self.silent:
            on_shot(ScreenShot((FrozenScreen("one", QRect(0, 0, 160, 90), 1.0, screen()),)))

    def cancel(self) -> None:
        if self._on_failed is not None and self.silent:
            self._on_failed(Cancelled())

    def close(self) -> None:
        """Nothing to end."""


class Speech:
    """A microphone into which somebody speaks; gives 0.1 s of it at each look."""

    name = "Desk"
    rate = RATE
    patient = False
    ended = False

    def __init__(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        self._samples, self._place = samples, 0

    def read(self, wait_s: float) -> list[Incoming]:
        time.sleep(wait_s)  # as a device, which gives no more than there is
        place, self._place = self._place, self._place + RATE // 10
        return [self._samples[place : self._place]]

    def finish(self) -> list[Incoming]:
        return []

    def close(self) -> None:
        """Nothing to give back."""


class Scene:
    """A person before the window, with a screen and a microphone that the test gives."""

    def __init__(self, person: Person, way: ReadyWay) -> None:
        self.person, self.way = person, way
        self.desk: ScreenDesk = person.desktop.screen_desk
        self.desk.tool._way = way
        self.microphone(read_sound(SPEECH).samples)

    def microphone(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        capture = self.person.desktop.capture
        capture._open_source = lambda _name: Speech(samples)

    def press(self, option: str) -> None:
        self.desk.keys.pressed.emit(option)

    def release(self, option: str) -> None:
        self.desk.keys.released.emit(option)

    def waits(self, condition: Callable[[], object]) -> None:
        self.person.qtbot.waitUntil(lambda: bool(condition()), timeout=LONG_MS)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(otherwise="It is a screen.")


@pytest.fixture
def scene(enter: Enter, engine: FakeEngine) -> Scene:
    return Scene(enter(engine), ReadyWay())


def parts(request: ChatRequest) -> tuple[QImage, float]:
    """The picture and the length of the sound of a question, from the files on disk."""
    found = request.messages[-1].parts
    (image,) = [part for part in found if isinstance(part, Image)]
    (audio,) = [part for part in found if isinstance(part, Audio)]
    assert isinstance(image.source, Path)
    assert isinstance(audio.source, Path)
    return to_image(read_picture(image.source).pixels), read_sound(audio.source).seconds


def same(one: QImage, other: QImage) -> bool:
    return np.array_equal(to_picture(one).pixels, to_picture(other).pixels)


def test_picture_and_voice_become_one_question(scene: Scene, engine: FakeEngine) -> None:
    bubble = scene.desk.questions.bubble
    scene.person.desktop.window.open_page("Models")
    scene.press("ask_screen")
    assert scene.way.bubbles == [False], "frozen before anything of ours is shown"
    assert bubble.isVisible()
    assert bubble.words.text() == READY
    scene.waits(lambda: bubble.words.text() == HOLDING)
    scene.waits(lambda: bubble.time.text() not in ("0:00", "0:01"))
    assert max(bubble.level.levels) > 0.1
    scene.release("ask_screen")
    assert not bubble.isVisible()
    scene.waits(lambda: engine.requests)
    scene.person.waits_for_the_answer()
    picture, seconds = parts(engine.requests[-1])
    assert same(picture, screen())
    assert seconds > 1.5
    assert scene.person.desktop.window.page == "Ask"
    assert scene.person.answers == ["It is a screen."]


def test_each_question_begins_a_chat_unless_one_is_being_written(
    scene: Scene, engine: FakeEngine
) -> None:
    scene.person.asks("Hello")
    scene.person.waits_for_the_answer()
    first = scene.person.ask.talk.chat
    speak(scene, engine, 2)
    assert scene.person.ask.talk.chat not in (None, first)
    scene.person.types("What is this button for?")
    second = scene.person.ask.talk.chat
    speak(scene, engine, 3)
    assert scene.person.ask.talk.chat == second
    assert len(engine.requests[-1].messages) == 3


def speak(scene: Scene, engine: FakeEngine, number: int) -> None:
    """Ask about the screen, and wait for the answer."""
    scene.press("ask_screen")
    bubble = scene.desk.questions.bubble
    scene.waits(lambda: bubble.time.text() not in ("0:00", "0:01"))
    scene.release("ask_screen")
    scene.waits(lambda: len(engine.requests) == number)
    scene.person.waits_for_the_answer()


def test_a_touch_leaves_the_picture_to_be_asked_about(scene: Scene, engine: FakeEngine) -> None:
    scene.press("ask_screen")
    scene.release("ask_screen")
    scene.waits(lambda: scene.person.ask.talk.has_items)
    scene.waits(lambda: not scene.person.desktop.capture.taken)
    assert scene.person.notice == TOUCHED
    assert engine.requests == []


def test_silence_leaves_the_picture_to_be_asked_about(scene: Scene, engine: FakeEngine) -> None:
    scene.microphone(np.zeros(60 * RATE, np.float32))
    scene.press("ask_screen")
    bubble = scene.desk.questions.bubble
    scene.waits(lambda: bubble.time.text() == "0:02")
    scene.release("ask_screen")
    scene.waits(lambda: scene.person.ask.talk.has_items)
    assert NO_MICROPHONE in scene.person.notice
    assert engine.requests == []


def test_a_missing_microphone_is_said_and_the_picture_stays(
    scene: Scene, engine: FakeEngine
) -> None:
    def nothing(_name: str | None) -> Speech:
        raise DeviceError("There is no microphone.", "Plug one in.")

    scene.person.desktop.capture._open_source = nothing
    scene.press("ask_screen")
    scene.waits(lambda: not scene.person.desktop.capture.taken)
    scene.person.qtbot.wait(350)  # longer than a touch
    scene.release("ask_screen")
    scene.waits(lambda: scene.person.ask.talk.has_items)
    assert scene.person.notice.startswith("There is no microphone.")
    assert scene.person.notice.count("There is no microphone.") == 1
    assert engine.requests == []


def test_the_way_out_of_the_bubble_asks_nothing(scene: Scene, engine: FakeEngine) -> None:
    scene.press("ask_screen")
    bubble = scene.desk.questions.bubble
    scene.waits(lambda: bubble.words.text() == HOLDING)
    scene.person.click_at(bubble._close, bubble._close.rect().center())
    scene.release("ask_screen")
    scene.waits(lambda: not scene.person.desktop.capture.taken)
    assert not bubble.isVisible()
    assert not scene.person.ask.talk.has_items
    assert engine.requests == []


def test_a_screen_that_cannot_be_seen_is_said_and_nothing_is_recorded(
    scene: Scene, engine: FakeEngine
) -> None:
    scene.way.error = DeviceError("The desktop refused a picture of the screen.", "Allow it.")
    scene.press("ask_screen")
    scene.release("ask_screen")
    assert scene.person.notice == "The desktop refused a picture of the screen."
    assert not scene.person.desktop.capture.taken
    assert not scene.desk.questions.asking.active
    assert engine.requests == []


def test_a_desktop_that_is_silent_is_said_and_can_be_left(scene: Scene) -> None:
    scene.way.silent = True
    scene.desk.tool._silence.setInterval(30)
    scene.press("ask_screen")
    scene.waits(lambda: "has not given" in scene.person.notice)
    current = scene.person.desktop.window.notices.current
    assert current is not None
    assert current.action is not None
    current.action()
    assert not scene.desk.tool.busy
    assert not scene.desk.questions.asking.active
    assert scene.person.notice == ""


def test_pages_and_keys_get_their_pictures(scene: Scene) -> None:
    desktop = scene.person.desktop
    desktop.ask.screen_requested.emit()
    scene.waits(lambda: desktop.ask.talk.has_items)
    assert desktop.window.isVisible()
    scene.press("read_region")
    scene.waits(lambda: desktop.screen.picker is not None)
    assert desktop.screen.picker is not None
    desktop.screen.picker.take()
    assert desktop.window.page == "Read"
    desktop.ask.region_requested.emit()
    scene.waits(lambda: desktop.screen.picker is not None)
    desktop.screen.cancel()
    assert not desktop.screen.busy
    scene.waits(lambda: desktop.read.reader.queue.waiting == 0)


def test_other_keys_reach_their_pages(scene: Scene) -> None:
    desktop = scene.person.desktop
    desktop.window.showMinimized()
    scene.press("window")
    scene.release("window")
    assert not desktop.window.isMinimized()
    desktop.window.open_page("Models")
    scene.press("push_to_talk")
    assert desktop.window.page == "Ask"
    assert desktop.capture.taken
    scene.release("push_to_talk")
    scene.waits(lambda: not desktop.capture.taken)


def test_the_settings_know_which_keys_do_not_work(scene: Scene) -> None:
    desktop = scene.person.desktop
    desktop.preferences.change("hot_keys", live="Q")
    assert "Q" in desktop.keys.problems["live"]
    assert "does not work" in scene.person.notice
    desktop.settings.keys_recorded.emit(True)
    desktop.settings.keys_recorded.emit(False)
    desktop.preferences.change("hot_keys", live="Ctrl+Alt+L")
    assert desktop.keys.problems == {}


def test_for_real_with_a_held_key_a_microphone_and_another_programs_window(
    tmp_path: Path,
) -> None:
    """X11, xdotool, PulseAudio, sounddevice; only the model is scripted."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("needs Xvfb and xdotool")
    if missing := missing_programs():
        pytest.skip(f"PulseAudio is not on this machine: {', '.join(missing)}")
    try:
        open_port_audio()
    except DeviceError as error:
        pytest.skip(error.sentence)
    wav = tmp_path / "words.wav"
    write_wav(wav, read_sound(SPEECH).samples[: 3 * RATE], RATE, "PCM_16")
    with x_server(1000, 700) as display, pulse_server() as pulse:
        pulse.add_microphone("desk", "Desk")
        pulse.choose_microphone("desk")
        environment = {**os.environ, **pulse.environment, "DISPLAY": display}
        for name in ("WAYLAND_DISPLAY", "PULSE_SERVER"):
            environment.pop(name, None)
        environment |= {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(TESTS)}
        done = subprocess.run(
            [sys.executable, "-m", "data_makers.holding", str(tmp_path / "home"), str(wav), ""],
            env=environment,
            cwd=TESTS.parent,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    (question,) = found["asked"]
    assert question["same"], "the picture is the screen, without anything of ours"
    assert question["seconds"] > 2.5
    assert question["words"] == []
    assert found["turns"] == 2
    assert found["active"]
    assert found["bubble"]["words"] == HOLDING
    assert found["bubble"]["time"] != "0:00"
    assert found["bubble"]["loudest"] > 0.1
    assert not found["bubble"]["active"], "the bubble leaves the focus where it was"
    assert found["touched"] == {"items": True, "notice": TOUCHED, "turns": 0}
