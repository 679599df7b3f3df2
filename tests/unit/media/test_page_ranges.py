"""What people write for page ranges, and what they write wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.errors import UsageError
from phi_desk.media.page_ranges import parse_pages


@pytest.mark.parametrize(
    ("text", "total", "pages"),
    [
        ("1-3,7,10-", 12, (1, 2, 3, 7, 10, 11, 12)),
        ("1", 1, (1,)),
        ("1-", 1, (1,)),
        ("5-5", 9, (5,)),
        (" 2 , 4 - 5 ", 9, (2, 4, 5)),
        ("3,1-4,3", 4, (3, 1, 2, 4)),
        ("007", 9, (7,)),
    ],
)
def test_ranges(text: str, total: int, pages: tuple[int, ...]) -> None:
    assert parse_pages(text, total) == pages


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "There is no page 0"),
        ("0-3", "There is no page 0"),
        ("5-2", "The range 5-2 runs backwards."),
        ("10", "There is no page 10: the document has 9 pages."),
        ("10-", "There is no page 10"),
        ("3-10", "There is no page 10"),
        ("1-999999999", "There is no page 999999999"),
        ("1,,2", "A page is missing."),
        ("", "A page is missing."),
        ("1,", "A page is missing."),
        ("all", "'all' is not a page"),
        ("-3", "'-3' is not a page"),
        ("1-2-3", "'1-2-3' is not a page"),
        ("1.5", "'1.5' is not a page"),
        ("٣", "is not a page"),
        ("9" * 5000, "is not a page"),
    ],
)
def test_mistakes(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_pages(text, 9)
    assert sentence in caught.value.sentence
    assert caught.value.hint


def test_one_page_is_said_in_the_singular() -> None:
    with pytest.raises(UsageError, match="the document has one page"):
        parse_pages("2", 1)


@given(st.text(alphabet="0123456789-, x", max_size=12), st.integers(1, 50))
def test_pages_exist_and_come_once(text: str, total: int) -> None:
    try:
        pages = parse_pages(text, total)
    except UsageError:
        return
    assert pages
    assert len(set(pages)) == len(pages)
    assert all(1 <= page <= total for page in pages)
