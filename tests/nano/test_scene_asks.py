"""What else is asked about a scene: right for what was drawn."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import question_texts
from finding import spoken_of
from picture_levels import CROP_SIZE
from question_texts import every_question
from runs import PATCH
from scene_asks import Lying, lying, more
from scene_questions import any_scene
from scenes import Scene, thing_map

from phi_desk.engine.crops import plan_crops


def found(scene: Scene) -> tuple[Lying, ...]:
    plan = plan_crops(scene.width, scene.height, crop_size=CROP_SIZE)
    return lying(thing_map(scene), (plan.height / PATCH, plan.width / PATCH))


def asked(things: tuple[Lying, ...], seed: int = 1, count: int = 200) -> dict[str, str]:
    return dict(more(things, random.Random(seed), count))


@pytest.mark.parametrize("level", [0, 3, 5])
def test_objects_are_found_where_they_were_drawn(level: int) -> None:
    dice = random.Random(level)
    for _ in range(30):
        scene = any_scene(dice, level)
        drawn = sorted((one.shape, one.colour, one.x / scene.width) for one in scene.things)
        ours = sorted(found(scene))
        assert [one[:2] for one in ours] == [one[:2] for one in drawn]
        for thing, (_, _, x) in zip(ours, drawn, strict=True):
            assert thing.x == pytest.approx(x, abs=0.02)
        large = max(scene.things, key=lambda one: one.radius)
        growth = plan_crops(scene.width, scene.height, crop_size=CROP_SIZE).width / scene.width
        largest = max(ours, key=lambda one: one.radius)
        assert largest.radius == pytest.approx(large.radius * growth, rel=0.15)


THREE = (
    Lying("star", "red", 0.2, 0.2, 30),
    Lying("circle", "blue", 0.8, 0.2, 15),
    Lying("circle", "red", 0.5, 0.8, 15),
)


def test_answers_are_those_of_the_scene() -> None:
    answers = asked(THREE)
    assert answers["What color is the star?"] == "Red"
    assert answers["What is blue?"] == "A circle"
    assert answers["How many circles are there?"] == "2"
    assert answers["How many red circles are there?"] == "1"
    assert answers["Count the red objects."] == "2"
    assert answers["Count the objects."] == "3"
    assert answers["Is there a blue circle?"] == "Yes"
    assert answers["Is there a blue star?"] == "No"
    assert answers["Where is the star?"] == "Top left"
    assert answers["Is the star on the left or on the right?"] == "Left"
    assert answers["What is at the bottom?"] == "A red circle"
    assert answers["What do you see?"] == "A red star, a red circle and a blue circle"


def test_what_is_in_doubt_is_not_asked() -> None:
    questions = asked(THREE)
    assert not [q for q in questions if "color" in q and "circle" in q], "there are two circles"
    assert not [q for q in questions if q.startswith(("What is red", "Which shape is red"))]
    assert not [q for q in questions if "arrow point" in q or "background" in q]
    middle = (Lying("star", "red", 0.33, 0.5, 30), Lying("ring", "blue", 0.38, 0.5, 29))
    unclear = asked(middle)
    assert not [q for q in unclear if q.startswith(("Where", "Is the ", "On which", "Which is"))]


def test_two_are_compared() -> None:
    answers = asked((Lying("star", "red", 0.2, 0.5, 30), Lying("ring", "blue", 0.7, 0.5, 10)))
    assert answers["What is left of the ring?"] == "A red star"
    assert answers["Is the star right of the ring?"] == "No"
    assert answers["Which is smaller, the star or the ring?"] == "The ring"


def test_they_are_questions_that_are_asked_anyway_and_no_two_alike() -> None:
    known = set(every_question())
    dice = random.Random(3)
    for seed in range(40):
        things = found(any_scene(dice, 5))
        pairs = more(things, random.Random(seed), 7)
        assert len({question for question, _ in pairs}) == len(pairs) <= 7
        assert {question for question, _ in pairs} <= known
        there = [thing[:2] for thing in things]
        for question, answer in pairs:
            assert list(spoken_of(question, answer, there))
    assert more((), random.Random(1), 3) == []
    assert question_texts.listed(["red star"]) == "a red star"
