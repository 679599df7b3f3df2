"""The list of kept sessions at the side: searched, opened, and by right click named or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidgetItem,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from phi_desk.services.history.sessions.values import Session
from phi_desk.ui.common.side_list import (
    LINE,
    AnyIndex,
    ItemList,
    SideWords,
    draw_words,
    painted_line,
)
from phi_desk.ui.icons import IconButton
from phi_desk.ui.live.script import clock
from phi_desk.ui.live.values import SessionLine
from phi_desk.ui.theme import small_font

_WORDS = SideWords("Sessions", "Ctrl+F", "What you listen to is kept here.", "Rename the session")


class LineDelegate(QStyledItemDelegate):
    """Paints the name, and below it when it was, or where a search found the words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """Two lines."""
        return QSize(100, 2 * option.fontMetrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one session."""
        line: SessionLine = index.data(LINE)
        palette: QPalette = option.palette
        box: QRect = option.rect.adjusted(10, 6, -10, -6)
        half = box.height() // 2
        with painted_line(painter, option):
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            above = QRect(box.left(), box.top(), box.width(), half)
            draw_words(painter, above, line.session.title)
            painter.setFont(small_font())
            role = QPalette.ColorRole
            painter.setPen(palette.color(role.Accent if line.running else role.PlaceholderText))
            below = QRect(box.left(), box.top() + half, box.width(), half)
            draw_words(painter, below, line.found or about(line))


class SessionList(ItemList):
    """Says what was asked for, and shows what it is told."""

    session_chosen = Signal(object)  # Session
    rename_requested = Signal(object, str)  # Session
    delete_requested = Signal(object)  # Session
    export_requested = Signal(object)  # Session

    def __init__(self, parent: QWidget | None = None) -> None:
        new = IconButton("new", "New session", tip="Back to listening (Ctrl+N)")
        super().__init__(_WORDS, new, parent)
        self.lines.setToolTip("Enter opens, F2 renames, Del deletes")
        self.lines.setItemDelegate(LineDelegate(self.lines))

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
        self.say_if_empty(lines, words)

    def menu_of(self, line: SessionLine) -> QMenu:
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
        self.ask_name(session.title, session)

    def take_name(self, about: Session, name: str) -> None:
        """Ask for the session `about` to be called `name`."""
        self.rename_requested.emit(about, name)

    def open_line(self, line: SessionLine) -> None:
        """Ask for the session of a line."""
        self.session_chosen.emit(line.session)

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

    def _current(self) -> SessionLine | None:
        item = self.lines.currentItem()
        line: SessionLine | None = item.data(LINE) if item is not None else None
        return line


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
