"""Pixels and waveforms as Qt paints them, and Qt's pictures as pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

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
        opaque.fill(Qt.GlobalColor.white)
        painter = QPainter(opaque)
        painter.drawImage(0, 0, image)
        painter.end()
    flat = opaque.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    pixels = rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3)
    return Picture(np.array(pixels))


def rounded(image: QImage, side: int, scale: float) -> QPixmap:
    """The middle of a picture, square, with round corners."""
    pixels = round(side * scale)
    fitted = image.scaled(
        pixels,
        pixels,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, pixels, pixels), 8 * scale, 8 * scale)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.drawImage((pixels - fitted.width()) // 2, (pixels - fitted.height()) // 2, fitted)
    painter.end()
    made.setDevicePixelRatio(scale)
    return made


def waveform(
    peaks: NDArray[np.float32], width: int, height: int, colour: QColor, scale: float
) -> QPixmap:
    """Bars around the middle, one for each peak."""
    made = QPixmap(round(width * scale), round(height * scale))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(scale)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    step = width / max(1, len(peaks))
    for place, peak in enumerate(peaks):
        bar = max(2.0, float(peak) * (height - 4))
        painter.drawRoundedRect(QRectF(place * step, (height - bar) / 2, step * 0.6, bar), 1, 1)
    painter.end()
    return made
