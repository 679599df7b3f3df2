"""Scenes told in words, with the same questions that are asked about pictures of them.

The decoder stands still when it learns to see: a word that it never wrote has no code of its own,
and no adapter can choose it.
"""

from __future__ import annotations

import random

from scene_questions import asked_scene
from scenes import CELLS, Scene, Thing
from shapes import DIRECTIONS
from text_example import TextExample, user

_LEVELS = range(6)
_LARGE = 0.15  # of the picture's smaller side is a radius called large


def scene_example(rng: random.Random) -> TextExample:
    """A list of objects and where they lie, a question about them, its answer."""
    scene, _, question, answer = asked_scene(rng, rng.choice(_LEVELS))
    things = list(scene.things)
    rng.shuffle(things)
    told = [_told(thing, scene) for thing in things]
    if scene.ground is not None:
        told.append(f"{scene.ground} background")
    return TextExample((user(f"{'; '.join(told)}. {question}"),), (), answer, "scene")


def _told(thing: Thing, scene: Scene) -> str:
    """One object: "large red arrow up, top left"."""
    size = "large " if thing.radius > _LARGE * min(scene.width, scene.height) else "small "
    way = ""
    if thing.shape == "arrow":
        way = next((f" {name}" for name, turn in DIRECTIONS.items() if turn == thing.turn), "")
    row = min(2, int(3 * thing.y / scene.height))
    column = min(2, int(3 * thing.x / scene.width))
    return f"{size}{thing.colour} {thing.shape}{way}, {CELLS[row][column]}"
