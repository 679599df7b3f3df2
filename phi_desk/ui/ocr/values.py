"""What the presenters of Read and its views tell each other; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from phi_desk.errors import PhiDeskError
from phi_desk.media.codes import Code
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.events import Form
from phi_desk.ui.ocr.papers import State, Translation

FORM_NAMES: dict[Form, str] = {"text": "Text", "markdown": "Markdown", "csv": "Table"}
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperShown:
    """The document that is looked at: its pages by number and state, `kept` in the history."""

    number: int
    name: str
    total: int
    pages: tuple[tuple[int, State], ...]
    done: int
    busy: bool
    can_resume: bool
    kept: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetShown:
    """The page that is looked at.

    Attributes:
        place: which of the document's pages that are there, from 0.
        form: in which it is looked at; `source_form` is the form its text really has.
        note: what the person should know about it: why it ended early, what failed.
        can_read: whether it can be read again.
    """

    paper: int
    place: int
    number: int
    state: State
    form: Form
    source_form: Form | None
    text: str
    note: str = ""
    hint: str = ""
    can_read: bool = True
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueShown:
    """How far all reading is: `done` of `total` pages."""

    done: int = 0
    total: int = 0
    sentence: str = ""
    halted: bool = False

    @property
    def busy(self) -> bool:
        """Whether anything is read or waits."""
        return self.total > self.done


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A line of the list; `kept` and `paper` are its numbers in the history and on the desk.

    `found` is where a search found it, on page `page`.
    """

    name: str
    detail: str
    kept: int | None = None
    paper: int | None = None
    found: str = ""
    page: int | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PageAsked:
    """A page to ask about: `make` gives its pixels, on a lane; None where they were not kept."""

    name: str
    text: str
    make: Callable[[], Picture] | None


Outcome = Literal["copied", "blank", "failed", "stopped", "read"]


class ReadView(Protocol):
    """The page, as its presenter sees it."""

    def show_paper(self, paper: PaperShown | None) -> None:
        """Show a document; None for the place to drop on."""
        ...

    def show_sheet(self, sheet: SheetShown) -> None:
        """Show a page of it."""
        ...

    def add_words(self, words: str) -> None:
        """More of the page that is shown."""
        ...

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word of the page that is shown."""
        ...

    def show_picture(self, pixels: Pixels | None, words: str) -> None:
        """How the page looks; without it, `words` say why."""
        ...

    def show_codes(self, codes: Sequence[Code]) -> None:
        """What its QR codes and barcodes say."""
        ...

    def show_translation(self, translation: Translation | None) -> None:
        """The page in another language."""
        ...

    def add_translation(self, words: str) -> None:
        """More of it."""
        ...

    def show_queue(self, queue: QueueShown) -> None:
        """How far the reading is."""
        ...

    def copy(self, text: str, form: Form) -> None:
        """Put a text on the clipboard."""
        ...

    def say(self, name: str, outcome: Outcome) -> None:
        """What became of a document."""
        ...

    def ask_password(self, name: str, wrong: bool, then: Callable[[str], None]) -> None:
        """Ask for the password of a document; `wrong` where one was given already."""
        ...

    def ask_about(self, asked: PageAsked) -> None:
        """Open a question about a page."""
        ...

    def papers_changed(self) -> None:
        """The documents on the desk, or in the history, are not what they were."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class ListView(Protocol):
    """The list of documents, as its presenter sees it."""

    def show_lines(self, lines: Sequence[DocumentLine], words: str) -> None:
        """Show these; `words` were searched for."""
        ...

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """Say what was done, and let it be undone for a while."""
        ...

    def say_exported(self, sentence: str) -> None:
        """Say where the file lies."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...
