"""What is asked about a document from several sides; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable

from phi_desk.cancel import CancelToken
from phi_desk.media.picture import Picture
from phi_desk.ui.ocr.papers import Paper, Sheet
from phi_desk.ui.ocr.values import Outcome


def place_of(paper: Paper, page: int | None) -> int:
    """Where the page of that number stands in a document; the first where it is not there."""
    return next((n for n, sheet in enumerate(paper.sheets) if sheet.number == page), 0)


def picture_of(paper: Paper, sheet: Sheet) -> Callable[[], Picture] | None:
    """Gives the pixels of a page, on a lane; None where they were not kept."""
    found = paper.place_of(sheet)
    if found is None:
        return None
    source, number = found
    return lambda: source.page(number, CancelToken()).picture


def outcome_of(paper: Paper, text: str) -> Outcome:
    """What became of a document as a whole."""
    states = {sheet.state for sheet in paper.sheets}
    if "stopped" in states:
        return "stopped"
    if states == {"failed"}:
        return "failed"
    return "read" if text.strip() else "blank"
