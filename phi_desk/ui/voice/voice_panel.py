"""Below the options of the voice: a button to hear it, which also fills the list of voices."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from phi_desk.ui.common.labels import button, label
from phi_desk.ui.theme import MEDIUM, SMALL
from phi_desk.ui.voice.reader import Reader

KEY = "the sample in Settings"
SAMPLE = "This is how answers are read aloud."
HEAR, STOP = "Hear the voice", "Stop"
ASK = "Press it once, and the list of voices is filled."


class VoicePanel(QWidget):
    """Reads a sentence with the voice and the speed that are chosen."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self.hear = button(HEAR, tip="Read a sentence with this voice and speed")
        self._words = label(kind="muted", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SMALL, 0, 0)
        row.setSpacing(MEDIUM)
        row.addWidget(self.hear)
        row.addWidget(self._words, 1)
        self.hear.clicked.connect(self._on_clicked)
        reader.reading_changed.connect(self._on_reading_changed)
        reader.voices_found.connect(self._on_voices_found)
        self._on_voices_found(reader.voices)

    @Slot()
    def _on_clicked(self) -> None:
        if self._reader.key == KEY:
            self._reader.stop()
        else:
            self._reader.read(KEY, SAMPLE, "")

    @Slot(str)
    def _on_reading_changed(self, key: str) -> None:
        words = STOP if key == KEY else HEAR
        self.hear.setText(words)
        self.hear.setAccessibleName(words)

    @Slot(object)
    def _on_voices_found(self, voices: object) -> None:
        count = len(voices) if isinstance(voices, tuple) else 0
        self._words.setText(f"{count} voices are there." if count else ASK)
