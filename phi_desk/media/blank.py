"""Says whether a picture shows nothing, so that no model need look at it; knows no model.

Careful in one direction: a page with a short word on it must never count as blank, while a blank
page that counts as written costs only time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from phi_desk.media.picture import Picture

BLOCK = 4  # pixels a side: averages noise away, while a stroke of 8-point type still shows
CELL = 16  # blocks a side: small enough that light falling off over a page hardly shows
SMALL = 64  # pixels: a picture with a shorter side is looked at pixel by pixel

# Levels of 256, measured on A4 pages at 200 dpi. An 8-point word 20 levels from the paper shifts
# blocks by up to 16; noise of 4 levels and strong JPEG compression shift some by 8.
MIN_SHIFT = 8
NOISES = 7  # a shift of so many standard deviations of the noise is no noise
MAX_NOISE = 5  # standard deviation of the blocks above which it is a texture or a picture
MAX_SHADE = 32  # light may vary so much over a blank page

MIN_BLOCKS = 3  # fewer odd blocks in a large picture are dust
LARGE = 1000  # blocks


def is_blank(picture: Picture) -> bool:
    """Whether the picture is of one colour, but for noise and slowly varying light."""
    blocks = _blocks(picture)
    cells = _medians(blocks)
    if np.any(np.ptp(cells, axis=(0, 1)) > MAX_SHADE):
        return False
    rows, columns = blocks.shape[:2]
    ground = cells.repeat(CELL, axis=0)[:rows].repeat(CELL, axis=1)[:, :columns]
    shift = np.abs(blocks - ground).max(axis=2)
    noise = 1.4826 * float(np.median(shift))  # for normal noise about its standard deviation
    if noise > MAX_NOISE:
        return False
    marks = int(np.count_nonzero(shift > max(MIN_SHIFT, NOISES * noise)))
    return marks < (MIN_BLOCKS if shift.size > LARGE else 1)


def _blocks(picture: Picture) -> NDArray[np.float32]:
    """The means of the blocks `[rows, columns, 3]`; those at the edge may be smaller."""
    image = Image.fromarray(picture.pixels)
    if min(image.size) >= SMALL:
        image = image.reduce(BLOCK)
    return np.asarray(image).astype(np.float32)


def _medians(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    """The median of each cell of `blocks`: `[rows / CELL, columns / CELL, 3]`, rounded up."""
    rows, columns = blocks.shape[:2]
    filled = np.pad(blocks, ((0, -rows % CELL), (0, -columns % CELL), (0, 0)), mode="edge")
    grid = filled.reshape(filled.shape[0] // CELL, CELL, filled.shape[1] // CELL, CELL, 3)
    medians: NDArray[np.float32] = np.median(grid, axis=(1, 3))
    return medians
