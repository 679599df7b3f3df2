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
from fonts import ALPHABET
from losses import answer_loss, answers_right
from network import Nano
from numpy.typing import NDArray
from picture_levels import LEVELS
from picture_stream import endless, levels_there
from pictures import PictureExample
from torch import Tensor, nn
from train import Told

from phi_desk.engine import tasks
from phi_desk.engine.crops import crop_picture
from phi_desk.model.inputs import PictureInput

CLASSES = len(ALPHABET)  # place 0 is no character
_WINDOW = 8  # patches a side of what the tower sees while it learns its letters
_WINDOWS = 96  # a batch
_CROPS = 32  # a batch, at most
_PATCH_WEIGHT = 0.3
_PATCH = 14
_AS_MARKDOWN = 0.12  # of lines are asked for as Markdown: the answer is the same
_AS_LINES = 0.15  # of tables are asked for as plain text: a row a line
_HARD = (1.0, 1.0, 1.5, 1.5, 2.0, 2.0)  # shares of the levels while the letters are learned


class Letters(nn.Module):
    """Names the character over each patch, and the four over each two by two.

    The second is read from the mean that the app pools to, so that the tower learns to keep
    neighbours apart in it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = nn.Linear(width, CLASSES)
        self.pooled = nn.Linear(width, 4 * CLASSES)

    def loss(self, patches: Tensor, chars: Tensor) -> tuple[Tensor, float]:
        """Of patch states `[n, P * P, width]` and characters `[n, P, P]`; also the share right.

        Empty patches count a tenth: there are many, and they are easy.
        """
        count, side = chars.shape[:2]
        names = self.patch(patches).float()
        weight = torch.ones(CLASSES, device=patches.device)
        weight[0] = 0.1
        flat = chars.reshape(-1)
        loss = nn.functional.cross_entropy(names.reshape(-1, CLASSES), flat, weight=weight)
        grid = patches.view(count, side // 2, 2, side // 2, 2, -1).mean((2, 4))
        four = chars.view(count, side // 2, 2, side // 2, 2).transpose(2, 3).reshape(-1)
        named = self.pooled(grid).float().reshape(-1, CLASSES)
        loss = loss + nn.functional.cross_entropy(named, four, weight=weight)
        text = flat > 0
        right = (names.detach().reshape(-1, CLASSES).argmax(-1) == flat)[text].float().mean()
        return loss, float(right) if bool(text.any()) else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A batch of pictures as the tower saw them.

    Attributes:
        pictures: for each, its positions of the prompt `[positions, hidden]`.
        patches: states of the crops without thumbnails `[crops, P * P, width]`.
        chars: what stands over the patches `[crops, P, P]`.
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
        chars = (
            seen.chars
            if seen.chars is not None
            else np.zeros((rows * side, columns * side), np.int16)
        )
        tiles = chars.reshape(rows, side, columns, side).swapaxes(1, 2)
        return picture, np.ascontiguousarray(tiles.reshape(-1, side, side))


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
        """Pixels `[n, 3, 112, 112]`, the patches' places `[n, 64]`, characters `[n, 8, 8]`."""
        pixels: list[NDArray[np.float32]] = []
        places: list[NDArray[np.int64]] = []
        names: list[NDArray[np.int16]] = []
        while len(pixels) < count:
            seen = next(pictures)
            if seen.chars is None or not seen.chars.any():
                continue
            picture, chars = self._prepared(seen)
            for crop, mask, tile in zip(picture.crops[1:], picture.mask[1:], chars, strict=True):
                spot = _window(tile, mask, rng)
                if spot is None or len(pixels) == count:
                    continue
                y, x = spot
                inner = np.s_[y : y + _WINDOW, x : x + _WINDOW]
                part = crop[
                    :, y * _PATCH : (y + _WINDOW) * _PATCH, x * _PATCH : (x + _WINDOW) * _PATCH
                ]
                pixels.append(_recoloured(part, rng))
                places.append(_places(mask)[inner].reshape(-1))
                names.append(tile[inner])
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
        tower = self._model.tower.embeddings
        hidden: Tensor = tower.patch_embedding(pixels).flatten(2).transpose(1, 2)
        hidden = hidden + tower.position_embedding(places)
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
            self._writer.media(seen.question, len(picture), 0, seen.answer)
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
    y, x = spots[rng.integers(len(spots))] - rng.integers(0, _WINDOW, 2)
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
