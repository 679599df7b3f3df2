"""Scenes told in words: they hold what is asked for, and every word that pictures are asked by."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from palette import NAMED
from picture_strings import Strings
from question_texts import every_question
from scene_texts import scene_example
from shapes import SHAPES
from tables import table_text
from text_example import TextExample

from phi_desk.engine.messages import Text

_THING = re.compile(r"(large|small) (\w+) (\w+)( up| down| left| right)?, ([\w ]+)")


def _asked(example: TextExample) -> str:
    (part,) = example.messages[0].parts
    assert isinstance(part, Text)
    return part.text


def _examples(count: int) -> Iterator[TextExample]:
    dice = random.Random(4)
    return (scene_example(dice) for _ in range(count))


def test_the_objects_are_told_and_the_answer_fits_them() -> None:
    checked = 0
    for example in _examples(2000):
        told, question = _asked(example).split(". ", 1)
        things = [_THING.fullmatch(part) for part in told.split("; ")]
        found = [thing.groups() for thing in things if thing]
        assert 1 <= len(found) >= len(things) - 1  # one may be the ground
        assert all(colour in NAMED and shape in SHAPES for _, colour, shape, *_ in found)
        counted = re.fullmatch(r"Count the (\w+)s\.", question)
        if counted and counted[1] in SHAPES:
            number = sum(shape == counted[1] for _, _, shape, *_ in found)
            assert example.answer == str(number)
            checked += 1
        pointed = re.fullmatch(r"Where does the arrow point\?", question)
        if pointed:
            assert [way for *_, way, _ in found if way] == [f" {example.answer.lower()}"]
            checked += 1
    assert checked > 20


def test_every_word_of_the_questions_and_answers_is_read_and_written() -> None:
    words = re.compile(r"\w+")
    examples = list(_examples(6000))
    read = {word for e in examples for word in words.findall(_asked(e))}
    written = {word.lower() for e in examples for word in words.findall(e.answer)}
    assert {word for text in every_question() for word in words.findall(text)} <= read
    assert written >= {*SHAPES, *NAMED, "yes", "no", "background", "up", "top", "middle"}


@pytest.mark.usefixtures("all_fonts")
def test_a_table_in_words_has_its_cells_in_question_and_answer() -> None:
    dice, strings = random.Random(2), Strings(2, "train")
    made = [table_text(dice, strings) for _ in range(60)]
    ruled = [(lines, answer) for lines, _, answer in made if answer.startswith("| ")]
    assert 30 < len(ruled) < 60
    for lines, answer in ruled:
        rows = [row.strip("| ").split(" | ") for row in answer.splitlines() if "---" not in row]
        assert rows == [line.split("  ") for line in lines.splitlines()]
