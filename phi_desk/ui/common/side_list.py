"""What the lists at the side have in common: heading, search, keys, an empty sentence, naming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, heading_font
from phi_desk.ui.throttle import Pause

WIDTH = 264
LINE = Qt.ItemDataRole.UserRole  # under this, an index holds the line it stands for
TYPING_MS = 150
AnyIndex = QModelIndex | QPersistentModelIndex


class SideWords(NamedTuple):
    """What such a list says of itself.

    Attributes:
        heading: above it, and what it is called by those who listen.
        find: the key that leads to its search.
        bare: what stands there before anything is in it.
        naming: the title of the window that asks for a name.
    """

    heading: str
    find: str
    bare: str
    naming: str


class LineKeys(QObject):
    """The keys of every list: Enter opens, Del deletes, F2 names, Menu shows what can be done."""

    open_pressed = Signal()
    delete_pressed = Signal()
    rename_pressed = Signal()
    menu_pressed = Signal()

    def __init__(self, lines: QAbstractItemView) -> None:
        super().__init__(lines)
        self._lines = lines
        lines.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Take the keys that mean something here; the list has the others."""
        return (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._takes(event)
        )

    def _takes(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_pressed.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_pressed.emit()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._lines.currentIndex().isValid():
                return False
            self.open_pressed.emit()
        else:
            return False
        return True


class SideList(QWidget):
    """A heading with its buttons, a search field, and the lines of `view`."""

    new_requested = Signal()
    search_changed = Signal(str)

    def __init__(
        self,
        view: QListView,
        words: SideWords,
        new: IconButton,
        parent: QWidget | None = None,
        *,
        buttons: Sequence[QWidget] = (),
        below: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(words.heading)
        self.setFixedWidth(WIDTH)
        view.setAccessibleName(words.heading)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view = view
        self.keys = LineKeys(view)
        self.field = _search_field(words)
        self.new = new
        self._empty = label(kind="muted", wrap=True)
        self._pause = Pause(self._on_typed, self, TYPING_MS)
        self._lay_out(buttons, below)
        self.new.clicked.connect(self.new_requested)
        self.field.textChanged.connect(self._pause.request)
        self.keys.delete_pressed.connect(self._on_delete_pressed)
        self.keys.rename_pressed.connect(self._on_rename_pressed)

    def say_if_empty(self, lines: Sequence[Any], words: str) -> None:
        """Show the list, or why there is nothing in it; `words` were searched for."""
        self._empty.setVisible(not lines)
        self._view.setVisible(bool(lines))
        self._empty.setText(f"Nothing was found for “{words}”." if words else self._words.bare)

    def ask_name(self, named: str, about: object) -> None:
        """Let the person give another name; `take_name` is called with `about` and it."""
        dialog = QInputDialog(self)
        dialog.setObjectName("rename")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self._words.naming)
        dialog.setLabelText("Name")
        dialog.setTextValue(named)
        dialog.resize(380, dialog.sizeHint().height())
        self._naming = about
        dialog.textValueSelected.connect(self._on_named)
        dialog.open()

    def take_name(self, about: Any, name: str) -> None:
        """What happens with a name that was given."""
        raise NotImplementedError

    @Slot()
    def _on_delete_pressed(self) -> None:
        raise NotImplementedError

    @Slot()
    def _on_rename_pressed(self) -> None:
        raise NotImplementedError

    @Slot(str)
    def _on_named(self, name: str) -> None:
        if name.strip():
            self.take_name(self._naming, name.strip())

    def _on_typed(self) -> None:
        self.search_changed.emit(self.field.text())

    def _lay_out(self, buttons: Sequence[QWidget], below: Sequence[QWidget]) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self._words.heading, font=heading_font()), 1)
        for one in (*buttons, self.new):
            head.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addSpacing(HAIR)
        column.addWidget(self._empty)
        column.addWidget(self._view, 1)
        column.addStretch(0)
        for one in below:
            column.addWidget(one)
        self._empty.setVisible(False)


class ItemList(SideList):
    """A side list of so few lines that each may be an item: one is opened, or has its menu."""

    def __init__(
        self,
        words: SideWords,
        new: IconButton,
        parent: QWidget | None = None,
        *,
        buttons: Sequence[QWidget] = (),
        below: Sequence[QWidget] = (),
    ) -> None:
        self.lines = QListWidget()
        super().__init__(self.lines, words, new, parent, buttons=buttons, below=below)
        self.lines.itemClicked.connect(self._on_item_clicked)
        self.lines.customContextMenuRequested.connect(self._on_menu_requested)
        self.keys.open_pressed.connect(self._on_open_pressed)
        self.keys.menu_pressed.connect(self._on_menu_pressed)

    def open_line(self, line: Any) -> None:
        """What happens when a line is chosen."""
        raise NotImplementedError

    def menu_of(self, line: Any) -> QMenu:
        """What can be done to what a line stands for."""
        raise NotImplementedError

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self.open_line(item.data(LINE))

    @Slot()
    def _on_open_pressed(self) -> None:
        self.open_line(self.lines.currentItem().data(LINE))

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        item = self.lines.itemAt(place)
        if item is not None:
            self.lines.setCurrentItem(item)
            self._open_menu(item, place)

    @Slot()
    def _on_menu_pressed(self) -> None:
        item = self.lines.currentItem()
        if item is not None:
            self._open_menu(item, self.lines.visualItemRect(item).center())

    def _open_menu(self, item: QListWidgetItem, place: QPoint) -> None:
        self.menu_of(item.data(LINE)).popup(self.lines.viewport().mapToGlobal(place))


@contextmanager
def painted_line(painter: QPainter, option: QStyleOptionViewItem) -> Iterator[None]:
    """The ground of a line, marked or not; what is painted within is undone behind it."""
    plain = QStyleOptionViewItem(option)
    plain.text = ""
    widget: QWidget = option.widget
    widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
    painter.save()
    yield
    painter.restore()


def draw_words(
    painter: QPainter,
    box: QRect,
    text: str,
    elided: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One row of words, shortened where there is no room."""
    words = painter.fontMetrics().elidedText(text, elided, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _search_field(words: SideWords) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText("Search")
    field.setAccessibleName(f"Search in all {words.heading.lower()}")
    field.setToolTip(f"Search in all {words.heading.lower()} ({words.find})")
    field.setClearButtonEnabled(True)
    return field
