"""Reads what a person writes for "these pages"; knows no document."""

from __future__ import annotations

import re

from phi_desk.errors import UsageError

_RANGE = re.compile(r"([0-9]{1,9})(?:\s*(-)\s*([0-9]{1,9})?)?")
_HINT = "Write numbers and ranges with commas, such as 1-3,7,10-"


def parse_pages(text: str, total: int) -> tuple[int, ...]:
    """The page numbers that `text` names, of a document of `total` pages; the first page is 1.

    "1-3,7,10-" is pages 1 to 3, page 7, and page 10 to the last. They come in the order written; a
    page that is named twice comes once.

    Raises:
        UsageError: `text` is no such list, or names a page that the document does not have.
    """
    pages: dict[int, None] = {}
    for part in text.split(","):
        first, last = _ends(part.strip(), total)
        if last > total:
            raise UsageError(f"There is no page {last}: {_pages(total)}.", _HINT)
        pages.update(dict.fromkeys(range(first, last + 1)))
    return tuple(pages)


def _ends(part: str, total: int) -> tuple[int, int]:
    """The first and last page of one number or range."""
    match = _RANGE.fullmatch(part)
    if match is None:
        what = f"{part!r} is not a page or a range of pages" if part else "A page is missing"
        raise UsageError(f"{what}.", _HINT)
    first = int(match[1])
    if first == 0:
        raise UsageError("There is no page 0: the first page is 1.", _HINT)
    if first > total:
        raise UsageError(f"There is no page {first}: {_pages(total)}.", _HINT)
    last = int(match[3]) if match[3] else total if match[2] else first
    if last < first:
        raise UsageError(f"The range {part} runs backwards.", f"Write {last}-{first}.")
    return first, last


def _pages(total: int) -> str:
    return "the document has one page" if total == 1 else f"the document has {total} pages"
