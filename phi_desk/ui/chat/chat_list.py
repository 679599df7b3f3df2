"""The list of chats at the side: searched, opened, and by right click named, pinned, deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidgetItem,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from phi_desk.services.chats.values import Chat
from phi_desk.ui.chat.packing_strip import PackingStrip
from phi_desk.ui.chat.values import ChatLine
from phi_desk.ui.common.side_list import (
    LINE,
    AnyIndex,
    ItemList,
    SideWords,
    draw_words,
    painted_line,
)
from phi_desk.ui.icons import IconButton, icon
from phi_desk.ui.theme import small_font

_WORDS = SideWords("Chats", "Ctrl+F", "What you ask is kept here.", "Rename the chat")


class LineDelegate(QStyledItemDelegate):
    """Paints the title, a pin, and below it where a search found the words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """One line, or two where something was found."""
        height = option.fontMetrics.height() + 18
        if _line(index).found:
            height += option.fontMetrics.height()
        return QSize(100, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one line."""
        line = _line(index)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 0, -10, 0)
        with painted_line(painter, option):
            if line.chat.pinned:
                muted = palette.color(QPalette.ColorRole.PlaceholderText)
                pin = QRect(box.right() - 14, box.top() + 9, 14, 14)
                icon("pin", muted, 14).paint(painter, pin)
                box.setRight(box.right() - 20)
            first = QRect(box)
            if line.found:
                first.setHeight(box.height() // 2 + 4)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            draw_words(painter, first, line.chat.title)
            if line.found:
                painter.setFont(small_font())
                painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
                draw_words(painter, box.adjusted(0, box.height() // 2 - 2, 0, -4), line.found)


class ChatList(ItemList):
    """Says what was asked for, and shows what it is told."""

    chat_chosen = Signal(int)
    rename_requested = Signal(int, str)
    pin_requested = Signal(int, bool)
    delete_requested = Signal(object)  # Chat
    export_requested = Signal(object)  # Chat, or None for all of them
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.packing = PackingStrip()
        self._more = IconButton("more", "Export and import", tip="Export and import chats")
        new = IconButton("new", "New chat", tip="New chat (Ctrl+N)")
        super().__init__(_WORDS, new, parent, buttons=(self._more,), below=(self.packing,))
        self.lines.setItemDelegate(LineDelegate(self.lines))
        self._more.clicked.connect(self._on_more_clicked)

    def show_chats(self, lines: Sequence[ChatLine], current: int | None, words: str) -> None:
        """Show these lines, and which is open; the place in the list stays."""
        place = self.lines.verticalScrollBar().value()
        self.lines.clear()
        for line in lines:
            item = QListWidgetItem(line.chat.title)
            item.setData(LINE, line)
            item.setToolTip(line.chat.title)
            self.lines.addItem(item)
            if line.chat.id == current:
                self.lines.setCurrentItem(item)
        self.lines.verticalScrollBar().setValue(place)
        self.say_if_empty(lines, words)

    def open_line(self, line: ChatLine) -> None:
        """Ask for the chat of a line."""
        self.chat_chosen.emit(line.chat.id)

    def menu_of(self, line: ChatLine) -> QMenu:
        """What can be done to the chat of a line."""
        return self.menu_for(line.chat)

    def menu_for(self, chat: Chat) -> QMenu:
        """What can be done to a chat."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pin = QAction("Unpin" if chat.pinned else "Pin", menu)
        rename = QAction("Rename…\tF2", menu)
        export = QAction("Export…", menu)
        delete = QAction("Delete\tDel", menu)
        pin.triggered.connect(self._on_pin_pressed)
        rename.triggered.connect(self._on_rename_pressed)
        export.triggered.connect(self._on_export_pressed)
        delete.triggered.connect(self._on_delete_pressed)
        for action in (pin, rename, export, delete):
            menu.addAction(action)
        return menu

    @Slot()
    def _on_pin_pressed(self) -> None:
        if (chat := self._current()) is not None:
            self.pin_requested.emit(chat.id, not chat.pinned)

    @Slot()
    def _on_export_pressed(self) -> None:
        if (chat := self._current()) is not None:
            self.export_requested.emit(chat)

    @Slot()
    def _on_export_all_pressed(self) -> None:
        self.export_requested.emit(None)

    @Slot()
    def _on_more_clicked(self) -> None:
        menu = self.menu_for_all()
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def menu_for_all(self) -> QMenu:
        """What can be done to all chats."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        every = menu.addAction("Export all chats…")
        every.setEnabled(self.lines.count() > 0)
        every.triggered.connect(self._on_export_all_pressed)
        menu.addAction("Import chats…").triggered.connect(self.import_requested)
        return menu

    @Slot()
    def _on_delete_pressed(self) -> None:
        if (chat := self._current()) is not None:
            self.delete_requested.emit(chat)

    @Slot()
    def _on_rename_pressed(self) -> None:
        if (chat := self._current()) is not None:
            self.ask_name(chat.title, chat.id)

    def take_name(self, about: int, name: str) -> None:
        """Ask for the chat numbered `about` to be called `name`."""
        self.rename_requested.emit(about, name)

    def _current(self) -> Chat | None:
        item = self.lines.currentItem()
        chat: Chat | None = item.data(LINE).chat if item is not None else None
        return chat


def _line(index: AnyIndex) -> ChatLine:
    line: ChatLine = index.data(LINE)
    return line
