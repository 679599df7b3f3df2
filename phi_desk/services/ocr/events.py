"""What comes out of reading pages: a closed union of frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phi_desk.engine.events import Finished, Progress, Reason
from phi_desk.errors import PhiDeskError

Form = Literal["text", "markdown", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBegun:
    """The model begins to read page `number` of `total`."""

    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """New words of a page, as the model says them; a `PageRead` with the whole follows."""

    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """The text of a page; empty for a blank page, about which the model was not asked.

    `reason` is why the model ended; None for a blank page.
    """

    number: int
    total: int
    text: str
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailed:
    """A page that could not be read; the others are."""

    number: int
    total: int
    error: PhiDeskError


OcrEvent = PageBegun | Progress | PageWords | PageRead | PageFailed | Finished
