"""What a tower that stands still sees in the pictures: computed once for each shard, and kept."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from picture_shards import Shard, read_shard
from pictures import PictureExample
from torch import Tensor, nn

from phi_desk.media.picture import Picture

NOTHING = Picture(np.zeros((1, 1, 3), np.uint8))  # stands for pixels that nobody needs
_AT_ONCE = 12  # pictures
_VERSION = 2  # of the files


@dataclass(frozen=True, slots=True)
class Pooled:
    """A picture as the tower saw it.

    Attributes:
        states: `[crops, P / 2, P / 2, width]`, thumbnail first.
        mask: `[crops, P, P]`, which patches the picture covers.
        rows, columns: of its crops.
        tokens: how long it is in a prompt.
    """

    states: Tensor
    mask: NDArray[np.bool_]
    rows: int
    columns: int
    tokens: int

    @property
    def width(self) -> int:
        """How many pooled positions stand in a line of its prompt."""
        return int(self.mask[1 : 1 + self.columns, 0, ::2].sum())


@dataclass(frozen=True, slots=True)
class Remembered(PictureExample):
    """An example whose pixels are no longer needed."""

    pooled: Pooled


Look = Callable[[Sequence[PictureExample]], list[Pooled]]


class Looks:
    """The shards of pictures as a tower sees them; what another tower saw is computed anew."""

    def __init__(self, folder: Path, tower: nn.Module, look: Look) -> None:
        self._folder, self._look = folder, look
        self._tower = f"{_VERSION} {_digest(tower)}"

    def __call__(self, path: Path) -> LookedShard:
        """The shard of pictures at `path`."""
        kept = self._folder / path.parent.name / path.name
        shard = read_shard(path)
        if not self._is_there(kept, path):
            self._keep(kept, shard)
        return LookedShard(shard, kept)

    def _is_there(self, kept: Path, path: Path) -> bool:
        if not kept.exists() or kept.stat().st_mtime < path.stat().st_mtime:
            return False
        with np.load(kept) as arrays:
            return str(arrays["tower"]) == self._tower

    def _keep(self, kept: Path, shard: Shard) -> None:
        found: list[Pooled] = []
        with torch.no_grad():
            for start in range(0, len(shard), _AT_ONCE):
                stop = min(start + _AT_ONCE, len(shard))
                found += self._look([shard[place] for place in range(start, stop)])
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            np.savez(
                file,
                tower=self._tower,
                states=np.concatenate([_half(one.states) for one in found]),
                masks=np.concatenate([one.mask for one in found]),
                grids=np.array([(one.rows, one.columns, one.tokens) for one in found], np.int16),
                ends=np.cumsum([len(one.mask) for one in found]),
            )
        partial.replace(kept)


class LookedShard:
    """A shard's examples without their pixels: `shard[3]`, `len(shard)`."""

    def __init__(self, shard: Shard, kept: Path) -> None:
        self._shard = shard
        with np.load(kept) as arrays:
            self._states, self._masks = arrays["states"], arrays["masks"]
            self._grids, ends = arrays["grids"], arrays["ends"]
        self._ends = np.concatenate([[0], ends])

    def __len__(self) -> int:
        return len(self._shard)

    def __getitem__(self, place: int) -> Remembered:
        item = self._shard.items[place]
        own = slice(self._ends[place], self._ends[place + 1])
        rows, columns, tokens = map(int, self._grids[place])
        states = torch.from_numpy(self._states[own]).float()
        pooled = Pooled(states, self._masks[own], rows, columns, tokens)
        asked = item["task"], item["question"], item["answer"]
        maps = self._shard.chars(place), self._shard.text(place)
        return Remembered(NOTHING, *asked, *maps, pooled)

    def __iter__(self) -> Iterator[Remembered]:
        return (self[place] for place in range(len(self)))


def _half(states: Tensor) -> NDArray[np.float16]:
    return states.float().numpy().astype(np.float16)


def _digest(tower: nn.Module) -> str:
    """Names a tower by its weights."""
    found = blake2b(digest_size=12)
    for name, weight in sorted(tower.state_dict().items()):
        found.update(name.encode())
        found.update(weight.detach().float().cpu().numpy().tobytes())
    return found.hexdigest()
