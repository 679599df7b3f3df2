"""`python -m phi_desk.ui.voice.speech_process [ENGINE]`: a voice in a process of its own.

Reads orders and writes what happens, one JSON object a line. Qt's engine for Linux waits for a
daemon inside its constructor and inside every call, for ever where that daemon hangs, and cannot be
made twice; here that stops nobody (ADR 17). Knows no window and no chat.

Orders: {"say": [pieces], "number": n, "language": "de", "voice": "", "speed": 1.0} and {"stop": n}.
Answers: {"ready": engine, "voices": [[name, language], ...]}, {"begun": n}, {"done": n},
{"failed": sentence, "hint": sentence, "details": text}.
"""

from __future__ import annotations

import json
import math
import sys
import threading
from collections import deque
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QLoggingCategory, QObject, Signal, Slot
from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

ENGINES = ("speechd", "flite", "winrt", "sapi", "darwin", "macos", "android")
SILENT_ENGINE = "mock"  # Qt's own, for tests; a person would hear nothing of it
MOST_VOICES = 400

NO_VOICE = "No voice is installed that could read aloud."
HINTS = {
    "linux": "Install speech-dispatcher and a voice; on Debian and Ubuntu: "
    "sudo apt install speech-dispatcher speech-dispatcher-espeak-ng",
    "win32": "Add a voice in Windows under Settings, Time and language, Speech.",
    "darwin": "Add a voice in System Settings under Accessibility, Spoken Content.",
}


class Speech(QObject):
    """Says one thing at a time, piece by piece."""

    ordered = Signal(object)  # dict, from the thread that reads; None at its end

    def __init__(self, engine: str) -> None:
        super().__init__()
        self._voice = QTextToSpeech(engine)
        self._waiting: deque[str] = deque()
        self._number = 0
        self._voice.stateChanged.connect(self._on_state_changed)
        self.ordered.connect(self._on_ordered)
        if self._voice.state() == QTextToSpeech.State.Error:
            _fail(self._voice.errorString())
        else:
            _say({"ready": self._voice.engine(), "voices": _voices(self._voice)})

    @Slot(object)
    def _on_ordered(self, order: dict[str, Any] | None) -> None:
        if order is None:
            QCoreApplication.quit()
        elif "say" in order:
            self._begin(order)
        elif "stop" in order:
            self._stop()

    def _begin(self, order: dict[str, Any]) -> None:
        self._stop()
        self._number = int(order["number"])
        self._waiting.extend(str(piece) for piece in order["say"])
        choose(self._voice, str(order["language"]), str(order["voice"]))
        self._voice.setRate(rate_of(float(order["speed"])))
        _say({"begun": self._number})
        if self._voice.state() == QTextToSpeech.State.Ready:
            self._next()  # else when what was said before has really stopped

    def _stop(self) -> None:
        self._waiting.clear()
        if self._number:
            number, self._number = self._number, 0
            self._voice.stop(QTextToSpeech.BoundaryHint.Immediate)
            _say({"done": number})

    def _next(self) -> None:
        if self._waiting:
            self._voice.say(self._waiting.popleft())
        elif self._number:
            number, self._number = self._number, 0
            _say({"done": number})

    @Slot(QTextToSpeech.State)
    def _on_state_changed(self, state: QTextToSpeech.State) -> None:
        if state == QTextToSpeech.State.Ready:
            self._next()
        elif state == QTextToSpeech.State.Error:
            self._waiting.clear()
            self._number = 0
            _fail(self._voice.errorString())


def choose(speech: QTextToSpeech, language: str, voice: str) -> None:
    """The voice of that name where it speaks the language, else the first one that does."""
    if voice:
        named = [one for one in _all_voices(speech) if one.name() == voice]
        fits = [one for one in named if not language or _code(one.locale()) == language]
        if fits or (named and not language):
            speech.setLocale((fits or named)[0].locale())
            speech.setVoice((fits or named)[0])
            return
    if language and _code(speech.locale()) != language:
        locales = [one for one in speech.availableLocales() if _code(one) == language]
        own = QLocale(language).territory()
        locales.sort(key=lambda one: one.territory() != own)
        if locales:
            speech.setLocale(locales[0])


def rate_of(speed: float) -> float:
    """Qt's rate, -1..1, for how many times as fast as usual; doubling each is half the way."""
    return max(-1.0, min(1.0, math.log2(max(speed, 0.01)) / 2))


def _all_voices(speech: QTextToSpeech) -> list[QVoice]:
    """Of every language, without the many colours that some engines give to each voice."""
    found = [one for locale in speech.availableLocales() for one in speech.allVoices(locale)]
    return [one for one in found if "+" not in one.name()]


def _voices(speech: QTextToSpeech) -> list[list[str]]:
    listed = dict.fromkeys((one.name(), _code(one.locale())) for one in _all_voices(speech))
    return [list(one) for one in listed][:MOST_VOICES]


def _code(locale: QLocale) -> str:
    return locale.name().partition("_")[0]


def _fail(details: str) -> None:
    system = "linux" if sys.platform.startswith("linux") else sys.platform
    _say({"failed": NO_VOICE, "hint": HINTS.get(system, ""), "details": details})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _read(speech: Speech) -> None:
    for line in sys.stdin:
        speech.ordered.emit(json.loads(line))
    speech.ordered.emit(None)


def main(engine: str = "") -> int:
    """Speak until the orders end."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")  # it looks for sound servers we lack
    app = QCoreApplication([])
    there = QTextToSpeech.availableEngines()
    found = engine or next((one for one in ENGINES if one in there), "")
    if found not in there:
        _fail("")
        return 1
    speech = Speech(found)
    threading.Thread(target=_read, args=(speech,), daemon=True).start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
