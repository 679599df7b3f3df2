"""Prompts, answers and padding of the training data."""

from __future__ import annotations

import numpy as np
import pytest
from data import MEDIA, Sample, Writer, bucketed, collate
from data_makers.tiny_checkpoint import tokenizer

from phi_desk.engine import tasks
from phi_desk.engine.messages import Message, Text
from phi_desk.engine.tokens import Tokens


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(Tokens(tokenizer()))


def test_a_sample_is_prompt_and_answer_and_end(writer: Writer) -> None:
    sample = writer.text((Message("user", (Text("hi"),)),), (), "yes")
    decoded = writer.tokens.decode(sample.ids)
    assert decoded == "hiyes"
    assert sample.ids[0] == writer.tokens.control("user")
    assert sample.ids[-1] == writer.tokens.control("end")
    assert sample.answer == len("yes") + 1


def test_media_stand_before_the_words_of_a_turn(writer: Writer) -> None:
    sample = writer.media(tasks.transcribe(), 2, 3, "one")
    assert sample.ids[1:6] == (MEDIA,) * 5
    assert sample.ids[0] == writer.tokens.control("user")
    assert writer.tokens.decode(i for i in sample.ids if i != MEDIA) == tasks.transcribe() + "one"


def test_tool_calls_in_answers_are_control_tokens(writer: Writer) -> None:
    ids = writer.answer("<|tool_call|>[]<|/tool_call|>")
    tokens = writer.tokens
    assert ids[0] == tokens.control("tool_call")
    assert ids[-2:] == (tokens.control("/tool_call"), tokens.control("end"))


def test_each_answer_token_is_the_target_of_the_place_before_it() -> None:
    batch = collate([Sample((5, 6, 7, 8), 2), Sample((1, MEDIA, 9), 1)])
    assert batch.ids.tolist() == [[5, 6, 7, 8], [1, 0, 9, 0]]
    assert batch.targets.tolist() == [[-100, 7, 8, -100], [-100, 9, -100, -100]]
    assert batch.media.tolist() == [[False] * 4, [False, True, False, False]]


def test_batches_hold_like_sizes_within_the_budget() -> None:
    rng = np.random.default_rng(0)
    sizes = iter(int(n) for n in rng.integers(1, 50, 10_000))
    batches = bucketed(sizes, lambda n: n, 200, rng, 500)
    drawn = [next(batches) for _ in range(40)]
    assert all(len(batch) == 1 or max(batch) * len(batch) <= 200 for batch in drawn)
    spread = [max(batch) - min(batch) for batch in drawn]
    assert np.mean(spread) < 5
