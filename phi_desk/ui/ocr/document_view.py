"""A document: its pages in a row, how the page looks, its text beside it, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from phi_desk.engine.languages import LANGUAGES
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.common.segmented import Segmented
from phi_desk.ui.icons import IconButton
from phi_desk.ui.ocr.codes_row import CodesRow
from phi_desk.ui.ocr.page_picture import PagePicture
from phi_desk.ui.ocr.page_strip import Ask, PageStrip
from phi_desk.ui.ocr.text_pane import TextPane, form_choices
from phi_desk.ui.ocr.translation_pane import TranslationPane
from phi_desk.ui.ocr.values import PaperShown, SheetShown
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, heading_font, small_font

NARROW = 640  # pixels: below it the page stands above its text
FIRST_SIZES = (420, 480)  # of the page and of its text, until somebody moves the line
WITH_STRIP = 560
WIDE_TEXT = 640  # pixels of the text: above it the translation stands beside, else below


class DocumentView(QWidget):
    """Shows what it is told, and says what was asked for."""

    form_chosen = Signal(str)
    place_chosen = Signal(int)
    step_requested = Signal(int)
    copy_requested = Signal(bool)  # all pages
    read_requested = Signal(str, bool)  # form, all pages
    resume_requested = Signal()
    export_requested = Signal()
    translate_requested = Signal(str)  # code of the language
    ask_requested = Signal()

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Document")
        self._paper: PaperShown | None = None
        self._sheet: SheetShown | None = None
        self._name = label(font=heading_font())
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back = IconButton("back", "Page before", tip="Page before (Alt+Left)", size=16)
        self.on = IconButton("forward", "Next page", tip="Next page (Alt+Right)", size=16)
        self._place = label(kind="muted", font=small_font())
        self._place.setAccessibleName("Page")
        self.forms = Segmented("Show as", form_choices())
        self.strip = PageStrip(ask)
        self.picture = PagePicture()
        self.codes = CodesRow()
        self.text = TextPane()
        self.translation = TranslationPane()
        self.copy = button("Copy", kind="main", tip="Copy the text of this page (Ctrl+Shift+C)")
        self.copy_all = button("Copy all pages", tip="Copy the text of the whole document")
        self.export = button("Export…", tip="Write it to a file (Ctrl+S)")
        self.translate = self._menu_button("Translate", "Show this page in another language")
        self.ask = button("Ask about it", tip="Ask a question about this page (Ctrl+Shift+A)")
        self.again = self._menu_button("Read again", "Read this page, or all pages, once more")
        self.said = label(kind="muted", font=small_font())
        self.said.setAccessibleName("What was done")
        self._side = QSplitter(Qt.Orientation.Vertical)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        for one in (self._side, self._halves):
            one.setObjectName("quiet")
        self._lay_out()
        self._wire()

    def show_paper(self, paper: PaperShown) -> None:
        """The document."""
        self._paper = paper
        self.strip.show_paper(paper)
        self.strip.setVisible(len(paper.pages) > 1 and self.width() >= WITH_STRIP)
        several = len(paper.pages) > 1
        self.copy_all.setVisible(several)
        for one in (self.back, self.on, self._place):
            one.setVisible(several)
        self._show_name()

    def show_sheet(self, sheet: SheetShown) -> None:
        """A page of it."""
        self._sheet = sheet
        self.forms.show_value(sheet.form)
        self.strip.show_place(sheet.place)
        self.text.show_sheet(sheet)
        self.codes.show_codes(sheet.codes)
        paper = self._paper
        if paper is not None:
            self._place.setText(f"{sheet.place + 1} of {len(paper.pages)}")
            self._place.setToolTip(f"Page {sheet.number} of the document’s {paper.total}")
            self.back.setEnabled(sheet.place > 0)
            self.on.setEnabled(sheet.place < len(paper.pages) - 1)
        has_text = bool(sheet.text.strip())
        for one in (self.copy, self.translate):
            one.setEnabled(has_text)
        self.again.setEnabled(sheet.can_read and sheet.state not in ("waiting", "reading"))

    def show_languages(self, favourite: str) -> None:
        """Offer the languages, the one that was taken last before all others."""
        menu = self.translate.menu()
        menu.clear()
        known = [one for one in LANGUAGES if one.code == favourite]
        for language in (*known, *LANGUAGES):
            action = QAction(f"{language.name}\t{language.native}", menu)
            action.setObjectName(language.code)
            action.triggered.connect(self._on_language_triggered)
            menu.addAction(action)
            if language in known and menu.actions()[-1] is menu.actions()[0]:
                menu.addSeparator()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Where there is little width the page stands above its text."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._halves.orientation() != way:
            self._halves.setOrientation(way)
        several = self._paper is not None and len(self._paper.pages) > 1
        self.strip.setVisible(several and self.width() >= WITH_STRIP)
        wide = self._side.width() >= WIDE_TEXT
        self._side.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self._show_name()

    def _show_name(self) -> None:
        name = self._paper.name if self._paper is not None else ""
        metrics = QFontMetrics(self._name.font())
        room = max(60, self._name.width())
        self._name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room))
        self._name.setToolTip(name)
        self._name.setAccessibleName(name)

    @Slot()
    def _on_back(self) -> None:
        self.step_requested.emit(-1)

    @Slot()
    def _on_forward(self) -> None:
        self.step_requested.emit(1)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(False)

    @Slot()
    def _on_copy_all_clicked(self) -> None:
        self.copy_requested.emit(True)

    @Slot()
    def _on_language_triggered(self) -> None:
        action = self.sender()
        if action is not None:
            self.translate_requested.emit(action.objectName())

    @Slot()
    def _on_again_opened(self) -> None:
        """Offer what can be done now."""
        menu, paper, sheet = self.again.menu(), self._paper, self._sheet
        menu.clear()
        if paper is None or sheet is None:
            return
        if paper.can_resume and len(paper.pages) > 1:
            menu.addAction("Read what is missing").triggered.connect(self.resume_requested)
            menu.addSeparator()
        for whole in (False, True)[: 2 if len(paper.pages) > 1 else 1]:
            what = "All pages" if whole else "This page"
            for form, name, _tip in form_choices():
                action = QAction(f"{what} as {name}", menu)
                action.setObjectName(f"{form} {'all' if whole else 'one'}")
                action.triggered.connect(self._on_again_triggered)
                menu.addAction(action)

    @Slot()
    def _on_again_triggered(self) -> None:
        action = self.sender()
        if action is not None:
            form, which = action.objectName().split()
            self.read_requested.emit(form, which == "all")

    @Slot(str)
    def _on_reread(self, form: str) -> None:
        self.read_requested.emit(form, False)

    @Slot()
    def _on_retry(self) -> None:
        if self._sheet is not None:
            self.read_requested.emit(self._sheet.source_form or self._sheet.form, False)

    def _menu_button(self, words: str, tip: str) -> QToolButton:
        made = QToolButton()
        made.setText(f"{words} ▾")
        made.setAccessibleName(words)
        made.setToolTip(tip)
        made.setProperty("kind", "menu")
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setMenu(QMenu(made))
        return made

    def _wire(self) -> None:
        self.forms.chosen.connect(self.form_chosen)
        self.strip.place_chosen.connect(self.place_chosen)
        self.back.clicked.connect(self._on_back)
        self.on.clicked.connect(self._on_forward)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.copy_all.clicked.connect(self._on_copy_all_clicked)
        self.export.clicked.connect(self.export_requested)
        self.ask.clicked.connect(self.ask_requested)
        self.again.menu().aboutToShow.connect(self._on_again_opened)
        self.text.read_requested.connect(self._on_reread)
        self.text.retry_requested.connect(self._on_retry)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(self._name, 1)
        head.addWidget(self.back)
        head.addWidget(self._place)
        head.addWidget(self.on)
        head.addSpacing(MEDIUM)
        head.addWidget(self.text.source)
        head.addWidget(self.forms)
        reading = QWidget()
        words = QVBoxLayout(reading)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(SMALL)
        words.addWidget(self.codes)
        words.addWidget(self.text, 1)
        self._side.addWidget(reading)
        self._side.addWidget(self.translation)
        self._side.setChildrenCollapsible(False)
        self._side.setHandleWidth(SMALL)
        self._halves.addWidget(self.picture)
        self._halves.addWidget(self._side)
        self._halves.setSizes([FIRST_SIZES[0], FIRST_SIZES[1]])
        self._halves.setStretchFactor(0, 4)
        self._halves.setStretchFactor(1, 5)
        self._halves.setHandleWidth(SMALL)
        self._halves.setChildrenCollapsible(False)
        middle = QHBoxLayout()
        middle.setSpacing(SMALL)
        middle.addWidget(self.strip)
        middle.addWidget(self._halves, 1)
        tools = QWidget()
        foot = FlowLayout(tools, spacing=SMALL)
        for one in (
            self.copy,
            self.copy_all,
            self.export,
            self.translate,
            self.ask,
            self.again,
            self.said,
        ):
            foot.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, MEDIUM, LARGE, HAIR)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(tools)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Small windows are possible."""
        return QSize(360, 300)
