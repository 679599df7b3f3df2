"""The first vision stage: the tower by itself, which names what lies where."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from data import Writer
from job_vision import Seeing
from letters import Named
from maps import mask_of, tiles_of
from network import Nano
from numpy.typing import NDArray
from patch_text import seen_alone, text_tiles
from picture_batches import recoloured
from picture_stream import endless, levels_there
from pictures import PictureExample
from PIL import Image
from runs import CELLS_ACROSS, CELLS_DOWN, PATCH
from torch import Tensor, nn
from train import Told

from phi_desk.engine.crops import CropPlan, plan_crops
from phi_desk.media.picture import Picture

_WINDOW = 8  # patches a side of what the tower sees while it learns its letters
_WINDOWS = 96  # a batch
_A_CROP = 2  # windows
_HARD = (0.5, 0.5, 1.0, 1.5, 3.0, 4.0)  # shares of the levels


class Windows(NamedTuple):
    """Pixels `[n, 3, 112, 112]`, the patches' places `[n, 64]`, and what lies over them.

    `valid` says which patches the picture covers `[n, 64]`: of a single line cut out of a page
    there are two or three rows. `names` are maps by cells `[n, 16, 24]`, `text` maps of what is
    read `[n, 8, 8, SLOTS]`.
    """

    pixels: Tensor
    places: Tensor
    valid: Tensor
    names: Tensor
    text: Tensor


class PatchJob(Seeing):
    """Trains the tower alone to name letters, on windows of a quarter of a crop.

    Four times as many letters pass by in the same time as on whole crops.
    """

    name = "patches"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        self.trained: nn.Module = nn.ModuleDict({"tower": model.tower, "letters": self.letters})

    def batches(self, seed: int) -> Iterator[Windows]:
        rng = np.random.default_rng(seed)
        there = {level: _HARD[level] for level in levels_there(self._work, "train")}
        pictures = endless(self._work, "train", there, rng)
        while True:
            yield self._windows(pictures, rng, _WINDOWS)

    def _windows(
        self, pictures: Iterator[PictureExample], rng: np.random.Generator, count: int
    ) -> Windows:
        pixels: list[NDArray[np.float32]] = []
        places: list[NDArray[np.int64]] = []
        valid: list[NDArray[np.bool_]] = []
        names: list[NDArray[np.int16]] = []
        text: list[NDArray[np.uint8]] = []
        while len(pixels) < count:
            seen = next(pictures)
            if seen.chars is None or seen.text is None or not seen.chars.any():
                continue
            plan = plan_crops(seen.picture.width, seen.picture.height, crop_size=self._crop)
            masks = mask_of(plan.rows, plan.columns, (plan.patch_rows, plan.patch_columns))[1:]
            tiles = tiles_of(seen.chars, plan.rows, plan.columns)
            written = text_tiles(seen.text, plan.rows, plan.columns)
            shown = _shown(seen.picture, plan)
            for place in range(len(tiles) * _A_CROP):
                mask, tile = masks[place % len(tiles)], tiles[place % len(tiles)]
                spot = _window(tile, mask, rng)
                if spot is None or len(pixels) == count:
                    continue
                row, column = divmod(place % len(tiles), plan.columns)
                side = self._crop // PATCH
                top, left = (row * side + spot[0]) * PATCH, (column * side + spot[1]) * PATCH
                part = shown[top : top + _WINDOW * PATCH, left : left + _WINDOW * PATCH]
                values = part.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
                pixels.append(recoloured(values, rng))
                places.append(_places(mask)[_cut(spot, 1, 1)].reshape(-1))
                valid.append(mask[_cut(spot, 1, 1)].reshape(-1))
                names.append(tile[_cut(spot, CELLS_DOWN, CELLS_ACROSS)])
                text.append(seen_alone(written[place % len(tiles)][_cut(spot, 1, 1)]))
        return Windows(
            *(torch.from_numpy(np.stack(part)) for part in (pixels, places, valid)),
            *(torch.from_numpy(np.stack(part).astype(np.int64)) for part in (names, text)),
        )

    def loss(self, batch: Windows) -> Told:
        named = self._named(batch)
        numbers = {"right": named.cells, "signs": named.signs}
        return Told(named.loss, len(batch.pixels), numbers)

    def _named(self, batch: Windows) -> Named:
        device = self._model.device
        pixels, places = batch.pixels.to(device), batch.places.to(device)
        states = self._states(pixels, places, batch.valid.to(device))
        return self.letters.loss(states, batch.names.to(device), batch.text.to(device))

    def _states(self, pixels: Tensor, places: Tensor, valid: Tensor) -> Tensor:
        """The tower on windows, each patch at its own place of the crop."""
        return self._model.attended(self._model.embedded(pixels, places), valid)

    def check(self) -> dict[str, float]:
        """The share of cells and of signs that are named right, by level."""
        result = {}
        for level in levels_there(self._work, "valid"):
            rng = np.random.default_rng(4)
            pictures = endless(self._work, "valid", {level: 1.0}, rng)
            named = self._named(self._windows(pictures, rng, 96))
            result[f"level_{level}"], result[f"signs_{level}"] = named.cells, named.signs
        return result


def _shown(picture: Picture, plan: CropPlan) -> NDArray[np.uint8]:
    """The picture on its canvas, as `crop_picture` lays it."""
    canvas = np.full((plan.canvas_height, plan.canvas_width, 3), 255, np.uint8)
    size = plan.width, plan.height
    scaled = Image.fromarray(picture.pixels).resize(size, Image.Resampling.BILINEAR)
    canvas[: plan.height, : plan.width] = np.asarray(scaled)
    return canvas


def _cut(spot: tuple[int, int], down: int, across: int) -> tuple[slice, slice]:
    """A window at a patch, in cells of which so many lie on a patch."""
    y, x = spot
    return (
        slice(down * y, down * (y + _WINDOW)),
        slice(across * x, across * (x + _WINDOW)),
    )


def _window(
    tile: NDArray[np.int16], mask: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[int, int] | None:
    """Where in a crop a window around some character lies, its corner within the picture.

    None where there is no character.
    """
    spots = np.argwhere(tile > 0)
    if not len(spots):
        return None
    rows, columns = int(mask[:, 0].sum()), int(mask[0].sum())
    spot = spots[rng.integers(len(spots))] // (CELLS_DOWN, CELLS_ACROSS)
    y, x = spot - rng.integers(0, _WINDOW, 2)
    most_y, most_x = max(0, rows - _WINDOW), max(0, columns - _WINDOW)
    return int(np.clip(y, 0, most_y)), int(np.clip(x, 0, most_x))


def _places(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The position of each patch as the tower counts: what is seen is stretched over the crop."""
    side = len(mask)
    steps = np.arange(side, dtype=np.float32)
    down = np.floor(steps * np.float32(1 / mask[:, 0].sum()) * side).clip(max=side - 1)
    right = np.floor(steps * np.float32(1 / mask[0].sum()) * side).clip(max=side - 1)
    places: NDArray[np.int64] = (down[:, None] * side + right[None]).astype(np.int64)
    return places
