"""How figures are read from answers, compared and written down."""

from __future__ import annotations

import pytest
from figures import (
    Figure,
    as_json,
    as_markdown,
    folded,
    from_json,
    quantised,
    summary,
    without_adapter,
)
from measure_pictures import cells

LOW = Figure(name="WER", value=4.9, bar=5.0, count=10)
HIGH = Figure(name="chrF", value=84.9, unit="", bar=85.0, least=True, count=10)
FREE = Figure(name="codes", value=50.0, count=10)


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
    assert (LOW.reached, HIGH.reached, FREE.reached) == ("met", "not met", "")
    table = as_markdown([LOW, HIGH, FREE]).splitlines()
    assert table[2] == "| WER | 4.9 % | ≤ 5 % | met | 10 |"
    assert table[3] == "| chrF | 84.9 | ≥ 85 | not met | 10 |"
    assert table[4] == "| codes | 50.0 % |  |  | 10 |"
    assert table[-1] == "1 of 2 promises are met. Not met: chrF."
    assert summary([LOW, FREE]) == "1 of 1 promises are met."


def test_figures_come_back_from_json() -> None:
    assert from_json(as_json([LOW, HIGH, FREE])) == [LOW, HIGH, FREE]


def test_int8_is_compared_on_error_rates_only() -> None:
    worse = Figure(name="WER", value=5.6, count=10)
    (cost,) = quantised([LOW, HIGH], [worse, HIGH])
    assert cost.value == pytest.approx(0.7)
    assert (cost.unit, cost.reached) == ("points", "not met")


def test_what_is_left_without_an_adapter_is_a_share_of_the_score() -> None:
    off = [
        Figure(name="WER", value=120.0, count=3),
        Figure(name="chrF", value=42.0, unit="", count=3),
    ]
    hearing, saying = without_adapter([LOW, HIGH], off)
    assert (hearing.value, hearing.reached) == (0.0, "met")
    assert saying.value == pytest.approx(100 * 42.0 / 84.9)
    kept = folded([LOW, hearing, saying])
    assert [one.name for one in kept] == [
        "WER",
        "adapter off leaves at most, of 2 figures (chrF)",
    ]
    assert folded([LOW]) == [LOW]


def test_a_score_of_nothing_does_not_drop() -> None:
    bad = Figure(name="WER", value=130.0, count=3)
    assert without_adapter([bad], [bad])[0].value == 100.0
