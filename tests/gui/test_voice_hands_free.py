"""Hands-free and reading aloud for real: PulseAudio, sounddevice, and Qt's own silent voice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data_makers.person import Person
from data_makers.pulse_server import PulseServer
from data_makers.speaker import LONG_MS, Speaker, heard, is_said_in
from data_makers.speaking import come, pulse, words
from PySide6.QtCore import Qt

from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.ui.chat.messages import AnswerView

__all__ = ("come", "pulse", "words")

Enter = Callable[..., Person]
RATE = 16_000


def test_hands_free_asks_after_every_pause_and_goes_on(
    come: Callable[..., Speaker], words: Path
) -> None:
    engine = FakeEngine(otherwise="I heard you.")
    me = come(engine)
    me.person.click(me.voice.hands_free)
    for number in (1, 2):
        me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
        player = me.pulse.play("desk_in", words)
        me.waits_until(lambda: me.strip == "Hands-free: hearing you")
        me.ends(player)
        me.waits_for_an_answer(number)
        assert len(engine.requests) == number
        assert is_said_in(heard(engine.requests[-1]), words)
    me.person.presses(
        Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    )
    me.waits_until(lambda: me.strip == "")
    assert not me.voice.hands_free.isChecked()
    assert me.person.answers == ["I heard you."] * 2


def test_hands_free_ends_visibly_when_the_microphone_goes(
    come: Callable[..., Speaker], pulse: PulseServer
) -> None:
    me = come(FakeEngine())
    me.person.click(me.voice.hands_free)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    pulse.unplug("desk")
    me.waits_until(lambda: "is gone" in me.person.notice)
    me.waits_until(lambda: me.person.notice.startswith("Hands-free has ended."))
    assert me.strip == ""
    assert not me.voice.hands_free.isChecked()


def test_another_microphone_is_heard_without_a_restart(
    come: Callable[..., Speaker], pulse: PulseServer, words: Path
) -> None:
    pulse.add_microphone("head", "Headset")
    pulse.choose_microphone("desk")
    engine = FakeEngine(otherwise="I heard you.")
    me = come(engine)
    me.person.click(me.voice.hands_free)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    me.person.desktop.preferences.change("devices", microphone="head")
    me.waits_until(lambda: me.strip == "Hands-free: opening the microphone…")
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    me.ends(pulse.play("head_in", words))
    me.waits_for_an_answer()
    assert is_said_in(heard(engine.requests[0]), words)


def test_hands_free_ends_when_nobody_sees_it(come: Callable[..., Speaker]) -> None:
    me = come(FakeEngine())
    me.person.click(me.voice.hands_free)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    me.person.desktop.window.open_page("Models")
    assert me.person.notice == "Hands-free has ended, because you left Ask."
    assert not me.voice.hands_free.isChecked()
    me.waits_until(lambda: me.person.desktop.capture.lane.idle)
    assert me.person.desktop.sound().recordings == 0


def test_a_held_key_goes_before_hands_free(come: Callable[..., Speaker], words: Path) -> None:
    engine = FakeEngine(otherwise="Good.")
    me = come(engine)
    me.person.click(me.voice.hands_free)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    me.holds(me.button)
    me.says(words)
    me.lets_go(me.button)
    me.waits_for_an_answer()
    assert len(engine.requests) == 1
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")


def test_answers_are_read_aloud_and_hands_free_does_not_hear_them(
    come: Callable[..., Speaker], words: Path
) -> None:
    """Qt's own engine without sound takes its time for every word."""
    long = "One two three four five six. " * 6
    engine = FakeEngine(Rule(lambda _: True, long))
    me = come(engine)
    reader = me.person.desktop.reader
    reader.engine = "mock"
    me.person.desktop.preferences.change("voice", read_aloud=True)
    me.person.click(me.voice.hands_free)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    me.says(words)
    me.waits_until(lambda: me.strip == "Hands-free: speaking")
    assert reader.key == long
    answer = [turn for turn in me.person.ask.transcript.turns if isinstance(turn, AnswerView)][-1]
    me.waits_until(lambda: answer.read_button.accessibleName() == "Stop reading aloud")
    me.pulse.play("desk_in", words).wait(30)  # its own voice, as the microphone hears it
    assert me.strip == "Hands-free: speaking"
    assert len(engine.requests) == 1
    me.person.click(answer.read_button)
    me.waits_until(lambda: me.strip == "Hands-free: speak when you like")
    assert answer.read_button.accessibleName() == "Read this answer aloud"
    assert len(engine.requests) == 1


def test_reading_aloud_begins_and_ends_with_its_key(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Some *words* to be read. And some more of them."))
    reader = person.desktop.reader
    reader.engine = "mock"
    person.asks("Say something")
    person.waits_for_the_answer()
    modifiers = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    person.presses(Qt.Key.Key_L, *modifiers)
    assert reader.key
    person.qtbot.waitUntil(lambda: not reader.key, timeout=LONG_MS)  # to its end
    person.presses(Qt.Key.Key_L, *modifiers)
    assert reader.key
    person.presses(Qt.Key.Key_Escape)
    assert not reader.key
    assert person.notice == ""


def test_no_voice_is_one_sentence(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Words."))
    person.desktop.reader.engine = "nobody"
    person.asks("Say something")
    person.waits_for_the_answer()
    answer = [turn for turn in person.ask.transcript.turns if isinstance(turn, AnswerView)][-1]
    person.click(answer.read_button)
    person.qtbot.waitUntil(lambda: "could read aloud" in person.notice, timeout=LONG_MS)
    assert not person.desktop.reader.key
