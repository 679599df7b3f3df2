"""Reading pages in the window, by mouse and keyboard, with an engine that answers by script."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.read_page import a_pdf
from data_makers.read_window import MARKDOWN, ReadWindow, drop, engine_of_all, mime_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from phi_desk.engine.base import Engine
from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.errors import ContextError
from phi_desk.ui.ocr.text_views import MarkdownView, PlainEditor

Open = Callable[..., ReadWindow]
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    windows: list[ReadWindow] = []

    def come(engine: Engine | None = None, home: str = "home") -> ReadWindow:
        windows.append(ReadWindow(qtbot, tmp_path / home, engine or engine_of_all()))
        return windows[-1]

    yield come
    for window in windows:
        window.leaves()


def shown(window: ReadWindow) -> type[QWidget]:
    """What the text is shown in."""
    return type(window.page.document.text.focus_target)


def test_a_dropped_pdf_is_read_shown_copied_and_kept(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    assert window.text == "The fox.\nThe other fox."
    assert QGuiApplication.clipboard().text() == "\n\n".join([window.text] * 2)
    assert window.page.document.said.text() == "Copied."
    assert window.page.document.picture.has_picture
    assert window.names == ["report.pdf"]
    assert window.details[0].startswith("2 pages · today")
    assert not window.page.queue_bar.isVisible()


def test_the_history_survives_a_restart_and_opens_again(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    editor = window.page.document.text.plain
    editor.setFocus()
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    QTest.keyClicks(editor, " Changed.")
    window.leaves()  # before the change was written: it is, at the end
    (tmp_path / "report.pdf").unlink()
    again = opened()
    again.waits_for(lambda: again.names == ["report.pdf"])
    again.opens_line(0)
    again.waits_for(lambda: again.text)
    again.waits_until_all_is_done()
    assert again.page.document.picture.has_picture
    again.click(again.page.document.on)
    assert again.text == "The fox.\nThe other fox. Changed."


def test_words_come_while_the_page_is_read_and_nothing_jumps(opened: Open, tmp_path: Path) -> None:
    window = opened(FakeEngine(otherwise="A line of it.\n" * 300, seconds_a_token=0.002))
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    bar = window.page.document.text.plain.verticalScrollBar()
    window.waits_for(lambda: bar.maximum() > 20)
    assert window.states == ["reading"]
    assert window.page.document.text.plain.isReadOnly()
    bar.setValue(3)
    most = bar.maximum()
    window.waits_for(lambda: bar.maximum() > most + 5)
    assert bar.value() == 3
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    assert bar.value() == 3
    assert not window.page.document.text.plain.isReadOnly()


def test_the_window_closes_in_the_middle_of_a_page(opened: Open, tmp_path: Path) -> None:
    window = opened(FakeEngine(otherwise="word " * 60, seconds_a_token=0.01))
    drop(window.page, mime_of([a_pdf(tmp_path, 20)]))
    window.waits_for(lambda: window.states[:2] == ["read", "reading"])
    window.leaves()
    again = opened()
    again.waits_for(lambda: again.names == ["report.pdf"])
    again.opens_line(0)
    again.waits_for(lambda: again.text.startswith("word word"))


def test_stop_ends_it_soon_and_keeps_what_was_read(opened: Open, tmp_path: Path) -> None:
    window = opened(FakeEngine(otherwise="word " * 60, seconds_a_token=0.01))
    drop(window.page, mime_of([a_pdf(tmp_path, 5)]))
    window.waits_for(lambda: window.states[:2] == ["read", "reading"])
    assert "of 5 pages" in window.page.queue_bar.count.text()
    window.presses("Esc")
    assert window.states[2:] == ["stopped"] * 3  # at once
    window.waits_for(lambda: not window.reader.queue.waiting)
    window.waits_until_all_is_done()
    assert window.states[0] == "read"
    assert window.states[1] in ("stopped", "read")
    window.page.document.strip.place_chosen.emit(0)
    assert window.text.startswith("word word")
    (document,) = window.history.pages().list()
    assert document.kept in (1, 2)
    window.page.document.strip.place_chosen.emit(4)
    assert window.page.document.text.note.text() == "This page was not read."
    window.click(window.page.document.text.retry)
    window.waits_for(lambda: window.states[4] == "read")
    window.waits_until_all_is_done()
    window.reader.resume()
    window.waits_for(lambda: window.states == ["read"] * 5)
    window.waits_until_all_is_done()


def test_a_failed_page_says_why_where_it_is(opened: Open, tmp_path: Path) -> None:
    failing = iter([True, False, False])
    error = ContextError("The page is too long.", "Draw it at fewer dots per inch.")
    engine = FakeEngine(Rule(lambda _: next(failing), error), otherwise="Fine.")
    window = opened(engine)
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["failed", "read"])
    window.waits_until_all_is_done()
    assert "1 failed" in window.details[0]
    window.click(window.page.document.back)
    assert window.page.document.text.note.text() == "The page is too long."
    assert window.page.document.text.hint.text() == "Draw it at fewer dots per inch."
    window.click(window.page.document.text.retry)
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    assert window.text == "Fine."


def test_three_forms_of_a_page(opened: Open, tmp_path: Path) -> None:
    window = opened()
    window.click(window.page.area.form.button("markdown"))
    assert window.preferences.value.reading.form == "markdown"
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    document = window.page.document
    assert shown(window) is MarkdownView
    assert "<b>not bold</b>" in window.text  # what was read is no markup
    window.presses("Ctrl+E")
    assert shown(window) is PlainEditor
    assert window.text == MARKDOWN
    QTest.keyClicks(document.text.plain, "New ")
    window.click(document.text.source)
    assert window.text.startswith("New # Title")  # as Markdown it is no heading any more
    document.text.source.toggle()
    document.text.plain.undo()
    document.text.source.toggle()
    window.click(document.forms.button("csv"))
    assert document.text.table.rows.rows == [["a", "b"], ["1", "x"]]  # without the model
    window.click(document.text.reread)
    window.waits_for(lambda: document.text.table.rows.rows[:1] == [["Item", "Price"]])
    window.waits_until_all_is_done()
    window.click(document.copy)
    copied = QGuiApplication.clipboard().mimeData()
    assert list(csv.reader(io.StringIO(copied.text()))) == [
        ["Item", "Price"],
        ["Pears, green", "2.50"],
    ]
    assert "<td>Pears, green</td>" in copied.html()  # spreadsheets put it into cells
    document.text.table.selectColumn(1)
    document.text.table.copy_marked()
    assert QGuiApplication.clipboard().text() == "Price\n2.50\n"
    window.click(document.forms.button("text"))
    assert shown(window) is PlainEditor
    assert window.text.startswith("# Title")


def test_a_link_on_a_page_is_shown_before_it_is_opened(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_urls: list[str] = []
    monkeypatch.setattr(
        "phi_desk.ui.ocr.page.QDesktopServices.openUrl",
        lambda url: opened_urls.append(url.toString()),
    )
    window = opened()
    window.page.document.text.markdown.link_chosen.emit("https://example.org/a")
    assert window.notice == "Link on the page: https://example.org/a"
    assert opened_urls == []
    window.click(window.notices._act)
    assert opened_urls == ["https://example.org/a"]
    window.page.document.text.markdown.link_chosen.emit("file:///etc/passwd")
    assert opened_urls == ["https://example.org/a"]


def test_cells_are_changed_and_kept(opened: Open, tmp_path: Path) -> None:
    window = opened()
    window.preferences.change("reading", form="csv")
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    rows = window.page.document.text.table.rows
    assert rows.setData(rows.index(1, 1), "3.00")
    window.page.show()
    window.waits_for(lambda: window.history.pages().search("3.00"))
    assert window.text == 'Item,Price\n"Pears, green",3.00\n'


def test_reading_again_asks_before_changes_are_lost(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    window.page.document.text.plain.setPlainText("mine")
    window.presses("F5")
    (box,) = window.page.findChildren(QMessageBox)
    box.reject()
    assert window.text == "mine"
    window.presses("F5")
    box = window.page.findChildren(QMessageBox)[-1]
    box.accept()
    window.waits_for(lambda: window.text.startswith("The fox"))
    window.waits_until_all_is_done()


def test_words_are_found_on_this_page_and_the_next(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    window.click(window.page.document.back)
    window.presses("Ctrl+F")
    bar = window.page.document.text.finding
    assert bar.isVisibleTo(window.window)
    QTest.keyClicks(bar.field, "FOX")
    assert bar.count == "1 of 2"
    for expected, place in (("2 of 2", 0), ("1 of 2", 1), ("2 of 2", 1), ("1 of 2", 0)):
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        assert (bar.count, window.reader.looking.place) == (expected, place)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (bar.count, window.reader.looking.place) == ("2 of 2", 1)
    bar.field.setText("wolf")
    assert bar.count == "Not on this page"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisibleTo(window.window)


def test_translated_beside_it(opened: Open, tmp_path: Path) -> None:
    window = opened(engine_of_all(0.01))
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    menu = window.page.document.translate.menu()
    next(action for action in menu.actions() if action.objectName() == "de").trigger()
    pane = window.page.document.translation
    window.waits_for(lambda: pane.text.toPlainText() == "Der Fuchs.")
    window.waits_until_all_is_done()
    assert window.preferences.value.reading.target == "de"
    assert menu.actions()[0].objectName() == "de"  # the next time it is the first
    window.click(pane.copy)
    assert QGuiApplication.clipboard().text() == "Der Fuchs."
    window.click(pane.out)
    assert not pane.isVisibleTo(window.window)


def test_a_code_is_shown_and_copied(opened: Open) -> None:
    import cv2

    code = cv2.QRCodeEncoder.create().encode("https://example.org/x")
    pixels = np.pad(np.kron(code, np.ones((6, 6), np.uint8)), 40, constant_values=255)
    height, width = pixels.shape
    image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    window = opened()
    window.page.take_picture(image.copy(), "Part of the screen")
    window.waits_for(lambda: window.page.document.codes.lines)
    window.waits_until_all_is_done()
    (line,) = window.page.document.codes.lines
    assert line.code.text == "https://example.org/x"
    window.click(line.copy)
    assert QGuiApplication.clipboard().text() == "https://example.org/x"


def test_a_question_about_the_page(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    with qtbot.waitSignal(window.page.ask_requested) as asked:
        window.click(window.page.document.ask)
    (page,) = asked.args
    assert page.name == "report.pdf, page 2"
    assert page.text.startswith("The fox")
    assert page.make().width > 300


def test_the_pages_stand_in_a_row_with_their_states(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 3)]))
    window.waits_for(lambda: window.states == ["read"] * 3)
    window.waits_until_all_is_done()
    strip = window.page.document.strip
    model = strip.model()
    assert model.rowCount() == 3
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(1, 0), role) == "Page 2, read"
    paper = window.reader.looking.paper
    assert paper is not None
    window.waits_for(lambda: (paper.number, 0) in window.reader.glances._known)
    place = strip.visualRect(model.index(0, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert window.reader.looking.place == 0
    window.presses("Alt+Right")
    assert window.reader.looking.place == 1


def test_every_control_has_a_name(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    page = window.page
    nameless = [
        widget
        for widget in (*page.findChildren(QWidget), *page.target.findChildren(QWidget))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
    ]
    assert [(type(one).__name__, type(one.parent()).__name__) for one in nameless] == []


def test_looking_again_leaves_no_widget_behind(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    counts = []
    for _ in range(6):
        window.reader.start_new()
        window.opens_line(0)
        window.waits_until_all_is_done()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete
        counts.append(len(window.window.findChildren(QWidget)))
    assert counts[-1] == counts[1]
    assert len(window.reader.papers) == 1
