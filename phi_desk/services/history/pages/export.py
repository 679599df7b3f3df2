"""Kept pages as text, Markdown, CSV or JSON; knows no window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from phi_desk.errors import UsageError
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.pages.values import KeptDocument, KeptPage
from phi_desk.services.ocr.events import Form
from phi_desk.services.ocr.tables import to_csv
from phi_desk.storage.package import write_file

PageForm = Literal["txt", "md", "csv", "json"]
FORMS: tuple[PageForm, ...] = get_args(PageForm)
Read = tuple[KeptDocument, Sequence[KeptPage]]

# Of a page that was read in several forms, the one that suits an export best comes first.
_BEST: dict[PageForm, tuple[Form, ...]] = {
    "txt": ("text", "markdown", "csv"),
    "md": ("markdown", "text", "csv"),
    "csv": ("csv", "markdown", "text"),
}


def pages_text(documents: Iterable[Read], form: PageForm) -> str:
    """Documents with their pages as one document of that form."""
    read = list(documents)
    if form == "json":
        values = {"documents": [_values(document, pages) for document, pages in read]}
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"
    chosen = [(document, best_pages(pages, form)) for document, pages in read]
    several = sum(len(pages) for _, pages in chosen) > 1
    blocks: list[str] = []
    for document, pages in chosen:
        for page in pages:
            body = _body(page, form)
            if several and form != "csv":
                body = f"{_heading(document, page, form)}\n\n{body}".rstrip()
            blocks.append(body)
    return "\n\n".join(block for block in blocks if block).rstrip("\n") + "\n"


def export_pages(
    store: PageStore,
    documents: Sequence[int],
    target: Path,
    form: PageForm,
    *,
    replace: bool = False,
) -> None:
    """Write the pages of `documents` to one file, in order.

    Raises:
        NotFoundError: a document is not there.
        InputError: the file cannot be written.
        UsageError: it exists already, or nothing can be exported in that form.
    """
    if form not in FORMS:
        raise UsageError(f"Pages cannot be exported as {form!r}.", f"Use {', '.join(FORMS)}.")
    read = [(store.get(number), store.pages(number)) for number in documents]
    write_file(target, pages_text(read, form), replace=replace)


def best_pages(pages: Iterable[KeptPage], form: PageForm) -> list[KeptPage]:
    """Each page once, in the form that suits best; in the order of the pages."""
    order = _BEST[form]
    best: dict[int, KeptPage] = {}
    for page in pages:
        known = best.get(page.number)
        if known is None or order.index(page.form) < order.index(known.form):
            best[page.number] = page
    return [best[number] for number in sorted(best)]


def _body(page: KeptPage, form: PageForm) -> str:
    text = page.text.strip("\n")
    if form == "csv" and page.form != "csv":
        return to_csv(text).rstrip("\n")
    if form == "md" and page.form == "csv" and text:
        return f"```csv\n{text}\n```"
    return text


def _heading(document: KeptDocument, page: KeptPage, form: PageForm) -> str:
    name = document.name
    if form == "txt":
        return f"== {name}, page {page.number} =="
    return (
        f"<!-- {name.replace('--', '- -')}, page {page.number} -->"  # the document stays as it is
    )


def _values(document: KeptDocument, pages: Sequence[KeptPage]) -> dict[str, Any]:
    return {
        "name": document.name,
        "total": document.total,
        "created": _iso(document.created),
        "pages": [
            {
                "number": page.number,
                "form": page.form,
                "text": page.text,
                "read": page.read,
                "edited": page.edited is not None,
                "reason": page.reason,
                "created": _iso(page.created),
            }
            for page in pages
        ],
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
