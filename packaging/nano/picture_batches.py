"""Which questions are put to pictures in training, and how much each counts; knows no model."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from looked import Remembered
from numpy.typing import NDArray
from pictures import PictureExample
from runs import PATCH
from scene_asks import Pair, lying, more

from phi_desk.engine import tasks
from phi_desk.engine.crops import plan_crops

_CROPS = 32  # a batch, at most
_AS_MARKDOWN = 0.12  # of lines are asked for as Markdown: the answer is the same
_AS_LINES = 0.15  # of tables are asked for as plain text: a row a line
# What each token of a short answer weighs: else a page of letters outweighs a dozen of them.
_WEIGHTS = {"question": 8.0, "sign": 3.0}


def weight_of(seen: PictureExample) -> float:
    """What each token of the answer counts."""
    return _WEIGHTS.get(seen.task, 1.0)


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


def recoloured(pixels: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """The same picture, somewhat paler or darker; what is asked about colours stays true."""
    contrast, shift = rng.uniform(0.85, 1.0), rng.uniform(-0.05, 0.05)
    result: NDArray[np.float32] = np.clip(pixels * contrast + shift, -1, 1).astype(np.float32)
    return result


def is_scenes(batch: Sequence[PictureExample]) -> bool:
    """Whether all of it are questions about objects."""
    return all(seen.task == "question" for seen in batch)


def with_more(
    seen: PictureExample, crop: int, count: int, rng: np.random.Generator
) -> list[PictureExample]:
    """A question about a scene, and at most `count` more about the same one."""
    if seen.chars is None:
        return [seen]
    dice = random.Random(int(rng.integers(2**32)))
    pairs: list[Pair] = more(lying(seen.chars, _patches(seen, crop)), dice, count)
    others = [replace(seen, question=q, answer=a) for q, a in pairs if q != seen.question]
    return [seen, *others]


def _patches(seen: PictureExample, crop: int) -> tuple[float, float]:
    """How many rows and columns of patches the picture covers on its canvas."""
    if isinstance(seen, Remembered):
        pooled = seen.pooled
        tiles = pooled.mask[1:].reshape(pooled.rows, pooled.columns, *pooled.mask.shape[1:])
        return float(tiles[:, 0, :, 0].sum()), float(tiles[0, :, 0].sum())
    plan = plan_crops(seen.picture.width, seen.picture.height, crop_size=crop)
    return plan.height / PATCH, plan.width / PATCH
