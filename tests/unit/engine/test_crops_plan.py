"""The grid, the scaled size and the token count, all known without pixels."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.engine.crop_plan import PATCH, CropPlan, plan_crops
from phi_desk.errors import UsageError

sides = st.one_of(st.integers(1, 700), st.integers(1, 30_000))


def published_grid(width: int, height: int, size: int, most: int) -> tuple[int, int]:
    """(columns, rows) by the published rule, candidates in the order of a sorted set."""
    columns, rows = math.ceil(width / size), math.ceil(height / size)
    if columns * rows <= most:
        return columns, rows
    candidates = {
        (i, j)
        for n in range(1, most + 1)
        for i in range(1, n + 1)
        for j in range(1, n + 1)
        if i * j <= most
    }
    best, smallest = (1, 1), math.inf
    for i, j in sorted(candidates, key=lambda grid: grid[0] * grid[1]):
        difference = abs(width / height - i / j)
        if difference < smallest:
            best, smallest = (i, j), difference
        elif difference == smallest and width * height > 0.5 * size * size * i * j:
            best = i, j
    return best


@given(sides, sides, st.integers(1, 36), st.sampled_from((448, 28, 42)))
def test_grid_is_the_published_one(width: int, height: int, most: int, size: int) -> None:
    plan = plan_crops(width, height, crop_size=size, max_crops=most)
    assert (plan.columns, plan.rows) == published_grid(width, height, size, most)


def test_grid_is_the_published_one_for_usual_sizes() -> None:
    for width in range(100, 9000, 173):
        for height in range(100, 9000, 191):
            plan = plan_crops(width, height)
            assert (plan.columns, plan.rows) == published_grid(width, height, 448, 36)


@pytest.mark.parametrize("most", range(1, 37))
def test_order_of_grids_of_equal_number_never_matters(most: int) -> None:
    """No ratio lies as near to one as to another of two such grids without a third between."""
    numbers: dict[Fraction, set[int]] = {}
    for i in range(1, most + 1):
        for j in range(1, most // i + 1):
            numbers.setdefault(Fraction(i, j), set()).add(i * j)
    ratios = sorted(numbers)
    for one, next_one in pairwise(ratios):
        assert not numbers[one] & numbers[next_one]


@pytest.mark.parametrize(
    ("width", "height", "columns", "rows", "tokens"),
    [
        (448, 448, 1, 1, 545),
        (640, 480, 2, 2, 1065),
        (800, 600, 2, 2, 1065),
        (1000, 1000, 3, 3, 2625),
        (1024, 768, 3, 2, 1681),
        (1280, 720, 3, 2, 1596),
        (1366, 768, 4, 2, 2129),
        (3000, 400, 7, 1, 1968),
        (1920, 1080, 5, 3, 3918),
        (2560, 1440, 6, 4, 5511),
        (3840, 2160, 7, 4, 7392),
        (1654, 2339, 4, 6, 6188),
        (2480, 3508, 5, 7, 9345),
        (3024, 4032, 3, 4, 3409),
        (5000, 5000, 6, 6, 9585),
    ],
)
def test_published_sizes(width: int, height: int, columns: int, rows: int, tokens: int) -> None:
    plan = plan_crops(width, height)
    assert (plan.columns, plan.rows, plan.tokens) == (columns, rows, tokens)


@given(sides, sides, st.integers(1, 36))
def test_scaled_size_is_the_published_one(width: int, height: int, most: int) -> None:
    plan = plan_crops(width, height, max_crops=most)
    scale_x = plan.canvas_width / width
    scale_y = plan.canvas_height / height
    if scale_x < scale_y:
        size = plan.canvas_width, int(height * scale_x)
    else:
        size = int(width * scale_y), plan.canvas_height
    assert (plan.width, plan.height) == (max(1, size[0]), max(1, size[1]))


@given(sides, sides, st.integers(1, 36))
def test_every_crop_shows_something(width: int, height: int, most: int) -> None:
    """A crop that is all padding would leave the vision tower nothing to attend to."""
    plan = plan_crops(width, height, max_crops=most)
    assert 0 <= plan.pad_right < 448
    assert 0 <= plan.pad_bottom < 448
    assert plan.rows * plan.columns <= max(most, 1)


def tokens_by_mask(plan: CropPlan) -> int:
    """The published formula on a mask that is really laid out."""
    side = plan.crop_size // PATCH
    mask = np.ones((plan.rows * side, plan.columns * side), int)
    if plan.pad_right >= PATCH:
        mask[:, -(plan.pad_right // PATCH) :] = 0
    if plan.pad_bottom >= PATCH:
        mask[-(plan.pad_bottom // PATCH) :] = 0
    crops = mask.reshape(plan.rows, side, plan.columns, side).transpose(0, 2, 1, 3)
    pooled = crops[:, :, 0::2, 0::2]
    grid = pooled.transpose(0, 2, 1, 3).reshape(-1, plan.columns * pooled.shape[-1])
    thumbnail = math.ceil(side / 2)
    return thumbnail**2 + 1 + int(grid.sum()) + int(grid[:, 0].sum()) + thumbnail


@given(sides, sides, st.sampled_from((448, 28, 42, 70, 14)))
def test_tokens_are_those_of_the_mask(width: int, height: int, size: int) -> None:
    plan = plan_crops(width, height, crop_size=size)
    assert plan.tokens == tokens_by_mask(plan)


@pytest.mark.parametrize("size", [0, 7, 13, 15, 450, -14])
def test_crop_size_must_hold_whole_patches(size: int) -> None:
    with pytest.raises(UsageError, match="multiple of 14"):
        plan_crops(100, 100, crop_size=size)


def test_no_crops_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one crop"):
        plan_crops(100, 100, max_crops=0)
