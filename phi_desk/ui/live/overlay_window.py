"""The captions as a window above all others: without a frame, dragged and sized by hand.

Says what the person changed; keeps nothing itself.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu

from phi_desk.settings.schema import Overlay
from phi_desk.ui.icons import app_icon
from phi_desk.ui.live.captions import CaptionsView

Number = TypeVar("Number", int, float)

EDGE = 10  # pixels from an edge that take hold of it
STEP, LARGE_STEP = 10, 50  # pixels a key moves it
SIZES, LINES, WIDTHS, OPACITIES = (8, 200), (1, 12), (200, 32_000), (0.1, 1.0)
ABOVE_FOOT = 80  # pixels between it and the lower edge of the screen, at first
STRANDS = (
    ("both", "Words and Translation"),
    ("transcript", "Words Only"),
    ("translation", "Translation Only"),
)
TIP = (
    "Drag to move, drag an edge to size. Arrows move, + and - size the letters, "
    "the menu key opens all options, Esc hides."
)


class OverlayWindow(CaptionsView):
    """Shown and hidden by its owner."""

    changed = Signal(str, object)  # the name of an option, and its value
    placed = Signal(object)  # QRect: moved or sized by the person
    hide_requested = Signal()
    copy_requested = Signal()
    options_requested = Signal()

    def __init__(self, look: Overlay) -> None:
        super().__init__(look)
        self.setWindowTitle("Phi Desk captions")
        self.setWindowIcon(app_icon())
        self.setToolTip(TIP)
        self.setToolTipDuration(4000)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumWidth(WIDTHS[0])
        self._grip: Grip | None = None
        self._let_through(look.click_through)

    def dress(self, look: Overlay) -> None:
        """Take another look; what lets clicks through is made anew by the system."""
        through = look.click_through != self.look.click_through
        bottom = self.geometry().bottom()
        super().dress(look)
        if self.isVisible() and self._grip is None:
            self.resize(look.width, self.height())
            self.move(self.x(), self.y() + bottom - self.geometry().bottom())
        if through:
            seen, place = self.isVisible(), self.geometry()
            self._let_through(look.click_through)
            self.setGeometry(place)
            if seen:
                self.show()

    def put(self) -> None:
        """Go to the place that the look names, or to the lower middle of the screen."""
        look = self.look
        height = self.height_of(look.lines)
        width = look.width
        if look.x is not None and look.y is not None:
            wanted = QRect(look.x, look.y, width, height)
            if _is_seen(wanted):
                self.setGeometry(wanted)
                return
        screen = QGuiApplication.primaryScreen().availableGeometry()
        place = QRect(0, 0, min(width, screen.width()), height)
        place.moveCenter(screen.center())
        place.moveBottom(screen.bottom() - ABOVE_FOOT)
        self.setGeometry(place)

    def menu(self) -> QMenu:
        """What can be changed here."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        look = self.look
        entries = (
            ("Larger Letters\t+", "size", _within(look.size + 2, SIZES)),
            ("Smaller Letters\t-", "size", _within(look.size - 2, SIZES)),
            ("More Lines", "lines", _within(look.lines + 1, LINES)),
            ("Fewer Lines", "lines", _within(look.lines - 1, LINES)),
            ("Lighter Ground", "opacity", _within(round(look.opacity - 0.1, 2), OPACITIES)),
            ("Darker Ground", "opacity", _within(round(look.opacity + 0.1, 2), OPACITIES)),
        )
        for words, name, value in entries:
            self._add(menu, words, name, value)
        menu.addSeparator()
        group = QActionGroup(menu)
        for strands, words in STRANDS:
            action = self._add(menu, words, "strands", strands)
            action.setCheckable(True)
            action.setChecked(look.strands == strands)
            group.addAction(action)
        menu.addSeparator()
        self._add(menu, "Let Clicks Through", "click_through", True)
        self._add(menu, "Show in the Main Window Instead", "docked", True)
        menu.addSeparator()
        menu.addAction("All Options…").triggered.connect(self.options_requested)
        menu.addAction("Copy\tCtrl+C").triggered.connect(self.copy_requested)
        menu.addAction("Hide\tEsc").triggered.connect(self.hide_requested)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  (Qt's name)
        """Right click, or the menu key."""
        self.menu().popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Take hold of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            edges = self._edges(event.position().toPoint())
            self._grip = Grip(event.globalPosition().toPoint(), self.geometry(), *edges)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Move or size it; without a button show what could be done here."""
        grip = self._grip
        if grip is None:
            self._show_cursor(*self._edges(event.position().toPoint()))
            return
        moved = grip.moved(event.globalPosition().toPoint())
        if not grip.sizes:
            self.move(moved.topLeft())
            return
        lines = self._lines_for(moved.height()) if grip.vertical else self.look.lines
        height = self.height_of(lines)
        if grip.vertical < 0:
            moved.setTop(moved.bottom() - height + 1)
        width = max(WIDTHS[0], moved.width())
        if grip.horizontal < 0:
            moved.setLeft(moved.right() - width + 1)
        if lines != self.look.lines:
            self.changed.emit("lines", lines)
        self.setFixedHeight(height)
        self.setGeometry(QRect(moved.topLeft(), moved.topLeft() + QPoint(width - 1, height - 1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Let go of it; where it is now is remembered."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._grip = None
            self.placed.emit(self.geometry())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        """With Ctrl held the wheel sizes the letters."""
        turned = event.angleDelta().y()
        if turned and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._size_by(2 if turned > 0 else -2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Everything that the mouse can do."""
        key, step = event.key(), STEP
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = LARGE_STEP
        keys = Qt.Key
        ways = {
            keys.Key_Left: QPoint(-step, 0),
            keys.Key_Right: QPoint(step, 0),
            keys.Key_Up: QPoint(0, -step),
            keys.Key_Down: QPoint(0, step),
        }
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif key == keys.Key_Escape:
            self.hide_requested.emit()
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self._size_by(2)
        elif key == keys.Key_Minus:
            self._size_by(-2)
        elif (way := ways.get(keys(key))) is not None:
            self.move(self.pos() + way)
            self.placed.emit(self.geometry())
        else:
            super().keyPressEvent(event)

    def _size_by(self, pixels: int) -> None:
        self.changed.emit("size", _within(self.look.size + pixels, SIZES))

    def _add(self, menu: QMenu, words: str, name: str, value: object) -> QAction:
        action = menu.addAction(words)
        action.setObjectName(name)
        action.setData(value)
        action.setEnabled(name in ("strands", "docked") or getattr(self.look, name) != value)
        action.triggered.connect(self._on_option_triggered)
        return action

    @Slot()
    def _on_option_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.changed.emit(action.objectName(), action.data())

    def _let_through(self, through: bool) -> None:
        kinds = Qt.WindowType
        flags = kinds.Tool | kinds.FramelessWindowHint | kinds.WindowStaysOnTopHint
        flags |= kinds.NoDropShadowWindowHint
        if through:
            flags |= kinds.WindowTransparentForInput | kinds.WindowDoesNotAcceptFocus
        self.setWindowFlags(flags)

    def _edges(self, place: QPoint) -> tuple[int, int]:
        """Which edges are near: -1 for left or upper, 1 for right or lower, 0 for none."""
        return _near(place.x(), self.width()), _near(place.y(), self.height())

    def _show_cursor(self, horizontal: int, vertical: int) -> None:
        shapes = Qt.CursorShape
        if horizontal and vertical:
            same = horizontal == vertical
            shape = shapes.SizeFDiagCursor if same else shapes.SizeBDiagCursor
        elif horizontal:
            shape = shapes.SizeHorCursor
        else:
            shape = shapes.SizeVerCursor if vertical else shapes.SizeAllCursor
        self.setCursor(shape)

    def _lines_for(self, height: int) -> int:
        """The number of lines whose height is nearest."""
        return min(range(LINES[0], LINES[1] + 1), key=lambda n: abs(self.height_of(n) - height))


class Grip:
    """Where the mouse took hold, of which edges, and what follows from where it is now."""

    def __init__(self, at: QPoint, geometry: QRect, horizontal: int, vertical: int) -> None:
        self._at = at
        self._geometry = geometry
        self.horizontal, self.vertical = horizontal, vertical

    @property
    def sizes(self) -> bool:
        """Whether it was taken at an edge."""
        return bool(self.horizontal or self.vertical)

    def moved(self, at: QPoint) -> QRect:
        """The geometry that the mouse asks for."""
        way, place = at - self._at, QRect(self._geometry)
        if not self.sizes:
            return place.translated(way)
        if self.horizontal < 0:
            place.setLeft(place.left() + way.x())
        elif self.horizontal > 0:
            place.setRight(place.right() + way.x())
        if self.vertical < 0:
            place.setTop(place.top() + way.y())
        elif self.vertical > 0:
            place.setBottom(place.bottom() + way.y())
        return place


def _near(value: int, end: int) -> int:
    return -1 if value < EDGE else int(value >= end - EDGE)


def _within(value: Number, limits: tuple[Number, Number]) -> Number:
    return max(limits[0], min(limits[1], value))


def _is_seen(place: QRect) -> bool:
    """Whether enough of it lies on a screen to take hold of it."""
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(place)
        if seen.width() >= 60 and seen.height() >= 20:
            return True
    return False
