"""A page's text as it stands, to be changed, and its Markdown as it is meant, to be read."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QEvent, QMimeData, QUrl, Signal
from PySide6.QtGui import (
    QPalette,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextBrowser, QWidget

from phi_desk.ui.common.mime import given

LINE_HEIGHT = 140.0  # percent
MARGIN = 10


class PlainEditor(QPlainTextEdit):
    """The words of a page. What comes while it is read is put at the end; nothing else moves."""

    edited = Signal(str)
    given = Signal(object)  # common.mime.Given: what was pasted, and is no words

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(MARGIN)
        self.viewport().setAutoFillBackground(False)
        self._showing = False
        self.textChanged.connect(self._on_text_changed)

    def show_text(self, text: str) -> None:
        """Show these words; the same again leaves cursor, scroll and undo where they are."""
        shown = self.toPlainText()
        if text == shown:
            return
        self._showing = True
        if shown and text.startswith(shown):
            self.add(text[len(shown) :])
        else:
            place = self.verticalScrollBar().value()
            self.setPlainText(text)
            self.verticalScrollBar().setValue(place)
        self._showing = False

    def add(self, words: str) -> None:
        """Put words at the end; who reads further up stays there."""
        before, self._showing = self._showing, True
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(words)
        self.document().clearUndoRedoStacks()
        if at_end:
            bar.setValue(bar.maximum())
        self._showing = before

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802  (Qt's name)
        """Words go into the text; a picture or a file is read by itself."""
        return source.hasText() or source.hasImage() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802  (Qt's name)
        """As `canInsertFromMimeData` says."""
        came = given(source)
        if came.files or came.pictures:
            self.given.emit(came)
        else:
            super().insertFromMimeData(source)

    def _on_text_changed(self) -> None:
        if not self._showing:
            self.edited.emit(self.toPlainText())


class MarkdownView(QTextBrowser):
    """Shows Markdown. Fetches nothing, and opens no link: `link_chosen` says which was clicked."""

    link_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text of the page, as Markdown")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(MARGIN)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self._text = ""

    def show_text(self, text: str) -> None:
        """Show this Markdown; who reads further up stays there."""
        if text == self._text:
            return
        self._text = text
        bar = self.verticalScrollBar()
        place, at_end = bar.value(), bar.value() >= bar.maximum() - 2 and bar.maximum() > 0
        # Markup of HTML in what was read is words that were read, too.
        features = (
            QTextDocument.MarkdownFeature.MarkdownDialectGitHub
            | QTextDocument.MarkdownFeature.MarkdownNoHTML
        )
        self.document().setMarkdown(text, features)
        self._dress()
        bar.setValue(bar.maximum() if at_end else place)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802  (Qt's name)
        """Nothing: a page that was read names no picture that is ours to show."""
        return None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Take the new colours, which the document keeps in its formats."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._text:
            text, self._text = self._text, ""
            self.show_text(text)

    def _on_anchor_clicked(self, address: QUrl) -> None:
        self.link_chosen.emit(address.toString())

    def _dress(self) -> None:
        """Air between the lines, and lines around the cells of tables."""
        shape = QTextBlockFormat()
        shape.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            table = cast("QTextTable | None", cursor.currentTable())  # the stub knows no None
            if table is None:
                cursor.mergeBlockFormat(shape)
            else:
                _dress_table(table, self.palette())
                block = table.lastCursorPosition().block()
            block = block.next()


def _dress_table(table: QTextTable, palette: QPalette) -> None:
    form = table.format()
    form.setCellPadding(6)
    form.setCellSpacing(0)
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderCollapse(True)
    form.setBorderBrush(palette.color(QPalette.ColorRole.Mid))
    table.setFormat(form)


def matches(document: QTextDocument, words: str) -> list[QTextCursor]:
    """Every place that holds these words, whatever their case, from the first to the last."""
    found: list[QTextCursor] = []
    cursor = QTextCursor(document)
    while words:
        cursor = document.find(words, cursor)
        if cursor.isNull():
            break
        found.append(QTextCursor(cursor))
    return found
