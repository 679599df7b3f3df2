"""One document through the model, shown in the format asked for while it is read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from phi_desk.cli.files import Outcome
from phi_desk.cli.output import Output
from phi_desk.engine.events import Finished, Progress
from phi_desk.errors import PhiDeskError
from phi_desk.services.json_lines import json_line
from phi_desk.services.ocr.events import OcrEvent, PageBegun, PageFailed, PageRead, PageWords
from phi_desk.services.ocr.pages import Document, sound_pages
from phi_desk.services.ocr.recognition import OcrJob, recognise
from phi_desk.services.trimming import Trimmer

if TYPE_CHECKING:
    from phi_desk.app.wiring import App

FENCE = "```"


def read_file(document: Document, job: OcrJob, name: str, app: App, out: Output) -> Outcome:
    """The pages of one document through the model, written in the format `name`.

    Raises:
        PhiDeskError: the document or the engine fails; what was read before is written.
    """
    file = str(document.path)
    showing = Showing(file, name, out)
    pages = sound_pages(document, app.cancel)
    first = list(islice(pages, 1))  # a file that cannot be read is found before a model is loaded
    engine = app.engine(out.on_progress)
    out.event("started", file=file)
    try:
        with closing(recognise(chain(first, pages), job, engine, app.cancel)) as events:
            for event in events:
                showing.show(event)
    except PhiDeskError as error:
        showing.fail(error)
        raise
    return showing.outcome


class Showing:
    """Shows the events of one document: words in the format, or JSON events."""

    def __init__(self, file: str, form: str, out: Output) -> None:
        self.outcome: Outcome = "done"
        self._file = file
        self._form = form
        self._out = out
        self._trimmer = Trimmer()
        self._held = ""  # the beginning of a page's answer, while it may be a code fence
        self._streamed = False  # whether words of this page are on stdout
        self._gap = ""  # what stands between the last page's words and the next
        self._pages: list[dict[str, Any]] = []

    def show(self, event: OcrEvent) -> None:
        """Show one event."""
        out = self._out
        match event:
            case PageBegun():
                self._trimmer, self._held, self._streamed = Trimmer(), "", False
                out.progress("pages", event.number - 1, event.total, file=self._file)
            case PageWords():
                out.event("partial", file=self._file, number=event.number, delta=event.words)
                self._stream(event.words)
            case PageRead():
                self._show_page(event)
            case PageFailed():
                self._show_failure(event)
            case Progress():
                out.engine_progress(event)
            case Finished():
                self._finish(event)

    def fail(self, error: PhiDeskError) -> None:
        """Write the rest of the document: what was read so far is kept."""
        if self._form == "json" and self._pages:
            self._out.line(self._document(error=str(error)))

    def _stream(self, words: str) -> None:
        """Show plain text as it comes; whatever has to be put into shape waits for its end."""
        if self._form != "text":
            return
        self._held += self._trimmer.feed(words)
        if self._streamed or not FENCE.startswith(self._held[: len(FENCE)]):
            self._say(self._held)
            self._held, self._streamed = "", True

    def _say(self, words: str) -> None:
        if words:
            self._out.words(self._gap + words)
            self._gap = ""

    def _show_page(self, page: PageRead) -> None:
        values = {"number": page.number, "total": page.total, "text": page.text}
        values["reason"] = page.reason
        self._out.event("page", file=self._file, **values)
        self._pages.append(values)
        if self._form != "json" and not self._streamed:
            self._say(page.text)
        if page.text:
            self._gap = "\n" if self._form == "csv" else "\n\n"

    def _show_failure(self, page: PageFailed) -> None:
        self.outcome = "failed"
        self._out.error(page.error, file=self._file, number=page.number)
        self._pages.append({"number": page.number, "total": page.total, "error": str(page.error)})

    def _finish(self, finished: Finished) -> None:
        if finished.reason == "cancelled":
            self.outcome = "cancelled"
        if self._form == "json":
            document = self._document(reason=finished.reason)
            self._out.line(document)
            finished = replace(finished, text=document)
        self._out.finished(finished, file=self._file)

    def _document(self, **ending: str) -> str:
        return json_line({"file": self._file, "pages": self._pages, **ending})
