"""The scenes: that their answers are true of the pixels, and of the objects in them."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from fonts import ALPHABET
from numpy.typing import NDArray
from palette import NAMED, distance, nearest_name, shade
from pictures import of_task
from question_texts import every_question, listed
from scene_questions import KINDS, asked_scene
from scenes import CELLS, CLASSES, Scene, Thing, Wish, compose, paint, thing_map
from shapes import DIRECTIONS, SHAPES
from surfaces import Surface

pytestmark = pytest.mark.usefixtures("all_fonts")


def _made(kind: str, level: int, count: int) -> list[tuple[Scene, str, str]]:
    dice = random.Random(f"{kind} {level}")
    found: list[tuple[Scene, str, str]] = []
    while len(found) < count:
        scene, made, question, answer = asked_scene(dice, level)
        if made == kind:
            found.append((scene, question, answer))
    return found


def _pixels(scene: Scene) -> NDArray[np.uint8]:
    return np.asarray(paint(random.Random(1), "train", 0, scene))


def _islands(ink: NDArray[np.bool_]) -> int:
    import cv2

    count, _ = cv2.connectedComponents(ink.astype(np.uint8))
    return int(count) - 1


def _not_ground(scene: Scene) -> NDArray[np.bool_]:
    """Pixels that are clearly not the ground's colour, of a plain scene."""
    difference = _pixels(scene).astype(int) - np.array(scene.surface.colours[0])
    clear: NDArray[np.bool_] = np.abs(difference).sum(axis=2) > 60
    return clear


def test_the_number_of_objects_is_the_number_of_islands() -> None:
    checked = 0
    for scene, question, answer in _made("count", 5, 60):
        if scene.surface.sort == "plain":
            assert _islands(_not_ground(scene)) == len(scene.things)
            words = set(question.strip(".?").split())
            counted = [
                thing
                for thing in scene.things
                if not words & NAMED.keys() or thing.colour in words
                if words & {"objects", "things"} or _plural(thing.shape) in words
            ]
            assert answer == str(len(counted))
            checked += 1
    assert checked > 20


def _plural(shape: str) -> str:
    return "crosses" if shape == "cross" else f"{shape}s"


def test_the_colour_answered_is_the_colour_painted() -> None:
    for scene, question, answer in _made("colour", 3, 40):
        named = [thing for thing in scene.things if f" {thing.shape}" in question]
        thing = named[0] if named else scene.things[0]
        assert len(named) <= 1
        pixels = _pixels(scene)
        rows, columns = np.mgrid[0 : scene.height, 0 : scene.width]
        near = (rows - thing.y) ** 2 + (columns - thing.x) ** 2 < (1.2 * thing.radius) ** 2
        ground = np.array(scene.surface.colours).mean(axis=0)
        apart = np.abs(pixels[near].astype(float) - ground).sum(axis=1)
        strongest = pixels[near][np.argsort(apart)[len(apart) // 2 :]]
        if scene.surface.sort == "plain" and thing.shape in ("circle", "square", "heart"):
            median = tuple(int(value) for value in np.median(strongest, axis=0))
            assert nearest_name((median[0], median[1], median[2])).capitalize() == answer


def test_the_place_answered_is_where_the_object_lies() -> None:
    for scene, question, answer in _made("place", 5, 40):
        (thing,) = (thing for thing in scene.things if f" {thing.shape}" in question)
        row, column = int(3 * thing.y / scene.height), int(3 * thing.x / scene.width)
        assert answer.lower() == CELLS[row][column]


def test_sides_and_relations_are_true() -> None:
    for scene, question, answer in _made("side", 4, 30):
        (thing,) = (thing for thing in scene.things if thing.shape in question)
        x, y = thing.x / scene.width, thing.y / scene.height
        share = {"Left": 1 - x, "Right": x, "Top": 1 - y, "Bottom": y}[answer]
        assert share > 0.6
    for scene, question, answer in _made("relation", 4, 60):
        if not question.startswith("Is"):
            continue
        words = question.rstrip("?").split()
        one, other = (next(t for t in scene.things if t.shape == words[place]) for place in (2, -1))
        truths = {
            "left": one.x < other.x,
            "right": one.x > other.x,
            "above": one.y < other.y,
            "over": one.y < other.y,
            "below": one.y > other.y,
            "under": one.y > other.y,
        }
        (truth,) = (value for word, value in truths.items() if word in words)
        assert answer == ("Yes" if truth else "No")


def test_larger_means_larger() -> None:
    for scene, question, answer in _made("size", 3, 30):
        ordered = sorted(scene.things, key=lambda thing: thing.radius)
        wanted = ordered[-1] if "larger" in question or "bigger" in question else ordered[0]
        assert answer == f"The {wanted.shape}"
        assert ordered[-1].radius > 1.3 * ordered[0].radius


def test_one_object_fits_the_place_asked_about() -> None:
    for scene, question, answer in _made("at", 5, 60):
        place = next(
            name
            for name in sorted((name for row in CELLS for name in row), key=len, reverse=True)
            if name in question
        )
        fitting = [
            thing
            for thing in scene.things
            if _fits(place, thing.x / scene.width, thing.y / scene.height)
        ]
        assert len(fitting) == 1
        assert answer.lower() == listed([f"{fitting[0].colour} {fitting[0].shape}"])


def _fits(place: str, x: float, y: float) -> bool:
    if place == "middle":
        return abs(x - 0.5) < 1 / 6 and abs(y - 0.5) < 1 / 6
    sides = {"left": x < 1 / 3, "right": x > 2 / 3, "top": y < 1 / 3, "bottom": y > 2 / 3}
    return all(sides[word] for word in place.split())


def test_the_arrow_points_where_it_is_said_to() -> None:
    """The widest line across the shaft lies in the head."""
    for way, turn in DIRECTIONS.items():
        thing = Thing("arrow", "red", 100, 100, 60, float(turn), NAMED["red"])
        ground = Surface("plain", ((255, 255, 255), (255, 255, 255)))
        ink = _not_ground(Scene(200, 200, ground, "white", (thing,)))
        if way in ("left", "right"):
            widest = int(ink.sum(axis=0).argmax())
            assert (widest > 100) == (way == "right")
        else:
            widest = int(ink.sum(axis=1).argmax())
            assert (widest > 100) == (way == "down")
        assert ink.sum() > 1000


def test_yes_and_no_and_the_numbers_are_balanced() -> None:
    answers = Counter(answer for _, _, answer in _made("exists", 5, 200))
    assert 70 < answers["Yes"] < 130
    numbers = Counter(answer for _, _, answer in _made("count", 5, 250))
    assert set(numbers) == set("0123456789")
    assert max(numbers.values()) < 80


def test_existence_is_true() -> None:
    for scene, question, answer in _made("exists", 4, 60):
        there = any(f" {thing.colour} {thing.shape}" in question for thing in scene.things)
        assert answer == ("Yes" if there else "No")


def test_objects_do_not_touch_and_stay_inside() -> None:
    dice = random.Random(5)
    for _ in range(60):
        scene = asked_scene(dice, 5)[0]
        for one, other in itertools.combinations(scene.things, 2):
            assert np.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
        for thing in scene.things:
            assert thing.radius * 0.7 < thing.x < scene.width - thing.radius * 0.7
            assert thing.radius * 0.7 < thing.y < scene.height - thing.radius * 0.7


def test_every_kind_of_question_is_asked() -> None:
    dice = random.Random(2)
    assert {asked_scene(dice, 5)[1] for _ in range(400)} == set(KINDS)


def test_questions_asked_are_among_those_spoken_ahead() -> None:
    known = set(every_question())
    assert len(known) < 3000
    assert all("{" not in text for text in known)
    for level in range(6):
        for example in itertools.islice(of_task(3, "train", level, "question"), 50):
            assert example.question in known


def test_shades_keep_their_names_and_grounds_stay_apart() -> None:
    dice = random.Random(1)
    for name in NAMED:
        assert all(nearest_name(shade(dice, name)) == name for _ in range(200))
    for _ in range(100):
        wishes = [Wish(dice.choice(SHAPES), dice.choice(tuple(NAMED))) for _ in range(2)]
        scene = compose(dice, 2, wishes)
        if scene is not None:
            assert all(
                distance(thing.shade, ground) > 60
                for thing in scene.things
                for ground in scene.surface.colours
            )


@pytest.mark.parametrize("sort", ["plain", "textured", "noise", "objects"])
def test_blank_pictures_have_nothing_to_read(sort: str) -> None:
    for example in itertools.islice(of_task(1, "test", 5, "blank", sort=sort), 6):
        assert example.answer == ""
        assert example.chars is not None
        assert not example.chars.any()


def test_the_map_of_a_scene_names_each_object_where_it_lies() -> None:
    things = (
        Thing("star", "red", 60.0, 60.0, 30.0, 0.0, NAMED["red"]),
        Thing("moon", "blue", 160.0, 150.0, 24.0, 0.0, NAMED["blue"]),
    )
    scene = Scene(224, 224, Surface("plain", ((255, 255, 255), (255, 255, 255))), "white", things)
    found = thing_map(scene)
    assert found.shape == (32, 48)
    for thing in things:
        kind = len(ALPHABET) + SHAPES.index(thing.shape) * len(NAMED) + [*NAMED].index(thing.colour)
        assert kind < CLASSES
        down, right = np.nonzero(found == kind)
        assert abs((down.mean() + 0.5) * 7 - thing.y) < 2
        assert abs((right.mean() + 0.5) * 14 / 3 - thing.x) < 2
    assert (found > 0).mean() < 0.1
