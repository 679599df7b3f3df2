"""A finished picture with its answer, and the last steps that every picture goes through."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from palette import Colour, contrast, dark, ink_for, near, pale
from patch_text import text_map
from picture_levels import CROP_SIZE, Level
from PIL import Image
from runs import Run, character_map
from surfaces import SORTS, Surface
from wear import as_jpeg, as_png, blurred, grained, scanned

from phi_desk.engine.crops import plan_crops


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture as it is kept.

    Attributes:
        coded: JPEG or PNG bytes; decoding them gives exactly the pixels to learn from.
        task: one of `picture_levels.TASKS`.
        question: the typed question, exactly as asked.
        answer: what is to be answered.
        chars: see `runs.character_map` and `scenes.thing_map`.
        text: see `patch_text.text_map`.
        note: how it was made, for people who look at it.
    """

    coded: bytes
    task: str
    question: str
    answer: str
    chars: NDArray[np.int16]
    text: NDArray[np.uint8]
    note: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a text picture looks: its kind, its ground and the ink on it."""

    kind: str  # "plain", "screen", "scan", "photo"
    surface: Surface
    ink: Colour
    angle: float


_KINDS = ("plain", "screen", "scan", "photo")
_OFTEN = ((65, 35, 0, 0), (50, 25, 10, 15), (25, 25, 25, 25))


def pick_look(dice: random.Random, spec: Level, level: int) -> Look:
    """A look within the bounds of the level."""
    kind = dice.choices(_KINDS, _OFTEN[min(level, 2)])[0]
    turned = kind != "screen" and dice.random() < spec.turned * (2 if kind == "scan" else 1)
    angle = round(dice.uniform(-spec.angle, spec.angle), 2) if turned else 0.0
    sort = "plain"
    if kind == "scan":
        sort = dice.choice(("plain", "paper", "shaded"))
    elif kind == "photo" or (kind == "plain" and dice.random() < spec.textured):
        sort = dice.choice(SORTS[1:])
    colours, ink = pick_colours(dice, spec, kind, sort)
    return Look(kind=kind, surface=Surface(sort, colours), ink=ink, angle=angle)


def pick_colours(
    dice: random.Random, spec: Level, kind: str, sort: str
) -> tuple[tuple[Colour, Colour], Colour]:
    """The two colours of the ground, and an ink that stands out from both."""
    if kind == "photo" and dice.random() < 0.7:
        first = dice.randrange(256), dice.randrange(256), dice.randrange(256)
    else:
        first = pale(dice)
        if kind != "scan" and dice.random() < 0.2:
            first = dark(dice)
    second = first if sort == "plain" else near(dice, first, 60 if kind == "photo" else 22)
    dull = kind == "scan" or dice.random() < 0.45
    ink = dark(dice) if dull else ink_for(dice, (first, second), spec.contrast)
    if min(contrast(ink, first), contrast(ink, second)) < spec.contrast:
        ink = ink_for(dice, (first, second), spec.contrast)
    if min(contrast(ink, first), contrast(ink, second)) < spec.contrast:
        second = first  # a ground of middling grey leaves no ink for both
        ink = ink_for(dice, (first,), spec.contrast)
    return (first, second), ink


def developed(dice: random.Random, image: Image.Image, kind: str, spec: Level) -> bytes:
    """The picture's bytes after what happens to a picture of this kind."""
    if kind == "screen" and dice.random() < 0.75:
        return as_png(image)
    if kind == "scan" and dice.random() < 0.6:
        image = scanned(image)
    if kind != "screen" and dice.random() < spec.worn:
        if dice.random() < 0.5:
            image = blurred(dice, image, 0.5 + 0.1 * spec.angle)
        if dice.random() < 0.7:
            image = grained(dice, image, 9 if kind == "plain" else 16)
        return as_jpeg(image, dice.randint(35, 92), fine_colour=dice.random() < 0.4)
    return as_jpeg(image, dice.randint(75, 95), fine_colour=dice.random() < 0.6)


def mapped(runs: Sequence[Run], size: tuple[int, int], angle: float) -> NDArray[np.int16]:
    """The character map of a picture of `size` as the embedded model cuts it."""
    return character_map(runs, size, angle, plan_crops(*size, crop_size=CROP_SIZE))


def spelled(runs: Sequence[Run], size: tuple[int, int], angle: float) -> NDArray[np.uint8]:
    """What is written over the patches of a picture of `size`, as the embedded model cuts it."""
    return text_map(runs, size, angle, plan_crops(*size, crop_size=CROP_SIZE))
