"""Where the letters of an answer are read, token by token, and how much a head looks there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from data import Sample, Writer, collate
from data_makers.small_nano import small_nano
from data_makers.tiny_checkpoint import tokenizer
from fonts import faces
from misled import misled
from numpy.typing import NDArray
from patch_text import text_map
from pictures import PictureExample
from pointing import Hints, hints_of, pointed, spots_of
from runs import PATCH, Run

from phi_desk.engine.crops import plan_crops
from phi_desk.engine.tokens import Tokens
from phi_desk.media.picture import Picture

_POOLED = 2 * PATCH  # pixels a side of a pooled position


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(Tokens(tokenizer()))


def _mapped(*runs: Run) -> NDArray[np.uint8]:
    return text_map(runs, (224, 224), 0.0, plan_crops(224, 224, crop_size=224))


def _run(text: str, x: float, y: float) -> Run:
    found = {face.path.rsplit("/", 1)[1]: face for group in faces("train") for face in group}
    return Run(text, found["DejaVuSans.ttf"], 24, x, y, (0, 0, 0))


def _columns(run: Run) -> list[int]:
    """The pooled columns of a line's letters, and of its end."""
    middles = [*(run.edges[:-1] + run.edges[1:]) / 2, run.edges[-1]]
    return [int(x) // _POOLED for x in middles]


@pytest.mark.usefixtures("all_fonts")
def test_each_letter_is_read_where_its_middle_lies_and_ends_are_shown_too() -> None:
    lines = _run("Tea 3,50", 10, 50), _run("Bread", 40, 150)
    spots = spots_of(_mapped(*lines), "Tea 3,50\nBread", loose=False)
    assert len(spots) == len("Tea 3,50\nBread") + 1
    assert all(len(found) == 1 for found in spots)
    columns = [column for ((_, column),) in spots]
    assert columns == _columns(lines[0]) + _columns(lines[1])
    assert [row for ((row, _),) in spots] == [1] * 9 + [5] * 6


@pytest.mark.usefixtures("all_fonts")
def test_of_equal_words_the_one_that_goes_on_is_taken() -> None:
    text = _mapped(_run("no no", 10, 50), _run("no", 10, 150))
    spots = spots_of(text, "no no\nno", loose=False)
    assert {row for row, _ in spots[4]} == {1}
    assert spots[3][0][1] < 3 + spots[1][0][1]
    assert all(spots), "nothing is left out"


@pytest.mark.usefixtures("all_fonts")
def test_the_cells_of_a_table_are_found_between_its_bars() -> None:
    cells = _run("Tea", 10, 50), _run("3,50", 140, 50)
    answer = "| Tea | 3,50 |"
    found = spots_of(_mapped(*cells), answer, loose=True)
    for cell in cells:
        start = answer.index(cell.text)
        columns = [found[start + place][0][1] for place in range(len(cell.text))]
        assert columns == _columns(cell)[:-1]
    assert not spots_of(_mapped(*cells), answer, loose=False)[answer.index("3")]


def test_what_is_not_written_there_is_not_pointed_at() -> None:
    nothing = np.zeros((16, 16, 6), np.uint8)
    assert spots_of(nothing, "Tea", loose=False) == [[], [], [], []]


def test_offsets_say_to_which_letter_a_token_belongs(writer: Writer) -> None:
    text = "Né 3,50"
    offsets = writer.offsets(text)
    assert len(offsets) == len(writer.spelt(text))
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert set(range(len("Né"))) <= set(offsets)


@pytest.mark.usefixtures("all_fonts")
def test_hints_lie_on_positions_of_the_picture_that_show_the_letter(writer: Writer) -> None:
    run = _run("Tea", 10, 50)
    picture = Picture(np.zeros((1, 1, 3), np.uint8))
    seen = PictureExample(picture, "read", "Read.", "Tea", None, _mapped(run))
    other = replace(seen, task="question", answer="Red")
    width, positions = 8, 8 * 9 + 1 + 8 * 9
    samples = [
        writer.media(one.question, positions, 0, one.answer, spelt=True) for one in (seen, other)
    ]
    batch = collate(samples)
    hints = hints_of(batch, writer, [seen, other], [width, width])
    assert hints is not None
    assert set(hints.rows.tolist()) == {0}
    assert bool((batch.media[0] | ~hints.keys).all()), "only the picture is pointed at"
    first = int(batch.media[0].int().argmax())
    for query, keys, column in zip(hints.queries, hints.keys, _columns(run), strict=True):
        assert int(batch.targets[0, query]) >= 0
        assert (keys.nonzero()[:, 0] - first).tolist() == [1 * (width + 1) + column]
    assert hints_of(batch, writer, [other, other], [width, width]) is None


@torch.no_grad()
def test_a_heads_share_is_that_of_its_softmax() -> None:
    model = small_nano(loud=True)
    model.choose("vision")
    inputs: list[torch.Tensor] = []
    model.states(torch.randn(2, 12, 64), inputs)
    keys = torch.zeros(2, 12, dtype=torch.bool)
    keys[0, [1, 3]] = True
    keys[1, 10] = True  # lies ahead: nothing of what was looked at
    hints = Hints(torch.tensor([0, 1]), torch.tensor([7, 7]), keys)
    shares = pointed(model, 1, inputs[1], hints).exp()
    assert not bool(shares[1].any())
    everywhere = pointed(model, 1, inputs[1], replace(hints, keys=torch.ones_like(keys)))
    torch.testing.assert_close(everywhere, torch.zeros_like(everywhere))
    layer = model.core.model.layers[1]
    layer.self_attn.config._attn_implementation = "eager"  # the one that tells its shares
    ahead = torch.full((12, 12), float("-inf")).triu(1)[None, None]
    positions = model.rope(0, 12, "short", torch.float32)
    found = layer.self_attn(layer.input_layernorm(inputs[1]), positions, ahead)[1]
    torch.testing.assert_close(shares[0], found[0, :, 7, [1, 3]].sum(-1), atol=1e-5, rtol=1e-4)


def test_letters_before_are_wrong_at_times_but_never_what_is_to_be_said() -> None:
    picture = Picture(np.zeros((1, 1, 3), np.uint8))
    seen = PictureExample(picture, "read", "Read.", "Tea", None, None)
    asked = [seen] * 40 + [replace(seen, task="question")] * 40
    batch = collate([Sample((5, 6, *range(10, 40)), 30)] * 80)
    found = misled(batch, asked, np.random.default_rng(1))
    assert torch.equal(found.targets, batch.targets)
    wrong = found.ids != batch.ids
    assert not bool(wrong[:, :2].any()), "the prompt stays"
    assert not bool(wrong[40:].any()), "answers that are not read off stay"
    assert 0.02 < float(wrong[:40, 2:].float().mean()) < 0.15
