"""Maps of what lies where in a picture, by crops, patches and pooled places; knows no model."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import numpy as np
import torch
from fonts import ALPHABET
from numpy.typing import NDArray
from picture_levels import CROP_SIZE
from runs import CELLS_ACROSS, CELLS_DOWN, PATCH
from torch import Tensor

CELLS = CELLS_DOWN * CELLS_ACROSS  # of a patch
SIDE = CROP_SIZE // PATCH  # patches along a crop


def tiles_of(chars: NDArray[np.int16], rows: int, columns: int) -> NDArray[np.int16]:
    """The map of a canvas as those of its crops `[crops, 2 P, 3 P]`."""
    high, wide = chars.shape[0] // rows, chars.shape[1] // columns
    tiles = chars.reshape(rows, high, columns, wide).swapaxes(1, 2)
    return np.ascontiguousarray(tiles.reshape(-1, high, wide))


def mask_of(rows: int, columns: int, patches: tuple[int, int]) -> NDArray[np.bool_]:
    """Which patches of the thumbnail and the crops are in view, as `crop_picture` says it.

    `patches` are the rows and columns of them that the picture covers.
    """
    visible = np.zeros((rows * SIDE, columns * SIDE), np.bool_)
    visible[: patches[0], : patches[1]] = True
    grid = visible.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2)
    whole = np.ones((1, SIDE, SIDE), np.bool_)
    return np.concatenate([whole, grid.reshape(-1, SIDE, SIDE)])


def objects_of(chars: NDArray[np.int16]) -> NDArray[np.int16]:
    """The same map without letters."""
    return np.where(chars >= len(ALPHABET), chars, 0).astype(np.int16)


def thumbnail_of(objects: NDArray[np.int16], rows: int, columns: int) -> NDArray[np.int16]:
    """The map of a canvas of so many crops as that of its thumbnail `[2 P, 3 P]`."""
    return objects[rows // 2 :: rows, columns // 2 :: columns]


def filled(cells: Tensor, signs: Tensor, bare: float) -> Tensor:
    """Which places have something over them, and of the others a share `bare` by chance: `[n]`."""
    return (cells > 0).any(1) | (signs > 0).any(1) | (torch.rand(len(cells)) < bare)


def by_patch(chars: Tensor) -> Tensor:
    """A map `[n, 2 P, 3 P]` as `[n * P * P, 6]`."""
    return _tiled(chars, CELLS_DOWN, CELLS_ACROSS)


def by_pool(chars: Tensor) -> Tensor:
    """A map `[n, 2 P, 3 P]` as `[n * P / 2 * P / 2, 24]`."""
    return _tiled(chars, 2 * CELLS_DOWN, 2 * CELLS_ACROSS)


def _tiled(chars: Tensor, down: int, across: int) -> Tensor:
    count, rows, columns = chars.shape
    tiles = chars.view(count, rows // down, down, columns // across, across)
    return tiles.transpose(2, 3).reshape(-1, down * across)
