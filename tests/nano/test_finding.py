"""Which objects an answer is about, and which positions of a prompt show them."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from data import Writer, collate
from data_makers.tiny_checkpoint import tokenizer
from finding import laid, object_hints, spoken_of
from numpy.typing import NDArray
from palette import NAMED
from pictures import PictureExample
from scene_questions import asked_scene
from scenes import Scene, Thing, thing_map
from surfaces import Surface

from phi_desk.engine.crops import plan_crops
from phi_desk.engine.tokens import Tokens
from phi_desk.media.picture import Picture

_STAR, _MOON = ("star", "red"), ("moon", "blue")
_SIDE = 8  # positions along a crop


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(Tokens(tokenizer()))


def _map(width: int, height: int) -> NDArray[np.int16]:
    """A red star on the top left and a blue moon on the bottom right."""
    surface = Surface("plain", ((255, 255, 255), (255, 255, 255)))
    star = Thing(*_STAR, 42.0, 42.0, 20.0, 0.0, NAMED["red"])
    moon = Thing(*_MOON, width - 42.0, height - 42.0, 20.0, 0.0, NAMED["blue"])
    return thing_map(Scene(width, height, surface, "white", (star, moon)))


def _asked(question: str, answer: str, chars: NDArray[np.int16]) -> PictureExample:
    nothing = Picture(np.zeros((1, 1, 3), np.uint8))
    return PictureExample(nothing, "question", question, answer, chars, None)


@pytest.mark.parametrize(
    ("question", "answer", "about"),
    [
        ("What color is the star?", "Red", [_STAR]),
        ("Which shape is blue?", "A moon", [_MOON]),
        ("Where is the moon?", "Bottom right", [_MOON]),
        ("What is at the top?", "A red star", [_STAR]),
        ("What is left of the moon?", "A red star", [_STAR]),
        ("Is the star left of the moon?", "Yes", [_STAR, _MOON]),
        ("Which is larger, the star or the moon?", "The moon", [_MOON]),
        ("Count the moons.", "1", [_MOON]),
        ("How many blue things do you see?", "1", [_MOON]),
        ("How many objects are there?", "2", [_STAR, _MOON]),
        ("Is there a red moon?", "No", []),
        ("How many crosses are there?", "0", []),
        ("What color is the background?", "White", []),
    ],
)
def test_an_answer_is_about_what_it_and_the_question_name(
    question: str, answer: str, about: list[tuple[str, str]]
) -> None:
    assert list(spoken_of(question, answer, [_STAR, _MOON])) == [(0, about)]


def test_each_part_of_a_list_is_about_its_own_object() -> None:
    there = [_STAR, _MOON, ("cross", "blue")]
    answer = "A red star, a blue cross and a blue moon on a white background"
    found = list(spoken_of("Describe what you see.", answer, there))
    assert [about for _, about in found] == [[_STAR], [("cross", "blue")], [_MOON], []]
    assert [answer[start:][:6] for start, _ in found] == ["A red ", "a blue", "a blue", "white "]


@pytest.mark.usefixtures("all_fonts")
def test_what_is_asked_about_is_among_the_objects_there() -> None:
    """Of scenes as they are drawn, a question about one object names just that one."""
    dice, found = random.Random(4), 0
    for _ in range(60):
        scene, kind, question, answer = asked_scene(dice, 5)
        there = list(laid(thing_map(scene)).crops)
        ((_, about), *_) = spoken_of(question, answer, there)
        if kind in ("colour", "shape", "place", "direction", "side"):
            assert len(about) == 1
            found += 1
        elif kind == "background":
            assert not about
    assert found > 10


@pytest.mark.parametrize("size", [(224, 224), (448, 224), (448, 448), (300, 400)])
def test_hints_lie_on_the_object_in_the_crops_and_in_the_thumbnail(
    writer: Writer, size: tuple[int, int]
) -> None:
    plan = plan_crops(*size, crop_size=224)
    width = -(-plan.patch_columns // 2)
    seen = _asked("Where is the moon?", "Bottom right", _map(*size))
    sample = writer.media(seen.question, plan.tokens, 0, seen.answer)
    batch = collate([sample])
    hints = object_hints(batch, writer, [[seen]], [width], [plan.tokens])
    assert hints is not None
    answered = (batch.targets[0] >= 0).nonzero()[:, 0]
    assert hints.queries.tolist() == answered.tolist(), "all of the answer is about the moon"
    first = int(batch.media[0].int().argmax())
    behind = plan.tokens - _SIDE * (_SIDE + 1)
    x, y = (size[0] - 42) * plan.width / size[0], (size[1] - 42) * plan.height / size[1]
    row, column = int(y / 28), int(x / 28)
    assert bool(hints.keys[0, first + row * (width + 1) + column])
    row, column = int(y / plan.canvas_height * _SIDE), int(x / plan.canvas_width * _SIDE)
    assert bool(hints.keys[0, first + behind + row * (_SIDE + 1) + column])
    shown = hints.keys[0].nonzero()[:, 0] - first
    for place in shown.tolist():
        line, along = divmod(place - behind, _SIDE + 1) if place >= behind else divmod(
            place, width + 1
        )  # fmt: skip
        assert along < (_SIDE if place >= behind else width), "no newline shows an object"
        assert line >= 0


def test_what_is_about_nothing_there_or_is_no_question_gives_no_hint(writer: Writer) -> None:
    chars = _map(224, 224)
    tokens = plan_crops(224, 224, crop_size=224).tokens
    nothing = _asked("Is there a red moon?", "No", chars)
    for seen in (nothing, replace(nothing, task="read"), replace(nothing, chars=None)):
        batch = collate([writer.media(seen.question, tokens, 0, seen.answer)])
        assert object_hints(batch, writer, [[seen]], [8], [tokens]) is None
