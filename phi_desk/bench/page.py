"""Puts a measured table into a Markdown page, between two marks; knows no measurement."""

from __future__ import annotations

from pathlib import Path

from phi_desk.errors import InputError
from phi_desk.paths import write_atomically


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- end NAME -->` in `page`.

    Raises:
        InputError: the page lacks the marks.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    old = page.read_text(encoding="utf-8")
    before, found, rest = old.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise InputError(f"{page.name} has no marks for {name!r}.", f"Add {begin} and {end}.")
    write_atomically(page, f"{before}{begin}\n{text}{end}{after}".encode())
