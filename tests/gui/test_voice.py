"""Speaking to the window for real: PulseAudio, sounddevice, mouse and keys, a scripted engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.person import Person
from data_makers.pulse_server import PulseServer
from data_makers.speaker import Speaker, heard, is_said_in
from data_makers.speaking import come, pulse, words
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Text
from phi_desk.errors import PhiDeskError
from phi_desk.media.decode import read_sound
from phi_desk.services.chats.values import Attachment
from phi_desk.ui.voice.wave import SoundView

__all__ = ("come", "pulse", "words")

Enter = Callable[..., Person]
RATE = 16_000


def test_the_button_is_held_and_what_was_said_is_asked(
    come: Callable[..., Speaker], words: Path
) -> None:
    engine = FakeEngine(otherwise="It is a poem.")
    me = come(engine)
    me.person.types("What is this?")
    me.holds(me.button)
    me.says(words)
    assert me.voice.strip.time.endswith("/ 2:00")
    assert max(me.voice.strip.level.levels) > 0.3
    # away from the button: it is held all the same
    QTest.mouseMove(me.person.desktop.window, QPoint(5, 5))
    assert me.strip == "Listening"
    me.lets_go(me.button)
    me.waits_for_an_answer()
    assert me.person.answers == ["It is a poem."]
    assert me.strip == ""
    request = engine.requests[-1]
    assert [p.text for p in request.messages[-1].parts if isinstance(p, Text)] == ["What is this?"]
    assert is_said_in(heard(request), words)
    assert me.person.questions == ["What is this?"]


def test_keys_are_held_too_and_escape_throws_it_away(
    come: Callable[..., Speaker], words: Path
) -> None:
    engine = FakeEngine(otherwise="Yes.")
    me = come(engine)
    edit = me.person.ask.composer.edit
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyPress(edit, Qt.Key.Key_T, control)
    me.waits_until(lambda: me.strip == "Listening")
    QTest.keyClick(edit, Qt.Key.Key_Escape, control)
    me.waits_until(lambda: me.strip == "")
    QTest.keyRelease(edit, Qt.Key.Key_T, control)
    QTest.keyPress(edit, Qt.Key.Key_T, control)
    me.waits_until(lambda: me.strip == "Listening")
    me.says(words)
    QTest.keyRelease(edit, Qt.Key.Key_T, control)
    me.waits_for_an_answer()
    assert len(engine.requests) == 1
    assert is_said_in(heard(engine.requests[0]), words)


def test_a_tap_and_a_silence_are_told_and_not_asked(come: Callable[..., Speaker]) -> None:
    engine = FakeEngine(otherwise="?")
    me = come(engine)
    me.person.click(me.button)
    me.waits_until(lambda: "too short" in me.person.notice)
    me.holds(me.button)
    me.person.qtbot.wait(600)
    me.lets_go(me.button)
    me.waits_until(lambda: "nothing but silence" in me.person.notice)
    assert not engine.requests
    assert not me.person.ask.talk.has_items


def test_pressed_once_and_once_more(come: Callable[..., Speaker], words: Path) -> None:
    engine = FakeEngine(otherwise="Good.")
    me = come(engine)
    me.person.desktop.preferences.change("voice", talk="toggle")
    assert "once more to ask" in me.button.toolTip()
    me.person.click(me.button)
    me.waits_until(lambda: me.strip == "Listening")
    me.says(words)
    me.person.click(me.button)
    me.waits_for_an_answer()
    assert is_said_in(heard(engine.requests[0]), words)


def test_the_longest_recording_ends_by_itself_and_waits(
    come: Callable[..., Speaker], words: Path
) -> None:
    engine = FakeEngine(otherwise="Good.")
    me = come(engine)
    me.person.desktop.preferences.change("voice", longest_s=5.0)
    me.holds(me.button)
    player = me.pulse.play("desk_in", words)
    me.waits_until(lambda: "may be 0:05 long" in me.person.notice)
    me.waits_until(lambda: me.person.ask.composer.chips.isVisible())
    player.wait(20)
    me.lets_go(me.button)
    me.person.qtbot.wait(100)
    assert not engine.requests  # nobody asked
    me.person.presses(Qt.Key.Key_Return)
    me.waits_for_an_answer()
    assert len(read_sound(heard(engine.requests[0])).samples) == 5 * RATE


def test_a_question_that_fails_leaves_the_recording(
    come: Callable[..., Speaker], words: Path
) -> None:
    failure = PhiDeskError("The model has a headache.", "Let it rest.")
    engine = FakeEngine(otherwise=failure)
    me = come(engine)
    me.holds(me.button)
    me.says(words)
    me.lets_go(me.button)
    me.waits_until(lambda: me.person.notice == failure.sentence)
    me.waits_until(lambda: not me.person.ask.talk.busy)
    assert is_said_in(heard(engine.requests[0]), words)  # on disk before the model saw it
    stored = me.person.desktop.history.chats().messages.path(me.person.ask.talk.chat or 0)
    assert [part.kind for part in stored[0].parts if isinstance(part, Attachment)] == ["audio"]


def test_no_microphone_is_one_sentence(come: Callable[..., Speaker], pulse: PulseServer) -> None:
    me = come(FakeEngine())
    pulse.unplug("desk")
    pulse.add_speaker("music", "Music")
    QTest.mousePress(me.button, Qt.MouseButton.LeftButton)
    me.waits_until(lambda: me.person.notice == "No microphone is connected.")
    QTest.mouseRelease(me.button, Qt.MouseButton.LeftButton)
    me.waits_until(lambda: me.strip == "")
    me.voice.hands_free.click()
    me.waits_until(lambda: not me.voice.hands_free.isChecked())
    assert me.person.notice == "No microphone is connected."


def test_a_microphone_that_comes_back_goes_on_in_the_same_recording(
    come: Callable[..., Speaker], pulse: PulseServer, words: Path
) -> None:
    engine = FakeEngine(otherwise="Good.")
    me = come(engine)
    me.holds(me.button)
    me.says(words)
    pulse.unplug("desk")
    me.waits_until(lambda: "is gone" in me.person.notice)
    pulse.add_microphone("desk", "Desk")
    me.waits_until(lambda: "Now listening to" in me.person.notice)
    me.says(words)
    me.lets_go(me.button)
    me.waits_for_an_answer()
    assert len(read_sound(heard(engine.requests[0])).samples) > 2 * 3 * RATE


def test_a_recording_is_played_paused_and_sought_in(
    come: Callable[..., Speaker], pulse: PulseServer, words: Path
) -> None:
    pulse.add_speaker("music", "Music")
    pulse.choose_speaker("music")
    me = come(FakeEngine(otherwise="Good."))
    me.person.ask.take_files([words])
    player = me.person.desktop.player
    me.waits_until(lambda: me.person.ask.composer.chips.findChildren(SoundView))
    view = me.person.ask.composer.chips.findChildren(SoundView)[0]
    me.waits_until(lambda: view.ready)
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    me.waits_until(lambda: player.state.seconds > 0.2)
    assert view.button.accessibleName() == "Pause words.wav"
    view.slider.setFocus()
    QTest.keyClick(view.slider, Qt.Key.Key_Space)
    assert not player.playing
    QTest.keyClick(view.slider, Qt.Key.Key_Home)
    assert view.slider.value() == 0
    QTest.keyClick(view.slider, Qt.Key.Key_End)
    QTest.keyClick(view.slider, Qt.Key.Key_Left)
    assert 2000 < view.slider.value() < 3000
    QTest.keyClick(view.slider, Qt.Key.Key_Space)
    me.waits_until(lambda: player.playing)
    me.waits_until(lambda: not player.playing)  # its end
    assert view.slider.value() == 0
    # the same as it is stored with the question
    me.person.asks("What is said?")
    me.waits_for_an_answer()
    me.waits_until(lambda: me.person.ask.transcript.findChildren(SoundView))


def test_nothing_to_play_to_is_one_sentence(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: Path
) -> None:
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))  # no sound server here
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    person = enter(FakeEngine())
    person.ask.take_files([words])
    person.waits_for(lambda: person.ask.composer.chips.findChildren(SoundView))
    view = person.ask.composer.chips.findChildren(SoundView)[0]
    person.waits_for(lambda: view.ready)
    person.click(view.button)
    person.waits_for(lambda: person.notice)
    assert "output" in person.notice or "PortAudio" in person.notice
    person.waits_for(lambda: view.button.accessibleName() == "Play words.wav")


def test_fifty_recordings_leave_nothing_behind(come: Callable[..., Speaker]) -> None:
    me = come(FakeEngine())
    capture = me.person.desktop.capture

    def once() -> None:
        me.voice.hold()
        me.waits_until(lambda: capture.lane.idle is False)
        me.person.qtbot.wait(5)
        me.voice.talking.cancel()
        me.waits_until(lambda: capture.lane.idle and not me.voice.talking.holding)

    for _ in range(3):
        once()
    handles = len(list(Path("/proc/self/fd").iterdir()))
    threads, tasks = threading.active_count(), len(list(Path("/proc/self/task").iterdir()))
    for _ in range(50):
        once()
    assert len(list(Path("/proc/self/fd").iterdir())) <= handles
    assert threading.active_count() <= threads
    assert len(list(Path("/proc/self/task").iterdir())) <= tasks
    assert me.person.desktop.sound().recordings == 0
