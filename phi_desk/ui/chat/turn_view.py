"""What a question and an answer have in common on the screen: versions, a menu, keys, a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from phi_desk.services.chats.values import StoredMessage
from phi_desk.ui.common.flow_text import FlowText
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import small_font


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a turn's menu; an empty name is a line between two groups."""

    name: str = ""
    act: Callable[[], None] | None = None
    keys: str = ""


class Versions(QWidget):
    """Goes to and fro between the versions of a turn; hidden where there is one only."""

    chosen = Signal(int)  # the message

    def __init__(self) -> None:
        super().__init__()
        self._back = IconButton("back", "Version before", size=16)
        self._words = label(kind="muted", font=small_font())
        self._forward = IconButton("forward", "Version after", size=16)
        self._siblings: tuple[int, ...] = ()
        self._place = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self._back, self._words, self._forward):
            row.addWidget(part)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self.setVisible(False)

    def show_versions(self, message: StoredMessage) -> None:
        """Where among its siblings this message is."""
        self._siblings, self._place = message.siblings, message.version - 1
        self._words.setText(f"{self._place + 1} / {len(self._siblings)}")
        self._words.setAccessibleName(f"Version {self._place + 1} of {len(self._siblings)}")
        self._back.setEnabled(self._place > 0)
        self._forward.setEnabled(self._place + 1 < len(self._siblings))
        self.setVisible(len(self._siblings) > 1)

    @Slot()
    def _on_back_clicked(self) -> None:
        self.chosen.emit(self._siblings[self._place - 1])

    @Slot()
    def _on_forward_clicked(self) -> None:
        self.chosen.emit(self._siblings[self._place + 1])


class TurnView(QWidget):
    """A turn; `message` is None until it is stored."""

    version_chosen = Signal(int)
    answer_requested = Signal(int)
    go_on_requested = Signal(int)
    delete_requested = Signal(int)
    edited = Signal(int, str, object)  # message, words, tuple[Attachment, ...]

    def __init__(self) -> None:
        super().__init__()
        self.message: StoredMessage | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.versions = Versions()
        self.versions.chosen.connect(self.version_chosen)
        self.more = IconButton("more", "More for this message", tip="More (Menu key)", size=16)
        self.more.clicked.connect(self._on_more_clicked)

    def entries(self) -> Iterator[Entry]:
        """What can be done with this turn."""
        raise NotImplementedError

    def menu(self) -> QMenu:
        """What can be done, to choose from."""
        menu = QMenu(self)
        menu.setAccessibleName("Message")
        chosen = self.selected_text()
        if chosen:
            self._add(menu, Entry("Copy the selection", self.copy_selection, "Ctrl+C"))
            menu.addSeparator()
        for entry in self.entries():
            self._add(menu, entry)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def selected_text(self) -> str:
        """The words that are selected anywhere in it."""
        texts = [text.textCursor().selectedText() for text in self.findChildren(FlowText)]
        return "\n".join(text.replace("\u2029", "\n") for text in texts if text)

    @Slot()
    def copy_selection(self) -> None:
        """To the clipboard."""
        QGuiApplication.clipboard().setText(self.selected_text())

    @Slot()
    def delete(self) -> None:
        """Ask for it to be deleted."""
        if self.message is not None:
            self.delete_requested.emit(self.message.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  (Qt's name)
        """By right click, or by the menu key."""
        self.menu().popup(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Del deletes."""
        if event.key() == Qt.Key.Key_Delete and self.message is not None:
            self.delete()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """The frame appears."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """The frame goes."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """A frame while it has the focus; it takes no room."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QApplication.palette().color(QPalette.ColorRole.Accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _add(self, menu: QMenu, entry: Entry) -> None:
        if not entry.name or entry.act is None:
            menu.addSeparator()
            return
        action = menu.addAction(f"{entry.name}\t{entry.keys}" if entry.keys else entry.name)
        action.triggered.connect(entry.act)

    @Slot()
    def _on_more_clicked(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))


def plain(text: FlowText) -> FlowText:
    """`text`, whose right click belongs to the turn that holds it."""
    text.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return text
