"""Pixels as Qt paints them, and Qt's pictures as pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from phi_desk.media.picture import Picture


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """`[height, width, 3]` uint8 as a picture of its own."""
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def to_picture(image: QImage) -> Picture:
    """A picture of Qt's, on white where it is transparent; safe on any thread."""
    opaque = image
    if image.hasAlphaChannel():
        opaque = QImage(image.size(), QImage.Format.Format_RGB32)
        opaque.setDevicePixelRatio(image.devicePixelRatio())
        opaque.fill(Qt.GlobalColor.white)
        painter = QPainter(opaque)
        painter.drawImage(0, 0, image)
        painter.end()
    flat = opaque.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    pixels = rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3)
    return Picture(np.array(pixels))
