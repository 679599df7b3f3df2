"""Screens of noise, a way to freeze them that waits for the test, and what came of a tool."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.common.pixels import to_image, to_picture
from phi_desk.ui.screen.picker import RegionPicker
from phi_desk.ui.screen.shots import FrozenScreen, ScreenShot
from phi_desk.ui.screen.tool import ScreenTool
from phi_desk.ui.screen.ways import DirectWay, OnFailed, OnShot, OnTold, PortalWay


def noise(width: int, height: int, seed: int = 1) -> QImage:
    return to_image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def same(image: QImage, whole: QImage, place: QRect) -> bool:
    """Whether `image` is this part of `whole`, pixel by pixel."""
    wanted = to_picture(whole).pixels
    wanted = wanted[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
    return np.array_equal(to_picture(image).pixels, wanted)


class SlowWay:
    """Gives the picture when the test says so."""

    name = "slowly"

    def __init__(self) -> None:
        self.on_shot: OnShot | None = None
        self.on_failed: OnFailed | None = None
        self.on_told: OnTold | None = None
        self.windows: list[bool] = []  # whether our windows could be seen each time
        self.closed = False

    def freeze(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        self.on_shot, self.on_failed, self.on_told = on_shot, on_failed, on_told
        self.windows.append(any(w.isVisible() for w in QApplication.topLevelWidgets()))

    def cancel(self) -> None:
        if self.on_failed is not None:
            self.on_failed(Cancelled())

    def close(self) -> None:
        self.closed = True


class Tooled:
    """A tool, and what came of it."""

    def __init__(self, way: SlowWay | PortalWay | DirectWay) -> None:
        self.tool = ScreenTool(way)
        self.pictures: list[QImage] = []
        self.errors: list[PhiDeskError] = []
        self.sentences: list[str] = []
        self.tool.failed.connect(self.errors.append)
        self.tool.waiting.connect(self.sentences.append)

    def busy(self) -> bool:
        return self.tool.busy

    def picker(self) -> RegionPicker | None:
        return self.tool.picker


def screens_of_three_scales() -> ScreenShot:
    """Beside each other, with the main one in the middle: origins are negative."""
    return ScreenShot(
        (
            FrozenScreen("left", QRect(-640, -300, 640, 480), 1.0, noise(640, 480, 1)),
            FrozenScreen("main", QRect(0, 0, 800, 600), 1.5, noise(1200, 900, 2)),
            FrozenScreen("right", QRect(800, -100, 500, 400), 2.0, noise(1000, 800, 3)),
        )
    )
