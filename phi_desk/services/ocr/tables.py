"""Turns the table in a model's answer into valid CSV, whether it came as CSV or as Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from phi_desk.services.ocr.fences import strip_fences

_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_DELIMITERS = ",;\t"

Rows = list[list[str]]


def to_csv(answer: str) -> str:
    """The rows of every table in `answer` as CSV with `\\n` at the line ends.

    Rows of a table get the same number of cells; words around a Markdown table are left out.
    An answer without any table gives one cell a line.
    """
    text = strip_fences(answer)
    if not text.strip():
        return ""
    tables = _markdown_tables(text.split("\n")) or [_separated(text)]
    return "\n".join(map(_written, tables))


def _markdown_tables(lines: Iterable[str]) -> list[Rows]:
    """Runs of lines with bars between cells, where at least one run has a rule of dashes."""
    tables: list[Rows] = []
    run: list[str] = []
    for line in (*lines, ""):
        if "|" in line or (run and _RULE.fullmatch(line.strip())):
            run.append(line.strip())
            continue
        if any(_is_rule(one) for one in run) or (len(run) > 1 and _framed(run)):
            tables.append([_cells(one) for one in run if not _is_rule(one)])
        run = []
    return [table for table in tables if table]


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _framed(run: list[str]) -> bool:
    return all(line.startswith("|") and line.endswith("|") for line in run)


def _cells(line: str) -> list[str]:
    inner = line.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_cell(cell) for cell in _CELL_BORDER.split(inner)]


def _cell(text: str) -> str:
    text = re.sub(r"<br\s*/?>", "\n", text.strip(), flags=re.IGNORECASE)
    return text.replace("\\|", "|")


def _separated(text: str) -> Rows:
    """Rows of text with a comma, semicolon or tab between cells: whichever makes the best table."""
    lines = [line for line in text.split("\n") if line.strip()]
    delimiter = max(_DELIMITERS, key=lambda mark: min(line.count(mark) for line in lines))
    if not any(mark in text for mark in _DELIMITERS):
        return [[line.strip()] for line in lines]
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        return [[cell.strip() for cell in row] for row in reader if row]
    except csv.Error:  # a cell beyond csv's limit of 131,072 letters
        return [[line.strip()] for line in lines]


def _written(rows: Rows) -> str:
    width = max(map(len, rows), default=0)
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return output.getvalue()
