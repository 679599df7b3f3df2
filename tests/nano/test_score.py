"""Error rates and chrF against values computed by others."""

from __future__ import annotations

import pytest
import score
from hypothesis import given
from hypothesis import strategies as st

WANTED = [
    "The cat sat on the mat.",
    "Où est la gare ?",
    "Vierhundertsiebenundachtzig Euro.",
    "Yes",
    "two",
]
GIVEN = [
    "The cat sits on a mat",
    "Où est l'hôtel ?",
    "Vierhundert sieben und achtzig Euro",
    "Yes",
    "three",
]


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 39.593447074316295), (1, 36.721553614494574), (2, 97.26035714610352), (3, 100.0),
     (4, 9.803921568627452)],
)  # fmt: skip
def test_chrf_of_a_sentence_is_sacrebleu_s(place: int, value: float) -> None:
    """Values of sacreBLEU 2.6.0, `corpus_chrf([given], [[wanted]])`."""
    assert score.chrf([WANTED[place]], [GIVEN[place]]) == pytest.approx(value, abs=1e-9)


def test_chrf_of_a_corpus_is_sacrebleu_s() -> None:
    assert score.chrf(WANTED, GIVEN) == pytest.approx(69.85339610066286, abs=1e-9)


def test_chrf_without_any_letters() -> None:
    assert score.chrf([""], [""]) == 0.0
    assert score.chrf(["a"], [""]) == 0.0


@pytest.mark.parametrize(
    ("wanted", "given_", "count"),
    [
        ("kitten", "sitting", 3),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("flaw", "lawn", 2),
    ],
)
def test_edits(wanted: str, given_: str, count: int) -> None:
    """Textbook pairs of Levenshtein's distance."""
    assert score.edits(wanted, given_) == count


@given(st.text(max_size=12), st.text(max_size=12))
def test_edits_are_the_same_both_ways(left: str, right: str) -> None:
    assert score.edits(left, right) == score.edits(right, left)
    assert abs(len(left) - len(right)) <= score.edits(left, right) <= max(len(left), len(right))


def test_word_error_rate_counts_words_of_all_texts() -> None:
    wanted = ["The train leaves at nine.", "Yes."]
    given_ = ["the train leave at nine", "no yes"]
    assert score.word_error_rate(wanted, given_) == pytest.approx(2 / 6)


def test_word_error_rate_ignores_case_marks_and_hyphens() -> None:
    assert score.word_error_rate(["Où est-il ?  L’hôtel"], ["ou est il l'hôtel"]) == pytest.approx(
        1 / 4
    )
    assert score.word_error_rate(["Twenty-one."], ["twenty one"]) == 0.0


def test_words_where_none_were_said_are_errors() -> None:
    assert score.word_error_rate([""], ["hello"]) == 1.0
    assert score.word_error_rate([""], [" "]) == 0.0


def test_character_error_rate_keeps_case_and_accents() -> None:
    assert score.character_error_rate(["Été 5,00 €"], ["Ete 5,00 €"]) == pytest.approx(2 / 10)
    assert score.character_error_rate(["a\nb"], ["a  b"]) == 0.0
