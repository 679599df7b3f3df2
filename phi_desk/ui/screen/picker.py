"""Choosing a region: the frozen screens, dimmed, with the rectangle that is drawn on them."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QApplication, QWidget

from phi_desk.ui.screen.choosing import Area, RegionChoice
from phi_desk.ui.screen.shots import FrozenScreen, ScreenShot
from phi_desk.ui.theme import LARGE, MEDIUM, SMALL, sized

DIM = 0.45  # how much of the light is taken from what is not chosen
STEP, LEAP = 1, 10  # pixels that an arrow key moves, without and with Ctrl
HINT = "Drag over what you want, or click for the whole screen"
KEYS = "Arrow keys place a frame, Shift resizes it, Ctrl in leaps · Enter takes it · Esc cancels"
OnPicture = Callable[[QImage | None], None]


class RegionPicker:
    """Windows over all screens, until the person has chosen; `on_picture` hears None for Esc."""

    def __init__(self, shot: ScreenShot, on_picture: OnPicture) -> None:
        self._on_picture: OnPicture | None = on_picture
        sizes = [(one.image.width(), one.image.height()) for one in shot.screens]
        first = shot.screens.index(shot.under(QCursor.pos()))
        self.choice = RegionChoice(sizes, first)
        self.windows = [ScreenWindow(self, n, one) for n, one in enumerate(shot.screens)]

    def show(self) -> None:
        """Cover the screens."""
        for window in self.windows:
            window.cover()
        self.windows[self.choice.screen].take_keys()

    def take(self) -> None:
        """Take what is chosen; the whole screen where nothing is."""
        if self.choice.area is None:
            self.choice.whole()
        area = self.choice.area
        assert area is not None
        image = self.windows[self.choice.screen].frozen.image
        self._end(image.copy(area.x, area.y, area.width, area.height))

    def cancel(self) -> None:
        """Take nothing."""
        self._end(None)

    def repaint(self) -> None:
        """The choice has changed."""
        for window in self.windows:
            window.show_choice()

    def _end(self, image: QImage | None) -> None:
        on_picture, self._on_picture = self._on_picture, None
        if on_picture is None:
            return
        for window in self.windows:
            window.close()
            window.deleteLater()
        on_picture(image)


class ScreenWindow(QWidget):
    """One screen of the picker."""

    def __init__(self, picker: RegionPicker, index: int, frozen: FrozenScreen) -> None:
        super().__init__(
            None,
            Qt.WindowType.Window
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint,
        )
        self._picker, self._index, self.frozen = picker, index, frozen
        self.setWindowTitle("Choose a region of the screen")
        self.setAccessibleName("Choose a region of the screen")
        self.setAccessibleDescription(f"{HINT}. {KEYS}.")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bright = QPixmap.fromImage(frozen.image)
        self._bright.setDevicePixelRatio(frozen.ratio)
        self._dark = _dimmed(self._bright)
        self._pointer: QPointF | None = None
        self._painted: Area | None = None
        self._again = QTimer(self, singleShot=True, interval=150)
        self._again.timeout.connect(self._on_again)

    def cover(self) -> None:
        """Lie over the screen that was frozen."""
        screen = _screen(self.frozen)
        if screen is not None:
            self.setScreen(screen)
        self.setGeometry(self.frozen.geometry)
        self.showFullScreen()
        self.raise_()

    def take_keys(self) -> None:
        """Hear the keyboard, also where the window manager does not give it."""
        self.activateWindow()
        self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.grabKeyboard()
        self._again.start()  # the hot key itself may still hold the keyboard

    def show_choice(self) -> None:
        """Paint what has changed."""
        mine = self._chosen()
        if mine != self._painted:
            for area in (mine, self._painted):
                self.update(self._around(area))
            self._painted = mine

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """The dimmed screen, the chosen part as it is, the frame, its size, the cross."""
        painter = QPainter(self)
        offset = self._offset()
        painter.fillRect(event.rect(), Qt.GlobalColor.black)
        painter.drawPixmap(-offset, self._dark)
        area = self._chosen()
        if area is not None:
            self._paint_area(painter, area, offset)
        elif self._pointer is not None and not self._picker.choice.dragging:
            self._paint_cross(painter, self._pointer)
        if area is None and self._picker.choice.screen == self._index:
            self._paint_hint(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Begin a rectangle; the other button cancels."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._picker.choice.press(self._index, *self._pixel(event.position()))
            self.update()
            self._picker.repaint()
        elif event.button() == Qt.MouseButton.RightButton:
            self._picker.cancel()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the rectangle, or the cross."""
        choice = self._picker.choice
        if choice.dragging and choice.screen == self._index:
            choice.drag(*self._pixel(event.position()))
            self._picker.repaint()
        else:
            self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Take it; with Shift it stays, to be corrected by the arrow keys."""
        choice = self._picker.choice
        if event.button() != Qt.MouseButton.LeftButton or not choice.dragging:
            return
        choice.drag(*self._pixel(event.position()))
        choice.release()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._picker.repaint()
        else:
            self._picker.take()

    def leaveEvent(self, event: object) -> None:  # noqa: N802  (Qt's name)
        """No cross on this screen."""
        del event
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Esc, Enter, arrows."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._picker.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._picker.take()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._go_on()
        elif key in _ARROWS:
            self._arrow(event, *_ARROWS[key])
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Tab goes to the next screen, not to a next control: there is none."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def closeEvent(self, event: object) -> None:  # noqa: N802  (Qt's name)
        """Closed by the system: nothing is taken."""
        self.releaseKeyboard()
        self._again.stop()
        self._picker.cancel()

    @Slot()
    def _on_again(self) -> None:
        if self.isVisible():
            self.activateWindow()
            self.grabKeyboard()

    def _arrow(self, event: QKeyEvent, across: int, along: int) -> None:
        modifiers = event.modifiers()
        leap = LEAP if modifiers & Qt.KeyboardModifier.ControlModifier else STEP
        choice = self._picker.choice
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            choice.stretch(across * leap, along * leap)
        else:
            choice.move(across * leap, along * leap)
        self.update()
        self._picker.repaint()

    def _go_on(self) -> None:
        choice, windows = self._picker.choice, self._picker.windows
        self.releaseKeyboard()
        choice.go_on((choice.screen + 1) % len(windows))
        windows[choice.screen].take_keys()
        for window in windows:
            window.update()

    def _point(self, place: QPointF | None) -> None:
        before, self._pointer = self._pointer, place
        for one in (before, place):
            if one is not None:
                x, y = floor(one.x()), floor(one.y())
                self.update(QRect(x - 1, 0, 3, self.height()))
                self.update(QRect(0, y - 1, self.width(), 3))

    def _chosen(self) -> Area | None:
        choice = self._picker.choice
        return choice.area if choice.screen == self._index else None

    def _offset(self) -> QPointF:
        """Where the window begins on the screen: not at 0, 0 where a panel kept its place."""
        if self.size() == self.frozen.geometry.size():
            return QPointF(0, 0)
        if QGuiApplication.platformName() == "wayland":  # where windows do not know their place
            return QPointF(0, 0)
        return QPointF(self.mapToGlobal(QPoint(0, 0)) - self.frozen.geometry.topLeft())

    def _pixel(self, place: QPointF) -> tuple[int, int]:
        """The pixel of the frozen picture below a place of the window."""
        on_screen = (place + self._offset()) * self.frozen.ratio
        # The scale makes 40 of 39.999999: what is that near is meant to be the pixel.
        return floor(on_screen.x() + 1e-3), floor(on_screen.y() + 1e-3)

    def _rectangle(self, area: Area) -> QRectF:
        ratio, offset = self.frozen.ratio, self._offset()
        corner = QPointF(area.x / ratio, area.y / ratio) - offset
        return QRectF(corner.x(), corner.y(), area.width / ratio, area.height / ratio)

    def _around(self, area: Area | None) -> QRect:
        if area is None:
            return self.rect() if self._painted is None else QRect()
        label = self._label_place(area, self._rectangle(area))
        return self._rectangle(area).united(label).toAlignedRect().adjusted(-3, -3, 3, 3)

    def _paint_area(self, painter: QPainter, area: Area, offset: QPointF) -> None:
        place = self._rectangle(area)
        painter.save()
        painter.setClipRect(place)
        painter.drawPixmap(-offset, self._bright)
        painter.restore()
        accent = QApplication.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
        self._paint_words(painter, self._label_place(area, place), _size_of(area))

    def _label_place(self, area: Area, place: QRectF) -> QRectF:
        """Below the frame, else above it, else inside."""
        size = _words_size(_size_of(area))
        y = place.bottom() + SMALL
        if y + size.height() > self.height():
            y = place.top() - SMALL - size.height()
        if y < 0:
            y = place.top() + SMALL
        x = max(0.0, min(place.left(), self.width() - size.width()))
        return QRectF(x, y, size.width(), size.height())

    def _paint_cross(self, painter: QPainter, place: QPointF) -> None:
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
        x, y = floor(place.x()) + 0.5, floor(place.y()) + 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))

    def _paint_hint(self, painter: QPainter) -> None:
        size = _words_size(HINT, KEYS)
        x = (self.width() - size.width()) / 2
        place = QRectF(x, self.height() * 0.08, size.width(), size.height())
        self._paint_words(painter, place, HINT, KEYS)

    def _paint_words(self, painter: QPainter, place: QRectF, *lines: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(16, 19, 26, 225))
        painter.drawRoundedRect(place, SMALL, SMALL)
        painter.setFont(sized(1.0))
        painter.setPen(QColor("#ffffff"))
        inner = place.adjusted(MEDIUM, SMALL, -MEDIUM, -SMALL)
        height = inner.height() / len(lines)
        for number, line in enumerate(lines):
            row = QRectF(inner.x(), inner.y() + number * height, inner.width(), height)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, line)
            painter.setPen(QColor("#b8c0cf"))


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _size_of(area: Area) -> str:
    return f"{area.width} × {area.height}"


def _words_size(*lines: str) -> QSize:
    metrics = QFontMetrics(sized(1.0))
    width = max(metrics.horizontalAdvance(line) for line in lines)
    height = len(lines) * (metrics.height() + (4 if len(lines) > 1 else 0))
    return QSize(width + 2 * MEDIUM + LARGE // 4, height + 2 * SMALL)


def _dimmed(bright: QPixmap) -> QPixmap:
    dark = bright.copy()
    dark.setDevicePixelRatio(bright.devicePixelRatio())
    painter = QPainter(dark)
    size = dark.deviceIndependentSize()
    painter.fillRect(
        QRectF(0, 0, size.width() + 1, size.height() + 1), QColor(0, 0, 0, round(255 * DIM))
    )
    painter.end()
    return dark


def _screen(frozen: FrozenScreen) -> QScreen | None:
    """The screen as it is now; None where it was unplugged."""
    for screen in QGuiApplication.screens():
        if screen.name() == frozen.name and screen.geometry() == frozen.geometry:
            return screen
    return None
