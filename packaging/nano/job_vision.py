"""The vision stages: the tower by itself (which letter lies where), then with the decoder."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from data import Batch, Writer, collate
from losses import answer_loss, answers_right
from network import Nano
from numpy.typing import NDArray
from picture_levels import CROP_SIZE, LEVELS
from picture_stream import endless, levels_there
from pictures import PictureExample
from PIL import Image
from runs import CELLS_ACROSS, CELLS_DOWN
from scenes import CLASSES
from torch import Tensor, nn
from train import Told

from phi_desk.engine import tasks
from phi_desk.engine.crops import CropPlan, crop_picture, plan_crops
from phi_desk.media.picture import Picture
from phi_desk.model.inputs import PictureInput

CELLS = CELLS_DOWN * CELLS_ACROSS  # of a patch
_BARE = 0.08  # of the patches without anything on them are learned from, too
_WINDOW = 8  # patches a side of what the tower sees while it learns its letters
_WINDOWS = 96  # a batch
_CROPS = 32  # a batch, at most
_PATCH_WEIGHT = 0.3
SPELT = ("read", "table", "sign")  # tasks whose answers are read off letter by letter
_PATCH = 14
_SIDE = CROP_SIZE // _PATCH  # patches along a crop
_A_CROP = 2  # windows
_AS_MARKDOWN = 0.12  # of lines are asked for as Markdown: the answer is the same
_AS_LINES = 0.15  # of tables are asked for as plain text: a row a line
_HARD = (1.0, 1.0, 1.5, 1.5, 2.0, 2.0)  # shares of the levels while the letters are learned


class Letters(nn.Module):
    """Names what lies over each cell of each patch, and of each two by two patches.

    The second is read from the mean that the app pools to, so that the tower learns to keep
    neighbours apart in it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = nn.Linear(width, CELLS * CLASSES)
        self.pooled = nn.Linear(width, 4 * CELLS * CLASSES)

    def loss(self, patches: Tensor, chars: Tensor) -> tuple[Tensor, float]:
        """Of patch states `[n, P * P, width]` and a map `[n, 2 P, 3 P]`; also the share right.

        Most patches are empty: few of them are asked about.
        """
        count, side = len(chars), chars.shape[1] // CELLS_DOWN
        first, named, cells = _named(self.patch, patches.flatten(0, 1), by_patch(chars))
        grid = patches.view(count, side // 2, 2, side // 2, 2, -1).mean((2, 4)).flatten(0, 2)
        second, _, _ = _named(self.pooled, grid, by_pool(chars))
        text = cells > 0
        right = (named.argmax(-1) == cells)[text].float().mean()
        return first + second, float(right) if bool(text.any()) else 1.0


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


def _named(head: nn.Linear, states: Tensor, cells: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The loss of a head where there is something and at some empty places; guesses; the truth."""
    asked = (cells > 0).any(1) | (torch.rand(len(cells), device=cells.device) < _BARE)
    cells = cells[asked].reshape(-1)
    names = head(states[asked]).reshape(-1, CLASSES).float()
    weight = torch.ones(CLASSES, device=states.device)
    weight[0] = 0.3
    loss = nn.functional.cross_entropy(names, cells, weight=weight)
    return loss, names.detach(), cells


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A batch of pictures as the tower saw them.

    Attributes:
        pictures: for each, its positions of the prompt `[positions, hidden]`.
        patches: states of the crops without thumbnails `[crops, P * P, width]`.
        chars: what stands over the patches `[crops, 2 P, 3 P]`.
    """

    pictures: Sequence[Tensor]
    patches: Tensor
    chars: Tensor


class _Seeing:
    """What both stages share."""

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        self._model, self._writer, self._work = model, writer, work
        self._crop = int(model.config["vision_config"]["crop_size"])
        self.letters = Letters(int(model.config["vision_config"]["hidden_size"])).to(model.device)
        self._rng = np.random.default_rng(1)
        self._level = 0.0

    def _levels(self, most: float) -> dict[int, float]:
        """Shares of the levels when the hardest in use is `most`: more of the harder ones."""
        there = levels_there(self._work, "train")
        shares = {level: 2.0 ** min(0.0, level - most) for level in there if level <= most + 0.5}
        return shares or {min(there): 1.0}

    def _prepared(self, seen: PictureExample) -> tuple[PictureInput, NDArray[np.int16]]:
        picture = crop_picture(seen.picture, crop_size=self._crop)
        side = self._crop // _PATCH
        rows, columns = picture.rows, picture.columns
        high, wide = side * CELLS_DOWN, side * CELLS_ACROSS
        chars = (
            seen.chars
            if seen.chars is not None
            else np.zeros((rows * high, columns * wide), np.int16)
        )
        return picture, tiles_of(chars, rows, columns)


def tiles_of(chars: NDArray[np.int16], rows: int, columns: int) -> NDArray[np.int16]:
    """The map of a canvas as those of its crops `[crops, 2 P, 3 P]`."""
    high, wide = chars.shape[0] // rows, chars.shape[1] // columns
    tiles = chars.reshape(rows, high, columns, wide).swapaxes(1, 2)
    return np.ascontiguousarray(tiles.reshape(-1, high, wide))


class PatchJob(_Seeing):
    """Trains the tower alone to name letters, on windows of a quarter of a crop.

    Four times as many letters pass by in the same time as on whole crops.
    """

    name = "patches"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        self.trained: nn.Module = nn.ModuleDict({"tower": model.tower, "letters": self.letters})

    def batches(self, seed: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        rng = np.random.default_rng(seed)
        there = {level: _HARD[level] for level in levels_there(self._work, "train")}
        pictures = endless(self._work, "train", there, rng)
        while True:
            yield self._windows(pictures, rng, _WINDOWS)

    def _windows(
        self, pictures: Iterator[PictureExample], rng: np.random.Generator, count: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Pixels `[n, 3, 112, 112]`, the patches' places `[n, 64]`, their maps `[n, 16, 24]`."""
        pixels: list[NDArray[np.float32]] = []
        places: list[NDArray[np.int64]] = []
        names: list[NDArray[np.int16]] = []
        while len(pixels) < count:
            seen = next(pictures)
            if seen.chars is None or not seen.chars.any():
                continue
            plan = plan_crops(seen.picture.width, seen.picture.height, crop_size=self._crop)
            masks = mask_of(plan.rows, plan.columns, (plan.patch_rows, plan.patch_columns))[1:]
            tiles = tiles_of(seen.chars, plan.rows, plan.columns)
            shown = _shown(seen.picture, plan)
            for place in range(len(tiles) * _A_CROP):
                mask, tile = masks[place % len(tiles)], tiles[place % len(tiles)]
                spot = _window(tile, mask, rng)
                if spot is None or len(pixels) == count:
                    continue
                row, column = divmod(place % len(tiles), plan.columns)
                side = self._crop // _PATCH
                top, left = (row * side + spot[0]) * _PATCH, (column * side + spot[1]) * _PATCH
                part = shown[top : top + _WINDOW * _PATCH, left : left + _WINDOW * _PATCH]
                values = part.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
                pixels.append(_recoloured(values, rng))
                places.append(_places(mask)[_cut(spot, 1, 1)].reshape(-1))
                names.append(tile[_cut(spot, CELLS_DOWN, CELLS_ACROSS)])
        stacked = (np.stack(pixels), np.stack(places), np.stack(names).astype(np.int64))
        first, second, third = map(torch.from_numpy, stacked)
        return first, second, third

    def loss(self, batch: tuple[Tensor, Tensor, Tensor]) -> Told:
        pixels, places, names = batch
        loss, right = self._named(pixels, places, names)
        return Told(loss, len(pixels), {"right": right})

    def _named(self, pixels: Tensor, places: Tensor, names: Tensor) -> tuple[Tensor, float]:
        pixels, places, names = (t.to(self._model.device) for t in (pixels, places, names))
        return self.letters.loss(self._states(pixels, places), names)

    def _states(self, pixels: Tensor, places: Tensor) -> Tensor:
        """The tower on windows, each patch at its own place of the crop."""
        hidden = self._model.embedded(pixels, places)
        if self._model.fuses:
            return self._model.attended(hidden, None)
        for layer in self._model.live_layers:
            hidden = layer(hidden, None)
        return hidden

    def check(self) -> dict[str, float]:
        """The share of patches with a character that are named right, by level."""
        result = {}
        for level in levels_there(self._work, "valid"):
            rng = np.random.default_rng(4)
            pictures = endless(self._work, "valid", {level: 1.0}, rng)
            pixels, places, names = self._windows(pictures, rng, 96)
            result[f"level_{level}"] = self._named(pixels, places, names)[1]
        return result


class VisionJob(_Seeing):
    """Trains tower, projection, separators and vision adapter; the decoder stands still.

    The level of the pictures rises when the answers of the last hundred batches are mostly right.
    """

    name = "vision"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        image = model.image
        self.progress = nn.Parameter(torch.zeros(1), requires_grad=False)  # the level, kept with it
        self.trained: nn.Module = nn.ModuleDict(
            {
                "tower": model.tower,
                "letters": self.letters,
                "up": image.img_projection_up,
                "down": image.img_projection_down,
                "separators": model.separators,
                "adapter": model.adapter("vision"),
                "curriculum": nn.ParameterDict({"level": self.progress}),
            }
        )
        self._smooth = 0.0
        self._begin()

    def _begin(self) -> None:
        """What a stage that goes on from this one adds."""

    def batches(self, seed: int) -> Iterator[list[PictureExample]]:
        rng = np.random.default_rng(seed)
        while True:
            level = float(self.progress)
            stream = endless(self._work, "train", self._levels(level), rng)
            for batch in packed(stream, self._crop):
                yield batch
                if int(float(self.progress)) != int(level):
                    break

    def loss(self, batch: list[PictureExample]) -> Told:
        looked = self._look(batch, recolour=True)
        self._model.choose("vision")
        asked = [otherwise(seen, self._rng) for seen in batch]
        loss, right = answer_loss(self._model, *self._typed(asked, looked))
        letters, named = self.letters.loss(looked.patches, looked.chars)
        self._rise(right)
        numbers = {
            "answer": loss.item(),
            "right": right,
            "named": named,
            "level": float(self.progress),
        }
        return Told(loss + _PATCH_WEIGHT * letters, len(batch), numbers)

    def _rise(self, right: float) -> None:
        """A batch counts half a hundredth; the level goes up by one where 93 % is reached."""
        self._smooth += 0.02 * (right - self._smooth)
        if self._smooth > 0.93 and float(self.progress) < len(LEVELS) - 1:
            self.progress.data += 1
            self._smooth = 0.5

    def _look(self, batch: Sequence[PictureExample], *, recolour: bool) -> Looked:
        prepared = [self._prepared(seen) for seen in batch]
        crops = [torch.from_numpy(self._crops(picture, recolour)) for picture, _ in prepared]
        masks = [torch.from_numpy(picture.mask) for picture, _ in prepared]
        # A picture of one full crop is its own thumbnail. The other thumbnails teach the tower
        # nothing that the crops do not: without gradients they cost a third.
        apart = [len(mask) > 2 or not bool(mask[1].all()) for mask in masks]
        device = self._model.device
        patches = self._model.look(
            torch.cat([crop[1:] for crop in crops]).to(device),
            torch.cat([mask[1:] for mask in masks]).to(device),
        )
        pooled = list(torch.split(self._model.pool(patches), [len(crop) - 1 for crop in crops]))
        for place, thumbnail in zip(np.flatnonzero(apart), self._small(crops, apart), strict=True):
            pooled[place] = torch.cat([thumbnail[None], pooled[place]])
        arranged = []
        for (picture, _), mask, own in zip(prepared, masks, pooled, strict=True):
            whole = own if len(own) == len(mask) else torch.cat([own, own])
            arranged.append(self._model.arrange(whole, mask, picture.rows, picture.columns))
        media = self._model.project_picture(torch.cat(arranged))
        chars = np.concatenate([names for _, names in prepared]).astype(np.int64)
        return Looked(
            pictures=torch.split(media, [len(positions) for positions in arranged]),
            patches=patches,
            chars=torch.from_numpy(chars).to(device),
        )

    def _crops(self, picture: PictureInput, recolour: bool) -> NDArray[np.float32]:
        return _recoloured(picture.crops, self._rng) if recolour else picture.crops

    @torch.no_grad()
    def _small(self, crops: Sequence[Tensor], apart: Sequence[bool]) -> Sequence[Tensor]:
        """The pooled thumbnails of those pictures that have one of their own."""
        chosen = [crop[0] for crop, own in zip(crops, apart, strict=True) if own]
        if not chosen:
            return []
        pixels = torch.stack(chosen).to(self._model.device)
        side = pixels.shape[-1] // _PATCH
        seen = torch.ones(len(chosen), side, side, dtype=torch.bool, device=pixels.device)
        return list(self._model.pool(self._model.look(pixels, seen)))

    def _typed(self, batch: Sequence[PictureExample], looked: Looked) -> tuple[Batch, Tensor]:
        """The questions as typed: padded sequences, and what stands for the pictures."""
        samples = [
            self._writer.media(
                seen.question, len(picture), 0, seen.answer, spelt=seen.task in SPELT
            )
            for seen, picture in zip(batch, looked.pictures, strict=True)
        ]
        return collate(samples), torch.cat(list(looked.pictures))

    def check(self) -> dict[str, float]:
        """The share of whole answers right, by task, on pictures of the level in use."""
        self._model.choose("vision")
        level = int(float(self.progress))
        if level not in levels_there(self._work, "valid"):
            return {}
        stream = endless(self._work, "valid", {level: 1.0}, np.random.default_rng(4))
        tally: dict[str, list[bool]] = {}
        for batch in itertools.islice(packed(stream, self._crop), 8):
            typed = self._typed(batch, self._look(batch, recolour=False))
            for seen, right in zip(batch, answers_right(self._model, *typed), strict=True):
                tally.setdefault(seen.task, []).append(right)
        return {task: sum(right) / len(right) for task, right in sorted(tally.items())}


def otherwise(seen: PictureExample, rng: np.random.Generator) -> PictureExample:
    """The example, at times with the other question that a person may put to such a page."""
    chance = rng.random()
    if seen.task == "read" and chance < _AS_MARKDOWN:
        return replace(seen, question=tasks.read_markdown())
    if seen.task == "table" and chance < _AS_LINES:
        rows = [line for line in seen.answer.splitlines() if set(line) - set("|-: ")]
        lines = (" ".join(cell.strip() for cell in row.strip("|").split("|")) for row in rows)
        return replace(seen, question=tasks.read_text(), answer="\n".join(lines))
    return seen


def packed(stream: Iterator[PictureExample], crop: int) -> Iterator[list[PictureExample]]:
    """Batches of at most `_CROPS` crops, thumbnails counted."""
    batch: list[PictureExample] = []
    load = 0
    for seen in stream:
        across, down = -(-seen.picture.width // crop), -(-seen.picture.height // crop)
        square = seen.picture.width == seen.picture.height
        cost = 1 if across * down == 1 and square else 1 + across * down
        if batch and load + cost > _CROPS:
            yield batch
            batch, load = [], 0
        batch.append(seen)
        load += cost


def _shown(picture: Picture, plan: CropPlan) -> NDArray[np.uint8]:
    """The picture on its canvas, as `crop_picture` lays it."""
    canvas = np.full((plan.canvas_height, plan.canvas_width, 3), 255, np.uint8)
    size = plan.width, plan.height
    scaled = Image.fromarray(picture.pixels).resize(size, Image.Resampling.BILINEAR)
    canvas[: plan.height, : plan.width] = np.asarray(scaled)
    return canvas


def mask_of(rows: int, columns: int, patches: tuple[int, int]) -> NDArray[np.bool_]:
    """Which patches of the thumbnail and the crops are in view, as `crop_picture` says it.

    `patches` are the rows and columns of them that the picture covers.
    """
    visible = np.zeros((rows * _SIDE, columns * _SIDE), np.bool_)
    visible[: patches[0], : patches[1]] = True
    grid = visible.reshape(rows, _SIDE, columns, _SIDE).swapaxes(1, 2)
    whole = np.ones((1, _SIDE, _SIDE), np.bool_)
    return np.concatenate([whole, grid.reshape(-1, _SIDE, _SIDE)])


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
    """Where in a crop a window around some character lies; None without one."""
    spots = np.argwhere(tile > 0)
    if not len(spots):
        return None
    rows, columns = int(mask[:, 0].sum()), int(mask[0].sum())
    if rows < _WINDOW or columns < _WINDOW:
        return None
    spot = spots[rng.integers(len(spots))] // (CELLS_DOWN, CELLS_ACROSS)
    y, x = spot - rng.integers(0, _WINDOW, 2)
    return int(np.clip(y, 0, rows - _WINDOW)), int(np.clip(x, 0, columns - _WINDOW))


def _places(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The position of each patch as the tower counts: what is seen is stretched over the crop."""
    side = len(mask)
    steps = np.arange(side, dtype=np.float32)
    down = np.floor(steps * np.float32(1 / mask[:, 0].sum()) * side).clip(max=side - 1)
    right = np.floor(steps * np.float32(1 / mask[0].sum()) * side).clip(max=side - 1)
    places: NDArray[np.int64] = (down[:, None] * side + right[None]).astype(np.int64)
    return places


def _recoloured(pixels: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """The same picture, somewhat paler or darker; what is asked about colours stays true."""
    contrast, shift = rng.uniform(0.85, 1.0), rng.uniform(-0.05, 0.05)
    result: NDArray[np.float32] = np.clip(pixels * contrast + shift, -1, 1).astype(np.float32)
    return result
