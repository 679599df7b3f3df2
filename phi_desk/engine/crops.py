"""Cuts a picture into the crops that the vision tower reads; knows no file format and no torch.

Every number is the published code's, to the last bit: bilinear scaling by Pillow on 8-bit pixels,
white padding, values (x / 255 - 0.5) / 0.5 in float32, and a thumbnail of the whole canvas scaled
as torch scales it (bicubic, a = -0.75, half-pixel centres, no antialiasing).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from phi_desk.cancel import CancelToken
from phi_desk.engine.crop_plan import CROP_SIZE, MAX_CROPS, CropPlan, plan_crops
from phi_desk.media.picture import Picture
from phi_desk.model.inputs import PictureInput

__all__ = ["CROP_SIZE", "MAX_CROPS", "CropPlan", "crop_picture", "picture_key", "plan_crops"]

WHITE = 255

# The bicubic kernel (a = -0.75) midway between two pixels: (offset from the left one, weight). In
# this order torch's compiled loop adds them up: it matters in the last bit.
_TAPS = ((0, 0.59375), (-1, -0.09375), (1, 0.59375), (2, -0.09375))


def crop_picture(
    picture: Picture,
    *,
    crop_size: int = CROP_SIZE,
    max_crops: int = MAX_CROPS,
    cancel: CancelToken | None = None,
) -> PictureInput:
    """The thumbnail and the crops of `picture`, row by row, with their mask.

    Raises:
        UsageError: `crop_size` is no multiple of the patch size, or `max_crops` is below 1.
        Cancelled: by `cancel`, between two steps over the pixels.
    """
    cancel = cancel or CancelToken()
    plan = plan_crops(picture.width, picture.height, crop_size=crop_size, max_crops=max_crops)
    pixels = _canvas(picture, plan)
    cancel.raise_if_cancelled()
    canvas = _normalised(pixels)
    cancel.raise_if_cancelled()
    crops = np.empty((1 + plan.rows * plan.columns, 3, crop_size, crop_size), np.float32)
    crops[0] = _shrink(_shrink(canvas, crop_size, axis=2), crop_size, axis=1)
    cancel.raise_if_cancelled()
    crops[1:] = _tiles(canvas, plan)
    cancel.raise_if_cancelled()
    return PictureInput(
        key=picture_key(picture, crop_size=crop_size, max_crops=max_crops),
        crops=crops,
        mask=_mask(plan),
        rows=plan.rows,
        columns=plan.columns,
        tokens=plan.tokens,
    )


def picture_key(picture: Picture, *, crop_size: int = CROP_SIZE, max_crops: int = MAX_CROPS) -> str:
    """The `key` that `crop_picture` gives, without making the crops: a hex SHA-256."""
    options = f"picture {picture.width}x{picture.height} {crop_size} {max_crops}\n"
    digest = hashlib.sha256(options.encode())
    digest.update(np.ascontiguousarray(picture.pixels).data)
    return digest.hexdigest()


def _canvas(picture: Picture, plan: CropPlan) -> NDArray[np.uint8]:
    """The scaled picture on white: `[canvas height, canvas width, 3]`."""
    canvas = np.full((plan.canvas_height, plan.canvas_width, 3), WHITE, np.uint8)
    scaled = Image.fromarray(picture.pixels).resize(
        (plan.width, plan.height), Image.Resampling.BILINEAR
    )
    canvas[: plan.height, : plan.width] = np.asarray(scaled)
    return canvas


def _normalised(canvas: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pixels `[height, width, 3]` as values `[3, height, width]` in -1..1."""
    full, half = np.float32(255), np.float32(0.5)
    values: NDArray[np.float32] = (np.arange(256, dtype=np.float32) / full - half) / half
    return values[canvas.transpose(2, 0, 1)]


def _tiles(canvas: NDArray[np.float32], plan: CropPlan) -> NDArray[np.float32]:
    """The canvas `[3, rows * S, columns * S]` as crops `[rows * columns, 3, S, S]`."""
    size = plan.crop_size
    grid = canvas.reshape(3, plan.rows, size, plan.columns, size).transpose(1, 3, 0, 2, 4)
    return grid.reshape(-1, 3, size, size)


def _mask(plan: CropPlan) -> NDArray[np.bool_]:
    """`[1 + rows * columns, P, P]`: the thumbnail is all visible, as published."""
    side = plan.patches
    visible = np.zeros((plan.rows * side, plan.columns * side), np.bool_)
    visible[: plan.patch_rows, : plan.patch_columns] = True
    grid = visible.reshape(plan.rows, side, plan.columns, side).transpose(0, 2, 1, 3)
    thumbnail = np.ones((1, side, side), np.bool_)
    tiles = np.ascontiguousarray(grid).reshape(-1, side, side)
    return np.concatenate([thumbnail, tiles])


def _shrink(values: NDArray[np.float32], size: int, *, axis: int) -> NDArray[np.float32]:
    """Scale one axis down to `size` by a whole factor, bicubic without antialiasing.

    An odd factor samples exactly on a pixel, an even one midway between two: no other weights
    occur. A product of two float32 is exact in float64, so each step rounds to float32 once, as
    the fused multiply-add of torch's loop does.
    """
    length = values.shape[axis]
    factor = length // size
    left = np.arange(size) * factor + (factor - 1) // 2  # the pixel at or left of the sample
    total: NDArray[np.float32] = np.zeros((), np.float32)
    for offset, weight in ((0, 1.0),) if factor % 2 else _TAPS:
        taken = np.take(values, (left + offset).clip(0, length - 1), axis=axis)
        total = (total + taken.astype(np.float64) * weight).astype(np.float32)
    return total
