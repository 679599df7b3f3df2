"""Text that is as high as it needs to be and is scrolled by what holds it; can be selected."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import (
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

LINE_HEIGHT = 140.0  # percent: long answers are read, not scanned


class FlowText(QTextBrowser):
    """Shows Markdown or plain words; links open in the system's browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenExternalLinks(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._shown: tuple[str, bool] = ("", False)

    def show_markdown(self, text: str) -> None:
        """Show Markdown; the same text again costs nothing."""
        if self._shown != (text, True):
            self._shown = (text, True)
            self.setMarkdown(text)
            self._set_line_height()

    def show_plain(self, text: str, *, line_height: bool = True) -> None:
        """Show words as they stand."""
        if self._shown != (text, False):
            self._shown = (text, False)
            self.setPlainText(text)
            if line_height:
                self._set_line_height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A new width makes a new height."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        """Leave the wheel to what scrolls the whole, except sideways."""
        if event.angleDelta().x() and not event.angleDelta().y():
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Take the new colours, which the document keeps in its formats."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown[1]:
            text, self._shown = self._shown[0], ("", False)
            self.show_markdown(text)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As wide as there is room, as high as the text."""
        return QSize(200, self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Narrow is possible."""
        return QSize(60, self._height())

    @Slot()
    def _fit(self) -> None:
        height = self._height()
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _height(self) -> int:
        bar = self.horizontalScrollBar()
        extra = bar.height() if bar.maximum() > 0 else 0
        return max(1, int(self.document().size().height() + 0.999)) + extra

    def _set_line_height(self) -> None:
        """Air between the lines; tables get it as padding of their cells instead."""
        shape = QTextBlockFormat()
        shape.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            table = cast("QTextTable | None", cursor.currentTable())  # the stub knows no None
            if table is None:
                cursor.mergeBlockFormat(shape)
            else:
                self._dress(table)
                cursor = table.lastCursorPosition()
                block = cursor.block()
            block = block.next()

    def _dress(self, table: QTextTable) -> None:
        form = table.format()
        form.setCellPadding(6)
        form.setCellSpacing(0)
        form.setBorder(1)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setBorderBrush(self.palette().color(QPalette.ColorRole.Mid))
        table.setFormat(form)
