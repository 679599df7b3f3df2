"""Read: what is dropped becomes pages in a queue, what is read is shown; knows no Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Progress
from phi_desk.errors import PhiDeskError
from phi_desk.media.picture import Picture
from phi_desk.services.history.pages.values import KeptDocument
from phi_desk.services.ocr.events import Form
from phi_desk.services.ocr.gathering import Found, Wanted
from phi_desk.settings.schema import Reading
from phi_desk.ui.ocr.editing import Editing
from phi_desk.ui.ocr.intake import Intake
from phi_desk.ui.ocr.looking import Glances, Looking
from phi_desk.ui.ocr.outcomes import outcome_of, picture_of, place_of
from phi_desk.ui.ocr.papers import Paper, Sheet, paper_from_history
from phi_desk.ui.ocr.reading_queue import Keeping, ReadingQueue, Stores
from phi_desk.ui.ocr.translating import Translating
from phi_desk.ui.ocr.values import PageAsked, QueueShown, ReadView
from phi_desk.ui.running import ModelRunner, WorkRunner

PHASES = {
    "load": "Loading the model…",
    "media": "Looking at the page…",
    "encode": "Looking at the page…",
    "prefill": "Looking at the page…",
}


class ReadPresenter:
    """The documents on the desk; `options` are the settings of reading as they are now.

    `lanes` are those for the disk and for drawing pages.
    """

    def __init__(
        self,
        view: ReadView,
        stores: Stores,
        model: ModelRunner,
        lanes: tuple[WorkRunner, WorkRunner],
        options: Callable[[], Reading],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._view, self._stores, self._options = view, stores, options
        self._disk, drawing = lanes
        self._clock = clock
        self._numbers = count(1)
        self._total = self._done = 0
        self.papers: dict[int, Paper] = {}
        self.intake = Intake(view, drawing, self._on_found)
        self.queue = ReadingQueue(self, stores, model, drawing, self._keeping)
        self.looking = Looking(view, drawing)
        self.glances = Glances(drawing)
        self.editing = Editing(stores, self._disk, view.tell)
        self.translating = Translating(model, self._on_translated, self._on_translating, view.tell)
        self._show_next = False

    # What is taken in.

    def add_files(self, files: Sequence[Path], pages: str = "", *, copies: bool = False) -> None:
        """Read files and folders; `copies` copies their text whatever the settings say."""
        self._show_next = self._may_show(copies)
        wanted = Wanted(pages=pages, dpi=self._options().dpi)
        self.intake.add_files(files, wanted, copies=copies)

    def add_picture(self, make: Callable[[], Picture], name: str, *, copies: bool = False) -> None:
        """Read pixels; `make` gives them, on a lane."""
        self._show_next = self._may_show(copies)
        self.intake.add_picture(make, name, copies=copies)

    def _may_show(self, copies: bool) -> bool:
        """What is dropped on the small window does not take away what somebody reads here."""
        return not copies or self.looking.paper is None

    def _on_found(self, found: Found, copies: bool) -> None:
        form = self._options().form
        paper = Paper(
            number=next(self._numbers),
            name=found.source.name,
            total=found.total,
            sheets=[Sheet(number=number, form=form) for number in found.pages],
            source=found.source,
            created=self._clock(),
            copies=copies,
        )
        self.papers[paper.number] = paper
        if self._show_next:
            self._show_next = False
            self._look_at(paper, form=form)
        self._read(paper, paper.sheets)

    def _read(self, paper: Paper, sheets: Sequence[Sheet], *, first: bool = False) -> None:
        if not self.queue.waiting:
            self._total = self._done = 0
        self._total += len(sheets)
        self.queue.add(paper, sheets, first=first)
        self._show_queue()
        self._view.papers_changed()

    # What is looked at.

    def open(self, number: int, place: int = 0) -> None:
        """Look at a document on the desk."""
        self._look_at(self.papers[number], place)

    def open_kept(self, kept: int, page: int | None = None) -> None:
        """Look at a document of the history; `page` is the number of a page of it."""
        for paper in self.papers.values():
            if paper.kept == kept:
                self._look_at(paper, place_of(paper, page))
                return

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            yield store.get(kept), store.pages(kept)

        def came(event: object) -> None:
            match event:
                case (KeptDocument() as document, tuple() as pages):
                    form = self.looking.form
                    paper = paper_from_history(next(self._numbers), document, pages, form)
                    if paper.sheets:
                        self.papers[paper.number] = paper
                        self._look_at(paper, place_of(paper, page), paper.sheets[0].form)

        self._disk.run(work, on_event=came, on_failed=self._view.tell)

    def start_new(self) -> None:
        """Show the place to drop on."""
        self._look_at(None)

    def show(self, place: int) -> None:
        """Look at another page."""
        self.editing.save()
        self.looking.show(place)

    def step(self, by: int) -> None:
        """Look at the next page, or the one before."""
        self.show(self.looking.place + by)

    def show_form(self, form: Form) -> None:
        """Look at it in another form."""
        self.editing.save()
        self.looking.show_form(form)

    def place_with(self, words: str, by: int) -> int | None:
        """The nearest page after (`by` 1) or before this one that has these words."""
        paper, form = self.looking.paper, self.looking.form
        if paper is None or not words:
            return None
        pages = len(paper.sheets)
        places = [(self.looking.place + by * n) % pages for n in range(1, pages)]
        wanted = words.casefold()
        return next((p for p in places if wanted in paper.sheets[p].text(form).casefold()), None)

    def _look_at(self, paper: Paper | None, place: int = 0, form: Form | None = None) -> None:
        self.editing.save()
        before = self.looking.paper
        self.looking.open(paper, place, form)
        if before is not None and before is not paper:
            self._let_go(before)
        self._view.papers_changed()

    def _let_go(self, paper: Paper) -> None:
        """Forget what the history can give again."""
        whole = all(sheet.state in ("read", "blank") for sheet in paper.sheets)
        if paper is self.looking.paper or paper.busy or not (paper.deleted or paper.kept):
            return
        if whole or paper.source is None or paper.deleted:
            self.papers.pop(paper.number, None)

    # What is done to it.

    def edit(self, form: Form, text: str) -> None:
        """The person changed the text of the page."""
        paper, sheet = self.looking.paper, self.looking.sheet
        if paper is not None and sheet is not None and sheet.state in ("read", "blank", "stopped"):
            self.editing.change(paper, sheet, form, text)

    @property
    def edited(self) -> bool:
        """Whether the page that is looked at was changed by hand."""
        sheet = self.looking.sheet
        return sheet is not None and any(t.edited is not None for t in sheet.texts.values())

    def copy(self, whole: bool = False) -> None:
        """Put the page, or all pages, on the clipboard."""
        paper, sheet, form = self.looking.paper, self.looking.sheet, self.looking.form
        if paper is None or sheet is None:
            return
        text = paper.text(form) if whole else sheet.text(form)
        if text.strip():
            self._view.copy(text, form)
            self._view.say(paper.name, "copied")
        else:
            self._view.say(paper.name, "blank")

    def read_again(self, form: Form, *, whole: bool = False) -> None:
        """Read the page, or all pages, in a form."""
        paper, sheet = self.looking.paper, self.looking.sheet
        if paper is None or sheet is None:
            return
        sheets = [
            one
            for one in (paper.sheets if whole else [sheet])
            if one.state not in ("waiting", "reading") and paper.place_of(one) is not None
        ]
        for one in sheets:
            one.form = form
        self.looking.form = form
        self._read(paper, sheets, first=not whole)
        self.looking.refresh()

    def resume(self, number: int | None = None) -> None:
        """Read the pages of a document that failed or were stopped."""
        paper = self.looking.paper if number is None else self.papers.get(number)
        if paper is not None:
            left = [
                sheet
                for sheet in paper.sheets
                if sheet.state in ("stopped", "failed") and paper.place_of(sheet) is not None
            ]
            self._read(paper, left)
            self.looking.refresh()

    def stop(self, number: int | None = None) -> None:
        """Read no more of a document, of all of them where it is None; what was read stays."""
        papers = None if number is None else [self.papers[number]]
        self.queue.stop(papers)
        if self.queue.error is not None and not self.queue.waiting:
            self.queue.go_on()
        self.looking.refresh()
        self._show_queue()
        self._view.papers_changed()

    def go_on(self) -> None:
        """Try the model again."""
        self.queue.go_on()
        self._show_queue()

    def translate(self, language: str) -> None:
        """Show the page in another language beside it."""
        sheet = self.looking.sheet
        if sheet is not None and (text := sheet.text(self.looking.form)).strip():
            self.translating.start(sheet, text, language)

    def close_translation(self) -> None:
        """The translation of the page is not wanted any more."""
        sheet = self.looking.sheet
        if sheet is not None:
            sheet.translation = None
            self._view.show_translation(None)

    def ask(self) -> None:
        """Ask a question about the page."""
        paper, sheet = self.looking.paper, self.looking.sheet
        if paper is None or sheet is None:
            return
        several = f", page {sheet.number}" if paper.total > 1 else ""
        self._view.ask_about(
            PageAsked(
                name=paper.name + several, text=sheet.text("text"), make=picture_of(paper, sheet)
            )
        )

    def forget(self, kept: Sequence[int], numbers: Sequence[int] = ()) -> None:
        """These documents were deleted; what of them is still being read need not be."""
        gone = [
            paper
            for paper in self.papers.values()
            if paper.number in numbers or (paper.kept is not None and paper.kept in kept)
        ]
        for paper in gone:
            paper.deleted = True
        self.queue.stop(gone)
        for paper in gone:
            self.papers.pop(paper.number, None)
        if any(paper is self.looking.paper for paper in gone):
            self._look_at(None)
        self._view.papers_changed()

    def bring_back(self, papers: Sequence[Paper]) -> None:
        """Deleted documents that were never in the history lie on the desk again."""
        for paper in papers:
            paper.deleted = False
            self.papers[paper.number] = paper
        self._view.papers_changed()

    def forget_everything(self) -> None:
        """All that was kept is gone."""
        self.translating.stop()
        self.forget((), list(self.papers))

    # As the desk of the queue.

    def sheet_changed(self, paper: Paper, sheet: Sheet) -> None:
        """See `Desk`."""
        if sheet.state == "reading":
            self.looking.follow(paper, sheet)
        self._done = max(0, self._total - self.queue.waiting)
        if paper is self.looking.paper:
            if sheet is self.looking.sheet:
                self.looking.refresh()
            else:
                self.looking.refresh_paper()
        self._show_queue()
        self._view.papers_changed()

    def words_came(self, paper: Paper, sheet: Sheet, words: str) -> None:
        """See `Desk`."""
        if sheet is self.looking.sheet:
            self._view.add_words(words)

    def progressed(self, paper: Paper, sheet: Sheet, progress: Progress) -> None:
        """See `Desk`."""
        if sheet is self.looking.sheet:
            share = f" {100 * progress.done // progress.total} %" if progress.total else ""
            self._view.show_progress(f"{PHASES[progress.phase]}{share}")

    def paper_done(self, paper: Paper) -> None:
        """See `Desk`."""
        form = paper.sheets[0].form
        text = paper.text(form) or "\n".join(
            code.text for sheet in paper.sheets for code in sheet.codes or ()
        )
        outcome = outcome_of(paper, text)
        if outcome == "read" and (paper.copies or self._options().copy):
            self._view.copy(text, form)
            outcome = "copied"
        self._view.say(paper.name, outcome)
        if paper is self.looking.paper:
            self.looking.refresh()
        self._let_go(paper)
        self._view.papers_changed()

    def paper_kept(self, paper: Paper) -> None:
        """See `Desk`."""
        self.editing.save()

    def halted(self, error: PhiDeskError) -> None:
        """See `Desk`."""
        self._show_queue()
        self._view.tell(error)

    def tell(self, error: PhiDeskError) -> None:
        """See `Desk`."""
        self._view.tell(error)

    def _on_translated(self, sheet: Sheet) -> None:
        if sheet is self.looking.sheet:
            self._view.show_translation(sheet.translation)

    def _on_translating(self, sheet: Sheet, words: str) -> None:
        if sheet is self.looking.sheet:
            self._view.add_translation(words)

    def _keeping(self) -> Keeping:
        options = self._options()
        return Keeping(pages=options.keep_pages, pictures=options.keep_pictures)

    def _show_queue(self) -> None:
        current = self.queue.current
        sentence = ""
        if self.queue.error is not None:
            sentence = self.queue.error.sentence
        elif current is not None:
            paper, sheet = current
            page = f"page {sheet.number} of {paper.total} of " if paper.total > 1 else ""
            sentence = f"Reading {page}{paper.name}"
        self._view.show_queue(
            QueueShown(
                done=min(self._done, self._total),
                total=self._total if self.queue.waiting else 0,
                sentence=sentence,
                halted=self.queue.error is not None,
            )
        )
