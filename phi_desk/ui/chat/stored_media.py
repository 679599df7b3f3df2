"""Pictures and recordings of a stored question, each with its name; knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QWidget
from shiboken6 import isValid

from phi_desk.services.chats.values import Attachment
from phi_desk.ui.chat.chips import THUMBNAIL
from phi_desk.ui.chat.pictures import rounded
from phi_desk.ui.chat.thumbnails import Thumbnails
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton, pixmap
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font
from phi_desk.ui.voice.player import Clip
from phi_desk.ui.voice.sounds import Sounds


class StoredMedia(QWidget):
    """Hidden while there are none; with `removable` each can be taken away."""

    remove_requested = Signal(object)  # Attachment

    def __init__(
        self,
        thumbnails: Thumbnails,
        *,
        removable: bool = False,
        sounds: Sounds | None = None,
    ) -> None:
        super().__init__()
        self._removable = removable
        self._sounds = sounds
        self._thumbnails = thumbnails
        self._shown: tuple[str, ...] = ()
        self._row = FlowLayout(self, spacing=SMALL)
        self._row.setContentsMargins(0, 0, 0, HAIR)
        self.setVisible(False)

    def show_media(self, media: Sequence[Attachment]) -> None:
        """Show exactly these."""
        wanted = tuple(part.sha256 for part in media)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for part in media:
            self._row.addWidget(self._chip(part))
        self.setVisible(bool(media))

    def _chip(self, part: Attachment) -> QFrame:
        chip = QFrame()
        chip.setObjectName("chip")
        chip.setAccessibleName(f"{'Picture' if part.kind == 'image' else 'Recording'} {part.name}")
        place = QLabel()
        place.setFixedSize(THUMBNAIL, THUMBNAIL)
        place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        scale = self.devicePixelRatioF()
        colour = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        place.setPixmap(pixmap("picture" if part.kind == "image" else "sound", colour, 24, scale))

        def show(image: QImage) -> None:
            if isValid(place):  # the chat may have been left meanwhile
                place.setPixmap(rounded(image, THUMBNAIL, scale))

        if part.kind == "image":
            self._thumbnails.ask(part.path, show)
        row = QHBoxLayout(chip)
        row.setContentsMargins(6, 6, MEDIUM, 6)
        if part.kind == "audio" and self._sounds is not None:
            clip = Clip(part.sha256, part.path)
            row.addWidget(self._sounds.view(clip, part.name or "Recording"))
        else:
            row.addWidget(place)
        row.addWidget(label(part.name or "Attachment", font=small_font()))
        if self._removable:
            out = IconButton("close", f"Remove {part.name or 'the attachment'}", size=14)
            out.clicked.connect(partial(self.remove_requested.emit, part))
            row.addWidget(out)
        return chip
