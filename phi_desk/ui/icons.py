"""Our icons: SVG drawn in the colours of the theme; knows where they lie, not what they are for."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from phi_desk.paths import resources_folder

SIZE = 20  # device-independent pixels of an icon in a button
SCALES = (1, 2, 3)  # of the screens it is drawn for
_INK = "currentColor"  # what an SVG says where the theme's colour goes


def icon(name: str, colour: QColor, size: int = SIZE) -> QIcon:
    """The icon `name` in one colour, sharp on screens of any usual scale."""
    faint = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
    return _icon(name, colour.name(), faint.name(), size)


def app_icon() -> QIcon:
    """The program's own icon, in the sizes that desktops ask for."""
    picture = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        picture.addPixmap(_drawn(_svg("phi-desk"), size, 1))
    return picture


def pixmap(name: str, colour: QColor, size: int, scale: float) -> QPixmap:
    """The icon as a picture for a label."""
    return _drawn(_svg(name).replace(_INK, colour.name()), size, scale)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, faint: str, size: int) -> QIcon:
    svg, picture = _svg(name), QIcon()
    for scale in SCALES:
        picture.addPixmap(_drawn(svg.replace(_INK, colour), size, scale), QIcon.Mode.Normal)
        off = _drawn(svg.replace(_INK, faint), size, scale, 0.6)
        picture.addPixmap(off, QIcon.Mode.Disabled)
    return picture


@lru_cache(maxsize=64)
def _svg(name: str) -> str:
    return (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _drawn(svg: str, size: int, scale: float, opacity: float = 1.0) -> QPixmap:
    side = round(size * scale)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


class IconButton(QToolButton):
    """A button with an icon that follows the theme; its name is read aloud and shown as a tip."""

    def __init__(
        self,
        icon_name: str,
        label: str,
        parent: QWidget | None = None,
        *,
        tip: str = "",
        role: QPalette.ColorRole = QPalette.ColorRole.PlaceholderText,
        size: int = SIZE,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._role = role
        self._side = size
        self.setIconSize(QSize(size, size))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say(label, tip)
        self.toggled.connect(self._draw)
        self._draw()

    def say(self, label: str, tip: str = "") -> None:
        """What it does, for people who see it and for people who hear it."""
        self.setAccessibleName(label)
        self.setToolTip(tip or label)

    def show_icon(self, name: str) -> None:
        """Take another icon."""
        if name != self._icon_name:
            self._icon_name = name
            self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the icon again when the colours change."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            self._draw()

    def _draw(self) -> None:
        role = QPalette.ColorRole.Accent if self.isChecked() else self._role
        # The application's palette: a style sheet changes the widget's own in ways of its own.
        self.setIcon(icon(self._icon_name, QApplication.palette().color(role), self._side))
