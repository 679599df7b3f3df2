"""Stands in for the lanes and the view of the page Read: work is done when it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from data_makers.pdf_writer import Sheet as PdfSheet
from data_makers.pdf_writer import make_pdf, text_content
from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.media.codes import Code
from phi_desk.services.ocr.events import Form
from phi_desk.ui.ocr.papers import Translation
from phi_desk.ui.ocr.values import (
    DocumentLine,
    Outcome,
    PageAsked,
    PaperShown,
    Pixels,
    QueueShown,
    SheetShown,
)
from phi_desk.ui.running import OnEvent, OnFailed, OnFinished, Priority

A4 = "0 0 595 842"


def a_pdf(folder: Path, pages: int, name: str = "report.pdf") -> Path:
    """A PDF whose pages say `Page N`."""
    sheets = [
        PdfSheet(content=text_content(f"Page {number}", size=40), box=A4)
        for number in range(1, pages + 1)
    ]
    path = folder / name
    path.write_bytes(make_pdf(sheets))
    return path


class Work:
    """One piece of work of a `Line`."""

    def __init__(self, line: Line, steps: Callable[[CancelToken], Any], **listeners: Any) -> None:
        self.token = CancelToken()
        self._line, self._steps, self._listeners = line, steps, listeners
        self._events: Any = None

    def cancel(self) -> None:
        self.token.cancel()
        if self._events is None and self in self._line.waiting:
            self._line.waiting.remove(self)
            self._tell("on_finished")

    def step(self) -> bool:
        """Do it up to its next event; false where it has ended."""
        try:
            self.token.raise_if_cancelled() if self._events is None else None
            if self._events is None:
                self._events = iter(self._steps(self.token))
            self._tell("on_event", next(self._events))
        except (StopIteration, Cancelled):
            self._end()
            return False
        except PhiDeskError as error:
            self._tell("on_failed", error)
            self._end()
            return False
        return True

    def _end(self) -> None:
        self._line.waiting.remove(self)
        self._tell("on_finished")

    def _tell(self, name: str, *values: Any) -> None:
        listener = self._listeners.get(name)
        if listener is not None:
            listener(*values)


class Line:
    """A lane that works at once, or with `hold` only when `go_on` or `step` is called."""

    def __init__(self, engine: Engine | None = None, *, hold: bool = False) -> None:
        self.engine, self.hold = engine, hold
        self.waiting: list[Work] = []
        self.priorities: list[Priority] = []

    def run(
        self,
        work: Callable[..., Any],
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> Work:
        self.priorities.append(priority)
        engine = self.engine

        def steps(cancel: CancelToken) -> Any:
            return work(cancel) if engine is None else work(engine, cancel)

        job = Work(self, steps, on_event=on_event, on_failed=on_failed, on_finished=on_finished)
        self.waiting.append(job)
        if not self.hold:
            while job.step():
                pass
        return job

    def run_reporting(self, *_: object, **__: object) -> Work:
        raise NotImplementedError

    def step(self) -> None:
        """One event of the work that is first."""
        self.waiting[0].step()

    def go_on(self) -> None:
        """All that waits, and what comes of it."""
        while self.waiting:
            self.step()


class Screen:
    """Writes down what it is told to show."""

    def __init__(self) -> None:
        self.paper: PaperShown | None = None
        self.sheet: SheetShown | None = None
        self.live = ""
        self.progress: list[str] = []
        self.picture: Pixels | None = None
        self.picture_words = ""
        self.codes: tuple[Code, ...] = ()
        self.translation: Translation | None = None
        self.queue = QueueShown()
        self.copied: list[tuple[str, Form]] = []
        self.said: list[tuple[str, Outcome]] = []
        self.passwords: list[tuple[str, bool, Callable[[str], None]]] = []
        self.asked: list[PageAsked] = []
        self.errors: list[PhiDeskError] = []
        self.lines: tuple[DocumentLine, ...] = ()
        self.undo: list[tuple[str, Callable[[], None]]] = []
        self.exported: list[str] = []
        self.on_changed: Callable[[], None] = lambda: None

    @property
    def states(self) -> list[str]:
        return [] if self.paper is None else [state for _, state in self.paper.pages]

    def show_paper(self, paper: PaperShown | None) -> None:
        self.paper = paper

    def show_sheet(self, sheet: SheetShown) -> None:
        self.sheet, self.live = sheet, sheet.text

    def add_words(self, words: str) -> None:
        self.live += words

    def show_progress(self, sentence: str) -> None:
        self.progress.append(sentence)

    def show_picture(self, pixels: Pixels | None, words: str) -> None:
        self.picture, self.picture_words = pixels, words

    def show_codes(self, codes: Sequence[Code]) -> None:
        self.codes = tuple(codes)

    def show_translation(self, translation: Translation | None) -> None:
        self.translation = translation

    def add_translation(self, words: str) -> None:
        pass

    def show_queue(self, queue: QueueShown) -> None:
        self.queue = queue

    def copy(self, text: str, form: Form) -> None:
        self.copied.append((text, form))

    def say(self, name: str, outcome: Outcome) -> None:
        self.said.append((name, outcome))

    def ask_password(self, name: str, wrong: bool, then: Callable[[str], None]) -> None:
        self.passwords.append((name, wrong, then))

    def ask_about(self, asked: PageAsked) -> None:
        self.asked.append(asked)

    def papers_changed(self) -> None:
        self.on_changed()

    def tell(self, error: PhiDeskError) -> None:
        self.errors.append(error)

    def show_lines(self, lines: Sequence[DocumentLine], words: str) -> None:
        self.lines = tuple(lines)

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        self.undo.append((sentence, undo))

    def say_exported(self, sentence: str) -> None:
        self.exported.append(sentence)
