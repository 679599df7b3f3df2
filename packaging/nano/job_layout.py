"""The stage between letters and pictures: reading from perfect maps of what lies where.

The vision adapter learns in what order places are read, where words end and what is asked, without
a tower to wait for. Then `aligning` lets the tower's states stand for the codes learned here.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import io
import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from data import Batch, bucketed
from first_codes import begin_with_letters
from job_vision import VisionJob
from letters import pooled_text
from looked import NOTHING
from losses import answer_loss, answers_right
from maps import CELLS, by_pool, filled, mask_of, objects_of, thumbnail_of, tiles_of
from numpy.typing import NDArray
from patch_text import SIGNS, SLOTS, text_tiles
from picture_batches import otherwise
from picture_levels import CROP_SIZE
from picture_shards import Shard, read_shard, shards
from pictures import PictureExample
from PIL import Image
from scenes import CLASSES
from torch import Tensor, nn
from train import Told

from phi_desk.engine.crops import plan_crops

_RANK = 48  # of what is said of one cell
_POSITIONS = 4000  # of prompts and answers a batch
_POOL = 512
_WRONG, _MISSED = 0.02, 0.03  # at most these shares of names are misread or not seen
_CHECKED = 160
_AT_ONCE, _BARE = 12, 0.1  # pages and the share of empty places, to begin with
log = logging.getLogger("nano")


@dataclass(frozen=True, eq=False)
class Page:
    """A picture's maps and what is asked about it.

    Attributes:
        patches: the rows and columns of them in view.
        positions: how long it is in a prompt.
    """

    example: PictureExample
    chars: NDArray[np.int16]
    text: NDArray[np.uint8]
    rows: int
    columns: int
    patches: tuple[int, int]
    positions: int

    @cached_property
    def tiles(self) -> NDArray[np.int16]:
        """What objects lie in the thumbnail and in the crops, by cells."""
        objects = objects_of(self.chars)
        small = thumbnail_of(objects, self.rows, self.columns)
        return np.concatenate([small[None], tiles_of(objects, self.rows, self.columns)])

    @cached_property
    def written(self) -> NDArray[np.uint8]:
        """What is read in the thumbnail and in the crops, by patches."""
        tiles = text_tiles(self.text, self.rows, self.columns)
        if len(tiles) == 1:
            return np.concatenate([tiles, tiles])
        return np.concatenate([np.zeros_like(tiles[:1]), tiles])  # too small in the thumbnail


def page_of(shard: Shard, place: int) -> Page:
    """One page, of whose picture only the size is read."""
    item = shard.items[place]
    with Image.open(io.BytesIO(shard.coded(place))) as image:
        plan = plan_crops(*image.size, crop_size=CROP_SIZE)
    chars, text = shard.chars(place), shard.text(place)
    example = PictureExample(NOTHING, item["task"], item["question"], item["answer"], chars, text)
    seen = plan.patch_rows, plan.patch_columns
    return Page(example, chars, text, plan.rows, plan.columns, seen, plan.tokens)


class Codes(nn.Module):
    """What stands for two by two patches: a sum over their cells and what is read there.

    An object is the same in each of the 24 cells, seen through a matrix of that cell, and a letter
    in each of the 24 slots: rare ones are learned from all places at once.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.names = nn.Parameter(torch.randn(CLASSES, _RANK))
        self.places = nn.Parameter(0.2 * _RANK**-0.5 * torch.randn(_RANK, 4 * CELLS * width))
        self.signs = nn.Parameter(torch.randn(SIGNS, _RANK))
        self.slots = nn.Parameter(0.2 * _RANK**-0.5 * torch.randn(_RANK, 4 * SLOTS * width))
        self.names.data[0] *= 0.2  # nothing is in most cells; it says little
        self.signs.data[0] *= 0.2
        self._width = width

    def forward(self, cells: Tensor, signs: Tensor) -> Tensor:
        """Maps of two by two patches, `[n, 24]` and `[n, 24]`, to `[n, width]`."""
        objects = self._summed(cells, self.names @ self.places)
        return objects + self._summed(signs, self.signs @ self.slots)

    def _summed(self, names: Tensor, table: Tensor) -> Tensor:
        places = names.shape[1]
        rows = names * places + torch.arange(places)
        return nn.functional.embedding(rows, table.view(-1, self._width)).sum(1)


class LayoutJob(VisionJob):
    """Trains projection, separators and vision adapter on codes of maps; the tower is not run."""

    name = "layout"

    def _begin(self) -> None:
        width = int(self._model.config["vision_config"]["hidden_size"])
        self.codes = Codes(width)
        parts = dict(self.trained.items())  # type: ignore[operator]
        for name in ("tower", "letters"):
            del parts[name]
        self.trained = nn.ModuleDict(parts | {"codes": self.codes})

    def begin_with_letters(self) -> None:
        """What a fresh stage begins with: see `first_codes`."""
        missed = begin_with_letters(self._model, self.codes, self._writer, self._places())
        log.info("of the letters' embeddings %.2f is missed", missed)

    def _places(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of maps of two by two patches, most of the empty ones left out."""
        pages = self._pages("train", float(self.progress), np.random.default_rng(7))
        while True:
            batch = list(itertools.islice(pages, _AT_ONCE))
            cells, signs = _maps(batch)
            chosen = filled(cells, signs, _BARE)
            yield cells[chosen], signs[chosen]

    def batches(self, seed: int) -> Iterator[list[Page]]:  # type: ignore[override]
        rng = np.random.default_rng(seed)
        while True:
            level = float(self.progress)
            pages = self._pages("train", level, rng)
            for batch in bucketed(pages, self._length, _POSITIONS, rng, _POOL):
                yield batch
                if int(float(self.progress)) != int(level):
                    break

    def _length(self, page: Page) -> int:
        return page.positions + 20 + len(page.example.answer)

    def _pages(self, split: str, level: float, rng: np.random.Generator) -> Iterator[Page]:
        shares = self._levels(level)
        numbers = list(shares)
        chance = np.array(list(shares.values()))
        while True:
            found = int(rng.choice(numbers, p=chance / chance.sum()))
            paths = shards(self._work, split, found)
            shard = read_shard(paths[int(rng.integers(len(paths)))])
            for place in rng.permutation(len(shard))[:100]:
                yield page_of(shard, int(place))

    def loss(self, batch: list[Page]) -> Told:  # type: ignore[override]
        asked = [otherwise(page.example, self._rng) for page in batch]
        loss, right = answer_loss(self._model, *self._prompted(batch, asked, spoilt=True))
        self._rise(right)
        return Told(loss, len(batch), {"right": right, "level": float(self.progress)})

    def _prompted(
        self, batch: Sequence[Page], asked: Sequence[PictureExample], *, spoilt: bool
    ) -> tuple[Batch, Tensor]:
        self._model.choose("vision")
        return self._prompts([[one] for one in asked], self._pictures(batch, spoilt=spoilt))

    def _pictures(self, batch: Sequence[Page], *, spoilt: bool) -> list[Tensor]:
        cells, signs = _maps(batch)
        if spoilt:
            cells, signs = _spoilt(cells, CLASSES), _spoilt(signs, SIGNS)
        side = CROP_SIZE // 28
        pooled = self.codes(cells, signs).view(len(cells) // side**2, side, side, -1)
        arranged, start = [], 0
        for page in batch:
            own = pooled[start : start + len(page.tiles)]
            start += len(page.tiles)
            arranged.append(self._model.arrange(own, _mask(page), page.rows, page.columns))
        media = self._model.project_picture(torch.cat(arranged))
        return list(torch.split(media, [len(positions) for positions in arranged]))

    def check(self) -> dict[str, float]:
        """The share of whole answers right, by task, on pages of the level in use."""
        rng = np.random.default_rng(4)
        pages = self._pages("valid", float(self.progress), rng)
        found = sorted((next(pages) for _ in range(_CHECKED)), key=self._length)
        tally: dict[str, list[bool]] = {}
        for start in range(0, len(found), 20):
            batch = found[start : start + 20]
            prompted = self._prompted(batch, [page.example for page in batch], spoilt=False)
            for page, right in zip(batch, answers_right(self._model, *prompted), strict=True):
                tally.setdefault(page.example.task, []).append(right)
        return {task: sum(right) / len(right) for task, right in sorted(tally.items())}


def _maps(batch: Sequence[Page]) -> tuple[Tensor, Tensor]:
    """What lies in each two by two patches of the pages' tiles, and what is read there."""
    cells = np.concatenate([page.tiles for page in batch]).astype(np.int64)
    signs = np.concatenate([page.written for page in batch]).astype(np.int64)
    return by_pool(torch.from_numpy(cells)), pooled_text(torch.from_numpy(signs))


def _spoilt(cells: Tensor, classes: int) -> Tensor:
    """Names of which some are wrong and some are empty, in some batches more than in others."""
    share = torch.rand(len(cells), 1) ** 2
    chance = torch.rand(cells.shape)
    other = torch.randint(classes, cells.shape)
    wrong = (chance < _WRONG * share) & (cells > 0)
    missed = chance > 1 - _MISSED * share
    return torch.where(wrong, other, cells).masked_fill(missed, 0)


def _mask(page: Page) -> Tensor:
    return torch.from_numpy(mask_of(page.rows, page.columns, page.patches))
