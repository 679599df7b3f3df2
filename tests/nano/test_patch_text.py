"""What is read over each patch: every sign once, in order, behind the two before it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fonts import ALPHABET, faces
from numpy.typing import NDArray
from patch_text import BEFORE, END, SLOTS, SPACE, START, seen_alone, text_map, text_tiles
from pictures import of_task
from runs import Run

from phi_desk.engine.crops import plan_crops

_SHOWN = {0: "", SPACE: " ", START: "^", END: "$"}


pytestmark = pytest.mark.usefixtures("all_fonts")


def _run(text: str, size: int, x: float, y: float) -> Run:
    found = {face.path.rsplit("/", 1)[1]: face for group in faces("train") for face in group}
    return Run(text, found["DejaVuSans.ttf"], size, x, y, (0, 0, 0))


def _read(found: NDArray[np.uint8]) -> list[str]:
    """The rows of patches as text, with the ends of lines; empty rows left out."""
    rows = [
        "".join(_SHOWN.get(sign, ALPHABET[min(sign, len(ALPHABET) - 1)]) for sign in row)
        for row in found[:, :, BEFORE:].reshape(len(found), -1)
    ]
    return [row for row in rows if row]


def _mapped(runs: list[Run], size: tuple[int, int], angle: float = 0.0) -> NDArray[np.uint8]:
    return text_map(runs, size, angle, plan_crops(*size, crop_size=224))


def test_equal_letters_side_by_side_stand_twice_and_behind_what_is_read_before() -> None:
    found = _mapped([_run("All 11", 30, 10, 60)], (224, 224))
    assert found.shape == (16, 16, SLOTS)
    assert _read(found) == ["All 11$"]
    line = [ALPHABET.index(sign) or SPACE for sign in "All 11"] + [END]
    read = [0, START]
    for patch in found.reshape(-1, SLOTS):
        own = [int(sign) for sign in patch[BEFORE:] if sign]
        if own:
            assert list(patch[:BEFORE]) == read[-2:]
            read += own
    assert read[2:] == line


def test_lines_stand_one_below_the_other_also_turned_and_scaled() -> None:
    runs = [_run("Total 4", 20, 30, 60), _run("Menu", 20, 30, 120)]
    assert _read(_mapped(runs, (224, 224))) == ["Total 4$", "Menu$"]
    turned = _read(_mapped(runs, (224, 224), 3.0))
    assert sorted("".join(turned)) == sorted("Total 4$Menu$")
    small = [_run("Total 4", 10, 15, 30), _run("Menu", 10, 15, 60)]
    assert _read(_mapped(small, (112, 112))) == ["Total 4$", "Menu$"]


def test_a_crop_does_not_know_what_stands_left_of_it() -> None:
    found = _mapped([_run("Bahnhof Bahnhof Bahnhof", 30, 10, 100)], (448, 224))
    tiles = text_tiles(found, 1, 2)
    assert tiles.shape == (2, 16, 16, SLOTS)
    assert found[:, 16, :BEFORE].any()
    assert not tiles[1, :, 0, :BEFORE].any()
    assert np.array_equal(tiles[1, :, 1:], found[:, 17:])
    begins = _mapped([_run("Tee", 30, 1, 100)], (224, 224))
    assert np.array_equal(seen_alone(begins), begins)  # where nothing stands before is seen


@pytest.mark.parametrize("level", [1, 5])
def test_what_is_read_in_order_is_the_answer(level: int) -> None:
    wrong = 0
    for example in itertools.islice(of_task(3, "valid", level, "read", lines=1), 40):
        assert example.text is not None
        read = "".join(_read(example.text)).replace("$", " ").strip()
        wrong += sorted(read.replace(" ", "")) != sorted(example.answer.replace(" ", ""))
    assert wrong <= 2  # of many narrow letters some find no room
