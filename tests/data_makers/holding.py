"""Holds the hot key in front of another program's window, speaks, and lets go; run as a program.

Arguments: an empty folder, a recording to be said, and a folder for pictures of the screen (or "").
It prints what the model was asked, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from Xlib.display import Display

from data_makers.x_server import Monitor, hang_picture, places, set_monitors
from phi_desk.app.wiring import App
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Audio, ChatRequest, Image, Text
from phi_desk.media.decode import read_sound
from phi_desk.media.images import read_picture
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop

PATIENCE_S = 90.0
KEYS = ("keydown", "ctrl", "keydown", "alt", "keydown", "space")
UP = ("keyup", "space", "keyup", "alt", "keyup", "ctrl")


def main() -> None:
    home, wav, pictures = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    home.mkdir(parents=True)
    settings = '{"schema": 1, "window": {"welcomed": true}}'
    (home / "settings.json").write_text(settings, encoding="utf-8")
    display = Display()
    width = display.screen().width_in_pixels
    set_monitors(display, [Monitor("ONE", 0, 0, width, display.screen().height_in_pixels, 1)])
    truth = places(width, display.screen().height_in_pixels)
    application = QApplication([])
    engine = FakeEngine(otherwise="It is a screen.")
    desktop = Desktop(App(home, EngineOptions()), application, opener=lambda _p, _c: engine)
    desktop.show()
    wait_for(lambda: desktop.model.status.state == "ready")
    wait_for(lambda: held(desktop, display))
    other = hang_picture(display, truth)  # above our window
    QTest.qWait(300)
    first = hold(desktop, wav, pictures)
    answers = [turn for turn in desktop.ask.transcript.turns if getattr(turn, "text", "")]
    touched = touch(desktop)
    found = {
        "asked": [asked(request, truth) for request in engine.requests if request.messages],
        "bubble": first,
        "touched": touched,
        "turns": len(answers),
        "active": QApplication.activeWindow() is desktop.window,
    }
    other.destroy()
    desktop.window.close()
    desktop.close()
    sys.stdout.write(json.dumps(found) + "\n")


def held(desktop: Desktop, display: Any) -> bool:
    """Whether the hot keys are bound: a press is heard."""
    pressed: list[str] = []
    desktop.keys.pressed.connect(pressed.append)
    xdotool("key", "ctrl+alt+p")
    QTest.qWait(300)
    desktop.keys.pressed.disconnect(pressed.append)
    display.sync()
    return "window" in pressed


def hold(desktop: Desktop, wav: str, pictures: str) -> dict[str, Any]:
    """The whole of it: press, speak, let go, wait for the answer."""
    bubble = desktop.screen_desk.questions.bubble
    xdotool(*KEYS)
    wait_for(bubble.isVisible)
    wait_for(lambda: len(bubble.level.levels) > 0)
    subprocess.run(["paplay", "--device=desk_in", wav], check=True)
    QTest.qWait(500)
    seen = {
        "words": bubble.words.text(),
        "time": bubble.time.text(),
        "loudest": max(bubble.level.levels),
        "active": QApplication.activeWindow() is not None,
    }
    if pictures:
        Path(pictures).mkdir(exist_ok=True)
        desktop.window.screen().grabWindow(0).save(f"{pictures}/bubble.png")
    xdotool(*UP)
    wait_for(lambda: not bubble.isVisible())
    wait_for(lambda: len(desktop.ask.transcript.turns) == 2)
    wait_for(lambda: not desktop.ask.talk.busy)
    return seen


def touch(desktop: Desktop) -> dict[str, Any]:
    """Pressed and let go at once: the picture waits."""
    xdotool(*KEYS, *UP)
    wait_for(lambda: desktop.ask.talk.has_items)
    QTest.qWait(500)
    notice = desktop.window.notices.current
    return {
        "items": desktop.ask.talk.has_items,
        "notice": notice.sentence if notice is not None else "",
        "turns": len(desktop.ask.transcript.turns),
    }


def asked(request: ChatRequest, truth: np.ndarray[Any, Any]) -> dict[str, Any]:
    """What the model got, compared with what was on the screen."""
    parts = request.messages[-1].parts
    (image,) = [part for part in parts if isinstance(part, Image)]
    (audio,) = [part for part in parts if isinstance(part, Audio)]
    assert isinstance(image.source, Path)
    assert isinstance(audio.source, Path)
    pixels = read_picture(image.source).pixels
    return {
        "same": bool(np.array_equal(pixels, truth)),
        "seconds": read_sound(audio.source).seconds,
        "words": [part.text for part in parts if isinstance(part, Text)],
        "messages": len(request.messages),
    }


def xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window live until `condition` holds."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {condition}"
        QTest.qWait(30)


if __name__ == "__main__":
    main()
