"""Shows what the presenters of Read say, on the widgets of the page; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from phi_desk.errors import PhiDeskError
from phi_desk.media.codes import Code
from phi_desk.services.ocr.events import Form
from phi_desk.ui.common.clipboard import copy_text
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar
from phi_desk.ui.ocr.dialogs import ask_password
from phi_desk.ui.ocr.document_list import DocumentsSide
from phi_desk.ui.ocr.document_view import DocumentView
from phi_desk.ui.ocr.drop_area import DropArea
from phi_desk.ui.ocr.drop_target import DropTarget
from phi_desk.ui.ocr.papers import Translation
from phi_desk.ui.ocr.queue_bar import QueueBar
from phi_desk.ui.ocr.sayings import SAID
from phi_desk.ui.ocr.table_view import table_mime
from phi_desk.ui.ocr.values import (
    DocumentLine,
    Outcome,
    PageAsked,
    PaperShown,
    Pixels,
    QueueShown,
    SheetShown,
)

SAID_MS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the page."""

    page: QWidget
    area: DropArea
    document: DocumentView
    list: DocumentsSide
    queue_bar: QueueBar
    target: DropTarget
    middle: QStackedWidget
    notices: NoticeBar


class ReadFace(QObject):
    """The `ReadView` and the `ListView`."""

    asked_about = Signal(object)  # values.PageAsked
    changed = Signal()  # the documents on the desk, or in the history

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.page)
        self._parts = parts
        self._paper: PaperShown | None = None
        self._quiet = QTimer(self, singleShot=True, interval=SAID_MS)
        self._quiet.timeout.connect(self._on_quiet)

    def show_paper(self, paper: PaperShown | None) -> None:
        """See `ReadView`."""
        self._paper = paper
        if paper is None:
            self._parts.middle.setCurrentWidget(self._parts.area)
        else:
            self._parts.document.show_paper(paper)
            self._parts.middle.setCurrentWidget(self._parts.document)

    def show_sheet(self, sheet: SheetShown) -> None:
        """See `ReadView`."""
        self._parts.document.show_sheet(sheet)

    def add_words(self, words: str) -> None:
        """See `ReadView`."""
        self._parts.document.text.add_words(words)

    def show_progress(self, sentence: str) -> None:
        """See `ReadView`."""
        self._parts.document.text.show_progress(sentence)

    def show_picture(self, pixels: Pixels | None, words: str) -> None:
        """See `ReadView`."""
        self._parts.document.picture.show_pixels(pixels, words)

    def show_codes(self, codes: Sequence[Code]) -> None:
        """See `ReadView`."""
        self._parts.document.codes.show_codes(codes)

    def show_translation(self, translation: Translation | None) -> None:
        """See `ReadView`."""
        self._parts.document.translation.show_translation(translation)

    def add_translation(self, words: str) -> None:
        """See `ReadView`."""
        self._parts.document.translation.add_words(words)

    def show_queue(self, queue: QueueShown) -> None:
        """See `ReadView`."""
        self._parts.queue_bar.show_queue(queue)
        self._parts.target.show_queue(queue)

    def copy(self, text: str, form: Form) -> None:
        """See `ReadView`."""
        copy_text(text, table_mime(text) if form == "csv" else None)

    def say(self, name: str, outcome: Outcome) -> None:
        """See `ReadView`."""
        self._parts.document.said.setText(SAID[outcome])
        self._quiet.start()
        self._parts.target.say(name, outcome)

    def ask_password(self, name: str, wrong: bool, then: Callable[[str], None]) -> None:
        """See `ReadView`."""
        ask_password(self._parts.page, name, wrong, then)

    def ask_about(self, asked: PageAsked) -> None:
        """See `ReadView`."""
        self.asked_about.emit(asked)

    def papers_changed(self) -> None:
        """See `ReadView`."""
        self.changed.emit()

    def show_lines(self, lines: Sequence[DocumentLine], words: str) -> None:
        """See `ListView`."""
        self._parts.list.show_lines(lines, words)
        if self._paper is not None:
            self._parts.list.mark(self._paper.kept, self._paper.number)

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """See `ListView`."""
        self._parts.notices.show_notice(
            Notice(sentence=sentence, action_label="Undo", action=undo, stays_ms=UNDO_MS)
        )

    def say_exported(self, sentence: str) -> None:
        """See `ListView`."""
        self._parts.notices.show_notice(Notice(sentence=sentence, stays_ms=UNDO_MS))

    def tell(self, error: PhiDeskError) -> None:
        """See `ReadView`."""
        self._parts.notices.show_error(error)

    @Slot()
    def _on_quiet(self) -> None:
        self._parts.document.said.setText("")
