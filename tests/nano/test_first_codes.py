"""Codes of pages begin as the letters that the decoder writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from data_makers.small_nano import SIZES, small_nano, small_writer
from first_codes import begin_with_letters, letter_table
from fonts import INDEX
from job_layout import Codes
from patch_text import BEFORE, END, SIGNS, SLOTS, SPACE, START
from torch import Tensor

WIDTH = 96  # of the codes: wide enough for seven letters in four places
LETTERS = [INDEX[letter] for letter in "aeinrst"]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Products this small wait for each other longer than they take."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _places() -> Iterator[tuple[Tensor, Tensor]]:
    """One or two letters in each place, behind letters that must not be said."""
    generator = torch.Generator().manual_seed(1)
    names = torch.tensor(LETTERS)
    while True:
        signs = torch.zeros(256, 4 * SLOTS, dtype=torch.long)
        signs[:, :BEFORE] = names[torch.randint(len(names), (256, BEFORE), generator=generator)]
        signs[:, BEFORE] = names[torch.randint(len(names), (256,), generator=generator)]
        second = names[torch.randint(len(names), (256,), generator=generator)]
        signs[::2, 2 * SLOTS + BEFORE] = second[::2]
        yield torch.zeros(256, 24, dtype=torch.long), signs


def test_a_place_says_its_letters_and_not_those_before_it() -> None:
    writer, model, codes = small_writer(), small_nano(vision_hidden=WIDTH), Codes(WIDTH)
    assert begin_with_letters(model, codes, writer, _places()) < 0.3
    table = letter_table(model, writer)
    cells, signs = next(_places())
    said = model.project_picture(codes(cells, signs))[1::2] @ table[LETTERS].T
    wanted = signs[1::2, BEFORE]
    right = torch.tensor(LETTERS)[said.argmax(1)] == wanted
    assert right.float().mean() > 0.9


def test_nothing_and_a_start_say_nothing() -> None:
    table = letter_table(small_nano(), small_writer())
    assert table.shape == (SIGNS, SIZES.hidden)
    assert not table[[0, START]].any()
    assert table[[SPACE, END, *LETTERS]].any(1).all()
