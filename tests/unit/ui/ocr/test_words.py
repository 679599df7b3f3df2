"""What is said about pages, and how exports are named."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from phi_desk.ui.ocr.papers import PageText, Paper, Sheet
from phi_desk.ui.ocr.sayings import EXPORTS, export_target, why_not
from phi_desk.ui.ocr.words import detail_of, note_of, when

NOW = time.mktime((2026, 5, 20, 12, 0, 0, 0, 0, -1))


@pytest.mark.parametrize(
    ("written", "chosen", "expected"),
    [
        ("a.txt", "txt", ("a.txt", "txt")),
        ("a.txt", "csv", ("a.csv", "csv")),  # the proposed name, another kind
        ("a.json", "txt", ("a.json", "json")),  # a name of one's own
        ("a", "md", ("a.md", "md")),
        ("a.b", "md", ("a.b.md", "md")),
    ],
)
def test_the_name_and_the_kind_of_an_export_agree(
    written: str, chosen: str, expected: tuple[str, str]
) -> None:
    path, form = export_target(Path("/x") / written, EXPORTS[chosen])  # type: ignore[index]
    assert (path.name, form) == expected


def test_moments_are_said_as_people_say_them() -> None:
    assert when(NOW - 60, NOW) == "today 11:59"
    assert when(NOW - 86_400, NOW) == "yesterday 12:00"
    assert when(NOW - 17 * 86_400, NOW) == "3 May"
    assert when(NOW - 400 * 86_400, NOW) == "15 April 2025"


def test_a_page_that_ended_early_says_so() -> None:
    sheet = Sheet(number=1, form="text", state="read")
    sheet.texts["text"] = PageText(read="words", reason="length")
    assert "its end is missing" in note_of(sheet)[0]
    sheet.texts["text"] = PageText(read="words")
    assert note_of(sheet) == ("", "")
    sheet.texts["text"] = PageText(read=" ")
    assert "no text" in note_of(sheet)[0]


def test_how_far_a_document_is() -> None:
    sheets = [Sheet(number=n, form="text") for n in (1, 2, 3)]
    paper = Paper(number=1, name="x", total=3, sheets=sheets, created=NOW)
    assert detail_of(paper, NOW) == "3 pages · waiting"
    sheets[0].state = "reading"
    assert detail_of(paper, NOW) == "0 of 3 pages read"
    sheets[0].state, sheets[1].state, sheets[2].state = "read", "failed", "stopped"
    assert detail_of(paper, NOW) == "3 pages · 1 failed · not kept"
    paper.kept = 7
    assert detail_of(paper, NOW) == "3 pages · 1 failed · today 12:00"


def test_what_is_no_page_gets_a_sentence() -> None:
    assert "from the web" in why_not(("https://x",), "").sentence
    assert "words already" in why_not((), "hello").sentence
    assert "no picture" in why_not((), "").sentence
