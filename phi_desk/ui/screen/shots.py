"""A frozen picture of every screen, in the pixels that the screens have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen

from phi_desk.errors import DeviceError

Place = tuple[str, QRect]  # a screen's name and geometry

NOTHING_SEEN = DeviceError(
    "The screen could not be captured.",
    "Allow it in the system's settings, or attach a picture instead.",
)


@dataclass(frozen=True, slots=True, eq=False)
class FrozenScreen:
    """One screen as it was.

    Attributes:
        name: as Qt calls the screen.
        geometry: where it lies, in Qt's pixels, which do not depend on its scale.
        ratio: the picture's pixels in one of Qt's.
        image: RGB32, a pixel for a pixel of the screen.
    """

    name: str
    geometry: QRect
    ratio: float
    image: QImage


@dataclass(frozen=True, slots=True, eq=False)
class ScreenShot:
    """All screens at one moment; or what the person chose in a dialog of the desktop's."""

    screens: tuple[FrozenScreen, ...]
    chosen: QImage | None = None

    def under(self, place: QPoint) -> FrozenScreen:
        """The screen at a place; the nearest where there is none."""
        return min(self.screens, key=lambda screen: _distance(screen.geometry, place))


def grab_screens() -> ScreenShot:
    """Freeze all screens, directly.

    Raises:
        DeviceError: the system gives no picture.
    """
    return ScreenShot(tuple(_grabbed(screen) for screen in QGuiApplication.screens()))


def places() -> tuple[Place, ...]:
    """Names and geometries of all screens."""
    return tuple((one.name(), one.geometry()) for one in QGuiApplication.screens())


def cut_apart(whole: QImage, screens: Sequence[Place]) -> ScreenShot:
    """One picture of all screens, as portals give it, screen by screen.

    Desktops draw it at one scale for all screens. A picture that has another shape than the
    screens together is taken as it is.
    """
    around = QRect()
    for _name, geometry in screens:
        around = around.united(geometry)
    ratio = whole.width() / max(1, around.width())
    if abs(whole.height() / max(1, around.height()) - ratio) > 0.01 * ratio:
        return ScreenShot((), chosen=whole)
    return ScreenShot(tuple(_part(whole, one, around, ratio) for one in screens))


def pointer_place() -> QPoint:
    """Where the pointer is, as far as the system tells."""
    return QCursor.pos()


def plain(image: QImage) -> QImage:
    """Without transparency and without a scale of its own."""
    made = image if image.format() == QImage.Format.Format_RGB32 else _flat(image)
    made.setDevicePixelRatio(1.0)
    return made


def _flat(image: QImage) -> QImage:
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _grabbed(screen: QScreen) -> FrozenScreen:
    pixmap = screen.grabWindow(0)
    if pixmap.isNull():
        raise NOTHING_SEEN
    ratio = pixmap.devicePixelRatio()
    return FrozenScreen(screen.name(), screen.geometry(), ratio, plain(pixmap.toImage()))


def _part(whole: QImage, screen: Place, around: QRect, ratio: float) -> FrozenScreen:
    name, place = screen
    left = round((place.left() - around.left()) * ratio)
    top = round((place.top() - around.top()) * ratio)
    right = round((place.left() + place.width() - around.left()) * ratio)
    bottom = round((place.top() + place.height() - around.top()) * ratio)
    image = whole.copy(left, top, right - left, bottom - top)
    return FrozenScreen(name, place, ratio, plain(image))


def _distance(geometry: QRect, place: QPoint) -> int:
    across = max(geometry.left() - place.x(), 0, place.x() - geometry.right())
    along = max(geometry.top() - place.y(), 0, place.y() - geometry.bottom())
    return across + along
