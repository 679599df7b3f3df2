"""What is written over each patch of the tower, in the order in which it is read; knows no model.

A letter of a map by cells does not tell two equal letters side by side from one wide one, and
says nothing of what stands before it. Here each sign stands once, where its middle lies, behind the
two that are read before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fonts import ALPHABET, INDEX
from numpy.typing import NDArray
from runs import PATCH, Run, unturned

from phi_desk.engine.crops import CropPlan

SPACE, START, END = range(len(ALPHABET), len(ALPHABET) + 3)  # 0: nothing; below: a letter's place
SIGNS = len(ALPHABET) + 3
BEFORE, HELD = 2, 4  # signs read before those of the patch, and at most so many of its own
SLOTS = BEFORE + HELD


def text_map(
    runs: Sequence[Run], size: tuple[int, int], angle: float, plan: CropPlan
) -> NDArray[np.uint8]:
    """For each patch of the canvas what is read there: `[rows, columns, SLOTS]`.

    `size` is the picture's width and height, `angle` by how much its text is turned, `plan` how it
    is laid on its canvas. Signs for which there is no room are left out.
    """
    found = np.zeros((plan.canvas_height // PATCH, plan.canvas_width // PATCH, SLOTS), np.uint8)
    for run in runs:
        signs = [INDEX[character] or SPACE for character in run.text] + [END]
        edges = run.edges
        x = np.append((edges[:-1] + edges[1:]) / 2, edges[-1])
        y = np.full(len(x), (run.top + run.y) / 2)
        turned_x, turned_y = unturned(x, y, size, -angle)  # turning back is turning the other way
        columns = (turned_x * (plan.width / size[0]) / PATCH).astype(int)
        rows = (turned_y * (plan.height / size[1]) / PATCH).astype(int)
        _fill(found, signs, rows.clip(0, len(found) - 1), columns.clip(0, found.shape[1] - 1))
    return found


def _fill(
    found: NDArray[np.uint8],
    signs: Sequence[int],
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
) -> None:
    before = (0, START)
    for sign, row, column in zip(signs, rows, columns, strict=True):
        slots = found[row, column]
        free = np.flatnonzero(slots[BEFORE:] == 0)
        if len(free):
            if free[0] == 0:
                slots[:BEFORE] = before
            slots[BEFORE + free[0]] = sign
        before = before[1], sign


def text_tiles(text: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """The map of a canvas as those of its crops `[crops, P, P, SLOTS]`."""
    high, wide = text.shape[0] // rows, text.shape[1] // columns
    tiles = text.reshape(rows, high, columns, wide, SLOTS).swapaxes(1, 2)
    return np.stack([seen_alone(tile) for tile in tiles.reshape(-1, high, wide, SLOTS)])


def seen_alone(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A part of a map, without the signs that stand before its left edge and cannot be seen."""
    alone = tile.copy()
    alone[:, 0, :BEFORE][alone[:, 0, 1] != START] = 0
    return alone
