"""The documents at the side: on the desk and in the history; named, deleted, exported by menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from phi_desk.ui.common.side_list import (
    LINE,
    AnyIndex,
    SideList,
    SideWords,
    draw_words,
    painted_line,
)
from phi_desk.ui.icons import IconButton
from phi_desk.ui.ocr.values import DocumentLine
from phi_desk.ui.theme import small_font

_WORDS = SideWords(
    "Documents", "Ctrl+Shift+F", "What you read is kept here.", "Rename the document"
)
_NOWHERE = QModelIndex()


class LinesModel(QAbstractListModel):
    """The lines; thousands of them cost nothing until they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[DocumentLine, ...] = ()

    def show_lines(self, lines: Sequence[DocumentLine]) -> None:
        """Take others; where only what they say has changed, what is marked stays marked."""
        new = tuple(lines)
        if new == self.lines:
            return
        if [_key(line) for line in new] == [_key(line) for line in self.lines]:
            self.lines = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.lines = new
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """How many."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is said about a document."""
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.name}, {line.found or line.detail}"
        return None


class LineDelegate(QStyledItemDelegate):
    """Paints the name, and below it how far it is or where a search found it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Two lines, or three where something was found."""
        lines = 3 if index.data(LINE).found else 2
        return QSize(100, lines * option.fontMetrics.height() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one line."""
        line: DocumentLine = index.data(LINE)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 7, -10, -7)
        height = option.fontMetrics.height()
        middle = Qt.TextElideMode.ElideMiddle
        with painted_line(painter, option):
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            name = QRect(box.left(), box.top(), box.width(), height)
            draw_words(painter, name, line.name, middle)
            painter.setFont(small_font())
            role = QPalette.ColorRole
            painter.setPen(palette.color(role.Accent if line.busy else role.PlaceholderText))
            for place, words in enumerate((line.detail, line.found), start=1):
                row = QRect(box.left(), box.top() + place * height + 2, box.width(), height)
                draw_words(painter, row, " ".join(words.split()), middle)


class DocumentsSide(SideList):
    """Says what was asked for, and shows what it is told."""

    line_chosen = Signal(object)  # DocumentLine
    rename_requested = Signal(object, str)  # DocumentLine, the name
    delete_requested = Signal(object)  # tuple[DocumentLine, ...]
    export_requested = Signal(object)  # tuple[DocumentLine, ...]
    stop_requested = Signal(object)  # DocumentLine

    def __init__(self, parent: QWidget | None = None) -> None:
        self.model = LinesModel()
        self.lines = QListView()
        self.lines.setModel(self.model)
        new = IconButton("new", "Read something else", tip="Read something else (Ctrl+N)")
        super().__init__(self.lines, _WORDS, new, parent)
        self.lines.setItemDelegate(LineDelegate(self.lines))
        self.lines.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._wire()
        self.show_lines((), "")

    @property
    def chosen(self) -> tuple[DocumentLine, ...]:
        """The lines that are marked, from top to bottom."""
        rows = sorted(index.row() for index in self.lines.selectionModel().selectedIndexes())
        return tuple(self.model.lines[row] for row in rows)

    def show_lines(self, lines: Sequence[DocumentLine], words: str) -> None:
        """Show these lines; the place in the list, and what is marked, stay."""
        place, marked = self.lines.verticalScrollBar().value(), {_key(one) for one in self.chosen}
        self.model.show_lines(lines)
        for row, line in enumerate(self.model.lines):
            if _key(line) in marked:
                index = self.model.index(row)
                self.lines.selectionModel().select(
                    index, self.lines.selectionModel().SelectionFlag.Select
                )
        self.lines.verticalScrollBar().setValue(place)
        self.say_if_empty(lines, words)

    def mark(self, kept: int | None, paper: int | None) -> None:
        """Mark the document that is open, where nothing else is marked on purpose."""
        if len(self.chosen) > 1:
            return
        for row, line in enumerate(self.model.lines):
            if (paper is not None and line.paper == paper) or (
                kept is not None and line.kept == kept
            ):
                if self.lines.currentIndex().row() != row or not self.chosen:
                    self.lines.setCurrentIndex(self.model.index(row))
                return
        self.lines.clearSelection()

    def menu_for(self, lines: Sequence[DocumentLine]) -> QMenu:
        """What can be done to documents."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = len(lines) == 1
        if any(line.busy for line in lines):
            _add(menu, "Stop reading", self._on_stop_pressed)
        if one:
            _add(menu, "Rename…\tF2", self._on_rename_pressed)
        _add(menu, "Export…", self._on_export_pressed)
        _add(menu, "Delete\tDel" if one else f"Delete {len(lines)}\tDel", self._on_delete_pressed)
        return menu

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid() and len(self.chosen) == 1:
            self.line_chosen.emit(self.model.lines[index.row()])

    @Slot()
    def _on_opened(self) -> None:
        self._on_clicked(self.lines.currentIndex())

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        if self.lines.indexAt(place).isValid():
            menu = self.menu_for(self.chosen)
            menu.popup(self.lines.viewport().mapToGlobal(place))

    @Slot()
    def _on_menu_pressed(self) -> None:
        if self.chosen:
            where = self.lines.visualRect(self.lines.currentIndex()).center()
            self.menu_for(self.chosen).popup(self.lines.viewport().mapToGlobal(where))

    @Slot()
    def _on_delete_pressed(self) -> None:
        if self.chosen:
            self.delete_requested.emit(self.chosen)

    @Slot()
    def _on_export_pressed(self) -> None:
        if self.chosen:
            self.export_requested.emit(self.chosen)

    @Slot()
    def _on_stop_pressed(self) -> None:
        for line in self.chosen:
            self.stop_requested.emit(line)

    @Slot()
    def _on_rename_pressed(self) -> None:
        if len(self.chosen) == 1:
            self.ask_name(self.chosen[0].name, self.chosen[0])

    def take_name(self, about: DocumentLine, name: str) -> None:
        """Ask for the document `about` to be called `name`."""
        self.rename_requested.emit(about, name)

    def _wire(self) -> None:
        self.lines.clicked.connect(self._on_clicked)
        self.lines.customContextMenuRequested.connect(self._on_menu_requested)
        self.keys.open_pressed.connect(self._on_opened)
        self.keys.menu_pressed.connect(self._on_menu_pressed)


def _key(line: DocumentLine) -> tuple[int | None, int | None, int | None]:
    return (line.kept, None if line.kept is not None else line.paper, line.page)


def _add(menu: QMenu, words: str, action: Any) -> None:
    made = QAction(words, menu)
    made.triggered.connect(action)
    menu.addAction(made)
