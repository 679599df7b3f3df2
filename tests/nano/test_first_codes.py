"""Codes of pages begin as the letters that the decoder writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from data import Writer
from data_makers.tiny_checkpoint import tokenizer
from first_codes import begin_with_letters, letter_table
from fonts import INDEX
from job_layout import Codes
from network import Nano, Sizes, native_config
from patch_text import BEFORE, END, SIGNS, SLOTS, SPACE, START
from torch import Tensor

from phi_desk.engine.tokens import Tokens

SIZES = Sizes(
    hidden=64, inner=96, layers=2, heads=4, kv_heads=2, rank=8,
    speech_hidden=48, speech_inner=64, speech_blocks=2, speech_heads=4, speech_channels=16,
    vision_hidden=96, vision_inner=64, vision_layers=3, vision_heads=3, crop=56,
)  # fmt: skip
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
    writer = Writer(Tokens(tokenizer()))
    ids = {name: writer.tokens.control(name) for name in ("endoftext", "end", "image", "audio")}
    model = Nano(native_config(SIZES, 288, ids), SIZES.rank, seed=3)
    codes = Codes(SIZES.vision_hidden)
    assert begin_with_letters(model, codes, writer, _places()) < 0.3
    table = letter_table(model, writer)
    cells, signs = next(_places())
    said = model.project_picture(codes(cells, signs))[1::2] @ table[LETTERS].T
    wanted = signs[1::2, BEFORE]
    right = torch.tensor(LETTERS)[said.argmax(1)] == wanted
    assert right.float().mean() > 0.9


def test_nothing_and_a_start_say_nothing() -> None:
    writer = Writer(Tokens(tokenizer()))
    ids = {name: writer.tokens.control(name) for name in ("endoftext", "end", "image", "audio")}
    model = Nano(native_config(SIZES, 288, ids), SIZES.rank, seed=3)
    table = letter_table(model, writer)
    assert table.shape == (SIGNS, SIZES.hidden)
    assert not table[[0, START]].any()
    assert table[[SPACE, END, *LETTERS]].any(1).all()
