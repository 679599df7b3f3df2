"""Documents on the desk and their pages, as the presenters of Read know them; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from phi_desk.errors import PhiDeskError
from phi_desk.media.codes import Code
from phi_desk.services.history.pages.values import KeptDocument, KeptPage
from phi_desk.services.ocr.events import Form
from phi_desk.services.ocr.sources import Source
from phi_desk.services.ocr.tables import to_csv

State = Literal["waiting", "reading", "read", "blank", "failed", "stopped"]
DONE: tuple[State, ...] = ("read", "blank", "failed", "stopped")

# Where a page was not read in the form that is looked at, the form that comes nearest is shown.
_NEAREST: dict[Form, tuple[Form, ...]] = {
    "text": ("text", "markdown", "csv"),
    "markdown": ("markdown", "text", "csv"),
    "csv": ("csv", "markdown", "text"),
}


@dataclass(slots=True, kw_only=True)
class PageText:
    """The text of a page in one form: as it was read, and as the person changed it.

    `kept` is its number in the history; None where it is not kept.
    """

    read: str
    edited: str | None = None
    reason: str | None = "stop"
    kept: int | None = None

    @property
    def text(self) -> str:
        """The text that counts."""
        return self.read if self.edited is None else self.edited


@dataclass(slots=True, kw_only=True)
class Translation:
    """The text of a page in another language, while it comes and afterwards."""

    language: str
    text: str = ""
    busy: bool = True
    note: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Sheet:
    """One page.

    Attributes:
        form: in which it is, or shall be, read.
        texts: what was read, by form.
        live: what is read just now.
        codes: what its QR codes and barcodes say; None until somebody has looked.
        picture: how it looked when it was read, where that is kept.
    """

    number: int
    form: Form
    state: State = "waiting"
    texts: dict[Form, PageText] = field(default_factory=dict)
    live: list[str] = field(default_factory=list)
    error: PhiDeskError | None = None
    codes: tuple[Code, ...] | None = None
    picture: Path | None = None
    translation: Translation | None = None

    def best(self, form: Form) -> Form | None:
        """The form nearest to `form` in which there is a text."""
        return next((one for one in _NEAREST[form] if one in self.texts), None)

    def text(self, form: Form) -> str:
        """The text to look at in that form; empty where there is none."""
        best = self.best(form)
        if best is None:
            return ""
        text = self.texts[best].text
        return to_csv(text) if form == "csv" and best != "csv" else text


@dataclass(slots=True, kw_only=True, eq=False)
class Paper:
    """A document: a file, or a picture from somewhere.

    Attributes:
        number: counts up while the program runs.
        total: how many pages the document has; those that were asked for are its sheets.
        source: where its pages come from; None for one out of the history.
        kept: its number in the history; None where it is not kept (yet).
        copies: copy its text when it has been read, whatever the settings say.
    """

    number: int
    name: str
    total: int
    sheets: list[Sheet]
    source: Source | None = None
    kept: int | None = None
    created: float = 0.0
    copies: bool = False
    deleted: bool = False

    @property
    def busy(self) -> bool:
        """Whether a page of it waits or is read."""
        return any(sheet.state not in DONE for sheet in self.sheets)

    @property
    def done(self) -> int:
        """How many of its pages need nothing more."""
        return sum(1 for sheet in self.sheets if sheet.state in DONE)

    def text(self, form: Form) -> str:
        """All pages that have a text, in order."""
        texts = [text for sheet in self.sheets if (text := sheet.text(form)).strip()]
        return ("\n" if form == "csv" else "\n\n").join(texts)

    def place_of(self, sheet: Sheet) -> tuple[Source, int] | None:
        """Where the pixels of a page are, and its number there; None where they were not kept."""
        if self.source is not None:
            return self.source, sheet.number
        if sheet.picture is not None:
            return Source(content=sheet.picture, name=self.name), 1
        return None


def paper_from_history(
    number: int, document: KeptDocument, pages: Sequence[KeptPage], form: Form
) -> Paper:
    """A document as it was kept."""
    sheets: dict[int, Sheet] = {}
    for page in pages:
        sheet = sheets.setdefault(page.number, Sheet(number=page.number, form=page.form))
        sheet.texts[page.form] = PageText(
            read=page.read, edited=page.edited, reason=page.reason, kept=page.id
        )
        sheet.picture = sheet.picture or page.picture
    for sheet in sheets.values():
        sheet.form = sheet.best(form) or sheet.form
        sheet.state = state_of(sheet.texts[sheet.form])
    return Paper(
        number=number,
        name=document.name,
        total=document.total,
        sheets=[sheets[one] for one in sorted(sheets)],
        kept=document.id,
        created=document.created,
    )


def state_of(text: PageText) -> State:
    """What became of a page with this text."""
    if text.reason == "cancelled":
        return "stopped"
    return "blank" if text.reason is None and not text.text.strip() else "read"


def kept_values(paper: Paper) -> tuple[KeptDocument, list[KeptPage]]:
    """A document that is not in the history, as the exports take it."""
    document = KeptDocument(
        id=0, name=paper.name, total=paper.total, kept=paper.done, created=paper.created
    )
    pages = [
        KeptPage(
            id=0,
            document=0,
            number=sheet.number,
            form=form,
            read=text.read,
            edited=text.edited,
            reason=text.reason,
            picture=None,
            created=paper.created,
        )
        for sheet in paper.sheets
        for form, text in sheet.texts.items()
    ]
    return document, pages
