"""Which page is looked at, in which form, and how it looks; knows no Qt."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.codes import read_codes
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.events import Form
from phi_desk.services.ocr.tables import to_csv
from phi_desk.ui.ocr.papers import Paper, Sheet
from phi_desk.ui.ocr.values import PaperShown, Pixels, ReadView, SheetShown
from phi_desk.ui.ocr.words import note_of
from phi_desk.ui.running import Running, WorkRunner

SIDE = 1900  # pixels of the longer side of a page that is looked at: about 160 dpi on A4
SMALL_SIDE = 132  # of the small pictures in the row of pages
MOST_SMALL = 150  # small pictures that are remembered, each 40 kB
MOST_ASKED = 24  # small pictures that are waited for: who scrolls on does not want the others
NOT_KEPT = "How this page looks was not kept."


class Looking:
    """Shows a page of a document, and follows the reading until another page is chosen."""

    def __init__(self, view: ReadView, drawing: WorkRunner) -> None:
        self._view, self._drawing = view, drawing
        self._drawn: Running | None = None
        self._asked = 0
        self._seen: Sheet | None = None
        self.paper: Paper | None = None
        self.place = 0
        self.form: Form = "text"
        self.follows = True

    @property
    def sheet(self) -> Sheet | None:
        """The page that is looked at."""
        if self.paper is None or not self.paper.sheets:
            return None
        return self.paper.sheets[self.place]

    def open(self, paper: Paper | None, place: int = 0, form: Form | None = None) -> None:
        """Look at a document; None for the place to drop on."""
        self.paper, self.place, self.follows = paper, place, True
        if form is not None:
            self.form = form
        self.refresh()

    def show(self, place: int) -> None:
        """Look at another page of the document."""
        if self.paper is not None and 0 <= place < len(self.paper.sheets):
            self.place = place
            self.follows = self.paper.sheets[place].state == "reading"
            self.refresh()

    def show_form(self, form: Form) -> None:
        """Look at it in another form."""
        self.form = form
        self.refresh()

    def follow(self, paper: Paper, sheet: Sheet) -> None:
        """A page begins to be read: look at it, where nothing else was chosen."""
        if paper is self.paper and self.follows:
            self.place = paper.sheets.index(sheet)

    def refresh(self) -> None:
        """Show the document and the page as they are now."""
        paper, sheet = self.paper, self.sheet
        self._view.show_paper(shown_paper(paper) if paper is not None else None)
        if paper is None or sheet is None:
            self._seen = None
            return
        self._view.show_sheet(shown_sheet(paper, self.place, self.form))
        if self._seen is not sheet:
            self._seen = sheet
            self._view.show_translation(sheet.translation)
            self._draw(paper, sheet)

    def refresh_paper(self) -> None:
        """Show how far the document is; the page has not changed."""
        if self.paper is not None:
            self._view.show_paper(shown_paper(self.paper))

    def _draw(self, paper: Paper, sheet: Sheet) -> None:
        if self._drawn is not None:
            self._drawn.cancel()
        self._asked += 1
        asked, place, known = self._asked, paper.place_of(sheet), sheet.codes
        if place is None:
            self._view.show_picture(None, NOT_KEPT)
            return
        self._view.show_picture(None, "")

        def work(cancel: CancelToken) -> Iterator[object]:
            source, number = place
            picture = source.drawn(number, SIDE, cancel)
            yield picture.pixels
            if known is None:
                cancel.raise_if_cancelled()
                yield read_codes(picture)

        def came(event: object) -> None:
            if isinstance(event, tuple) and sheet.codes is None:
                sheet.codes = event
            if asked != self._asked:
                return
            if isinstance(event, tuple):
                self._view.show_codes(sheet.codes or ())
            else:
                pixels: Pixels = event  # type: ignore[assignment]  # what `drawn` gave
                self._view.show_picture(pixels, "")

        def failed(error: PhiDeskError) -> None:
            if asked == self._asked:
                self._view.show_picture(None, error.sentence)

        self._drawn = self._drawing.run(work, on_event=came, on_failed=failed)


class Glances:
    """Small pictures of pages, drawn one at a time, the one that was asked for last first."""

    def __init__(self, drawing: WorkRunner) -> None:
        self._drawing = drawing
        self._known: OrderedDict[tuple[int, int], Pixels] = OrderedDict()
        self._asked: OrderedDict[tuple[int, int], tuple[Paper, Sheet]] = OrderedDict()
        self._busy = False
        self.on_drawn: Callable[[int, int, Pixels], None] | None = None

    def ask(self, paper: Paper, place: int) -> Pixels | None:
        """The small picture of a page; where it is not known `on_drawn` is told of it later."""
        key = (paper.number, place)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if paper.place_of(paper.sheets[place]) is not None:
            self._asked[key] = (paper, paper.sheets[place])
            self._asked.move_to_end(key)
            while len(self._asked) > MOST_ASKED:
                self._asked.popitem(last=False)
            self._next()
        return None

    def _next(self) -> None:
        if self._busy or not self._asked:
            return
        key, (paper, sheet) = self._asked.popitem()
        found = paper.place_of(sheet)
        if found is None:
            return
        source, number = found
        self._busy = True

        def work(cancel: CancelToken) -> Iterator[object]:
            yield source.drawn(number, SMALL_SIDE, cancel)

        def came(event: object) -> None:
            if isinstance(event, Picture):
                self._known[key] = event.pixels
                while len(self._known) > MOST_SMALL:
                    self._known.popitem(last=False)
                if self.on_drawn is not None:
                    self.on_drawn(*key, event.pixels)

        def finished() -> None:
            self._busy = False
            self._next()

        # A page that cannot be drawn says why where it is looked at; here it stays a blank sheet.
        self._drawing.run(work, on_event=came, on_finished=finished)


def shown_paper(paper: Paper) -> PaperShown:
    """The document as the view shows it."""
    return PaperShown(
        number=paper.number,
        name=paper.name,
        total=paper.total,
        pages=tuple((sheet.number, sheet.state) for sheet in paper.sheets),
        done=paper.done,
        busy=paper.busy,
        kept=paper.kept,
        can_resume=any(
            sheet.state in ("stopped", "failed") and paper.place_of(sheet) is not None
            for sheet in paper.sheets
        ),
    )


def shown_sheet(paper: Paper, place: int, form: Form) -> SheetShown:
    """The page as the view shows it."""
    sheet = paper.sheets[place]
    note, hint = note_of(sheet)
    live = "".join(sheet.live)
    reading = sheet.state == "reading"
    return SheetShown(
        paper=paper.number,
        place=place,
        number=sheet.number,
        state=sheet.state,
        form=form,
        source_form=sheet.form if reading else sheet.best(form),
        text=live_text(live, form) if reading else sheet.text(form),
        note=note,
        hint=hint,
        can_read=paper.place_of(sheet) is not None,
        codes=sheet.codes or (),
    )


def live_text(live: str, form: Form) -> str:
    """What has come of a page so far, in the form that is looked at."""
    return to_csv(live) if form == "csv" else live
