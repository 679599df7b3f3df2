"""Markdown that grows does not jump, and maths stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.ui.chat.markdown import LEAST_PIECE, LONGEST_PIECE, cut, literal_maths, settled
from phi_desk.ui.chat.segments import Code, GrowingSegments, Prose, segments


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("Let $a_1 * b_2$ be.", r"Let \$a\_1 \* b\_2\$ be."),
        ("It costs $5 and $10.", "It costs $5 and $10."),
        (r"By \(x_1\) and \[y_2\].", r"By \\\(x\_1\\\) and \\\[y\_2\\\]."),
        ("`$a_1$` stays code", "`$a_1$` stays code"),
        (r"A \$ sign, \* and $x$", r"A \$ sign, \* and \$x\$"),
        ("$$\na_1\n$$", "\\$\\$\\\na\\_1\\\n\\$\\$"),
        (r"open \(a_1 *b", r"open \\\(a\_1 \*b"),
        ("no maths: **bold** [x](y)", "no maths: **bold** [x](y)"),
    ],
)
def test_maths_is_not_read_as_marks(written: str, escaped: str) -> None:
    assert literal_maths(written) == escaped


@pytest.mark.parametrize(
    ("growing", "shown"),
    [
        ("Here:\n-", "Here:"),  # else a heading for the blink of an eye
        ("Here:\n- a\n-", "Here:\n- a"),
        ("1. x\n2.", "1. x"),
        ("text\n\n``", "text\n"),
        ("#", ""),
        ("a **bol", "a **bol**"),
        ("a **", "a "),
        ("run `ls", "run `ls`"),
        ("see [the page](https://exa", "see the page"),
        ("| a | b |", "\n| a | b |\n|---|---|"),
        ("| a | b |\n|--", "\n| a | b |\n|---|---|"),
        ("| a | b |\n|---|---|\n| 1 |", "| a | b |\n|---|---|\n| 1 |"),
        ("42", "42"),
        ("a **b** c `d` e", "a **b** c `d` e"),
        ("$a*b", "$a*b"),
    ],
)
def test_what_is_growing_looks_as_it_will_look(growing: str, shown: str) -> None:
    assert settled(growing) == shown


def test_a_long_text_is_cut_where_a_block_ends() -> None:
    paragraph = "word " * 100 + "\n\n"
    end = cut(paragraph * 5)
    assert end is not None
    assert end % len(paragraph) == 0
    assert end >= LEAST_PIECE
    assert cut(paragraph * 2) is None


def test_a_list_stays_whole_until_it_is_very_long() -> None:
    item = "- an item of some length\n\n"
    begun = "word " * 300 + "\n\n"
    assert cut(begun + item * 5) is None
    long = begun + item * (LONGEST_PIECE // len(item))
    end = cut(long)
    assert end is not None
    assert long[end:].startswith("- an item")


def test_a_table_is_not_cut() -> None:
    assert cut("word " * 300 + "\n\n| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 20) is None


@given(st.text(alphabet="ab *`$|\\-1.\n#[](", max_size=80))
def test_no_beginning_of_a_text_upsets_it(text: str) -> None:
    for end in range(len(text) + 1):
        settled(text[:end])
        literal_maths(text[:end])


@pytest.mark.parametrize("before", ["\n", "word\n"])
def test_a_fence_that_goes_on_as_words_opens_no_block(before: str) -> None:
    growing = GrowingSegments()
    assert [type(part) for part in growing.of(f"{before}```")][-1] is Code
    whole = f"{before}```word ```"
    assert growing.of(whole) == segments(whole) == (Prose(whole),)


@given(st.lists(st.sampled_from(["word ", "\n", "```", "```py\n", "~~~\n", "x = 1\n", "\n\n"])))
def test_a_growing_answer_is_cut_as_a_whole_one(pieces: list[str]) -> None:
    growing, text = GrowingSegments(), ""
    for piece in pieces:
        text += piece
        assert growing.of(text) == segments(text)
