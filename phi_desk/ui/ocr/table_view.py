"""A table that was read: cells that can be changed, copied as spreadsheets take them."""

from __future__ import annotations

import csv
import html
import io
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

WIDEST = 320  # pixels of a column; longer cells are wrapped
LOOKED_AT = 200  # rows that decide how wide columns are
AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """Rows of cells; a row that is short counts as filled with empty cells."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.columns = 0
        self.editable = False

    def show_csv(self, text: str) -> None:
        """Take another table."""
        self.beginResetModel()
        self.rows = rows_of(text)
        self.columns = max(map(len, self.rows), default=0)
        self.endResetModel()

    @property
    def csv(self) -> str:
        """The table as it is now."""
        return csv_of([[*row, *[""] * (self.columns - len(row))] for row in self.rows])

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """How many columns."""
        return 0 if parent.isValid() else self.columns

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says; the first row, which mostly names the columns, stands out."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.FontRole and index.row() == 0 and len(self.rows) > 1:
            font = QFont(QGuiApplication.font())
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def setData(  # noqa: N802  (Qt's name)
        self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Change a cell."""
        text = str(value)
        if role != Qt.ItemDataRole.EditRole or text == self.cell(index.row(), index.column()):
            return False
        row = self.rows[index.row()]
        row.extend([""] * (self.columns - len(row)))
        row[index.column()] = text
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Cells can be changed once the page has been read."""
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsEditable if self.editable else plain

    def cell(self, row: int, column: int) -> str:
        """The words of a cell."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def places_of(self, words: str) -> list[tuple[int, int]]:
        """Where cells hold these words, whatever their case."""
        wanted = words.casefold()
        return [
            (row, column)
            for row, cells in enumerate(self.rows)
            for column, cell in enumerate(cells)
            if wanted in cell.casefold()
        ]


class TableView(QTableView):
    """Ctrl+C copies the cells that are marked, all of them where none are."""

    edited = Signal(str)  # the whole table as CSV

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TableModel()
        self.setModel(self.rows)
        self.setAccessibleName("Table of the page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)
        self.viewport().setAutoFillBackground(False)
        self.horizontalHeader().setAccessibleName("Columns of the table")
        self.verticalHeader().setAccessibleName("Rows of the table")
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.edited.connect(self._on_edited)

    def show_csv(self, text: str) -> None:
        """Show a table; the same again leaves everything where it is."""
        if text != self.rows.csv or not text:
            bar = self.verticalScrollBar()
            place = bar.value()
            self.rows.show_csv(text)
            self.horizontalHeader().setResizeContentsPrecision(LOOKED_AT)
            self.resizeColumnsToContents()
            for column in range(self.rows.columns):
                self.setColumnWidth(column, min(WIDEST, self.columnWidth(column) + 8))
            if len(self.rows.rows) <= LOOKED_AT:
                self.resizeRowsToContents()
            bar.setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_marked()
        else:
            super().keyPressEvent(event)

    def copy_marked(self) -> None:
        """Put the marked cells on the clipboard."""
        marked = self.selectionModel().selectedIndexes()
        if not marked:
            QGuiApplication.clipboard().setMimeData(table_mime(self.rows.csv))
            return
        rows = sorted({index.row() for index in marked})
        columns = sorted({index.column() for index in marked})
        cells = [[self.rows.cell(row, column) for column in columns] for row in rows]
        QGuiApplication.clipboard().setMimeData(table_mime(csv_of(cells)))

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit(self.rows.csv)


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV text; lines as they are where it is none."""
    try:
        return [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error:  # a cell beyond csv's limit
        return [[line] for line in text.splitlines() if line]


def csv_of(rows: list[list[str]]) -> str:
    """Rows as CSV."""
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue()


def table_mime(text: str) -> QMimeData:
    """A table as CSV, and as the HTML that spreadsheets put into their cells."""
    cells = (
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows_of(text)
    )
    mime = QMimeData()
    mime.setText(text)
    mime.setData("text/csv", text.encode())
    mime.setHtml(f"<table>{''.join(cells)}</table>")
    return mime
