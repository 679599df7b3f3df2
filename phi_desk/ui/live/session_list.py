"""The list of kept sessions at the side: searched, opened, and by right click named or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPalette
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

from phi_desk.services.history.sessions.values import Session
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.live.script import clock
from phi_desk.ui.live.values import SessionLine
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, heading_font, small_font
from phi_desk.ui.throttle import Pause

WIDTH = 264
LINE = Qt.ItemDataRole.UserRole
TYPING_MS = 150
AnyIndex = QModelIndex | QPersistentModelIndex


class LineDelegate(QStyledItemDelegate):
    """Paints the name, and below it when it was, or where a search found the words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Two lines."""
        return QSize(100, 2 * option.fontMetrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one session."""
        plain = QStyleOptionViewItem(option)
        plain.text = ""
        widget: QWidget = option.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        line: SessionLine = index.data(LINE)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 6, -10, -6)
        half = box.height() // 2
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        _draw(painter, QRect(box.left(), box.top(), box.width(), half), line.session.title)
        painter.setFont(small_font())
        role = QPalette.ColorRole.Accent if line.running else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        below = QRect(box.left(), box.top() + half, box.width(), half)
        _draw(painter, below, line.found or about(line))
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


class SessionList(QWidget):
    """Says what was asked for, and shows what it is told."""

    session_chosen = Signal(object)  # Session
    new_requested = Signal()
    search_changed = Signal(str)
    rename_requested = Signal(object, str)  # Session
    delete_requested = Signal(object)  # Session
    export_requested = Signal(object)  # Session

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Sessions")
        self.setFixedWidth(WIDTH)
        self.lines = Lines()
        self.lines.setAccessibleName("Sessions")
        self.lines.setToolTip("Enter opens, F2 renames, Del deletes")
        self.lines.setItemDelegate(LineDelegate(self.lines))
        self.lines.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search")
        self.field.setAccessibleName("Search in all sessions")
        self.field.setToolTip("Search in all sessions (Ctrl+F)")
        self.field.setClearButtonEnabled(True)
        self.new = IconButton("new", "New session", tip="Back to listening (Ctrl+N)")
        self._empty = label(kind="muted", wrap=True)
        self._pause = Pause(self._on_typed, self, TYPING_MS)
        self._lay_out()
        self._wire()

    def show_sessions(self, lines: Sequence[SessionLine], current: int | None, words: str) -> None:
        """Show these lines, and which is open; the place in the list stays."""
        place = self.lines.verticalScrollBar().value()
        self.lines.clear()
        for line in lines:
            item = QListWidgetItem(line.session.title)
            item.setData(LINE, line)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, about(line))
            item.setToolTip(f"{line.session.title}\n{about(line)}")
            self.lines.addItem(item)
            if line.session.id == current:
                self.lines.setCurrentItem(item)
        self.lines.verticalScrollBar().setValue(place)
        self._empty.setVisible(not lines)
        self.lines.setVisible(bool(lines))
        self._empty.setText(
            f"Nothing was found for “{words}”." if words else "What you listen to is kept here."
        )

    def menu_for(self, line: SessionLine) -> QMenu:
        """What can be done to a session."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…\tF2").triggered.connect(self._on_rename_pressed)
        menu.addAction("Export…\tCtrl+E").triggered.connect(self._on_export_pressed)
        delete = menu.addAction("Delete\tDel")
        delete.triggered.connect(self._on_delete_pressed)
        delete.setEnabled(not line.running)
        return menu

    def ask_for_name(self, session: Session) -> None:
        """Let the person name a session."""
        dialog = QInputDialog(self)
        dialog.setObjectName("rename")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Rename the session")
        dialog.setLabelText("Name")
        dialog.setTextValue(session.title)
        dialog.setProperty("session", session)
        dialog.resize(380, dialog.sizeHint().height())
        dialog.textValueSelected.connect(self._on_named)
        dialog.open()

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self.session_chosen.emit(item.data(LINE).session)

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
        self.menu_for(item.data(LINE)).popup(self.lines.viewport().mapToGlobal(place))

    @Slot()
    def _on_delete_pressed(self) -> None:
        if (line := self._current()) is not None and not line.running:
            self.delete_requested.emit(line.session)

    @Slot()
    def _on_rename_pressed(self) -> None:
        if (line := self._current()) is not None:
            self.ask_for_name(line.session)

    @Slot()
    def _on_export_pressed(self) -> None:
        if (line := self._current()) is not None:
            self.export_requested.emit(line.session)

    @Slot(str)
    def _on_named(self, title: str) -> None:
        dialog = self.sender()
        if dialog is not None and title.strip():
            self.rename_requested.emit(dialog.property("session"), title.strip())

    def _on_typed(self) -> None:
        self.search_changed.emit(self.field.text())

    def _current(self) -> SessionLine | None:
        item = self.lines.currentItem()
        line: SessionLine | None = item.data(LINE) if item is not None else None
        return line

    def _wire(self) -> None:
        self.new.clicked.connect(self.new_requested)
        self.field.textChanged.connect(self._pause.request)
        self.lines.itemClicked.connect(self._on_item_clicked)
        self.lines.customContextMenuRequested.connect(self._on_menu_requested)
        self.lines.delete_pressed.connect(self._on_delete_pressed)
        self.lines.rename_pressed.connect(self._on_rename_pressed)
        self.lines.menu_pressed.connect(self._on_menu_pressed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Sessions", font=heading_font()), 1)
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
        self._empty.setVisible(False)


def about(line: SessionLine) -> str:
    """When a session was, how long it lasted, and how it ended where that is worth a word."""
    if line.running:
        return "Running now"
    session = line.session
    moment = QDateTime.fromSecsSinceEpoch(int(session.started))
    day = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    ended = " · broken off" if session.state == "interrupted" else ""
    sound = " · with sound" if session.recording is not None else ""
    return f"{day} · {clock(session.seconds)}{ended}{sound}"


def _draw(painter: QPainter, box: QRect, text: str) -> None:
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
