"""Pictures of several levels, again and again in another order; knows no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from font_families import Split
from picture_levels import LEVELS
from picture_shards import Kind, read_shard, shards
from pictures import PictureExample

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_POOL = 4  # shards of a level read at once


class Examples(Protocol[T_co]):
    """The examples of one shard."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> T_co: ...


def levels_there(work: Path, split: Split, kind: Kind = "level") -> list[int]:
    """The levels of which there are pictures."""
    return [level for level in range(len(LEVELS)) if shards(work, split, level, kind)]


def endless(
    work: Path,
    split: Split,
    shares: dict[int, float],
    rng: np.random.Generator,
    kind: Kind = "level",
) -> Iterator[PictureExample]:
    """Pictures of the levels in `shares`, shards in random order.

    Raises:
        FileNotFoundError: there are none of a level.
    """
    return opened(work, split, shares, rng, read_shard, _POOL, kind)


def opened(
    work: Path,
    split: Split,
    shares: dict[int, float],
    rng: np.random.Generator,
    opens: Callable[[Path], Examples[T]],
    pool: int,
    kind: Kind = "level",
) -> Iterator[T]:
    """As `endless`, but what `opens` makes of the shards, of which `pool` are mixed."""
    streams = {level: _level(work, split, level, rng, opens, pool, kind) for level in shares}
    share = np.array(list(shares.values()))
    order = list(shares)
    while True:
        yield next(streams[int(rng.choice(order, p=share / share.sum()))])


def _level(
    work: Path,
    split: Split,
    level: int,
    rng: np.random.Generator,
    opens: Callable[[Path], Examples[T]],
    pool: int,
    kind: Kind,
) -> Iterator[T]:
    while True:
        paths = shards(work, split, level, kind)
        if not paths:
            raise FileNotFoundError(f"no pictures of level {level} in {work}: make the data first")
        mixed = [paths[place] for place in rng.permutation(len(paths))]
        for start in range(0, len(mixed), pool):
            found = [opens(path) for path in mixed[start : start + pool]]
            places = [(shard, index) for shard in found for index in range(len(shard))]
            for place in rng.permutation(len(places)):
                shard, index = places[place]
                yield shard[index]
