"""Attachments as small cards: a picture or a waveform, its name, what it takes, and a way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from phi_desk.engine.messages import Audio
from phi_desk.ui.chat.pictures import rounded, waveform
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import label
from phi_desk.ui.common.pixels import to_image
from phi_desk.ui.icons import IconButton, pixmap
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font
from phi_desk.ui.voice.player import Clip
from phi_desk.ui.voice.sounds import Sounds

THUMBNAIL = 44
WAVE = (84, 32)
NAME_WIDTH = 150
KINDS = {"image": "Picture", "audio": "Recording", "text": "Text"}


class Chip(QFrame):
    """One attachment."""

    remove_requested = Signal(int)

    def __init__(self, item: DraftItem, *, removable: bool, sounds: Sounds | None = None) -> None:
        super().__init__()
        self.setObjectName("chip")
        self._item = item
        kind = KINDS[item.kind]
        self.setAccessibleName(f"{kind} {item.name}, {item.detail}")
        self._picture = QLabel()
        self._detail = label(kind="muted", font=small_font())
        name = label(font=small_font())
        name.setText(
            QFontMetrics(name.font()).elidedText(
                item.name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH
            )
        )
        self.setToolTip(item.name)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, SMALL if removable else MEDIUM, 6)
        row.setSpacing(SMALL)
        self._plays = isinstance(item.part, Audio) and sounds is not None
        if isinstance(item.part, Audio) and sounds is not None:
            clip = Clip(f"draft {item.id}", item.part.source)
            row.addWidget(sounds.view(clip, item.name))
        else:
            row.addWidget(self._picture)
        row.addLayout(words)
        if removable:
            out = IconButton("close", f"Remove {item.name}", tip="Remove (Del)", size=14)
            out.clicked.connect(self._on_remove_clicked)
            row.addWidget(out, 0, Qt.AlignmentFlag.AlignTop)
        self._draw()
        self.show_item(item)

    @property
    def name(self) -> str:
        """What the person knows it by."""
        return self._item.name

    def show_item(self, item: DraftItem) -> None:
        """The same attachment, with its cost."""
        self._item = item
        cost = "" if item.tokens is None else f"{item.tokens:,} tokens"
        detail = "" if self._plays else item.detail  # the time stands beside the waveform
        self._detail.setText(" · ".join(part for part in (detail, cost) if part))
        self._detail.setVisible(bool(self._detail.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Del takes it away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_remove_clicked()
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        scale = self.devicePixelRatioF()
        if self._item.thumbnail is not None:
            picture = rounded(to_image(self._item.thumbnail), THUMBNAIL, scale)
        elif self._item.peaks is not None:
            colour = QApplication.palette().color(QPalette.ColorRole.Accent)
            picture = waveform(self._item.peaks, *WAVE, colour, scale)
        else:
            muted = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
            picture = pixmap("text", muted, 24, scale)
        self._picture.setPixmap(picture)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.remove_requested.emit(self._item.id)


class ChipRow(QWidget):
    """Attachments beside each other; hidden while there are none."""

    remove_requested = Signal(int)

    def __init__(self, *, removable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._removable = removable
        self._sounds: Sounds | None = None
        self._chips: dict[int, Chip] = {}
        self._reading = label(kind="muted", font=small_font())
        self._row = FlowLayout(self, spacing=SMALL)
        self._row.setContentsMargins(0, 0, 0, HAIR)
        self._row.addWidget(self._reading)
        self.setVisible(False)

    def use_sounds(self, sounds: Sounds | None) -> None:
        """Let recordings be played."""
        self._sounds = sounds

    def holds(self, names: Sequence[str]) -> bool:
        """Whether exactly attachments of these names are shown."""
        return bool(names) and [chip.name for chip in self._chips.values()] == list(names)

    def show_items(self, items: Sequence[DraftItem], reading: int = 0) -> None:
        """Show exactly these; those that were there before stay."""
        wanted = {item.id: item for item in items}
        for number in [n for n in self._chips if n not in wanted]:
            chip = self._chips.pop(number)
            self._row.removeWidget(chip)
            chip.deleteLater()
        for place, item in enumerate(items):
            if item.id in self._chips:
                self._chips[item.id].show_item(item)
                continue
            chip = Chip(item, removable=self._removable, sounds=self._sounds)
            chip.remove_requested.connect(self.remove_requested)
            self._chips[item.id] = chip
            self._row.insert(place, chip)
        self._reading.setText("Reading…" if reading else "")
        self._reading.setVisible(reading > 0)
        self.setVisible(bool(items) or reading > 0)
