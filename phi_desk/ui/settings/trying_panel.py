"""The part of the page Settings that tries the microphone and the output."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from phi_desk.errors import PhiDeskError
from phi_desk.settings.schema import Devices
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.notices import NoticeBar
from phi_desk.ui.settings.trying import TryingPresenter, TryingView
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font

STEPS = 1000


class TryingPanel(QWidget):
    """The view of `TryingPresenter`."""

    def __init__(self, make: Callable[[TryingView], TryingPresenter], notices: NoticeBar) -> None:
        super().__init__()
        self.setAccessibleDescription("Try the microphone, test its level, play a tone")
        self._notices = notices
        self._microphone: str | None = None
        self.presenter = make(self)
        self.microphone = button("Try the microphone", tip="Show how loud it is; nothing is kept")
        self.speaker = button("Play a tone", tip="Play a short tone to the chosen output")
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Level of the microphone")
        self.words = label(kind="muted", font=small_font(), wrap=True)
        self.microphone.clicked.connect(self._on_microphone_clicked)
        self.speaker.clicked.connect(self.presenter.play)
        self._lay_out()
        self.show_level(None, "")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  (Qt's name)
        """Nothing listens behind a page that is not seen."""
        super().hideEvent(event)
        self.presenter.stop()

    def show_level(self, level: float | None, sentence: str) -> None:
        """See `TryingView`."""
        self.bar.setValue(round(STEPS * (level or 0.0)))
        self.bar.setEnabled(level is not None)
        self.words.setText(sentence or "Try what is chosen above.")
        self.microphone.setText("Stop" if level is not None else "Try the microphone")
        self.microphone.setAccessibleName(
            "Stop trying the microphone" if level is not None else "Try the microphone"
        )

    def show_playing(self, playing: bool) -> None:
        """See `TryingView`."""
        self.speaker.setText("Playing…" if playing else "Play a tone")
        self.speaker.setEnabled(not playing)

    def tell(self, error: PhiDeskError) -> None:
        """See `TryingView`."""
        self._notices.show_error(error)

    def chosen_changed(self, chosen: Devices) -> None:
        """Another device is meant."""
        if chosen.microphone != self._microphone:
            self._microphone = chosen.microphone
            self.presenter.chosen_changed()

    @Slot()
    def _on_microphone_clicked(self) -> None:
        if self.presenter.listening:
            self.presenter.stop()
        else:
            self.presenter.listen()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.microphone)
        row.addWidget(self.speaker)
        row.addSpacing(SMALL)
        row.addWidget(self.bar, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, MEDIUM, 0, 0)
        column.setSpacing(HAIR)
        column.addLayout(row)
        column.addWidget(self.words)
