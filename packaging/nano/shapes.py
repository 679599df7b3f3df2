"""The outlines of the simple objects: polygons around (0, 0) of radius 1; draws them too."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from palette import Colour
from PIL import ImageDraw

SHAPES = (
    "circle", "square", "triangle", "star", "heart", "cross", "diamond", "arrow", "ring", "moon",
)  # fmt: skip
DIRECTIONS = {"right": 0, "down": 90, "left": 180, "up": 270}  # of the arrow, in degrees
_POINTS = 72  # of a round outline
_HOLE = 0.55  # of a ring's radius

# How far each shape may be turned and still go by its name (a square on its tip is a diamond).
FREEDOM = {
    "circle": 0, "square": 12, "triangle": 180, "star": 180, "heart": 20, "cross": 12,
    "diamond": 10, "arrow": 0, "ring": 0, "moon": 180,
}  # fmt: skip


@lru_cache(maxsize=16)
def outline(shape: str) -> NDArray[np.float64]:
    """Corner points `[n, 2]` (x right, y down) within a circle of radius 1 or little more."""
    turn = np.linspace(0, 2 * np.pi, _POINTS, endpoint=False)
    if shape in ("circle", "ring"):
        return np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if shape == "square":
        return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * 0.85
    if shape == "triangle":
        return _star(3, 0.5)
    if shape == "star":
        return _star(5, 0.4)
    if shape == "diamond":
        return np.array([(0, -1.15), (0.72, 0), (0, 1.15), (-0.72, 0)])
    if shape == "cross":
        a, b = 1.0, 0.34
        quarter = np.array([(b, -b), (b, -a), (-b, -a)])
        turns = [quarter @ _turning(-90 * step) for step in range(4)]
        return np.concatenate(turns)
    if shape == "arrow":
        return np.array(
            [(-1, -0.28), (0.15, -0.28), (0.15, -0.75), (1, 0), (0.15, 0.75), (0.15, 0.28),
             (-1, 0.28)]
        )  # fmt: skip
    if shape == "moon":
        return _moon()
    x = 16 * np.sin(turn) ** 3
    y = -13 * np.cos(turn) + 5 * np.cos(2 * turn) + 2 * np.cos(3 * turn) + np.cos(4 * turn)
    return np.stack([x, y], axis=1) / 16.5


def draw_shape(
    pen: ImageDraw.ImageDraw,
    shape: str,
    middle: tuple[float, float],
    radius: float,
    turn: float,
    colour: Colour,
    rim: Colour | None,
) -> None:
    """Fill the shape, turned by `turn` degrees clockwise, with a thin rim where one is given."""
    points = outline(shape) @ _turning(turn) * radius + np.array(middle)
    corners = [(float(x), float(y)) for x, y in points]
    if shape == "ring":
        thick = round(radius * (1 - _HOLE))
        (x, y), around = middle, radius
        pen.ellipse((x - around, y - around, x + around, y + around), outline=colour, width=thick)
        return
    pen.polygon(corners, fill=colour)
    if rim is not None:
        pen.line([*corners, corners[0], corners[1]], fill=rim, width=max(2, round(radius / 14)))


def _turning(degrees: float) -> NDArray[np.float64]:
    """The matrix that turns row vectors clockwise on the screen."""
    angle = math.radians(degrees)
    return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])


def _star(tips: int, inner: float) -> NDArray[np.float64]:
    """Tips at radius 1 and, between them, corners at radius `inner`; the first tip is on top."""
    angles = np.arange(2 * tips) * np.pi / tips - np.pi / 2
    radii = np.where(np.arange(2 * tips) % 2, inner, 1.0)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def _moon() -> NDArray[np.float64]:
    """A crescent: the outer circle but for a smaller one that lies to its right."""
    tip = math.radians(50)
    outer = np.linspace(tip, 2 * np.pi - tip, _POINTS)
    shift, reach = 0.62, math.hypot(math.cos(tip) - 0.62, math.sin(tip))
    start = math.atan2(-math.sin(tip), math.cos(tip) - shift)
    inner = np.linspace(start % (2 * np.pi), (-start) % (2 * np.pi), _POINTS)
    arc = np.stack([np.cos(outer), np.sin(outer)], axis=1)
    bite = np.stack([shift + reach * np.cos(inner), reach * np.sin(inner)], axis=1)
    return np.concatenate([arc, bite])
