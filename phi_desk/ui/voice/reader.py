"""Reads texts aloud, through a process that has the voice; knows no chat."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from phi_desk.errors import DeviceError
from phi_desk.services.voice.language import language_of
from phi_desk.services.voice.speakable import pieces, speakable
from phi_desk.settings.schema import Voice
from phi_desk.ui.preferences import Preferences

logger = logging.getLogger(__name__)

ANSWER_MS = 8_000  # a daemon that has to be started first takes two seconds here
END_MS = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: `key` is whatever the asker knows it by."""

    key: str
    number: int


class Reader(QObject):
    """Reads one text at a time; the voice's process starts with the first one.

    Attributes:
        engine: Qt's name of the engine; the system's own where it is empty.
        voices: pairs of a voice's name and the code of its language, once they are known.
    """

    reading_changed = Signal(str)  # the key of what is read; empty when it is over
    voices_found = Signal(object)  # tuple[tuple[str, str], ...]
    failed = Signal(object)  # PhiDeskError

    def __init__(
        self,
        preferences: Preferences,
        parent: QObject | None = None,
        *,
        command: Sequence[str] = (sys.executable, "-P", "-m", "phi_desk.ui.voice.speech_process"),
        answer_ms: int = ANSWER_MS,
    ) -> None:
        super().__init__(parent)
        self.engine = ""
        self.voices: tuple[tuple[str, str], ...] = ()
        self._preferences = preferences
        self._command = tuple(command)
        self._process: QProcess | None = None
        self._numbers = 0
        self._current: Reading | None = None
        self._patience = QTimer(self, singleShot=True, interval=answer_ms)
        self._patience.timeout.connect(self._on_no_answer)

    @property
    def key(self) -> str:
        """Of what is read now; empty for nothing."""
        return self._current.key if self._current is not None else ""

    def read(self, key: str, markdown: str, language: str | None = None) -> bool:
        """Read an answer instead of what is read now; false where there is nothing to say.

        In `language` (ISO 639-1; none at all where it is empty), which is guessed for None.
        """
        language = language_of(markdown) if language is None else language
        said = pieces(speakable(markdown, language))
        if not said:
            return False
        self._numbers += 1
        before, self._current = self.key, Reading(key, self._numbers)
        options: Voice = self._preferences.value.voice
        self._order(
            {
                "say": said,
                "number": self._numbers,
                "language": language,
                "voice": options.voice,
                "speed": options.speed,
            }
        )
        if self._current is not None and before != key:
            self.reading_changed.emit(key)
        return True

    @Slot()
    def stop(self) -> None:
        """Be silent."""
        if self._current is not None:
            self._order({"stop": self._current.number})
            self._over()

    def close(self) -> None:
        """End the process; nothing more is told."""
        self._current = None
        process = self._let_go()
        if process is not None:
            process.kill()
            process.waitForFinished(END_MS)
            process.deleteLater()

    def _order(self, order: dict[str, Any]) -> None:
        self._started().write(json.dumps(order).encode() + b"\n")
        self._patience.start()

    def _started(self) -> QProcess:
        if self._process is None:
            process = QProcess(self)
            process.setProgram(self._command[0])
            words = self._command[1:]
            process.setArguments([*words, self.engine] if self.engine else list(words))
            process.setStandardErrorFile(QProcess.nullDevice())
            process.readyReadStandardOutput.connect(self._on_output)
            process.finished.connect(self._on_finished)
            process.errorOccurred.connect(self._on_finished)
            self._process = process
            process.start()
        return self._process

    @Slot()
    def _on_output(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                self._hear(json.loads(line))
            except ValueError:
                logger.info("the voice's process says %r", line)

    def _hear(self, answer: dict[str, Any]) -> None:
        self._patience.stop()
        if "failed" in answer:
            self._fail(DeviceError(answer["failed"], answer["hint"], (answer["details"],)))
        elif "ready" in answer:
            self.voices = tuple((name, code) for name, code in answer["voices"])
            self.voices_found.emit(self.voices)
            if self._current is not None:
                self._patience.start()  # for what it is to say
        elif self._current is not None and answer.get("done") == self._current.number:
            self._over()

    def _over(self) -> None:
        self._patience.stop()
        self._current = None
        self.reading_changed.emit("")

    def _fail(self, error: DeviceError) -> None:
        self._end_process()
        if self._current is not None:
            self._over()
        self.failed.emit(error)

    def _end_process(self) -> None:
        """End one that is of no use; the next text starts another."""
        process = self._let_go()
        if process is None:
            return
        if process.state() == QProcess.ProcessState.NotRunning:
            process.deleteLater()
        else:
            process.finished.connect(process.deleteLater)
            process.kill()

    def _let_go(self) -> QProcess | None:
        """Hear nothing more of the process."""
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._on_output)
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_finished)
        return process

    @Slot()
    def _on_finished(self) -> None:
        """It ended by itself."""
        wanted = self._current is not None
        self._end_process()
        if wanted:
            self._fail(DeviceError("The voice that reads aloud has stopped.", "Try it once more."))

    @Slot()
    def _on_no_answer(self) -> None:
        self._fail(
            DeviceError(
                "The voice that reads aloud does not answer.",
                "End the program speech-dispatcher, or log out and in again, and try once more.",
            )
        )
