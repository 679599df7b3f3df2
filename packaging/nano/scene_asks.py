"""What else can be asked about a scene that was drawn for one question; knows no picture.

The map of a scene (`scenes.thing_map`) says what lies where. Questions of which it leaves in doubt
what is right are not asked: which way an arrow points, and what colour the ground has.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from maps import objects_of
from numpy.typing import NDArray
from question_texts import ask, listed, with_article
from runs import CELLS_ACROSS, CELLS_DOWN, PATCH
from scenes import CELLS, COLOURS, COVERED, SHAPES, object_of

_BANDS = ((0.12, 0.28), (0.42, 0.58), (0.72, 0.88))  # shares of a side: left, middle, right
_CLEAR = 0.2  # of a side between the middles of two objects, one of which is left of the other
_LARGER = 1.6  # times the radius of the other


class Lying(NamedTuple):
    """An object: its middle in shares of the picture's sides, its radius in pixels."""

    shape: str
    colour: str
    x: float
    y: float
    radius: float

    @property
    def name(self) -> str:
        return f"{self.colour} {self.shape}"


@dataclass(frozen=True, slots=True)
class Known:
    """The objects of a scene, and those of them whose shape or colour no other has."""

    things: tuple[Lying, ...]
    by_shape: dict[str, Lying]
    by_colour: dict[str, Lying]


Pair = tuple[str, str]  # a question and its answer


def lying(chars: NDArray[np.int16], patches: tuple[float, float]) -> tuple[Lying, ...]:
    """The objects of a map by cells; `patches`: rows and columns of them that the picture covers.

    Objects do not touch, so that what hangs together in the map is one.
    """
    import cv2

    objects = objects_of(chars)
    high, wide = patches[0] * CELLS_DOWN, patches[1] * CELLS_ACROSS
    cell = (PATCH / CELLS_DOWN) * (PATCH / CELLS_ACROSS)  # square pixels
    found = []
    for kind in np.unique(objects[objects > 0]):
        mask = (objects == kind).astype(np.uint8)
        count, _, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for place in range(1, count):
            x, y = (middles[place] + 0.5) / (wide, high)
            radius = math.sqrt(stats[place, cv2.CC_STAT_AREA] * cell / math.pi) / COVERED
            found.append(Lying(*object_of(int(kind)), float(x), float(y), radius))
    return tuple(found)


def more(things: Sequence[Lying], dice: random.Random, count: int) -> list[Pair]:
    """At most `count` questions about a scene and their answers, no two alike, of any kind."""
    if not things:
        return []
    shapes, colours = Counter(t.shape for t in things), Counter(t.colour for t in things)
    known = Known(
        tuple(things),
        {thing.shape: thing for thing in things if shapes[thing.shape] == 1},
        {thing.colour: thing for thing in things if colours[thing.colour] == 1},
    )
    found: dict[str, str] = {}
    for _ in range(4 * count):
        if len(found) == count:
            break
        made = dice.choice(_KINDS)(known, dice)
        if made is not None:
            found.setdefault(*made)
    return list(found.items())


def _colour(known: Known, dice: random.Random) -> Pair | None:
    if not known.by_shape:
        return None
    thing = dice.choice(list(known.by_shape.values()))
    return ask(dice, "colour", shape=thing.shape), thing.colour.capitalize()


def _shape(known: Known, dice: random.Random) -> Pair | None:
    if not known.by_colour:
        return None
    thing = dice.choice(list(known.by_colour.values()))
    question = ask(dice, "shape", colour=thing.colour)
    return question, with_article(thing.shape).capitalize()


def _count(known: Known, dice: random.Random) -> Pair | None:
    form = dice.choice(("shape", "shape", "colour", "both", "all"))
    shape, colour = _near(known, dice)
    number = sum(
        (thing.shape == shape or form in ("colour", "all"))
        and (thing.colour == colour or form in ("shape", "all"))
        for thing in known.things
    )
    return ask(dice, f"count {form}", shape=shape, colour=colour), str(number)


def _exists(known: Known, dice: random.Random) -> Pair | None:
    there = dice.random() < 0.5
    shape, colour = dice.choice(known.things)[:2] if there else _near(known, dice)
    answer = "Yes" if any(thing[:2] == (shape, colour) for thing in known.things) else "No"
    return ask(dice, "exists", shape=shape, colour=colour), answer


def _near(known: Known, dice: random.Random) -> tuple[str, str]:
    """A shape and a colour, mostly of objects that are there, now and then of the same one."""
    shape, colour = dice.choice(known.things).shape, dice.choice(known.things).colour
    if dice.random() < 0.15:
        shape = dice.choice(SHAPES)
    if dice.random() < 0.15:
        colour = dice.choice(COLOURS)
    return shape, colour


def _place(known: Known, dice: random.Random) -> Pair | None:
    placed = [(thing, _cell(thing)) for thing in known.by_shape.values()]
    clear = [(thing, cell) for thing, cell in placed if cell is not None]
    if not clear:
        return None
    thing, cell = dice.choice(clear)
    return ask(dice, "place", shape=thing.shape), cell.capitalize()


def _cell(thing: Lying) -> str | None:
    """The ninth of the picture that an object lies in; None between two of them."""
    row, column = _band(thing.y), _band(thing.x)
    return None if row is None or column is None else CELLS[row][column]


def _band(share: float) -> int | None:
    return next((n for n, (low, high) in enumerate(_BANDS) if low <= share <= high), None)


def _side(known: Known, dice: random.Random) -> Pair | None:
    upright = dice.random() < 0.4
    names = ("top", "bottom") if upright else ("left", "right")
    clear = [
        (thing, int(share > 0.5))
        for thing in known.by_shape.values()
        for share in [thing.y if upright else thing.x]
        if abs(share - 0.5) > _CLEAR
    ]
    if not clear:
        return None
    thing, far = dice.choice(clear)
    kind = "top or bottom" if upright else "left or right"
    return ask(dice, kind, shape=thing.shape), names[far].capitalize()


def _at(known: Known, dice: random.Random) -> Pair | None:
    """What lies in a place that is the only object there, or anywhere near."""
    cells = [_cell(thing) for thing in known.things]
    if None in cells:
        return None
    clear = [
        (thing, cell)
        for thing, cell in zip(known.things, cells, strict=True)
        if cell is not None
        and cells.count(cell) == 1
        and (" " in cell or not any(cell in str(other) for other in cells if other != cell))
    ]
    if not clear:
        return None
    thing, cell = dice.choice(clear)
    return ask(dice, f"at {cell}"), with_article(thing.name).capitalize()


def _relation(known: Known, dice: random.Random) -> Pair | None:
    pair = _two(known, dice)
    if pair is None:
        return None
    one, other = pair
    upright = dice.random() < 0.4
    gap = one.y - other.y if upright else one.x - other.x
    if abs(gap) < _CLEAR:
        return None
    before, behind = ("above", "below") if upright else ("left", "right")
    truth, opposite = (before, behind) if gap < 0 else (behind, before)
    if len(known.things) == 2 and dice.random() < 0.5:
        answer = with_article(one.name).capitalize()
        return ask(dice, f"what is {truth}", shape=other.shape), answer
    said, answer = dice.choice(((truth, "Yes"), (opposite, "No")))
    return ask(dice, f"is {said}", shape=one.shape, other=other.shape), answer


def _size(known: Known, dice: random.Random) -> Pair | None:
    pair = _two(known, dice)
    if pair is None:
        return None
    small, large = sorted(pair, key=lambda thing: thing.radius)
    if large.radius < _LARGER * small.radius:
        return None
    kind = dice.choice(("larger", "smaller"))
    question = ask(dice, kind, shape=pair[0].shape, other=pair[1].shape)
    return question, f"The {(large if kind == 'larger' else small).shape}"


def _two(known: Known, dice: random.Random) -> tuple[Lying, Lying] | None:
    if len(known.by_shape) < 2:
        return None
    one, other = dice.sample(list(known.by_shape.values()), 2)
    return one, other


def _contents(known: Known, dice: random.Random) -> Pair | None:
    things = sorted(known.things, key=lambda thing: thing.x)
    if len(things) > 3 or any(b.x - a.x < 0.1 for a, b in itertools.pairwise(things)):
        return None
    return ask(dice, "contents"), listed([thing.name for thing in things]).capitalize()


_KINDS: tuple[Callable[[Known, random.Random], Pair | None], ...] = (
    _colour, _shape, _count, _exists, _place, _side, _at, _relation, _size, _contents,
)  # fmt: skip
