"""Pictures with questions and answers, by split and level: the visual training data as a stream."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from blanks import blank_picture
from drawn import Drawn, developed, spelled
from font_families import Split
from fonts import ALPHABET
from numpy.typing import NDArray
from picture_levels import LEVELS, TASKS
from picture_strings import Strings
from question_texts import every_question
from scene_questions import asked_scene
from scenes import paint, thing_map
from signs import QUESTIONS, WORD_QUESTIONS, sign_picture
from tables import table_picture
from text_pictures import read_picture
from wear import decoded

from phi_desk.media.picture import Picture

__all__ = ["ALPHABET", "LEVELS", "SPELT", "TASKS", "PictureExample", "drawn", "examples", "of_task",
           "spoken_question", "spoken_questions"]  # fmt: skip

_SPOKEN = {
    "read": ("Read the text.", "What does it say?", "What is written here?", "Read this, please."),
    "table": ("Read the table.", "What is in the table?", "Read this table, please."),
}

SPELT = ("read", "table", "sign")  # tasks whose answers are read off letter by letter


@dataclass(frozen=True, slots=True)
class PictureExample:
    """A picture, what is asked about it and what is to be answered.

    Attributes:
        picture: the pixels.
        task: "read", "table", "question", "sign" or "blank".
        question: the typed question, exactly as the app asks it.
        answer: the whole answer; empty for a blank picture.
        chars: `[2 * canvas height / 14, 3 * canvas width / 14]` of the canvas that `crop_picture`
            makes with crops of 224 pixels: the place in ALPHABET of the character over each sixth
            of a patch, 0 for none; above ALPHABET what object lies there. The thumbnail is not in
            it.
        text: what is written over each patch of that canvas, as `patch_text.text_map` says.
    """

    picture: Picture
    task: str
    question: str
    answer: str
    chars: NDArray[np.int16] | None
    text: NDArray[np.uint8] | None


def examples(seed: int, split: Split, level: int) -> Iterator[PictureExample]:
    """Endless; tasks mixed as the level says. A pure function of the arguments and the fonts."""
    return (_example(item) for item in drawn(seed, split, level))


def of_task(
    seed: int,
    split: Split,
    level: int,
    task: str,
    *,
    lines: int | None = None,
    codes: bool | None = False,
    sort: str | None = None,
) -> Iterator[PictureExample]:
    """Endless examples of one task, for evaluation.

    Args:
        seed, split, level: as for `examples`.
        task: one of TASKS.
        lines: for "read", exactly so many lines.
        codes: for "read", random codes only; None for none at all.
        sort: for "blank", one of `blanks.SORTS_OF_BLANK`.
    """
    strings = Strings(seed, split)
    number = 0
    while True:
        dice = random.Random(f"{seed} {split} {level} {task} {lines} {codes} {sort} {number}")
        number += 1
        if task == "read":
            yield _example(read_picture(dice, strings, split, level, lines=lines, codes=codes))
        elif task == "blank":
            yield _example(blank_picture(dice, split, level, sort))
        else:
            yield _example(_draw(dice, strings, split, level, task))


def drawn(seed: int, split: Split, level: int, only: str | None = None) -> Iterator[Drawn]:
    """As `examples`, still coded as JPEG or PNG; of the task `only` where one is given."""
    strings = Strings(seed, split)
    number = 0
    while True:
        dice = random.Random(f"{seed} {split} {level} {only or ''}{number}")
        task = dice.choices(TASKS, LEVELS[level].shares)[0]
        yield _draw(dice, strings, split, level, only or task)
        number += 1


def spoken_question(example: PictureExample) -> str:
    """The words a person would say (English): the question itself, or a short one for reading."""
    if example.task in ("question", "sign"):
        return example.question
    choices = _SPOKEN["table" if example.task == "table" else "read"]
    return choices[sum(example.picture.pixels.shape) % len(choices)]


def spoken_questions() -> list[str]:
    """Everything that `spoken_question` can give, each once: to be spoken ahead."""
    fixed = [text for texts in _SPOKEN.values() for text in texts]
    return list(dict.fromkeys([*every_question(), *QUESTIONS, *WORD_QUESTIONS, *fixed]))


def _draw(dice: random.Random, strings: Strings, split: Split, level: int, task: str) -> Drawn:
    if task == "read":
        return read_picture(dice, strings, split, level)
    if task == "table":
        return table_picture(dice, strings, split, level)
    if task == "sign":
        return sign_picture(dice, strings, split, level)
    if task == "blank":
        return blank_picture(dice, split, level)
    return _scene(dice, split, level)


def _scene(dice: random.Random, split: Split, level: int) -> Drawn:
    scene, kind, question, answer = asked_scene(dice, level)
    image = paint(dice, split, level, scene)
    look = dice.choice(("plain", "screen", "photo"))
    return Drawn(
        coded=developed(dice, image, look, LEVELS[level]),
        task="question",
        question=question,
        answer=answer,
        chars=thing_map(scene),
        text=spelled([], (scene.width, scene.height), 0.0),
        note=f"{kind} {look}",
    )


def _example(item: Drawn) -> PictureExample:
    picture = Picture(decoded(item.coded))
    return PictureExample(picture, item.task, item.question, item.answer, item.chars, item.text)
