"""How figures are read from answers and written down."""

from __future__ import annotations

import pytest
from evaluate import Figure, as_markdown, cells


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("| a | b |\n| --- | :-: |\n| 1 | 2,5 |", [["a", "b"], ["1", "2,5"]]),
        ('a,b\n"1,5",2', [["a", "b"], ["1,5", "2"]]),
        ("| a |  |\n|---|---|", [["a", ""]]),
        ("", []),
    ],
)
def test_cells(text: str, wanted: list[list[str]]) -> None:
    assert cells(text) == wanted


def test_a_figure_says_whether_it_is_reached() -> None:
    low = Figure(name="WER", value=4.9, bar=5.0, count=10)
    high = Figure(name="chrF", value=84.9, unit="", bar=85.0, least=True, count=10)
    free = Figure(name="codes", value=50.0, count=10)
    assert (low.reached, high.reached, free.reached) == ("yes", "no", "")
    table = as_markdown([low, high, free]).splitlines()
    assert table[2] == "| WER | 4.9 % | ≤ 5 % | yes | 10 |"
    assert table[3] == "| chrF | 84.9 | ≥ 85 | no | 10 |"
    assert table[4] == "| codes | 50.0 % |  |  | 10 |"
