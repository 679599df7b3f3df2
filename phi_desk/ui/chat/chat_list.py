"""The list of chats at the side: searched, opened, and by right click named, pinned, deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
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
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from phi_desk.services.chats.values import Chat
from phi_desk.ui.chat.packing_strip import PackingStrip
from phi_desk.ui.chat.values import ChatLine
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton, icon
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, heading_font, small_font
from phi_desk.ui.throttle import Pause

WIDTH = 264
LINE = Qt.ItemDataRole.UserRole
TYPING_MS = 150
AnyIndex = QModelIndex | QPersistentModelIndex


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
        plain = QStyleOptionViewItem(option)
        plain.text = ""
        widget: QWidget = option.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        line = _line(index)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 0, -10, 0)
        painter.save()
        if line.chat.pinned:
            muted = palette.color(QPalette.ColorRole.PlaceholderText)
            pin = QRect(box.right() - 14, box.top() + 9, 14, 14)
            icon("pin", muted, 14).paint(painter, pin)
            box.setRight(box.right() - 20)
        first = QRect(box)
        if line.found:
            first.setHeight(box.height() // 2 + 4)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        _draw(painter, first, line.chat.title)
        if line.found:
            painter.setFont(small_font())
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            _draw(painter, box.adjusted(0, box.height() // 2 - 2, 0, -4), line.found)
        painter.restore()


class Lines(QListWidget):
    """The list itself; Del deletes, F2 names."""

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
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem():
            self.itemClicked.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class ChatList(QWidget):
    """Says what was asked for, and shows what it is told."""

    chat_chosen = Signal(int)
    new_requested = Signal()
    search_changed = Signal(str)
    rename_requested = Signal(int, str)
    pin_requested = Signal(int, bool)
    delete_requested = Signal(object)  # Chat
    export_requested = Signal(object)  # Chat, or None for all of them
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Chats")
        self.setFixedWidth(WIDTH)
        self.lines = Lines()
        self.lines.setAccessibleName("Chats")
        self.lines.setItemDelegate(LineDelegate(self.lines))
        self.lines.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search")
        self.field.setAccessibleName("Search in all chats")
        self.field.setToolTip("Search in all chats (Ctrl+F)")
        self.field.setClearButtonEnabled(True)
        self._new = IconButton("new", "New chat", tip="New chat (Ctrl+N)")
        self._more = IconButton("more", "Export and import", tip="Export and import chats")
        self.packing = PackingStrip()
        self._empty = label(kind="muted", wrap=True)
        self._pause = Pause(self._on_typed, self, TYPING_MS)
        self._lay_out()
        self._wire()

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
        self._empty.setVisible(not lines)
        self.lines.setVisible(bool(lines))
        self._empty.setText(
            f"Nothing was found for “{words}”." if words else "What you ask is kept here."
        )

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self.chat_chosen.emit(item.data(LINE).chat.id)

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
        menu = self.menu_for(item.data(LINE).chat)
        menu.popup(self.lines.viewport().mapToGlobal(place))

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
        if (chat := self._current()) is None:
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Rename the chat")
        dialog.setLabelText("Name")
        dialog.setTextValue(chat.title)
        dialog.setProperty("chat", chat.id)
        dialog.resize(380, dialog.sizeHint().height())
        dialog.textValueSelected.connect(self._on_named)
        dialog.open()

    @Slot(str)
    def _on_named(self, title: str) -> None:
        dialog = self.sender()
        if dialog is not None and title.strip():
            self.rename_requested.emit(int(dialog.property("chat")), title.strip())

    def _on_typed(self) -> None:
        self.search_changed.emit(self.field.text())

    def _current(self) -> Chat | None:
        item = self.lines.currentItem()
        chat: Chat | None = item.data(LINE).chat if item is not None else None
        return chat

    def _wire(self) -> None:
        self._new.clicked.connect(self.new_requested)
        self._more.clicked.connect(self._on_more_clicked)
        self.field.textChanged.connect(self._pause.request)
        self.lines.itemClicked.connect(self._on_item_clicked)
        self.lines.customContextMenuRequested.connect(self._on_menu_requested)
        self.lines.delete_pressed.connect(self._on_delete_pressed)
        self.lines.rename_pressed.connect(self._on_rename_pressed)
        self.lines.menu_pressed.connect(self._on_menu_pressed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Chats", font=heading_font()), 1)
        head.addWidget(self._more)
        head.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, MEDIUM, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addSpacing(HAIR)
        column.addWidget(self._empty)
        column.addWidget(self.lines, 1)
        column.addStretch(0)
        column.addWidget(self.packing)
        self._empty.setVisible(False)


def _line(index: AnyIndex) -> ChatLine:
    line: ChatLine = index.data(LINE)
    return line


def _draw(painter: QPainter, box: QRect, text: str) -> None:
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
