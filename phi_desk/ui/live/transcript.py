"""Source and translation side by side, row by row; what is certain is never drawn again.

Knows no session: it is told rows.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from phi_desk.ui.icons import IconButton
from phi_desk.ui.live.script import clock, note_words
from phi_desk.ui.live.values import Note, Row, Said
from phi_desk.ui.theme import LARGE

NEAR = 24  # pixels from the end that still count as the end
SIDE_BY_SIDE = 560  # pixels; below it the translation stands under the words
TIME_WIDTH = 64
FIRST_SHARE = 0.46  # of the width for the words; the translation has the rest beside the times
SLICE = 25  # rows of a long session that are drawn before the window gets its turn
NO_TRANSCRIPT = "(translated without a transcript, to catch up)"
_LINES = re.compile(r"\n{2,}")


class TranscriptView(QTextEdit):
    """Rows of one session, the newest below; it follows them only while the reader does."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What was said")
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(LARGE)
        self._translated = False
        self._rows: list[Row] = []  # certain ones that are drawn
        self._tail: list[Row] = []
        self._tables: list[tuple[QTextTable, Row]] = []  # of the tail
        self._waiting: deque[Row] = deque()  # certain rows that are not drawn yet
        self._wide = True
        self._follows = True
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._draw_more)
        self._down = IconButton("down", "Go to the end", tip="Go to the end (End)", parent=self)
        self._down.setProperty("kind", "main")
        self._down.setStyleSheet("border-radius: 16px;")
        self._down.setVisible(False)
        self._down.clicked.connect(self.go_to_end)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_value_changed)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, those that may still change last."""
        return (*self._rows, *self._waiting, *self._tail)

    @property
    def translated(self) -> bool:
        """Whether there is a column for a translation."""
        return self._translated

    def clear_rows(self, *, translated: bool) -> None:
        """Begin anew."""
        self._translated = translated
        self._rows, self._tail = [], []
        self._waiting.clear()
        self._more.stop()
        self._erase()
        self._follows = True
        self._down.setVisible(False)

    def show_all(self, rows: Sequence[Row]) -> None:
        """A whole session, from its beginning; a long one is drawn bit by bit."""
        self._follows = False
        self._waiting.extend(rows)
        self._draw_more()

    def show_rows(self, final: Sequence[Row], tail: Sequence[Row]) -> None:
        """More certain rows, and the rows below them that may still change."""
        if self._waiting:  # redrawn just now: these come when their turn does
            self._waiting.extend(final)
            self._tail = list(tail)
            return
        self._rows += final
        self._tail = list(tail)
        wanted = [*final, *tail]
        for place, row in enumerate(wanted):
            if place < len(self._tables) and _same_shape(self._tables[place][1], row):
                self._write(self._tables[place][0], self._tables[place][1], row)
                self._tables[place] = (self._tables[place][0], row)
            else:
                self._cut(place)
                self._tables.append((self._insert(row), row))
        self._cut(len(wanted))
        del self._tables[: len(final)]

    @Slot()
    def go_to_end(self) -> None:
        """Show the end, and follow it from now on."""
        self._follows = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._down.setVisible(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Home and End go to the ends, as in every view of ours."""
        if event.key() == Qt.Key.Key_End:
            self.go_to_end()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow view has the translation below the words."""
        super().resizeEvent(event)
        size = self._down.sizeHint()
        self._down.move((self.width() - size.width()) // 2, self.height() - size.height() - 8)
        wide = self.viewport().width() >= SIDE_BY_SIDE
        if wide != self._wide:
            self._wide = wide
            self._draw_again()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """The colours and the font lie in the text: draw it again in those of now."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw_again()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802  (Qt's name)
        """Words without the empty lines between the rows."""
        data = QMimeData()
        data.setText(_LINES.sub("\n", self.textCursor().selection().toPlainText()).strip("\n"))
        return data

    def _draw_again(self) -> None:
        rows = [*self._rows, *self._waiting]
        self._rows, follows = [], self._follows
        self._waiting = deque(rows)
        self._erase()
        self._follows = follows
        self._draw_more()

    @Slot()
    def _draw_more(self) -> None:
        for _ in range(min(SLICE, len(self._waiting))):
            row = self._waiting.popleft()
            self._rows.append(row)
            self._insert(row)
        if self._waiting:
            self._more.start()
        elif self._tail:
            self.show_rows((), tuple(self._tail))

    def _erase(self) -> None:
        self._tables.clear()
        self.document().clear()

    def _cut(self, place: int) -> None:
        """Take the tables of the tail away, from `place` on."""
        if place >= len(self._tables):
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._tables[place][0].firstPosition() - 1)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._tables[place:]

    def _insert(self, row: Row) -> QTextTable:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        note = isinstance(row, Note)
        stacked = self._translated and not self._wide and not note
        columns = 3 if self._translated and self._wide and not note else 2
        table = cursor.insertTable(2 if stacked else 1, columns, _shape(columns))
        _put(table, 0, 0, clock(row.start_s), self._quiet())
        self._write(table, None, row)
        cursor.endEditBlock()
        return table

    def _write(self, table: QTextTable, old: Row | None, row: Row) -> None:
        """Put the words of a row into its cells; what stands there already stays."""
        if old is not None and old.start_s != row.start_s:
            _put(table, 0, 0, clock(row.start_s), self._quiet())
        if isinstance(row, Note):
            if old != row:
                _put(table, 0, 1, note_words(row), self._noted())
            return
        before = old if isinstance(old, Said) and old.sure == row.sure else None
        form = self._words(sure=row.sure)
        text = row.text or (NO_TRANSCRIPT if row.sure and row.translation else "")
        if before is None or before.text != row.text:
            _put(table, 0, 1, text, form if row.text else self._noted())
        if self._translated and (before is None or before.translation != row.translation):
            place = (0, 2) if table.columns() == 3 else (1, 1)
            _put(table, *place, row.translation or "", form)

    def _words(self, *, sure: bool) -> QTextCharFormat:
        """Unsure words are slanted and dotted below, beside their colour."""
        form = QTextCharFormat()
        form.setForeground(self.palette().color(QPalette.ColorRole.Text))
        if not sure:
            form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
            form.setFontItalic(True)
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        return form

    def _quiet(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        form.setFontPointSize(self.font().pointSizeF() * 0.9)
        return form

    def _noted(self) -> QTextCharFormat:
        form = self._quiet()
        form.setFontWeight(QFont.Weight.Medium)
        return form

    @Slot(int, int)
    def _on_range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)
        self._down.setVisible(not self._follows and self.verticalScrollBar().value() < most - NEAR)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - NEAR
        self._down.setVisible(not self._follows)


def _same_shape(old: Row, new: Row) -> bool:
    return isinstance(old, Note) == isinstance(new, Note)


def _shape(columns: int) -> QTextTableFormat:
    form = QTextTableFormat()
    form.setBorder(0)
    form.setCellPadding(5)
    form.setCellSpacing(0)
    kinds = QTextLength.Type
    form.setWidth(QTextLength(kinds.PercentageLength, 100))
    widths = [QTextLength(kinds.FixedLength, TIME_WIDTH)]
    if columns == 3:
        widths.append(QTextLength(kinds.PercentageLength, 100 * FIRST_SHARE))
    widths.append(QTextLength(kinds.PercentageLength, 100))
    form.setColumnWidthConstraints(widths)
    return form


def _put(table: QTextTable, row: int, column: int, words: str, form: QTextCharFormat) -> None:
    cell = table.cellAt(row, column)
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(words, form)
    shape = QTextBlockFormat()
    shape.setLineHeight(130.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.setBlockFormat(shape)
