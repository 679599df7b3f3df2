"""Hold a key, speak, ask: the order of things."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from phi_desk.media.sound import Sound
from phi_desk.ui.screen.asking import NO_MICROPHONE, TOUCHED, UNHEARD, Asking

SOUND = Sound(np.zeros(16_000, np.float32))


class Scene:
    """The view, the screen, the microphone and the clock of a test."""

    def __init__(self, *, toggle: bool = False, late: bool = False) -> None:
        self.now = 100.0
        self.late, self.works, self.free = late, True, True
        self.waiting: Callable[[str], None] | None = None
        self.on_clip: Callable[[Sound | None, str], None] | None = None
        self.log: list[str] = []
        self.asked: list[tuple[str, Sound | None, bool]] = []
        self.asking = Asking[str](
            self, self._freeze, self, self._ask, lambda: toggle, lambda: self.now
        )

    def show_recording(self) -> None:
        self.log.append("shown")

    def hide_recording(self) -> None:
        self.log.append("hidden")

    def tell(self, sentence: str) -> None:
        self.log.append(sentence)

    def start(self) -> bool:
        self.log.append("recording")
        return self.works

    def stop(self, on_clip: Callable[[Sound | None, str], None]) -> None:
        self.log.append("stopped")
        self.on_clip = on_clip

    def cancel(self) -> None:
        self.log.append("thrown away")

    def clip(self, sound: Sound | None, sentence: str = "") -> None:
        assert self.on_clip is not None
        self.on_clip(sound, sentence)

    def hold(self, seconds: float) -> None:
        self.asking.press()
        self.now += seconds
        self.asking.release()

    def _freeze(self, on_shot: Callable[[str], None]) -> bool:
        self.log.append("frozen")
        if not self.free:
            return False
        if self.late:
            self.waiting = on_shot
        else:
            on_shot("screen")
        return True

    def _ask(self, shot: str, sound: Sound | None, send: bool) -> None:
        self.asked.append((shot, sound, send))


def test_the_screen_is_frozen_before_anything_is_shown_and_both_are_asked() -> None:
    scene = Scene()
    scene.hold(2.0)
    assert scene.log == ["frozen", "recording", "shown", "hidden", "stopped"]
    assert scene.asked == []
    scene.clip(SOUND)
    assert scene.asked == [("screen", SOUND, True)]
    assert not scene.asking.active


def test_a_touch_leaves_the_picture_in_the_composer() -> None:
    scene = Scene()
    scene.hold(0.2)
    assert scene.asked == [("screen", None, False)]
    assert "thrown away" in scene.log
    assert scene.log[-1] == TOUCHED


def test_silence_leaves_the_picture_in_the_composer() -> None:
    scene = Scene()
    scene.hold(2.0)
    scene.clip(None)
    assert scene.asked == [("screen", None, False)]
    assert scene.log[-1] == UNHEARD


def test_a_microphone_that_fails_later_says_why() -> None:
    scene = Scene()
    scene.hold(2.0)
    scene.clip(None, "The microphone is gone.")
    assert scene.asked == [("screen", None, False)]
    assert scene.log[-1] == f"The microphone is gone. {NO_MICROPHONE}"


def test_without_a_microphone_the_picture_comes_at_once() -> None:
    scene = Scene()
    scene.works = False
    scene.asking.press()
    assert scene.asked == [("screen", None, False)]
    assert "shown" not in scene.log
    scene.asking.release()
    assert len(scene.asked) == 1


def test_a_desktop_that_is_slow_is_waited_for() -> None:
    scene = Scene(late=True)
    scene.hold(5.0)
    assert scene.asked == []
    assert scene.waiting is not None
    scene.waiting("late screen")
    assert scene.asked == [("late screen", None, False)]
    assert "recording" not in scene.log


def test_who_still_holds_when_the_screen_comes_is_recorded_from_then() -> None:
    scene = Scene(late=True)
    scene.asking.press()
    scene.now += 3
    assert scene.waiting is not None
    scene.waiting("late screen")
    scene.now += 1
    scene.asking.release()
    scene.clip(SOUND)
    assert scene.asked == [("late screen", SOUND, True)]


def test_with_toggling_one_press_begins_and_the_next_ends() -> None:
    scene = Scene(toggle=True)
    scene.hold(0.1)
    scene.now += 3
    assert scene.asking.active
    scene.hold(0.1)
    scene.clip(SOUND)
    assert scene.asked == [("screen", SOUND, True)]


def test_a_second_press_while_one_question_is_made_changes_nothing() -> None:
    scene = Scene()
    scene.asking.press()
    scene.asking.press()
    scene.now += 2
    scene.asking.release()
    scene.asking.release()
    scene.clip(SOUND)
    assert scene.asked == [("screen", SOUND, True)]
    assert scene.log.count("frozen") == 1


def test_what_is_cancelled_is_not_asked() -> None:
    scene = Scene()
    scene.asking.press()
    scene.now += 2
    scene.asking.cancel()
    scene.asking.release()
    assert scene.asked == []
    assert scene.log[-2:] == ["thrown away", "hidden"]


def test_a_clip_of_a_cancelled_question_is_forgotten() -> None:
    scene = Scene()
    scene.hold(2.0)
    scene.asking.cancel()
    scene.clip(SOUND)
    assert scene.asked == []


def test_no_screen_means_no_question() -> None:
    scene = Scene(late=True)
    scene.asking.press()
    scene.asking.no_screen()
    assert not scene.asking.active
    scene.free = False
    scene.asking.press()
    assert not scene.asking.active
    assert scene.asked == []


def test_a_full_recording_is_asked_without_waiting_for_the_key() -> None:
    scene = Scene()
    scene.asking.press()
    scene.now += 120
    scene.asking.full()
    scene.clip(SOUND)
    scene.asking.release()
    assert scene.asked == [("screen", SOUND, True)]
