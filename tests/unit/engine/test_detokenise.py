"""Streaming text: nothing is shown too early, nothing is lost, whatever the ids."""

from __future__ import annotations

import time

import pytest
from data_makers.small_vocabulary import phi_added, small_tokenizer
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken

from phi_desk.engine.detokenise import Detokeniser
from phi_desk.engine.tokens import Tokens

TOKENIZER = small_tokenizer(phi_added())
TOKENS = Tokens(TOKENIZER)
SIZE = TOKENIZER.get_vocab_size()


def stream(ids: list[int], *, tools: bool = True) -> list[str]:
    detokeniser = Detokeniser(TOKENS, tools=tools)
    return [*(detokeniser.push(token) for token in ids), detokeniser.flush()]


@given(st.lists(st.integers(0, SIZE - 1)))
def test_the_deltas_joined_are_the_text_of_the_library(ids: list[int]) -> None:
    joined = "".join(stream(ids))
    # The library's own decoder: special tokens left out, tool tokens kept as they are not special.
    assert joined == TOKENIZER.decode(ids, skip_special_tokens=True)
    assert joined == TOKENS.decode(ids)


@given(st.lists(st.integers(-10, 2**40)))
def test_ids_outside_the_vocabulary_spell_nothing(ids: list[int]) -> None:
    inside = [token for token in ids if 0 <= token < SIZE]
    assert "".join(stream(ids)) == TOKENS.decode(inside)


@given(st.text())
def test_a_delta_never_holds_a_part_of_a_character(text: str) -> None:
    deltas = stream(TOKENS.encode_plain(text))
    assert "".join(deltas) == text
    assert "\ufffd" in text or not any("\ufffd" in delta for delta in deltas)
    assert deltas[-1] == ""


@pytest.mark.parametrize("text", ["🎉", "👩‍👩‍👧", "你好", "हिन्दी", "é", "\U0010ffff"])
def test_a_character_comes_with_its_last_byte(text: str) -> None:
    ids = TOKENS.encode_plain(text[0])
    assert [bool(delta) for delta in stream(ids)] == [False] * (len(ids) - 1) + [True, False]


def test_an_unfinished_character_comes_out_at_the_end() -> None:
    ids = TOKENS.encode_plain("ok 🎉")[:-1]
    assert stream(ids)[-1] == "\ufffd"


def test_flushing_makes_it_ready_for_the_next_answer() -> None:
    detokeniser = Detokeniser(TOKENS)
    detokeniser.push(TOKENS.encode_plain("🎉")[0])
    detokeniser.flush()
    assert "".join(map(detokeniser.push, TOKENS.encode_plain("hello"))) == "hello"


def test_control_tokens_are_hidden_and_tool_tokens_only_on_request() -> None:
    names = ["user", "tool_call", "end", "/tool_call", "image"]
    ids = [TOKENS.control(name) for name in names]
    assert "".join(stream(ids)) == "<|tool_call|><|/tool_call|>"
    assert "".join(stream(ids, tools=False)) == ""


def test_tool_tokens_show_even_where_the_file_calls_them_special() -> None:
    special = [AddedToken(token.content, special=True) for token in phi_added()]
    tokens = Tokens(small_tokenizer(special))
    detokeniser = Detokeniser(tokens)
    ids = [tokens.control("tool_call"), tokens.control("end"), tokens.control("/tool_call")]
    assert "".join(map(detokeniser.push, ids)) == "<|tool_call|><|/tool_call|>"


def test_the_cost_of_a_token_does_not_grow() -> None:
    detokeniser = Detokeniser(TOKENS)
    ids = [token % SIZE for token in range(200_000)]
    started = time.perf_counter()
    for token in ids:
        detokeniser.push(token)
    assert time.perf_counter() - started < 10  # measured 0.06 s; quadratic work takes minutes
