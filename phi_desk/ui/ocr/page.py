"""The page Read: drop area, document, list and queue joined to their presenters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from phi_desk.services.ocr.events import Form
from phi_desk.settings.schema import Settings
from phi_desk.ui.common.mime import Given, can_take, given
from phi_desk.ui.common.pixels import to_picture
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar
from phi_desk.ui.ocr.dialogs import (
    ask_before_losing,
    choose_export,
    choose_files,
    choose_folder,
)
from phi_desk.ui.ocr.document_list import DocumentsSide
from phi_desk.ui.ocr.document_view import DocumentView
from phi_desk.ui.ocr.drop_area import DropArea
from phi_desk.ui.ocr.drop_target import taken
from phi_desk.ui.ocr.face import Parts, ReadFace
from phi_desk.ui.ocr.list_presenter import DocumentList
from phi_desk.ui.ocr.presenter import ReadPresenter
from phi_desk.ui.ocr.queue_bar import QueueBar
from phi_desk.ui.ocr.reading_queue import Stores
from phi_desk.ui.ocr.sayings import why_not
from phi_desk.ui.ocr.target_keeper import TargetKeeper
from phi_desk.ui.ocr.values import DocumentLine, Pixels
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import ModelRunner, WorkRunner
from phi_desk.ui.theme import LARGE
from phi_desk.ui.throttle import Pause

WITH_LIST = 760  # pixels of the page; below it the list would leave too little for reading
SAVE_MS = 500  # of typing before a change is written to the history


class ReadPage(QWidget):
    """The view of `ReadPresenter` and `DocumentList`, with the small drop target.

    `lanes` are those for the disk and for drawing pages.
    """

    region_requested = Signal()
    ask_requested = Signal(object)  # values.PageAsked
    window_requested = Signal()  # the small window wants this page to be seen

    def __init__(
        self,
        stores: Stores,
        model: ModelRunner,
        lanes: tuple[WorkRunner, WorkRunner],
        notices: NoticeBar,
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._notices, self._preferences = notices, preferences
        self.list = DocumentsSide()
        self.area = DropArea()
        self.queue_bar = QueueBar()
        self.keeper = TargetKeeper(preferences, notices, self)
        self.target = self.keeper.window
        self.document = DocumentView(self._glance)
        self._middle = QStackedWidget()
        self.face = ReadFace(
            Parts(
                page=self,
                area=self.area,
                document=self.document,
                list=self.list,
                queue_bar=self.queue_bar,
                target=self.target,
                middle=self._middle,
                notices=notices,
            )
        )
        self.reader = ReadPresenter(
            self.face, stores, model, lanes, lambda: preferences.value.reading
        )
        self.documents = DocumentList(self.face, self.reader, stores, lanes[0])
        self._save = Pause(self.reader.editing.save, self, SAVE_MS)
        self._lay_out()
        self._wire()
        self._take_settings(preferences.value)
        self.reader.looking.form = preferences.value.reading.form
        self.documents.refresh()

    # What comes from outside.

    def take_files(self, files: Sequence[Path], *, copies: bool = False) -> None:
        """Read files and folders."""
        if files:
            self.reader.add_files(files, self.area.pages.text(), copies=copies)

    def take_picture(self, image: QImage, name: str, *, copies: bool = False) -> None:
        """Read a picture, such as a part of the screen."""
        if not image.isNull():
            self.reader.add_picture(partial(to_picture, image), name, copies=copies)

    @Slot()
    def request_region(self) -> None:
        """Ask for a part of the screen; it comes to `take_picture`."""
        self.region_requested.emit()

    def forget_everything(self) -> None:
        """All that was kept is gone."""
        self.reader.forget_everything()
        self.documents.refresh()

    def begin(self) -> None:
        """The main window is seen: the small one may follow."""
        self.keeper.begin()

    def shut(self) -> None:
        """The program ends: nothing more is read, and the small window goes, too."""
        self.reader.queue.stop()
        self.keeper.close()

    def flush(self) -> None:
        """Write what is not written yet, at once: after the lanes have ended."""
        self.reader.editing.flush()
        self.target.deleteLater()  # the lanes have told it all that there was to tell

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has room for the document only."""
        super().resizeEvent(event)
        self.list.setVisible(self.width() >= WITH_LIST)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """Show that it may be dropped anywhere here."""
        if can_take(event.mimeData()):
            event.acceptProposedAction()
            self.area.show_dropping(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  (Qt's name)
        """It went elsewhere."""
        self.area.show_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """Take it."""
        self.area.show_dropping(False)
        event.acceptProposedAction()
        self._take(given(event.mimeData()), "Dropped picture")

    # What the person does.

    @Slot()
    def choose_files(self) -> None:
        """Ask the system for files."""
        self.take_files(choose_files(self))

    @Slot()
    def choose_folder(self) -> None:
        """Ask the system for a folder."""
        self.take_files(choose_folder(self))

    @Slot()
    def paste(self) -> None:
        """Read what is on the clipboard."""
        self._take(given(QGuiApplication.clipboard().mimeData()), "Pasted picture")

    @Slot(object)
    def _on_given(self, came: Given) -> None:
        self._take(came, "Pasted picture")

    @Slot(object)
    def _on_dropped(self, came: Given) -> None:
        self._take(came, "Dropped picture", copies=True)

    def _take(self, came: Given, name: str, *, copies: bool = False) -> None:
        self.take_files(came.files, copies=copies)
        for picture in came.pictures:
            self.take_picture(picture, name, copies=copies)
        if not taken(came):
            self._notices.show_error(why_not(came.addresses, came.text))
            if copies:
                self.target.say("", "failed")

    @Slot(object)
    def _on_line_chosen(self, line: DocumentLine) -> None:
        if line.paper is not None:
            self.reader.open(line.paper)
        elif line.kept is not None:
            self.reader.open_kept(line.kept, line.page)
        if self.list.field.text() and line.found:
            self.document.text.finding.field.setText(self.list.field.text())

    @Slot(object)
    def _on_export_requested(self, lines: Sequence[DocumentLine]) -> None:
        if not lines:
            return
        found = choose_export(self, lines[0].name if len(lines) == 1 else "Pages")
        if found is not None:
            self.documents.export(lines, *found)

    @Slot()
    def _on_export_shown(self) -> None:
        paper = self.reader.looking.paper
        if paper is not None:
            self._on_export_requested((self.documents.line_of(paper),))

    @Slot()
    def _on_stop(self) -> None:
        if self.reader.queue.waiting:
            self.reader.stop()
        else:
            self.reader.translating.stop()

    @Slot(str, str)
    def _on_edited(self, form: str, text: str) -> None:
        self.reader.edit(_form(form), text)
        self._save.request()

    @Slot(str, bool)
    def _on_read_requested(self, form: str, whole: bool) -> None:
        again = partial(self.reader.read_again, _form(form), whole=whole)
        if self.reader.edited:
            ask_before_losing(self, again)
        else:
            again()

    @Slot(str)
    def _on_translate(self, language: str) -> None:
        self._preferences.change("reading", target=language)
        self.reader.translate(language)

    @Slot(str)
    def _on_link_chosen(self, address: str) -> None:
        """A page may say anything: the person sees the address before it is opened."""
        url = QUrl(address)
        if url.scheme() not in ("http", "https"):
            self._notices.show_notice(Notice(sentence=f"Link: {address}", stays_ms=UNDO_MS))
            return
        self._notices.show_notice(
            Notice(
                sentence=f"Link on the page: {address}",
                action_label="Open in the browser",
                action=partial(_open, url),
            )
        )

    @Slot(str, bool)
    def _on_other_page(self, words: str, forward: bool) -> None:
        place = self.reader.place_with(words, 1 if forward else -1)
        if place is not None:
            self.reader.show(place)

    @Slot(str, object)
    def _on_option_changed(self, name: str, value: object) -> None:
        self._preferences.change("reading", **{name: value})

    @Slot()
    def _on_find(self) -> None:
        if self._middle.currentWidget() is self.document:
            self.document.text.begin_finding()
        else:
            self.list.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_again(self) -> None:
        sheet = self.reader.looking.sheet
        if sheet is not None:
            self._on_read_requested(sheet.form, False)

    @Slot(object)
    def _take_settings(self, settings: Settings) -> None:
        self.area.show_options(settings.reading)
        self.document.show_languages(settings.reading.target)

    def _glance(self, number: int, place: int) -> Pixels | None:
        paper = self.reader.papers.get(number) or self.reader.looking.paper
        if paper is None or paper.number != number or place >= len(paper.sheets):
            return None
        return self.reader.glances.ask(paper, place)

    def _on_glance_drawn(self, _number: int, _place: int, _pixels: Pixels) -> None:
        self.document.strip.draw_again()

    def _wire(self) -> None:
        self.reader.glances.on_drawn = self._on_glance_drawn
        self._preferences.changed.connect(self._take_settings)
        self.face.asked_about.connect(self.ask_requested)
        self.face.changed.connect(self.documents.papers_changed)
        self._wire_list()
        self._wire_document()
        area = self.area
        area.files_requested.connect(self.choose_files)
        area.folder_requested.connect(self.choose_folder)
        area.region_requested.connect(self.request_region)
        area.paste_requested.connect(self.paste)
        area.option_changed.connect(self._on_option_changed)
        self.queue_bar.stop_requested.connect(self._on_stop)
        self.queue_bar.go_on_requested.connect(self.reader.go_on)
        self.target.dropped.connect(self._on_dropped)
        self.target.open_requested.connect(self.window_requested)
        self.target.region_requested.connect(self.request_region)
        self.target.stop_requested.connect(self._on_stop)
        for keys, action in (
            ("Ctrl+O", self.choose_files),
            ("Ctrl+Shift+O", self.choose_folder),
            ("Ctrl+Shift+R", self.request_region),
            ("Ctrl+V", self.paste),
            ("Ctrl+N", self.reader.start_new),
            ("Ctrl+F", self._on_find),
            ("Ctrl+Shift+F", self.list.field.setFocus),
            ("Ctrl+S", self._on_export_shown),
            ("Ctrl+Shift+A", self.reader.ask),
            ("Ctrl+Shift+C", self.reader.copy),
            ("Ctrl+Alt+1", partial(self.reader.show_form, "text")),
            ("Ctrl+Alt+2", partial(self.reader.show_form, "markdown")),
            ("Ctrl+Alt+3", partial(self.reader.show_form, "csv")),
            ("Alt+Left", partial(self.reader.step, -1)),
            ("Alt+Right", partial(self.reader.step, 1)),
            ("Ctrl+E", self.document.text.toggle_source),
            ("F5", self._on_again),
            ("Esc", self._on_stop),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _wire_list(self) -> None:
        self.list.line_chosen.connect(self._on_line_chosen)
        self.list.new_requested.connect(self.reader.start_new)
        self.list.search_changed.connect(self.documents.search)
        self.list.rename_requested.connect(self.documents.rename)
        self.list.delete_requested.connect(self.documents.delete)
        self.list.export_requested.connect(self._on_export_requested)
        self.list.stop_requested.connect(self.documents.stop)

    def _wire_document(self) -> None:
        view = self.document
        view.form_chosen.connect(self.reader.show_form)
        view.place_chosen.connect(self.reader.show)
        view.step_requested.connect(self.reader.step)
        view.copy_requested.connect(self.reader.copy)
        view.read_requested.connect(self._on_read_requested)
        view.resume_requested.connect(self.reader.resume)
        view.export_requested.connect(self._on_export_shown)
        view.translate_requested.connect(self._on_translate)
        view.ask_requested.connect(self.reader.ask)
        view.text.plain.given.connect(self._on_given)
        view.text.edited.connect(self._on_edited)
        view.text.link_chosen.connect(self._on_link_chosen)
        view.text.other_page_requested.connect(self._on_other_page)
        view.codes.open_requested.connect(self._on_link_chosen)
        view.translation.stop_requested.connect(self.reader.translating.stop)
        view.translation.close_requested.connect(self.reader.close_translation)

    def _lay_out(self) -> None:
        self._middle.addWidget(self.area)
        self._middle.addWidget(self.document)
        foot = QHBoxLayout()
        foot.setContentsMargins(LARGE, 0, LARGE, LARGE // 2)
        foot.addWidget(self.queue_bar)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._middle, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)


def _open(url: QUrl) -> None:
    QDesktopServices.openUrl(url)


def _form(name: str) -> Form:
    assert name in get_args(Form)
    return cast("Form", name)
