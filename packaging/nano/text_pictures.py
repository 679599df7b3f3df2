"""Pictures of one to six lines of printed text, as pages, screens, scans and photos show them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from drawn import Drawn, Look, developed, mapped, pick_look, spelled
from font_families import Split
from palette import near
from picture_levels import CROP_SIZE, LARGE, LEVELS, Level
from picture_strings import Strings
from PIL import Image, ImageDraw
from runs import Run, draw, unturned
from surfaces import lay
from text_blocks import Block, set_block

from phi_desk.engine.tasks import read_text

MARGIN = 5  # pixels kept free along every side


def read_picture(
    dice: random.Random,
    strings: Strings,
    split: Split,
    level: int,
    *,
    lines: int | None = None,
    codes: bool | None = False,
) -> Drawn:
    """A picture to be read: `lines` lines, or as many as the level likes.

    `codes` gives only codes, None none at all.
    """
    spec = LEVELS[level]
    across, down = dice.choice(LARGE) if dice.random() < spec.large else (1, 1)
    if lines is None:
        lines = dice.choices(range(1, len(spec.lines) + 1), spec.lines)[0]
        if across * down > 1:
            lines = dice.randint(min(2, len(spec.lines)), len(spec.lines))
    room = across * CROP_SIZE, down * CROP_SIZE
    look = pick_look(dice, spec, level)
    inner = room[0] - 2 * MARGIN - 2, room[1] - 2 * MARGIN - 2
    block = set_block(dice, strings, split, level, lines, inner, look.ink, codes=codes)
    return _printed(dice, split, spec, look, block, room)


def _printed(
    dice: random.Random,
    split: Split,
    spec: Level,
    look: Look,
    block: Block,
    room: tuple[int, int],
) -> Drawn:
    """Lay the ground, place the block on it, write it and wear it."""
    size = _size(dice, block, room)
    runs, angle = _placed(dice, block, size, look.angle)
    image = lay(dice, split, look.surface, *size)
    if not angle and dice.random() < 0.25 and spec.turned > 0:
        _adorn(dice, image, look, runs)
    if look.kind == "photo" and dice.random() < 0.15:
        depth = dice.choice((1, 1, 2))
        shade = near(dice, look.surface.colours[0], 45)
        draw(image, [replace(run, x=run.x + depth, y=run.y + depth, colour=shade) for run in runs],
             angle)  # fmt: skip
    draw(image, runs, angle)
    note = f"{look.kind} {look.surface.sort} {runs[0].face.path.rsplit('/', 1)[1]} {runs[0].size}"
    return Drawn(
        coded=developed(dice, image, look.kind, spec),
        task="read",
        question=read_text(),
        answer=block.answer,
        chars=mapped(runs, size, angle),
        text=spelled(runs, size, angle),
        note=f"{note} {angle:+.1f}",
    )


def _placed(
    dice: random.Random, block: Block, size: tuple[int, int], angle: float
) -> tuple[list[Run], float]:
    """The block's runs at a place in the picture, and the angle, less where it would not fit."""
    spare_x, spare_y = size[0] - block.width, size[1] - block.height
    middle = dice.random() < 0.35
    share_x, share_y = (0.5, 0.5) if middle else (dice.random(), dice.random())
    left = MARGIN + (spare_x - 2 * MARGIN) * share_x
    top = MARGIN + (spare_y - 2 * MARGIN) * share_y
    while abs(angle) > 0.2 and not _inside(left, top, block, size, angle):
        angle /= 2
    if abs(angle) <= 0.2:
        angle = 0.0
    left, top = round(left), round(top)
    return [replace(run, x=run.x + left, y=run.y + top) for run in block.runs], angle


def _inside(left: float, top: float, block: Block, size: tuple[int, int], angle: float) -> bool:
    """Whether the block turned by `angle` stays within the picture."""
    right, bottom = left + block.width, top + block.height
    for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)):
        # Turning back by the opposite angle is turning: `unturned` is its own inverse so.
        turned_x, turned_y = _point(x, y, size, -angle)
        if not (1 <= turned_x <= size[0] - 1 and 1 <= turned_y <= size[1] - 1):
            return False
    return True


def _point(x: float, y: float, size: tuple[int, int], angle: float) -> tuple[float, float]:
    moved_x, moved_y = unturned(np.array([x]), np.array([y]), size, angle)
    return float(moved_x[0]), float(moved_y[0])


def _size(dice: random.Random, block: Block, room: tuple[int, int]) -> tuple[int, int]:
    """The picture's size: around the block, nearly as wide as the crops it is cut into.

    A picture much narrower would be scaled up, and its letters be larger than the level says. Its
    height is free: a strip of one line, a page, or anything between.
    """
    sides = []
    for needed, most, share in ((block.width, room[0], 0.7), (block.height, room[1], 0.0)):
        least = min(most, int(needed) + 2 * MARGIN + 1)
        if most > CROP_SIZE:  # or there would be fewer crops
            least = max(least, most - CROP_SIZE + 1)
        else:
            least = max(least, int(share * most))
        sides.append((least, most))
    (least_x, most_x), (least_y, most_y) = sides
    width = most_x if dice.random() < 0.4 else dice.randint(least_x, most_x)
    tight = min(most_y, 2 * least_y)
    height = dice.choices(
        (most_y, dice.randint(least_y, tight), dice.randint(least_y, most_y)), (25, 45, 30)
    )[0]
    return width, height


def _adorn(dice: random.Random, image: Image.Image, look: Look, runs: Sequence[Run]) -> None:
    """A frame, rules under the lines, or the bar of a window: marks that are no letters."""
    pen = ImageDraw.Draw(image)
    colour = look.ink if dice.random() < 0.5 else near(dice, look.ink, 70)
    choice = dice.random()
    if choice < 0.35:
        inset, thick = dice.randint(0, 2), dice.choice((1, 1, 2))
        box = (inset, inset, image.width - 1 - inset, image.height - 1 - inset)
        pen.rectangle(box, outline=colour, width=thick)
    elif choice < 0.7:
        for run in runs:
            if dice.random() < 0.7:
                y = min(image.height - 1, round(run.bottom) + 1)
                pen.line((run.x, y, run.edges[-1], y), fill=colour, width=1)
    else:
        top = min(run.top for run in runs)
        if top > 14:
            bar = min(round(top) - 4, 18)
            pen.rectangle((0, 0, image.width, bar), fill=near(dice, look.surface.colours[0], 60))
            for dot in range(3):
                x = image.width - 8 - 11 * dot
                pen.ellipse((x - 3, bar // 2 - 3, x + 3, bar // 2 + 3), fill=colour)
