"""Scenes of simple objects: which object lies where, and the picture of it; asks nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from font_families import Split
from fonts import ALPHABET
from numpy.typing import NDArray
from palette import NAMED, Colour, distance, near, nearest_name, shade
from picture_levels import CROP_SIZE, LEVELS
from PIL import Image, ImageDraw
from runs import cell_centres
from shapes import FREEDOM, SHAPES, draw_shape
from surfaces import Surface, lay

from phi_desk.engine.crops import plan_crops

COLOURS = tuple(NAMED)
CLASSES = len(ALPHABET) + len(SHAPES) * len(COLOURS)  # of what a map of a picture names
CELLS = (
    ("top left", "top", "top right"),
    ("left", "middle", "right"),
    ("bottom left", "bottom", "bottom right"),
)
_BANDS = ((0.16, 0.25), (0.44, 0.56), (0.75, 0.84))  # shares of a side where a cell's middle lies
_RADII = ((34, 70), (28, 60), (22, 52), (18, 46), (15, 42), (13, 40))
COVERED = 0.8  # of its radius: within, an object is named in the map
_SHARP = 2  # scenes are drawn at twice their size and scaled down: smooth edges


@dataclass(frozen=True, slots=True)
class Wish:
    """An object to be put into a scene: where `cell` is given, in that ninth of the picture."""

    shape: str
    colour: str
    cell: str | None = None
    size: float | None = None  # share of the level's largest radius
    turn: float | None = None  # degrees clockwise


@dataclass(frozen=True, slots=True)
class Thing:
    """An object in a scene: its middle and radius in pixels."""

    shape: str
    colour: str
    x: float
    y: float
    radius: float
    turn: float
    shade: Colour


@dataclass(frozen=True, slots=True)
class Scene:
    """Objects on a ground; `ground` is the name of its colour where it is of one named colour."""

    width: int
    height: int
    surface: Surface
    ground: str | None
    things: tuple[Thing, ...]


def compose(dice: random.Random, level: int, wishes: Sequence[Wish]) -> Scene | None:
    """A scene of exactly these objects, none touching another, or None where there is no room."""
    spec = LEVELS[level]
    width = CROP_SIZE if dice.random() < 0.7 else dice.randint(176, CROP_SIZE)
    height = CROP_SIZE if dice.random() < 0.7 else dice.randint(176, CROP_SIZE)
    if dice.random() < spec.large:
        width, height = dice.choice(((448, 224), (224, 448), (448, 448), (400, 300)))
    growth = min(width, height) / CROP_SIZE
    surface, ground = _ground(dice, level, {wish.colour for wish in wishes})
    things: list[Thing] = []
    for wish in sorted(wishes, key=lambda wish: -(wish.size or 0)):
        thing = _put(dice, level, wish, (width, height), growth, surface, things)
        if thing is None:
            return None
        things.append(thing)
    return Scene(width, height, surface, ground, tuple(things))


def _put(
    dice: random.Random,
    level: int,
    wish: Wish,
    size: tuple[int, int],
    growth: float,
    surface: Surface,
    others: Sequence[Thing],
) -> Thing | None:
    low, high = _RADII[level]
    turn = wish.turn if wish.turn is not None else _turn(dice, wish.shape, level)
    for attempt in range(30):
        share = wish.size if wish.size is not None else dice.random() ** 1.4
        radius = (low + (high - low) * share) * growth
        if attempt > 10 and wish.size is None:
            radius = low * growth
        x, y = _spot(dice, wish.cell, size, radius)
        free = all(
            (x - other.x) ** 2 + (y - other.y) ** 2 > (1.2 * (radius + other.radius) + 3) ** 2
            for other in others
        )
        if free:
            return Thing(wish.shape, wish.colour, x, y, radius, turn, _apart(dice, wish, surface))
    return None


def _spot(
    dice: random.Random, cell: str | None, size: tuple[int, int], radius: float
) -> tuple[float, float]:
    """A middle for an object: in its cell, or anywhere that keeps it inside the picture."""
    if cell is not None:
        row = next(number for number, names in enumerate(CELLS) if cell in names)
        column = CELLS[row].index(cell)
        return (
            dice.uniform(*_BANDS[column]) * size[0],
            dice.uniform(*_BANDS[row]) * size[1],
        )
    edge = 1.2 * radius + 2
    return dice.uniform(edge, size[0] - edge), dice.uniform(edge, size[1] - edge)


def _turn(dice: random.Random, shape: str, level: int) -> float:
    if shape == "arrow":
        return float(dice.choice((0, 90, 180, 270)))
    freedom = FREEDOM[shape]
    if level < 2:
        freedom = min(freedom, 10)
    return dice.uniform(-freedom, freedom)


def _ground(dice: random.Random, level: int, taken: set[str]) -> tuple[Surface, str | None]:
    """A ground that every object stands out from; plain ones may have a name."""
    spec = LEVELS[level]
    sort = "plain"
    if dice.random() < spec.textured:
        sort = dice.choice(("shaded", "paper", "clouds", "stripes", "weave", "specks"))
    names = [name for name in COLOURS if name not in taken]
    usual = [name for name in ("white", "white", "white", "black", "gray") if name in names]
    for _ in range(30):
        name = dice.choice(usual if usual and dice.random() < 0.7 else names)
        first = shade(dice, name)
        if dice.random() < 0.35:  # a nameless pastel or dark ground
            first = near(dice, first, 60)
        second = first if sort == "plain" else near(dice, first, 26)
        clear = all(
            distance(NAMED[colour], ground) > 150 for colour in taken for ground in (first, second)
        )
        if clear:
            named = sort == "plain" and distance(first, NAMED[name]) < 40
            return Surface(sort, (first, second)), name if named else None
    only = max(names, key=lambda name: min(distance(NAMED[name], NAMED[other]) for other in taken))
    first = shade(dice, only)
    return Surface("plain", (first, first)), only


def _apart(dice: random.Random, wish: Wish, surface: Surface) -> Colour:
    """A shade of the wished colour that keeps its name and stands out from the ground."""
    for _ in range(10):
        colour = shade(dice, wish.colour)
        if nearest_name(colour) == wish.colour and all(
            distance(colour, ground) > 90 for ground in surface.colours
        ):
            return colour
    return NAMED[wish.colour]


def paint(dice: random.Random, split: Split, level: int, scene: Scene) -> Image.Image:
    """The scene as a picture."""
    ground = lay(dice, split, scene.surface, scene.width, scene.height)
    large = ground.resize((scene.width * _SHARP, scene.height * _SHARP), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(large)
    rimmed = level >= 2 and dice.random() < 0.25
    for thing in scene.things:
        rim = _rim(thing) if rimmed else None
        draw_shape(pen, thing.shape, (thing.x * _SHARP, thing.y * _SHARP), thing.radius * _SHARP,
                   thing.turn, thing.shade, rim)  # fmt: skip
    return large.reduce(_SHARP)


def thing_map(scene: Scene) -> NDArray[np.int16]:
    """What lies over each cell of the canvas, as `runs.character_map` counts cells.

    An object's class is `len(ALPHABET)` and its place among all shapes in all colours.
    """
    size = scene.width, scene.height
    x, y = cell_centres(size, plan_crops(*size, crop_size=CROP_SIZE))
    found = np.zeros(x.shape, np.int16)
    for thing in scene.things:
        kind = SHAPES.index(thing.shape) * len(COLOURS) + COLOURS.index(thing.colour)
        reach = (COVERED * thing.radius) ** 2
        found[(x - thing.x) ** 2 + (y - thing.y) ** 2 < reach] = len(ALPHABET) + kind
    return found


def object_of(kind: int) -> tuple[str, str]:
    """Shape and colour of a class of such a map."""
    shape, colour = divmod(kind - len(ALPHABET), len(COLOURS))
    return SHAPES[shape], COLOURS[colour]


def _rim(thing: Thing) -> Colour:
    """A darker tone of the object's own colour (a lighter one of black)."""
    if thing.colour == "black":
        return 70, 70, 70
    red, green, blue = (int(channel * 0.6) for channel in thing.shade)
    return red, green, blue


__all__ = [
    "CELLS",
    "CLASSES",
    "COLOURS",
    "COVERED",
    "SHAPES",
    "Scene",
    "Thing",
    "Wish",
    "compose",
    "object_of",
    "paint",
    "thing_map",
]
