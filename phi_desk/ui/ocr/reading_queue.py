"""Reads pages one after the other, each through three steps: drawn, read, kept; knows no Qt.

Never more than one page's pixels are held, however long the queue is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress
from phi_desk.errors import (
    CheckpointError,
    DoesNotFitError,
    ModelNotFoundError,
    NetworkError,
    PhiDeskError,
    UsageError,
)
from phi_desk.media.codes import Code, read_codes
from phi_desk.media.documents import Page
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.pages.values import KeptPage
from phi_desk.services.ocr.events import PageFailed, PageRead, PageWords
from phi_desk.services.ocr.recognition import OcrJob, recognise
from phi_desk.ui.ocr.papers import PageText, Paper, Sheet, state_of
from phi_desk.ui.running import ModelRunner, Priority, Running, WorkRunner

# With these every other page would fail, too; anything else may be the fault of one page.
FAILURES_OF_ALL = (ModelNotFoundError, CheckpointError, DoesNotFitError, NetworkError)

Stores = Callable[[], PageStore]  # opens the store on first use: called on a lane only


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What is put into the history."""

    pages: bool = True
    pictures: bool = True


class Desk(Protocol):
    """Hears what happens in the queue."""

    def sheet_changed(self, paper: Paper, sheet: Sheet) -> None:
        """A page has another state, or a text."""
        ...

    def words_came(self, paper: Paper, sheet: Sheet, words: str) -> None:
        """More of a page that is being read."""
        ...

    def progressed(self, paper: Paper, sheet: Sheet, progress: Progress) -> None:
        """The model looks at a page, and has not said a word of it yet."""
        ...

    def paper_done(self, paper: Paper) -> None:
        """No page of a document is left to be read."""
        ...

    def paper_kept(self, paper: Paper) -> None:
        """A page of it is in the history now."""
        ...

    def halted(self, error: PhiDeskError) -> None:
        """The model fails: nothing more is read until `go_on` is called."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Something went wrong that stops nothing."""
        ...


@dataclass(slots=True, eq=False)
class Step:
    """The page that is worked on; `page` holds its pixels from being drawn to being kept."""

    paper: Paper
    sheet: Sheet
    running: Running | None = None
    page: Page | None = None
    stopped: bool = False
    read: bool = False


class ReadingQueue:
    """Works on one page at a time; pages of short documents go before those of long ones.

    Attributes:
        error: why nothing is read; None while all is well.
    """

    def __init__(
        self,
        desk: Desk,
        stores: Stores,
        model: ModelRunner,
        drawing: WorkRunner,
        keeping: Callable[[], Keeping],
    ) -> None:
        self._desk, self._stores = desk, stores
        self._model, self._drawing = model, drawing
        self._keeping = keeping
        self._waiting: deque[tuple[Paper, Sheet]] = deque()
        self._step: Step | None = None
        self._pumping = False
        self.error: PhiDeskError | None = None

    @property
    def waiting(self) -> int:
        """How many pages are left, the one that is being read too."""
        return len(self._waiting) + (self._step is not None)

    @property
    def current(self) -> tuple[Paper, Sheet] | None:
        """What is being read."""
        return (self._step.paper, self._step.sheet) if self._step is not None else None

    def add(self, paper: Paper, sheets: Iterable[Sheet], *, first: bool = False) -> None:
        """Read these pages; `first` before all others that wait."""
        todo = []
        for sheet in sheets:
            if any(sheet is one for _, one in self._waiting) or self._is_current(sheet):
                continue
            sheet.state, sheet.error = "waiting", None
            sheet.live.clear()
            todo.append((paper, sheet))
        place = 0 if first else self._place(paper)
        for offset, one in enumerate(todo):
            self._waiting.insert(place + offset, one)
        self._pump()

    def stop(self, papers: Iterable[Paper] | None = None) -> None:
        """Read no more of these documents (of all where it is None); what was read stays."""
        chosen = None if papers is None else set(map(id, papers))
        left, stopped = deque[tuple[Paper, Sheet]](), []
        for paper, sheet in self._waiting:
            if chosen is None or id(paper) in chosen:
                sheet.state = "stopped"
                stopped.append((paper, sheet))
            else:
                left.append((paper, sheet))
        self._waiting = left
        step = self._step
        ending = step is not None and (chosen is None or id(step.paper) in chosen)
        for paper, sheet in stopped:
            self._desk.sheet_changed(paper, sheet)
        if ending and step is not None:
            step.stopped = True
            if step.running is not None and not step.read:
                step.running.cancel()
        current = step.paper if step is not None else None
        for paper in {id(p): p for p, _ in stopped if p is not current}.values():
            if not paper.busy:
                self._desk.paper_done(paper)

    def go_on(self) -> None:
        """Try again after the model failed."""
        self.error = None
        self._pump()

    def _place(self, paper: Paper) -> int:
        """One page is soon read: it does not wait for the sixty of another document."""
        if len(paper.sheets) > 1:
            return len(self._waiting)
        long = (n for n, (one, _) in enumerate(self._waiting) if len(one.sheets) > 1)
        return next(long, len(self._waiting))

    def _is_current(self, sheet: Sheet) -> bool:
        return self._step is not None and self._step.sheet is sheet and not self._step.read

    def _pump(self) -> None:
        """Begin with the next page, where none is worked on."""
        if self._pumping:
            return  # a runner that is done at once called back: the loop below goes on
        self._pumping = True
        while self._step is None and self._waiting and self.error is None:
            paper, sheet = self._waiting.popleft()
            self._step = Step(paper, sheet)
            sheet.state = "reading"
            self._desk.sheet_changed(paper, sheet)
            self._draw(self._step)
        self._pumping = False

    def _draw(self, step: Step) -> None:
        place = step.paper.place_of(step.sheet)

        def work(cancel: CancelToken) -> Iterator[object]:
            if place is None:
                raise UsageError(
                    "How this page looks was not kept.", "Drop the document again to read it."
                )
            source, number = place
            page = source.page(number, cancel)
            yield Page(step.sheet.number, step.paper.total, page.picture)
            yield read_codes(page.picture)

        def came(event: object) -> None:
            if isinstance(event, Page):
                step.page = event
            elif isinstance(event, tuple):
                codes: tuple[Code, ...] = event
                step.sheet.codes = codes

        def failed(error: PhiDeskError) -> None:
            step.sheet.state, step.sheet.error = "failed", error

        def finished() -> None:
            step.running = None
            if step.page is not None and not step.stopped and step.sheet.state == "reading":
                self._read(step)
            else:
                self._end(step)

        self._start(step, self._drawing.run, work, came, failed, finished)

    def _read(self, step: Step) -> None:
        page, sheet = step.page, step.sheet
        assert page is not None
        job = OcrJob(form=sheet.form)

        def work(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            yield from recognise([page], job, engine, cancel)

        def came(event: object) -> None:
            match event:
                case PageWords():
                    sheet.live.append(event.words)
                    self._desk.words_came(step.paper, sheet, event.words)
                case PageRead():
                    self._take(step, event)
                case PageFailed():
                    sheet.state, sheet.error = "failed", event.error
                case Progress():
                    self._desk.progressed(step.paper, sheet, event)
                case _:
                    pass

        def failed(error: PhiDeskError) -> None:
            if not isinstance(error, FAILURES_OF_ALL):
                sheet.state, sheet.error = "failed", error
            elif not step.stopped:
                self.error = error
                sheet.state = "waiting"
                self._waiting.appendleft((step.paper, sheet))

        def finished() -> None:
            step.running = None
            if step.read and self._keeping().pages and not step.paper.deleted:
                self._keep(step)
            else:
                self._end(step)

        self._start(step, self._model.run, work, came, failed, finished, Priority.BATCH)

    def _take(self, step: Step, read: PageRead) -> None:
        """What the model made of the page; nothing is taken of one that was stopped at once."""
        sheet = step.sheet
        if read.reason == "cancelled" and not read.text.strip():
            return
        before = sheet.texts.get(sheet.form)
        text = PageText(read=read.text, reason=read.reason, kept=before.kept if before else None)
        sheet.texts[sheet.form] = text
        sheet.state = state_of(text)
        sheet.translation = None
        sheet.live.clear()
        step.read = True
        self._desk.sheet_changed(step.paper, sheet)

    def _keep(self, step: Step) -> None:
        paper, sheet, keeping = step.paper, step.sheet, self._keeping()
        form, text, known = sheet.form, sheet.texts[sheet.form], paper.kept
        page = step.page if keeping.pictures and paper.source is not None else None

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            document = known
            if document is None:
                document = store.begin(paper.name, paper.total).id
            yield store.add(
                document,
                sheet.number,
                form,
                text.read,
                reason=text.reason,
                picture=page.picture if page is not None else None,
            )

        def came(event: object) -> None:
            if isinstance(event, KeptPage):
                paper.kept, text.kept = event.document, event.id
                sheet.picture = event.picture
                self._desk.paper_kept(paper)

        def finished() -> None:
            self._end(step)

        # A text that could not be kept is there all the same, and the next one may be kept.
        self._start(step, self._drawing.run, work, came, self._desk.tell, finished)

    def _end(self, step: Step) -> None:
        """The page is done with; on to the next."""
        step.page = None
        if step.sheet.state == "reading":
            step.sheet.state = "stopped"
        step.sheet.live.clear()
        self._step = None
        self._desk.sheet_changed(step.paper, step.sheet)
        if not step.paper.busy:
            self._desk.paper_done(step.paper)
        if self.error is not None:
            self._desk.halted(self.error)
        self._pump()

    def _start(
        self,
        step: Step,
        run: Callable[..., Running],
        work: Callable[..., Iterator[object]],
        came: Callable[[object], None],
        failed: Callable[[PhiDeskError], None],
        finished: Callable[[], None],
        priority: Priority | None = None,
    ) -> None:
        """Start one step; a runner may be done with it before it returns."""
        more = {} if priority is None else {"priority": priority}
        running = run(work, on_event=came, on_failed=failed, on_finished=finished, **more)
        if self._step is step and step.running is None:
            step.running = running
