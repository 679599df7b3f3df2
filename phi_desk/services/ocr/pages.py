"""The pages of a document where one damaged page does not lose the others; knows no model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, UsageError
from phi_desk.media.documents import Page, read_pages
from phi_desk.media.incoming import HEAD_BYTES, kind_of, open_input
from phi_desk.media.page_ranges import parse_pages
from phi_desk.media.pdf import open_document
from phi_desk.services.ocr.events import PageFailed

TIFF_MARKS = (b"II", b"MM")  # the only pictures with pages
PROBED_PAGES = (2, 3)  # asked for when the first page fails, to learn whether there are more


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Which pages of which file, and how finely a PDF is drawn."""

    path: Path
    pages: str | None = None
    dpi: float = 200
    password: str | None = None


def sound_pages(document: Document, cancel: CancelToken) -> Iterator[Page | PageFailed]:
    """The pages one by one; for a damaged one, what is wrong with it.

    Raises:
        UsageError: the pages asked for are not there.
        InputError: the file as a whole cannot be read.
        Cancelled: the person stopped it.
    """
    todo: tuple[int, ...] | None = None  # unknown until the number of pages is known
    total = 0
    while todo is None or todo:
        spec = document.pages if todo is None else ",".join(map(str, todo))
        try:
            for page in _read(document, spec, cancel):
                total = page.total
                todo = (_chosen(document, total) if todo is None else todo)[1:]
                yield page
        except InputError as error:
            if todo is None:
                total = _count(document, cancel, error)
                todo = _chosen(document, total)
            if total == 1:
                raise
            yield PageFailed(number=todo[0], total=total, error=error)
            todo = todo[1:]
        else:
            return


def count_pages(document: Document, cancel: CancelToken) -> int:
    """How many pages there are, at least 1; looks at no more than it must.

    Raises:
        InputError: the file as a whole cannot be read.
        Cancelled: the person stopped it.
    """
    with open_input(document.path, cancel) as file:
        head = file.read(HEAD_BYTES)
    if kind_of(head) == "pdf":
        with open_document(document.path, document.password) as pdf:
            return pdf.pages
    if kind_of(head) == "picture" and not head.startswith(TIFF_MARKS):
        return 1
    try:
        return next(_read(document, "1", cancel)).total
    except InputError as error:
        return _count(document, cancel, error)


def _read(document: Document, pages: str | None, cancel: CancelToken) -> Iterator[Page]:
    return read_pages(document.path, pages, document.dpi, document.password, cancel=cancel)


def _chosen(document: Document, total: int) -> tuple[int, ...]:
    return parse_pages(document.pages or "1-", total)


def _count(document: Document, cancel: CancelToken, failure: InputError) -> int:
    """How many pages a file has whose first page failed; raises `failure` when it has no others."""
    try:
        with open_document(document.path, document.password) as pdf:
            return pdf.pages
    except InputError:
        pass  # no PDF: then perhaps a TIFF of several frames
    for number in PROBED_PAGES:
        try:
            return next(_read(document, str(number), cancel)).total
        except UsageError:
            return number - 1
        except InputError:
            continue
    raise failure
