"""Runs of text: where every character lies, drawn into a mask, mapped to the tower's patches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from fonts import INDEX, Face, metrics, sized
from numpy.typing import NDArray
from palette import Colour
from PIL import Image, ImageDraw

from phi_desk.engine.crops import CropPlan

PATCH = 14  # pixels a side of one position of the vision tower
CELLS_DOWN, CELLS_ACROSS = 2, 3  # of a patch, each with a character of its own in the map
_MEASURED = 64  # pixels to the em at which characters are measured
_SMALL = 24  # below it at their own size: there a font rounds its widths to whole pixels


@dataclass(frozen=True)
class Run:
    """One line of one text in one face: `x` is its left end, `y` its baseline, in pixels."""

    text: str
    face: Face
    size: int
    x: float
    y: float
    colour: Colour

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """The left edge of every character and the right one of the last, `[len(text) + 1]`."""
        measured = self.size if self.size < _SMALL else _MEASURED
        steps = np.array(_steps(self.text, self.face, measured))
        total = steps[-1] or 1.0
        return steps * (length(self.text, self.face, self.size) / total) + self.x

    @property
    def top(self) -> float:
        """The upper edge of the capital letters."""
        return self.y + metrics(self.face, self.size).top

    @property
    def bottom(self) -> float:
        """The lower edge of the descenders."""
        return self.y + metrics(self.face, self.size).bottom


@lru_cache(maxsize=4096)
def length(text: str, face: Face, size: int) -> float:
    """How wide the text is, in pixels."""
    return float(sized(face, size).getlength(text))


def _steps(text: str, face: Face, size: int) -> list[float]:
    """Where each character begins and the last one ends, in pixels at `size` to the em.

    Measured by pairs and mostly at one size, because a measurement costs as much as drawing:
    asking for every beginning of every text at every size took a third of the time of a picture.
    """
    steps = [0.0]
    for place, character in enumerate(text):
        following = text[place + 1 : place + 2]
        step = _pair(face, character + following, size)
        steps.append(max(steps[-1], steps[-1] + step))
    return steps


@lru_cache(maxsize=200_000)
def _pair(face: Face, pair: str, size: int) -> float:
    """How far the second of two characters begins after the first (alone: how wide it is)."""
    font = sized(face, size)
    return float(font.getlength(pair)) - (float(font.getlength(pair[1])) if pair[1:] else 0.0)


def draw(image: Image.Image, runs: Sequence[Run], angle: float) -> None:
    """Write the runs on `image`, turned by `angle` degrees (counterclockwise) about its middle."""
    if not angle:
        pen = ImageDraw.Draw(image)
        for run in runs:
            font = sized(run.face, run.size)
            pen.text((run.x, run.y), run.text, font=font, fill=run.colour, anchor="ls")
        return
    for colour in dict.fromkeys(run.colour for run in runs):
        mask = Image.new("L", image.size, 0)
        pen = ImageDraw.Draw(mask)
        for run in runs:
            if run.colour == colour:
                font = sized(run.face, run.size)
                pen.text((run.x, run.y), run.text, font=font, fill=255, anchor="ls")
        turned = mask.rotate(angle, Image.Resampling.BICUBIC)
        image.paste(colour, (0, 0, *image.size), turned)


def unturned(
    x: NDArray[np.float64], y: NDArray[np.float64], size: tuple[int, int], angle: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where points of the turned picture lay before `draw` turned it; `size` is width, height."""
    turn = math.radians(angle)
    centre_x, centre_y = size[0] / 2, size[1] / 2
    right, down = x - centre_x, y - centre_y
    return (
        math.cos(turn) * right - math.sin(turn) * down + centre_x,
        math.sin(turn) * right + math.cos(turn) * down + centre_y,
    )


def cell_centres(
    size: tuple[int, int], plan: CropPlan
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the cells of the canvas lie in the picture: x and y of each `[rows, columns]`."""
    rows = plan.canvas_height // PATCH * CELLS_DOWN
    columns = plan.canvas_width // PATCH * CELLS_ACROSS
    down, right = np.mgrid[0:rows, 0:columns]
    x = (right + 0.5) * (PATCH / CELLS_ACROSS) * (size[0] / plan.width)
    y = (down + 0.5) * (PATCH / CELLS_DOWN) * (size[1] / plan.height)
    return x, y


def character_map(
    runs: Sequence[Run], size: tuple[int, int], angle: float, plan: CropPlan
) -> NDArray[np.int16]:
    """For each cell of the canvas the place in ALPHABET of the character over its centre.

    `[2 * canvas height / 14, 3 * canvas width / 14]`: two letters of small print and a half lie on
    a patch. 0 where there is none, a space or padding. `size` is the picture's width and height,
    `plan` how the picture is laid on its canvas.
    """
    x, y = unturned(*cell_centres(size, plan), size, angle)
    found = np.zeros(x.shape, np.int16)
    for run in runs:
        edges = run.edges
        inside = (y >= run.top) & (y < run.bottom) & (x >= edges[0]) & (x < edges[-1])
        if inside.any():
            places = np.array([INDEX[character] for character in run.text], np.int16)
            found[inside] = places[np.searchsorted(edges, x[inside], side="right") - 1]
    return found
