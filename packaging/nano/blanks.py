"""Pictures without any text: plain, shaded, textured, noise, or objects only."""

from __future__ import annotations

import random

import numpy as np
from drawn import Drawn, developed, mapped, spelled
from font_families import Split
from palette import any_colour, near, pale
from picture_levels import CROP_SIZE, LEVELS, MAX_CROPS
from PIL import Image
from scene_questions import any_scene
from scenes import paint
from surfaces import SORTS, Surface, lay

from phi_desk.engine.tasks import read_text

SORTS_OF_BLANK = ("plain", "textured", "noise", "objects")


def blank_picture(dice: random.Random, split: Split, level: int, sort: str | None = None) -> Drawn:
    """A picture whose reading is empty; of the given sort, or of any."""
    spec = LEVELS[level]
    sort = sort or dice.choices(SORTS_OF_BLANK, (3, 4, 2, 3))[0]
    if sort == "objects":
        image = paint(dice, split, level, any_scene(dice, level))
    else:
        image = _empty(dice, split, sort, _size(dice, spec.large))
    kind = dice.choice(("plain", "screen", "scan", "photo")) if sort != "noise" else "photo"
    return Drawn(
        coded=developed(dice, image, kind, spec),
        task="blank",
        question=read_text(),
        answer="",
        chars=mapped([], image.size, 0.0),
        text=spelled([], image.size, 0.0),
        note=f"{sort} {kind}",
    )


def _size(dice: random.Random, large: float) -> tuple[int, int]:
    if dice.random() < large:
        sides = dice.choice([(2, 1), (1, 2), (2, 2), (3, MAX_CROPS // 3)])
        return sides[0] * CROP_SIZE, sides[1] * CROP_SIZE
    return dice.randint(120, CROP_SIZE), dice.randint(60, CROP_SIZE)


def _empty(dice: random.Random, split: Split, sort: str, size: tuple[int, int]) -> Image.Image:
    if sort == "noise":
        seed = dice.randrange(2**32)
        generator = np.random.default_rng(seed)
        shape = (size[1], size[0], dice.choice((1, 3)))
        noise = generator.integers(0, 256, shape, dtype=np.uint8)
        image = Image.fromarray(np.ascontiguousarray(np.broadcast_to(noise, (*shape[:2], 3))))
        return image if dice.random() < 0.5 else image.reduce(2).resize(size)
    first = pale(dice) if dice.random() < 0.5 else any_colour(dice)
    ground = "plain" if sort == "plain" else dice.choice(SORTS[1:])
    return lay(dice, split, Surface(ground, (first, near(dice, first, 60))), *size)
