"""The small window above all others: what is dropped on it is read and copied.

Frameless, moved with the mouse, its place is remembered. Wayland gives no program the right to be
above the others or to choose its place: there it has a frame, whose menu has "Always on Top".
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QLineF, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import IconLabel, label, set_state
from phi_desk.ui.common.mime import Given, can_take, given
from phi_desk.ui.icons import IconButton, app_icon
from phi_desk.ui.ocr.values import Outcome, QueueShown
from phi_desk.ui.theme import HAIR, LARGE, SMALL, small_font

SIZE = (148, 128)
SAID_MS = 4_000
Look = Literal["idle", "busy", "said"]
SAID: dict[Outcome, tuple[str, str]] = {
    "copied": ("check", "Copied"),
    "read": ("check", "Read"),
    "blank": ("info", "No text found"),
    "failed": ("warning", "Could not be read"),
    "stopped": ("pause", "Stopped"),
}
ON_WAYLAND = (
    "On Wayland the desktop decides which window is above the others: choose “Always on Top” in "
    "the menu of the small window’s title bar."
)


class DropTarget(QWidget):
    """Says what was dropped, and shows how far its reading is."""

    dropped = Signal(object)  # common.mime.Given
    open_requested = Signal()
    region_requested = Signal()
    stop_requested = Signal()
    moved = Signal(object)  # QPoint: where it stands now
    closed = Signal()

    def __init__(self, *, framed: bool | None = None) -> None:
        super().__init__()
        self._framed = is_wayland() if framed is None else framed
        flags = Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint
        if not self._framed:
            flags |= Qt.WindowType.FramelessWindowHint
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowFlags(flags)
        # A tool window of macOS hides with its program; and it never keeps the program running.
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle("Phi Desk: drop to read")
        self.setWindowIcon(app_icon())
        self.setAccessibleName("Drop target")
        self.setAcceptDrops(True)
        self.setFixedSize(*SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._queue = QueueShown()
        self._held: QPoint | None = None
        self._look: Look = "idle"
        self._back = QTimer(self, singleShot=True, interval=SAID_MS)
        self._back.timeout.connect(self._show_idle)
        self._lay_out()
        self._show_idle()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def place(self, x: int | None, y: int | None) -> None:
        """Put it where it was; where no screen shows that place, at the lower right."""
        wanted = QRect(QPoint(x, y), self.size()) if x is not None and y is not None else None
        for screen in QGuiApplication.screens():
            if wanted is not None and screen.availableGeometry().contains(wanted.center()):
                self.move(wanted.topLeft())
                return
        corner = QGuiApplication.primaryScreen().availableGeometry().bottomRight()
        self.move(corner - QPoint(SIZE[0] + LARGE, SIZE[1] + LARGE))

    @Slot(object)
    def show_queue(self, queue: QueueShown) -> None:
        """How far the reading is."""
        self._queue = queue
        if queue.busy:
            self._back.stop()
            self._look = "busy"
            several = f"{queue.done} of {queue.total}" if queue.total > 1 else "Reading…"
            self._say(
                "warning" if queue.halted else "read", "No model" if queue.halted else several
            )
            self.setToolTip(queue.sentence)
        elif self._look == "busy":
            self._show_idle()
        self.update()

    def say(self, name: str, outcome: Outcome) -> None:
        """What became of a document, for a while."""
        self._look = "said"
        self._say(*SAID[outcome])
        self.setToolTip(name)
        self._back.start()
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """Show that it may be dropped here."""
        if can_take(event.mimeData()):
            event.acceptProposedAction()
            set_state(self._box, "dropping", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  (Qt's name)
        """It went elsewhere."""
        set_state(self._box, "dropping", False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """Take it."""
        set_state(self._box, "dropping", False)
        event.acceptProposedAction()
        self.dropped.emit(given(event.mimeData()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Take hold of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Move it; on Wayland only the desktop can."""
        if self._held is None:
            return
        handle = self.windowHandle()
        if is_wayland() and handle is not None:
            self._held = None
            handle.startSystemMove()
        else:
            self.move(event.globalPosition().toPoint() - self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Let it go: here it stays."""
        if self._held is not None:
            self._held = None
            self.moved.emit(self.pos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Open the page Read."""
        self.open_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Paste, open, stop."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """The way out is shown while the mouse is here."""
        super().enterEvent(event)
        self.out.setVisible(not self._framed)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """As `enterEvent`."""
        super().leaveEvent(event)
        self.out.setVisible(False)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """It is not wanted any more."""
        super().closeEvent(event)
        self.closed.emit()

    @Slot()
    def paste(self) -> None:
        """Read what is on the clipboard."""
        self.dropped.emit(given(QGuiApplication.clipboard().mimeData()))

    def menu(self) -> QMenu:
        """What else can be done."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, action in (
            ("Open Phi Desk", self.open_requested.emit),
            ("Read the clipboard\tCtrl+V", self.paste),
            ("Read a part of the screen", self.region_requested.emit),
            ("Stop reading\tEsc", self.stop_requested.emit),
            ("Hide", self.close),
        ):
            menu.addAction(words).triggered.connect(action)
        return menu

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        self.menu().popup(self.mapToGlobal(place))

    @Slot()
    def _show_idle(self) -> None:
        self._look = "idle"
        self._say("drop", "Drop to read")
        self.setToolTip(
            "Drop pictures, PDFs or folders: their text is read and copied. "
            "Drag to move, double-click to open Phi Desk."
        )
        if self._queue.busy:
            self.show_queue(self._queue)
        self.update()

    def _say(self, icon_name: str, words: str) -> None:
        bad = icon_name == "warning"
        role = QPalette.ColorRole.BrightText if bad else QPalette.ColorRole.Accent
        self._icon.show_icon(icon_name, role)
        self._words.setText(words)
        self.setAccessibleDescription(words)

    def _lay_out(self) -> None:
        self._box = _Box(self)
        self._box.setObjectName("drop_target")
        self._icon = IconLabel("drop", QPalette.ColorRole.Accent, 36)
        self._words = label(font=small_font())
        for one in (self._icon, self._words):
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.out = IconButton("close", "Hide the drop target", self._box, size=12)
        self.out.clicked.connect(self.close)
        self.out.move(SIZE[0] - 30, HAIR)
        self.out.hide()
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(SMALL, LARGE, SMALL, SMALL)
        inner.addStretch(1)
        inner.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(self._words)
        inner.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.addWidget(self._box)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    @property
    def share(self) -> float | None:
        """How much has been read, 0 to 1; None while nothing is."""
        if self._look != "busy" or self._queue.total < 2:
            return None
        return self._queue.done / self._queue.total


class _Box(QFrame):
    """What is seen of it, with a line that grows as pages are read."""

    def __init__(self, target: DropTarget) -> None:
        super().__init__(target)
        self._target = target

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """The frame, and how far the reading is."""
        super().paintEvent(event)
        share = self._target.share
        if share is None:
            return
        palette = QApplication.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(24, self.height() - 14, self.width() - 48, 0)
        for colour, width in (
            (palette.color(QPalette.ColorRole.Mid), line.width()),
            (palette.color(QPalette.ColorRole.Accent), share * line.width()),
        ):
            painter.setPen(QPen(colour, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if width > 0:
                painter.drawLine(QLineF(line.left(), line.top(), line.left() + width, line.top()))
        painter.end()


def is_wayland() -> bool:
    """Whether the desktop alone decides where windows are."""
    return QGuiApplication.platformName().startswith("wayland")


def taken(came: Given) -> bool:
    """Whether there is something to read in what was dropped."""
    return bool(came.files or came.pictures)
