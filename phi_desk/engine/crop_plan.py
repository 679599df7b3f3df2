"""How a picture is laid out on a grid of square crops, and what that costs; touches no pixel.

The layout is the published one: the smallest grid of crops that holds the picture at its own size,
or, where that takes more than `max_crops`, the grid whose aspect ratio comes nearest. The picture
is then scaled, up or down, until it fills the grid on one side; the rest is white.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from phi_desk.errors import UsageError

CROP_SIZE = 448  # pixels a side: what the vision tower was trained on
PATCH = 14  # pixels a side: one position of the vision tower
MAX_CROPS = 36  # `dynamic_hd` of the published preprocessor_config.json


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPlan:
    """Where the picture lies on its canvas of `rows * columns` crops.

    Attributes:
        crop_size: pixels a side of one crop.
        rows, columns: the grid.
        width, height: the scaled picture in pixels, in the top left corner of the canvas.
    """

    crop_size: int
    rows: int
    columns: int
    width: int
    height: int

    @property
    def canvas_width(self) -> int:
        """In pixels."""
        return self.columns * self.crop_size

    @property
    def canvas_height(self) -> int:
        """In pixels."""
        return self.rows * self.crop_size

    @property
    def pad_right(self) -> int:
        """White columns of pixels right of the picture."""
        return self.canvas_width - self.width

    @property
    def pad_bottom(self) -> int:
        """White rows of pixels below the picture."""
        return self.canvas_height - self.height

    @property
    def patch_columns(self) -> int:
        """Columns of patches that are not wholly padding."""
        return self.columns * self.patches - self.pad_right // PATCH

    @property
    def patch_rows(self) -> int:
        """Rows of patches that are not wholly padding."""
        return self.rows * self.patches - self.pad_bottom // PATCH

    @property
    def patches(self) -> int:
        """Patches along one side of a crop."""
        return self.crop_size // PATCH

    @property
    def tokens(self) -> int:
        """Positions the picture takes in the prompt.

        The crops give one position for each two by two patches and one newline for each row of
        those; then one separator, and the thumbnail with its own newlines.
        """
        side = math.ceil(self.patches / 2)
        token_rows = self._pooled(self.patch_rows)
        return token_rows * (self._pooled(self.patch_columns) + 1) + 1 + side * (side + 1)

    def _pooled(self, visible: int) -> int:
        """How many of `visible` patches in a line stand at an even place of their crop."""
        full, rest = divmod(visible, self.patches)
        return full * math.ceil(self.patches / 2) + math.ceil(rest / 2)


def plan_crops(
    width: int, height: int, *, crop_size: int = CROP_SIZE, max_crops: int = MAX_CROPS
) -> CropPlan:
    """Lay out a picture of `width` by `height` pixels, both at least 1.

    The published code refuses a picture so narrow that its scaled side falls below 10 pixels.
    Here such a picture keeps a side of at least one pixel; up to 10 pixels and further to the
    edge of the canvas it is padded with white, which marks the same patches as visible.

    Raises:
        UsageError: `crop_size` is no multiple of the patch size, or `max_crops` is below 1.
    """
    if crop_size < PATCH or crop_size % PATCH:
        raise UsageError(f"The crop size must be a multiple of {PATCH} pixels, not {crop_size}.")
    if max_crops < 1:
        raise UsageError("A picture is cut into at least one crop.", "Use --max-crops 1 or more.")
    columns, rows = math.ceil(width / crop_size), math.ceil(height / crop_size)
    if columns * rows > max_crops:
        columns, rows = _nearest_grid(width, height, crop_size, max_crops)
    canvas_width, canvas_height = columns * crop_size, rows * crop_size
    scale_x, scale_y = canvas_width / width, canvas_height / height
    if scale_x < scale_y:
        size = canvas_width, max(1, int(height * scale_x))
    else:
        size = max(1, int(width * scale_y)), canvas_height
    return CropPlan(crop_size=crop_size, rows=rows, columns=columns, width=size[0], height=size[1])


def _nearest_grid(width: int, height: int, crop_size: int, max_crops: int) -> tuple[int, int]:
    """The grid (columns, rows) of the nearest aspect ratio, the larger one for a large picture.

    Of grids of one ratio a larger one wins where the picture has more than half its pixels.
    """
    ratio, area = width / height, width * height
    best, best_difference = (1, 1), math.inf
    for columns, rows in _grids(max_crops):
        difference = abs(ratio - columns / rows)
        large = area > 0.5 * crop_size * crop_size * columns * rows
        if difference < best_difference or (difference == best_difference and large):
            best, best_difference = (columns, rows), difference
    return best


@lru_cache(maxsize=64)
def _grids(max_crops: int) -> tuple[tuple[int, int], ...]:
    """All grids of at most `max_crops` crops, by number of crops.

    The published code sorts a set, so grids of equal number come in the order of the set. That
    order has no effect: a choice between two such grids would need a ratio as near to the one as
    to the other with no third between them, and there is none (a test looks at all of them).
    """
    grids = (
        (columns, rows)
        for columns in range(1, max_crops + 1)
        for rows in range(1, max_crops // columns + 1)
    )
    return tuple(sorted(grids, key=lambda grid: (grid[0] * grid[1], grid)))
