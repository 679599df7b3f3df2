"""Markdown on the screen, drawn in pieces while it grows: only the last piece is drawn again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QResizeEvent, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QVBoxLayout, QWidget

from phi_desk.ui.chat.markdown import cut, literal_maths, settled
from phi_desk.ui.chat.turn_view import plain
from phi_desk.ui.common.flow_text import FlowText

_FEATURE = QTextDocument.MarkdownFeature
FEATURES = _FEATURE.MarkdownDialectGitHub | _FEATURE.MarkdownNoHTML
SEAM = 6  # pixels between two pieces: what Qt leaves between two paragraphs


class ProseText(FlowText):
    """One piece; nothing in it is fetched, and markup of web pages is shown as it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._settling = False
        super().__init__(parent)

    def show_markdown(self, text: str) -> None:
        """As `FlowText.show_markdown`, laid out once; what was selected stays selected."""
        if self._shown == (text, True):
            return
        self._shown = (text, True)
        chosen = (self.textCursor().anchor(), self.textCursor().position())
        document = self.document()
        self._settling = True
        document.setMarkdown(literal_maths(text), FEATURES)
        whole = QTextCursor(document)
        whole.beginEditBlock()
        self._set_line_height()
        self._trim_ends()
        whole.endEditBlock()
        self._settling = False
        if chosen[0] != chosen[1]:
            self._select(*chosen)
        self._fit()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802  (Qt's name)
        """Nothing: an answer must not make the window open files or addresses."""
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Only a new width makes a new layout."""
        if event.size().width() != event.oldSize().width():
            super().resizeEvent(event)

    @Slot()
    def _fit(self) -> None:
        if not self._settling:
            super()._fit()

    def _dress(self, table: QTextTable) -> None:
        super()._dress(table)
        form = table.format()
        form.setTopMargin(SEAM)
        form.setBottomMargin(SEAM)
        table.setFormat(form)

    def _trim_ends(self) -> None:
        """No air above the first and below the last line: what holds the pieces leaves it."""
        for block, below in ((self.document().begin(), False), (self.document().lastBlock(), True)):
            cursor = QTextCursor(block)
            if cursor.currentTable() is None:
                form = block.blockFormat()
                form.setBottomMargin(0) if below else form.setTopMargin(0)
                cursor.setBlockFormat(form)

    def _select(self, anchor: int, position: int) -> None:
        last = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(anchor, last))
        cursor.setPosition(min(position, last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)


class ProseBox(QWidget):
    """A stretch of Markdown; one piece when it is whole, several while it grows.

    Attributes:
        pieces: from the first to the last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[ProseText] = []
        self._closed = ""  # the text of all pieces but the last
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SEAM)

    def show_whole(self, text: str) -> None:
        """Show a text that does not change any more; one in which words are selected stays cut."""
        if self._closed and any(piece.textCursor().hasSelection() for piece in self.pieces):
            self.show_growing(text, more=False)
            return
        self._closed = ""
        self._piece(0).show_markdown(text)
        self._cut(1)

    def show_growing(self, text: str, *, more: bool = True) -> None:
        """Show a text that goes on."""
        if not text.startswith(self._closed):
            self._closed = ""
            self._cut(1)
        place = max(0, len(self.pieces) - 1)
        tail = text[len(self._closed) :]
        while (end := cut(tail)) is not None:
            self._piece(place).show_markdown(tail[:end])
            self._closed += tail[:end]
            tail = tail[end:]
            place += 1
        self._piece(place).show_markdown(settled(tail) if more else tail)

    def _piece(self, place: int) -> ProseText:
        if place == len(self.pieces):
            piece = ProseText(self)
            plain(piece)
            piece.setAccessibleName("Answer")
            self.pieces.append(piece)
            self._column.addWidget(piece)
        return self.pieces[place]

    def _cut(self, place: int) -> None:
        while len(self.pieces) > place:
            piece = self.pieces.pop()
            self._column.removeWidget(piece)
            piece.hide()
            piece.deleteLater()
