"""The repetition guard ends loops and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.model.loops import is_loop


@pytest.mark.parametrize("period", [1, 2, 3, 7, 16, 40, 64])
def test_finds_a_loop_of_any_period(period: int) -> None:
    before = list(range(1000, 1200))
    loop = list(range(period)) * (600 // period + 1)
    assert is_loop(before + loop)


@pytest.mark.parametrize(
    "ids",
    [
        [],
        [5] * 100,  # a line of dashes
        [1, 2] * 40,  # the rule of a wide table
        [i // 10 for i in range(500)],  # every word ten times
        list(range(40)) * 4,  # a refrain, four times
        [7] * 500 + [8],  # a run that has ended
    ],
    ids=["empty", "dashes", "table rule", "stutter", "refrain", "ended run"],
)
def test_leaves_mere_repetition_alone(ids: list[int]) -> None:
    assert not is_loop(ids)


@given(st.lists(st.integers(0, 50), unique=True), st.integers(1, 6))
def test_text_without_eight_repeats_is_never_cut(block: list[int], times: int) -> None:
    assert not is_loop([*block, 99] * times)
