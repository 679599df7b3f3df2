"""Pictures of several levels, again and again in another order; knows no model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from font_families import Split
from picture_levels import LEVELS
from picture_shards import read_shard, shards
from pictures import PictureExample

_POOL = 4  # shards of a level read at once


def levels_there(work: Path, split: Split) -> list[int]:
    """The levels of which there are pictures."""
    return [level for level in range(len(LEVELS)) if shards(work, split, level)]


def endless(
    work: Path, split: Split, shares: dict[int, float], rng: np.random.Generator
) -> Iterator[PictureExample]:
    """Pictures of the levels in `shares`, shards in random order.

    Raises:
        FileNotFoundError: there are none of a level.
    """
    streams = {level: _level(work, split, level, rng) for level in shares}
    share = np.array(list(shares.values()))
    order = list(shares)
    while True:
        yield next(streams[int(rng.choice(order, p=share / share.sum()))])


def _level(
    work: Path, split: Split, level: int, rng: np.random.Generator
) -> Iterator[PictureExample]:
    while True:
        paths = shards(work, split, level)
        if not paths:
            raise FileNotFoundError(f"no pictures of level {level} in {work}: make the data first")
        mixed = [paths[place] for place in rng.permutation(len(paths))]
        for start in range(0, len(mixed), _POOL):
            opened = [read_shard(path) for path in mixed[start : start + _POOL]]
            places = [(shard, index) for shard in opened for index in range(len(shard))]
            for place in rng.permutation(len(places)):
                shard, index = places[place]
                yield shard[index]
