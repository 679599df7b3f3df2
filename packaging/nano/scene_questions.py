"""Questions about scenes and their answers: colour, shape, number, place, size, in plain English.

A question is chosen first and a scene made that answers it without doubt.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace

from picture_levels import LEVELS
from question_texts import ask, listed, with_article
from scenes import CELLS, COLOURS, SHAPES, Scene, Thing, Wish, compose
from shapes import DIRECTIONS

Asked = tuple[Scene, str, str]  # the scene, the question, the answer
_Maker = Callable[[random.Random, int], Asked | None]
_PLACES = tuple(name for row in CELLS for name in row)


def asked_scene(dice: random.Random, level: int) -> tuple[Scene, str, str, str]:
    """A scene, the kind of question, the question and its answer."""
    kinds = [name for name, (least, _) in _KINDS.items() if level >= least]
    while True:
        kind = dice.choice(kinds)
        made = _KINDS[kind][1](dice, level)
        if made is not None:
            scene, question, answer = made
            return scene, kind, question, answer


def any_scene(dice: random.Random, level: int) -> Scene:
    """A scene to be read: there is no text in it."""
    while True:
        scene = compose(dice, level, _fillers(dice, dice.randint(1, LEVELS[level].objects), []))
        if scene is not None:
            return scene


def _wish(dice: random.Random) -> Wish:
    return Wish(dice.choice(SHAPES), dice.choice(COLOURS))


def _fillers(
    dice: random.Random,
    count: int,
    unlike: list[Wish],
    *,
    shape: bool = False,
    colour: bool = False,
) -> list[Wish]:
    """Objects that share neither shape nor colour, as asked, with those of `unlike`."""
    shapes = [name for name in SHAPES if not shape or all(name != w.shape for w in unlike)]
    colours = [name for name in COLOURS if not colour or all(name != w.colour for w in unlike)]
    # A ground must remain that stands out from every object: at most four colours a scene.
    few = dice.sample(colours, min(len(colours), 3))
    return [Wish(dice.choice(shapes), dice.choice(few)) for _ in range(count)]


def _others(dice: random.Random, level: int, *, least: int = 0, most: int = 8) -> int:
    top = max(least, min(most, LEVELS[level].objects - 1))
    return dice.randint(least, top)


def _colour(dice: random.Random, level: int) -> Asked | None:
    target = _wish(dice)
    fillers = _fillers(dice, _others(dice, level), [target], shape=True)
    scene = compose(dice, level, [target, *fillers])
    if scene is None:
        return None
    kind = "colour of it" if not fillers and dice.random() < 0.4 else "colour"
    return scene, ask(dice, kind, shape=target.shape), target.colour.capitalize()


def _shape(dice: random.Random, level: int) -> Asked | None:
    target = _wish(dice)
    fillers = _fillers(dice, _others(dice, level), [target], colour=True)
    scene = compose(dice, level, [target, *fillers])
    if scene is None:
        return None
    kind = "shape of it" if not fillers and dice.random() < 0.5 else "shape"
    question = ask(dice, kind, colour=target.colour)
    return scene, question, with_article(target.shape).capitalize()


def _contents(dice: random.Random, level: int) -> Asked | None:
    count = dice.randint(1, min(3, LEVELS[level].objects))
    scene = compose(dice, level, [_wish(dice) for _ in range(count)])
    if scene is None:
        return None
    things = sorted(scene.things, key=lambda thing: thing.x)
    if any(b.x - a.x < 0.1 * scene.width for a, b in itertools.pairwise(things)):
        return None
    named = listed([f"{thing.colour} {thing.shape}" for thing in things]).capitalize()
    if scene.ground is not None and dice.random() < 0.3:
        return scene, ask(dice, "description"), f"{named} on a {scene.ground} background"
    return scene, ask(dice, "contents"), named


def _count(dice: random.Random, level: int) -> Asked | None:
    most = LEVELS[level].objects
    number = dice.randint(0, most)
    target = _wish(dice)
    form = dice.choice(("shape", "shape", "colour", "both", "all"))
    others = dice.randint(0 if number else 1, max(1, min(4, most - number)))
    if form == "all":
        number = max(1, number)
        wishes = _fillers(dice, number, [])
    elif form == "colour":
        wishes = [replace(_wish(dice), colour=target.colour) for _ in range(number)]
        wishes += _fillers(dice, others, [target], colour=True)
    elif form == "shape":
        few = dice.sample(COLOURS, 2)
        wishes = [Wish(target.shape, dice.choice(few)) for _ in range(number)]
        wishes += _fillers(dice, others, [target], shape=True)
    else:
        wishes = [target] * number + _near_misses(dice, target, others)
    scene = compose(dice, level, wishes)
    if scene is None:
        return None
    return scene, ask(dice, f"count {form}", shape=target.shape, colour=target.colour), str(number)


def _near_misses(dice: random.Random, target: Wish, count: int) -> list[Wish]:
    """Objects that are like the target in shape or in colour, but not in both."""
    shapes = [name for name in SHAPES if name != target.shape]
    colours = dice.sample([name for name in COLOURS if name != target.colour], 2)
    return [
        replace(target, shape=dice.choice(shapes))
        if dice.random() < 0.5
        else replace(target, colour=dice.choice(colours))
        for _ in range(count)
    ]


def _exists(dice: random.Random, level: int) -> Asked | None:
    target = _wish(dice)
    there = dice.random() < 0.5
    wishes = _near_misses(dice, target, _others(dice, level, least=0 if there else 1))
    scene = compose(dice, level, [target] * there + wishes)
    if scene is None:
        return None
    question = ask(dice, "exists", shape=target.shape, colour=target.colour)
    return scene, question, "Yes" if there else "No"


def _place(dice: random.Random, level: int) -> Asked | None:
    target = replace(_wish(dice), cell=dice.choice(_PLACES), size=dice.random() * 0.4)
    fillers = _fillers(dice, _others(dice, level, most=4), [target], shape=True)
    scene = compose(dice, level, [target, *fillers])
    if scene is None or target.cell is None:
        return None
    return scene, ask(dice, "place", shape=target.shape), target.cell.capitalize()


def _side(dice: random.Random, level: int) -> Asked | None:
    upright = dice.random() < 0.4
    names = ("top", "bottom") if upright else ("left", "right")
    cells = [[name for name in _PLACES if side in name] for side in names]
    right = dice.randrange(2)
    target = replace(_wish(dice), cell=dice.choice(cells[right]), size=dice.random() * 0.4)
    fillers = _fillers(dice, _others(dice, level, most=4), [target], shape=True)
    scene = compose(dice, level, [target, *fillers])
    if scene is None:
        return None
    kind = "top or bottom" if upright else "left or right"
    return scene, ask(dice, kind, shape=target.shape), names[right].capitalize()


def _at(dice: random.Random, level: int) -> Asked | None:
    """What lies in a place: objects stand in different cells, one of them is asked for."""
    count = dice.randint(2, max(2, min(4, LEVELS[level].objects)))
    first = dice.choice(_PLACES)
    # "On the left" must not fit a second object, in the top left corner for instance.
    free = [name for name in _PLACES if name != first and (" " in first or first not in name)]
    cells = [first, *dice.sample(free, count - 1)]
    wishes = [replace(_wish(dice), cell=cell, size=dice.random() * 0.3) for cell in cells]
    scene = compose(dice, level, wishes)
    if scene is None:
        return None
    target = wishes[0]
    answer = with_article(f"{target.colour} {target.shape}").capitalize()
    return scene, ask(dice, f"at {target.cell}"), answer


def _pair(dice: random.Random, level: int) -> tuple[Scene, Thing, Thing] | None:
    """A scene of two objects of different shapes."""
    first = _wish(dice)
    second = _fillers(dice, 1, [first], shape=True)[0]
    scene = compose(dice, level, [first, second])
    if scene is None:
        return None
    one, other = scene.things
    return scene, one, other


def _relation(dice: random.Random, level: int) -> Asked | None:
    """Whether one of two objects is left of, right of, above or below the other; or which is."""
    pair = _pair(dice, level)
    if pair is None:
        return None
    scene, one, other = pair
    upright = dice.random() < 0.4
    gap = (one.y - other.y) / scene.height if upright else (one.x - other.x) / scene.width
    if abs(gap) < 0.2:
        return None
    truth = ("above" if gap < 0 else "below") if upright else ("left" if gap < 0 else "right")
    if dice.random() < 0.5:
        answer = with_article(f"{one.colour} {one.shape}").capitalize()
        return scene, ask(dice, f"what is {truth}", shape=other.shape), answer
    opposite = {"above": "below", "below": "above", "left": "right", "right": "left"}[truth]
    said, answer = dice.choice(((truth, "Yes"), (opposite, "No")))
    return scene, ask(dice, f"is {said}", shape=one.shape, other=other.shape), answer


def _size(dice: random.Random, level: int) -> Asked | None:
    first = replace(_wish(dice), size=dice.uniform(0.75, 1))
    second = replace(_fillers(dice, 1, [first], shape=True)[0], size=dice.uniform(0, 0.15))
    scene = compose(dice, level, [first, second])
    if scene is None:
        return None
    larger = dice.random() < 0.5
    named = [first.shape, second.shape]
    dice.shuffle(named)
    question = ask(dice, "larger" if larger else "smaller", shape=named[0], other=named[1])
    return scene, question, f"The {(first if larger else second).shape}"


def _direction(dice: random.Random, level: int) -> Asked | None:
    way = dice.choice(tuple(DIRECTIONS))
    target = Wish("arrow", dice.choice(COLOURS), turn=float(DIRECTIONS[way]))
    fillers = _fillers(dice, _others(dice, level, most=3), [target], shape=True)
    scene = compose(dice, level, [target, *fillers])
    return None if scene is None else (scene, ask(dice, "direction"), way.capitalize())


def _background(dice: random.Random, level: int) -> Asked | None:
    scene = compose(dice, level, _fillers(dice, dice.randint(1, LEVELS[level].objects), []))
    if scene is None or scene.ground is None:
        return None
    return scene, ask(dice, "background"), scene.ground.capitalize()


# Each kind with the level it begins at.
_KINDS: dict[str, tuple[int, _Maker]] = {
    "colour": (0, _colour),
    "shape": (0, _shape),
    "contents": (0, _contents),
    "count": (1, _count),
    "exists": (1, _exists),
    "background": (1, _background),
    "direction": (1, _direction),
    "place": (2, _place),
    "side": (2, _side),
    "at": (3, _at),
    "relation": (3, _relation),
    "size": (2, _size),
}
KINDS = tuple(_KINDS)
