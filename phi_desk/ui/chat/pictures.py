"""Small pictures and waveforms as Qt paints them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap


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
