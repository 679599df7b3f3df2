"""What becomes of a model's Markdown and tables."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.services.ocr.fences import strip_fences
from phi_desk.services.ocr.tables import to_csv


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("```\nplain\n```", "plain"),
        ("```markdown\n# A\n\nb\n```\n", "# A\n\nb"),
        ("```markdown\n# A\n```python\nx = 1\n```\nend\n```", "# A\n```python\nx = 1\n```\nend"),
        ("```markdown\ncut short", "cut short"),
        ("# A\n```", "# A"),
        ("# A\n\n```python\nx\n```", "# A\n\n```python\nx\n```"),
        ("```python\nx\n```", "```python\nx\n```"),
        ("```\na\n```\nb\n```\nc\n```", "```\na\n```\nb\n```\nc\n```"),
        ("~~~md\na\n~~~", "a"),
    ],
)
def test_fences(answer: str, expected: str) -> None:
    assert strip_fences(answer) == expected


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", [["a", "b"], ["1", "2"]]),
        ("a | b\n--- | ---\n1 | 2", [["a", "b"], ["1", "2"]]),
        ("| a | b |\n| 1 | 2 |", [["a", "b"], ["1", "2"]]),
        ("Here it is:\n\n| a |\n|---|\n| x\\|y |\n\nDone.", [["a"], ["x|y"]]),
        ("| a | b | c |\n|---|---|---|\n| 1 |", [["a", "b", "c"], ["1", "", ""]]),
        ("| a<br>b | |\n|---|---|", [["a\nb", ""]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ('```csv\nName, Text\nX, "a, b ""c"""\n```', [["Name", "Text"], ["X", 'a, b "c"']]),
        ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1\t2,5", [["a", "b"], ["1", "2,5"]]),
        ("just\nwords", [["just"], ["words"]]),
        ("a,b\n1", [["a", "b"], ["1", ""]]),
        ("", []),
    ],
)
def test_tables(answer: str, rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(to_csv(answer)))) == rows


def test_two_tables_stand_apart() -> None:
    answer = "| a |\n|---|\n| 1 |\n\ntext\n\n| b | c |\n|---|---|\n| 2 | 3 |"
    assert to_csv(answer) == "a\n1\n\nb,c\n2,3\n"


CELL = st.text(st.characters(exclude_characters="\n\r|\\`", codec="utf-8"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_markdown_table_comes_out_cell_by_cell(rows: list[list[str]]) -> None:
    written = ["| " + " | ".join(row) + " |" for row in rows]
    answer = "\n".join([written[0], "|---|---|", *written[1:]])
    wanted = [[cell.strip() for cell in row] for row in rows]
    if any(set("".join(row)) <= set("-: \t") or "<br" in "".join(row) for row in wanted):
        return  # a row of dashes is no row
    found = list(csv.reader(io.StringIO(to_csv(answer), newline="")))
    assert found == wanted


@given(st.text(max_size=300))
def test_any_answer_gives_rows_of_one_width(answer: str) -> None:
    for table in to_csv(answer).split("\n\n"):
        assert table is not None
    list(csv.reader(io.StringIO(to_csv(answer), newline="")))
