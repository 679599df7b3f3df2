"""What is seen while a key is held and the person speaks: how loud, how long, and a way out."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from phi_desk.ui.common.labels import IconLabel, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HUGE, LARGE, MEDIUM, SMALL
from phi_desk.ui.voice.strip import LevelView
from phi_desk.ui.voice.wave import clock

ROUND = 14
READY = "Opening the microphone…"
HOLDING = "Ask about the screen: speak, then let go"
TOGGLED = "Ask about the screen: speak, then press the keys again"


class RecordingBubble(QWidget):
    """A small window above all others; it takes no focus from the program in front."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setWindowTitle("Ask about the screen")
        self.setAccessibleName("Recording a question about the screen")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        # On X11 nobody says whether transparency works: there the corners are cut off instead.
        self._cut = QGuiApplication.platformName() == "xcb"
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, not self._cut)
        self._icon = IconLabel("microphone", QPalette.ColorRole.Accent, 20)
        self.words = label()
        self.level = LevelView()
        self.time = label(kind="muted")
        self.time.setAccessibleName("Elapsed time")
        self._speak = HOLDING
        self._close = IconButton("close", "Ask nothing", tip="Ask nothing, and forget this")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.clicked.connect(self.cancel_requested)
        self._lay_out()

    def open(self, screen: QRect, *, toggled: bool) -> None:
        """Show it at the foot of a screen; it says so to people who listen, too."""
        self._speak = TOGGLED if toggled else HOLDING
        self.words.setMinimumWidth(self.words.fontMetrics().horizontalAdvance(self._speak))
        self.words.setText(READY)
        self.time.setText(clock(0))
        self.level.clear()
        self._icon.draw()
        self.adjustSize()
        middle = screen.center().x() - self.width() // 2
        self.move(QPoint(middle, screen.bottom() - self.height() - 2 * HUGE))
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @Slot()
    def show_listening(self) -> None:
        """The microphone really gives sound now: the person may speak."""
        self.words.setText(self._speak)
        self.setAccessibleDescription(self._speak)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @Slot(float)
    def show_level(self, level: float) -> None:
        """How loud it is, 0..1."""
        self.level.add(level)

    @Slot(float)
    def show_time(self, seconds: float) -> None:
        """How much was said."""
        self.time.setText(clock(seconds))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """A surface with round corners."""
        palette = QApplication.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Cut the corners off."""
        super().resizeEvent(event)
        if self._cut:
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), ROUND, ROUND)
            self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(LARGE, MEDIUM, MEDIUM, MEDIUM)
        row.setSpacing(MEDIUM)
        row.addWidget(self._icon)
        row.addWidget(self.words)
        row.addWidget(self.level)
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00"))
        row.addWidget(self.time)
        row.addSpacing(SMALL)
        row.addWidget(self._close)
