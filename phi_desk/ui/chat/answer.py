"""The body of an answer: text as Markdown, code in boxes; while it grows only its end is drawn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from phi_desk.ui.chat.code_box import CodeBox
from phi_desk.ui.chat.prose import ProseBox
from phi_desk.ui.chat.segments import Code, GrowingSegments, Prose, Segment
from phi_desk.ui.theme import MEDIUM


class Answer(QWidget):
    """Shows an answer; what did not change is not drawn again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEDIUM)
        self._segments = GrowingSegments()
        self._shown: list[Segment] = []
        self._growing = False
        self._parts: list[ProseBox | CodeBox] = []

    def show_text(self, text: str) -> None:
        """Show this as the whole answer."""
        self._show(text, growing=False)

    def show_growing(self, text: str) -> None:
        """Show an answer to which more will come."""
        self._show(text, growing=True)

    def _show(self, text: str, *, growing: bool) -> None:
        found = self._segments.of(text)
        again = growing != self._growing  # what was drawn as growing is drawn whole
        self._growing = growing
        for place, segment in enumerate(found):
            last = place == len(found) - 1
            known = place < len(self._shown) and self._shown[place] == segment
            if not known or last or again:
                self._show_part(place, segment, more=growing and last)
        self._cut(len(found))
        self._shown = list(found)

    def _show_part(self, place: int, segment: Segment, *, more: bool) -> None:
        kind = ProseBox if isinstance(segment, Prose) else CodeBox
        if place < len(self._parts) and not isinstance(self._parts[place], kind):
            self._cut(place)
        if place == len(self._parts):
            made = kind()
            self._parts.append(made)
            self._column.addWidget(made)
        part = self._parts[place]
        if isinstance(segment, Code) and isinstance(part, CodeBox):
            part.show_code(segment)
        elif isinstance(segment, Prose) and isinstance(part, ProseBox):
            if more:
                part.show_growing(segment.text)
            else:
                part.show_whole(segment.text)

    def _cut(self, place: int) -> None:
        while len(self._parts) > place:
            part = self._parts.pop()
            self._column.removeWidget(part)
            part.hide()
            part.setParent(None, Qt.WindowType.Widget)
            part.deleteLater()
