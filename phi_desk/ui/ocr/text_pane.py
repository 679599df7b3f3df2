"""The text of a page in three forms: as it stands, as Markdown, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from phi_desk.services.ocr.events import Form
from phi_desk.services.ocr.tables import to_csv
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.ocr.find_bar import FindBar
from phi_desk.ui.ocr.table_view import TableView
from phi_desk.ui.ocr.text_views import MarkdownView, PlainEditor, matches
from phi_desk.ui.ocr.values import FORM_NAMES, SheetShown
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font
from phi_desk.ui.throttle import Throttle

WAITS = {"waiting": "This page waits for its turn.", "reading": "Looking at the page…"}
AS_TABLE = {"text": "text", "markdown": "Markdown", "csv": "a table"}


class TextPane(QFrame):
    """Shows a `SheetShown`, grows while it is read, and says what the person changed."""

    edited = Signal(str, str)  # form, text
    read_requested = Signal(str)  # form
    retry_requested = Signal()
    link_chosen = Signal(str)
    other_page_requested = Signal(str, bool)  # words, forward

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAccessibleName("Text of the page")
        self._shown: SheetShown | None = None
        self._live = ""
        self._places: list[QTextCursor] = []
        self._at = -1
        self._hopping = 0  # a search goes on from another page: 1 forward, -1 back
        self.note = label(wrap=True)
        self.hint = label(kind="muted", wrap=True, font=small_font())
        self.retry = button("Try again", tip="Read this page again (F5)")
        self.offer = label(kind="muted", wrap=True, font=small_font())
        self.reread = button("Read again", kind="flat")
        self.source = IconButton(
            "rename", "Change the Markdown", tip="Change the Markdown (Ctrl+E)"
        )
        self.source.setCheckable(True)
        self.finding = FindBar()
        self.plain = PlainEditor("Text of the page")
        self.markdown = MarkdownView()
        self.table = TableView()
        self._views = QStackedWidget()
        self._grow = Throttle(self._show_live, self)
        self._lay_out()
        self._wire()

    @property
    def text(self) -> str:
        """The words that are shown."""
        view = self._views.currentWidget()
        if view is self.table:
            return self.table.rows.csv
        return self.plain.toPlainText() if view is self.plain else self.markdown.toPlainText()

    @property
    def selected(self) -> str:
        """The words that the person marked."""
        view = self._views.currentWidget()
        if isinstance(view, PlainEditor | MarkdownView):
            return view.textCursor().selectedText().replace("\u2029", "\n")
        return ""

    @property
    def focus_target(self) -> QWidget:
        """What is read or written in."""
        view = self._views.currentWidget()
        return self.plain if view is None else view

    def show_sheet(self, sheet: SheetShown) -> None:
        """Show a page; what is the same stays where it is."""
        before = self._shown
        other = before is None or (before.paper, before.place) != (sheet.paper, sheet.place)
        self._shown = sheet
        self._grow.drop()
        self._live = sheet.text if sheet.state == "reading" else ""
        if other:
            self.source.setChecked(False)
        self._show_view()
        self._show_text(sheet.text)
        if other:
            self._go_to_start()
        self._show_notes(sheet)
        if self.finding.isVisible():
            self._search(keep=not other)

    def add_words(self, words: str) -> None:
        """More of the page."""
        if self._shown is not None and self._shown.state == "reading":
            if not self._live:
                self._say("", "")
            self._live += words
            self._grow.request()

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word."""
        if self._shown is not None and self._shown.state == "reading" and not self._live:
            self._say(sentence, "")

    @Slot()
    def begin_finding(self) -> None:
        """Show the search."""
        marked = self.selected
        if marked and "\n" not in marked:
            self.finding.field.setText(marked)
        self.finding.begin()
        self._search(keep=False)

    @Slot()
    def toggle_source(self) -> None:
        """Show Markdown as it is written, or as it is meant."""
        if self._shown is not None and self._shown.form == "markdown" and self._shown.source_form:
            self.source.toggle()

    # The parts.

    def _show_view(self) -> None:
        sheet = self._shown
        assert sheet is not None
        markdown = sheet.form == "markdown"
        self.source.setVisible(markdown and sheet.state in ("read", "stopped"))
        if sheet.form == "csv":
            view: QWidget = self.table
        elif markdown and not self.source.isChecked():
            view = self.markdown
        else:
            view = self.plain
        self._views.setCurrentWidget(view)
        writable = sheet.state in ("read", "stopped") and sheet.source_form is not None
        self.plain.setReadOnly(not writable)
        self.table.rows.editable = writable

    def _show_text(self, text: str) -> None:
        view = self._views.currentWidget()
        if view is self.table:
            self.table.show_csv(text)
        elif view is self.markdown:
            self.markdown.show_text(text)
        else:
            self.plain.show_text(text)

    def _show_live(self) -> None:
        view = self._views.currentWidget()
        if view is self.plain:
            self.plain.show_text(self._live)
        else:
            self._show_text(to_csv(self._live) if view is self.table else self._live)

    def _show_notes(self, sheet: SheetShown) -> None:
        waits = "" if sheet.text else WAITS.get(sheet.state, "")
        self._say(sheet.note or waits, sheet.hint)
        self.note.setProperty("kind", "danger" if sheet.state == "failed" else "muted")
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        stopped = sheet.state in ("failed", "stopped")
        self.retry.setVisible(stopped and sheet.can_read)
        done = sheet.state in ("read", "blank")
        other = done and sheet.source_form not in (None, sheet.form) and sheet.can_read
        self.offer.setVisible(other)
        self.reread.setVisible(other)
        if other and sheet.source_form is not None:
            self.offer.setText(f"This page was read as {AS_TABLE[sheet.source_form]}.")
            self.reread.setText(f"Read it as {AS_TABLE[sheet.form]}")
            self.reread.setAccessibleName(self.reread.text())
            self.reread.setToolTip("The model looks at the page again")

    def _say(self, sentence: str, hint: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def _go_to_start(self) -> None:
        for view in (self.plain, self.markdown, self.table):
            view.verticalScrollBar().setValue(0)

    # Finding.

    def _search(self, *, keep: bool) -> None:
        """Mark every place; go to the first, or with `keep` stay at the one that was marked."""
        words = self.finding.field.text()
        view = self._views.currentWidget()
        if view is self.table:
            total = len(self.table.rows.places_of(words)) if words else 0
        else:
            self._places = matches(cast("QTextEdit", view).document(), words)
            total = len(self._places)
        back = self._hopping < 0
        self._hopping = 0
        first = total - 1 if back else 0
        self._at = min(self._at, total - 1) if keep and self._at >= 0 else (first if total else -1)
        self._mark()

    def _mark(self) -> None:
        words, view = self.finding.field.text(), self._views.currentWidget()
        if view is self.table:
            places = self.table.rows.places_of(words) if words else []
            total = len(places)
            if total:
                self.table.setCurrentIndex(self.table.rows.index(*places[self._at]))
        else:
            total = len(self._places)
            text = cast("QTextEdit | QPlainTextEdit", view)
            text.setExtraSelections(
                [_marked(one, now=n == self._at) for n, one in enumerate(self._places)]
            )
            if total:
                cursor = QTextCursor(self._places[self._at])
                cursor.setPosition(cursor.selectionStart())
                text.setTextCursor(cursor)
                text.ensureCursorVisible()
        self.finding.show_count(self._at + 1, total)
        self._total = total

    @Slot(bool)
    def _on_stepped(self, forward: bool) -> None:
        words = self.finding.field.text()
        if not words:
            return
        at = self._at + (1 if forward else -1)
        if 0 <= at < self._total:
            self._at = at
            self._mark()
            return
        self._hopping = 1 if forward else -1
        self.other_page_requested.emit(words, forward)
        if self._hopping:  # no other page has them: from the other end of this one
            self._hopping = 0
            if self._total:
                self._at = 0 if forward else self._total - 1
                self._mark()

    @Slot(str)
    def _on_words_changed(self, _words: str) -> None:
        self._at = -1
        self._search(keep=False)

    @Slot()
    def _on_find_left(self) -> None:
        self.finding.hide()
        self._places = []
        self.plain.setExtraSelections([])
        self.markdown.setExtraSelections([])
        self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the person does.

    @Slot(str)
    def _on_plain_edited(self, text: str) -> None:
        if self._shown is not None and self._shown.source_form is not None:
            self._shown = replace(self._shown, text=text)
            self.edited.emit(self._shown.source_form, text)

    @Slot(str)
    def _on_table_edited(self, text: str) -> None:
        if self._shown is not None:
            self._shown = replace(self._shown, text=text, source_form="csv")
        self.edited.emit("csv", text)

    @Slot(bool)
    def _on_source_toggled(self, _checked: bool) -> None:
        if self._shown is None:
            return
        self._show_view()
        self._show_text(self._shown.text)

    @Slot()
    def _on_reread_clicked(self) -> None:
        if self._shown is not None:
            self.read_requested.emit(self._shown.form)

    def _wire(self) -> None:
        self.plain.edited.connect(self._on_plain_edited)
        self.table.edited.connect(self._on_table_edited)
        self.markdown.link_chosen.connect(self.link_chosen)
        self.source.toggled.connect(self._on_source_toggled)
        self.retry.clicked.connect(self.retry_requested)
        self.reread.clicked.connect(self._on_reread_clicked)
        self.finding.words_changed.connect(self._on_words_changed)
        self.finding.stepped.connect(self._on_stepped)
        self.finding.left.connect(self._on_find_left)

    def _lay_out(self) -> None:
        for view in (self.plain, self.markdown, self.table):
            self._views.addWidget(view)
        notes = QVBoxLayout()
        notes.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        notes.setSpacing(HAIR)
        notes.addWidget(self.finding)
        for row in ((self.note,), (self.hint,), (self.retry,), (self.offer, self.reread)):
            line = QHBoxLayout()
            for one in row:
                stretch = 1 if one in (self.note, self.hint, self.offer) else 0
                line.addWidget(one, stretch)
            if row == (self.retry,):
                line.addStretch(1)
            notes.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(notes)
        column.addWidget(self._views, 1)
        for one in (self.note, self.hint, self.retry, self.offer, self.reread):
            one.hide()


def form_choices() -> list[tuple[str, str, str]]:
    """The three forms, as a `Segmented` takes them."""
    tips: dict[Form, str] = {
        "text": "The words, line by line (Ctrl+Alt+1)",
        "markdown": "Headings, lists and tables (Ctrl+Alt+2)",
        "csv": "A table, for spreadsheets (Ctrl+Alt+3)",
    }
    return [(form, name, tips[form]) for form, name in FORM_NAMES.items()]


def _marked(cursor: QTextCursor, *, now: bool) -> QTextEdit.ExtraSelection:
    """A place that was found; the one that is looked at stands out."""
    palette = QPalette()
    colour = QColor(palette.color(QPalette.ColorRole.Highlight))
    if not now:
        colour.setAlphaF(0.25)
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format.setBackground(colour)
    if now:
        mark.format.setForeground(palette.color(QPalette.ColorRole.HighlightedText))
    return mark
