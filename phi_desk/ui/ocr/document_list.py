"""The documents at the side: on the desk and in the history; named, deleted, exported by menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.ocr.values import DocumentLine
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, heading_font, small_font
from phi_desk.ui.throttle import Pause

WIDTH = 264
LINE = Qt.ItemDataRole.UserRole
TYPING_MS = 150
AnyIndex = QModelIndex | QPersistentModelIndex
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
        plain = QStyleOptionViewItem(option)
        plain.text = ""
        widget: QWidget = option.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        line: DocumentLine = index.data(LINE)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 7, -10, -7)
        height = option.fontMetrics.height()
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        _draw(painter, QRect(box.left(), box.top(), box.width(), height), line.name)
        painter.setFont(small_font())
        role = QPalette.ColorRole.Accent if line.busy else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        for place, words in enumerate((line.detail, line.found), start=1):
            row = QRect(box.left(), box.top() + place * height + 2, box.width(), height)
            _draw(painter, row, " ".join(words.split()))
        painter.restore()


class Lines(QListView):
    """The list itself; Enter opens, Del deletes, F2 names."""

    opened = Signal()
    delete_pressed = Signal()
    rename_pressed = Signal()
    menu_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """The keys of every list."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_pressed.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_pressed.emit()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class DocumentsSide(QWidget):
    """Says what was asked for, and shows what it is told."""

    line_chosen = Signal(object)  # DocumentLine
    new_requested = Signal()
    search_changed = Signal(str)
    rename_requested = Signal(object, str)  # DocumentLine, the name
    delete_requested = Signal(object)  # tuple[DocumentLine, ...]
    export_requested = Signal(object)  # tuple[DocumentLine, ...]
    stop_requested = Signal(object)  # DocumentLine

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Documents")
        self.setFixedWidth(WIDTH)
        self.model = LinesModel()
        self.lines = Lines()
        self.lines.setModel(self.model)
        self.lines.setAccessibleName("Documents")
        self.lines.setItemDelegate(LineDelegate(self.lines))
        self.lines.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.lines.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search")
        self.field.setAccessibleName("Search in all documents")
        self.field.setToolTip("Search in all documents (Ctrl+Shift+F)")
        self.field.setClearButtonEnabled(True)
        self.new = IconButton("new", "Read something else", tip="Read something else (Ctrl+N)")
        self._empty = label(kind="muted", wrap=True)
        self._pause = Pause(self._on_typed, self, TYPING_MS)
        self._lay_out()
        self._wire()

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
        self._empty.setVisible(not lines)
        self.lines.setVisible(bool(lines))
        self._empty.setText(
            f"Nothing was found for “{words}”." if words else "What you read is kept here."
        )

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
        if len(self.chosen) != 1:
            return
        line = self.chosen[0]
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Rename the document")
        dialog.setLabelText("Name")
        dialog.setTextValue(line.name)
        dialog.resize(380, dialog.sizeHint().height())
        self._naming = line
        dialog.textValueSelected.connect(self._on_named)
        dialog.open()

    @Slot(str)
    def _on_named(self, name: str) -> None:
        if name.strip():
            self.rename_requested.emit(self._naming, name.strip())

    def _on_typed(self) -> None:
        self.search_changed.emit(self.field.text())

    def _wire(self) -> None:
        self.new.clicked.connect(self.new_requested)
        self.field.textChanged.connect(self._pause.request)
        self.lines.clicked.connect(self._on_clicked)
        self.lines.opened.connect(self._on_opened)
        self.lines.customContextMenuRequested.connect(self._on_menu_requested)
        self.lines.delete_pressed.connect(self._on_delete_pressed)
        self.lines.rename_pressed.connect(self._on_rename_pressed)
        self.lines.menu_pressed.connect(self._on_menu_pressed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Documents", font=heading_font()), 1)
        head.addWidget(self.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addSpacing(HAIR)
        column.addWidget(self._empty)
        column.addWidget(self.lines, 1)
        column.addStretch(0)
        self.show_lines((), "")


def _key(line: DocumentLine) -> tuple[int | None, int | None, int | None]:
    return (line.kept, None if line.kept is not None else line.paper, line.page)


def _add(menu: QMenu, words: str, action: Any) -> None:
    made = QAction(words, menu)
    made.triggered.connect(action)
    menu.addAction(made)


def _draw(painter: QPainter, box: QRect, text: str) -> None:
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
