"""What a kept page is made of, as frozen values; knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from phi_desk.services.ocr.events import Form
from phi_desk.storage.search import Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A file, or a picture from somewhere: `kept` of its `total` pages are there.

    `created` is in seconds since 1970.
    """

    id: int
    name: str
    total: int
    kept: int
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """The text of one page in one form.

    Attributes:
        read: as the model read it; `edited` as the person changed it, None where nobody did.
        reason: why the model ended; None for a blank page, about which it was not asked.
        picture: how the page looks, where that was kept.
    """

    id: int
    document: int
    number: int
    form: Form
    read: str
    edited: str | None
    reason: str | None
    picture: Path | None
    created: float

    @property
    def text(self) -> str:
        """The text that counts."""
        return self.read if self.edited is None else self.edited


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHit:
    """A place that a search found: a page, or with None the name of a document."""

    document: KeptDocument
    page: int | None
    number: int | None
    snippet: Snippet
