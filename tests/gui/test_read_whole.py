"""The page Read within the whole window: a real engine, joined pages, memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from data_makers import tiny_checkpoint
from data_makers.person import Person
from data_makers.read_page import a_pdf
from data_makers.read_window import ReadWindow, drop, mime_of
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import StreamEvent
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest
from phi_desk.ui.ocr import reading_queue
from phi_desk.ui.ocr.values import PageAsked

Enter = Callable[..., Person]
MEGABYTE = 1 << 20


class Forgetful(FakeEngine):
    """Keeps no request: the pictures in them would be all the memory there is."""

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        yield from super().stream(request, cancel)
        self.requests.clear()


def settles(person: Person) -> None:
    desktop = person.desktop
    lanes = (desktop.model, desktop.disk, desktop.drawing)
    person.waits_for(lambda: all(lane.idle for lane in lanes))
    person.qtbot.wait(50)


def test_a_real_model_reads_a_page_and_it_is_asked_about(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from phi_desk.engine.messages import Options
    from phi_desk.services.ocr.recognition import OcrJob

    few = Options(max_tokens=12)
    monkeypatch.setattr(reading_queue, "OcrJob", lambda form: OcrJob(form=form, options=few))
    folder = tiny_checkpoint.make(tmp_path / "tiny")

    def opened() -> Engine:
        return LocalEngine.open(folder, device="cpu")

    person = Person(qtbot, tmp_path / "home", opened)
    desktop = person.desktop
    desktop.preferences.change("reading", dpi=50)
    desktop.window.open_page("Read")
    drop(desktop.read, mime_of([a_pdf(tmp_path, 2)]))
    qtbot.waitUntil(lambda: desktop.read.reader.queue.waiting > 0, timeout=30_000)
    qtbot.waitUntil(lambda: desktop.read.reader.queue.waiting == 0, timeout=120_000)
    settles(person)
    paper = desktop.read.reader.looking.paper
    assert paper is not None
    assert [sheet.state for sheet in paper.sheets] == ["read", "read"]
    texts = [sheet.texts["text"] for sheet in paper.sheets]
    assert {text.reason for text in texts} <= {"length", "stop", "repetition"}
    (document,) = desktop.history.pages().list()
    assert [page.text for page in desktop.history.pages().pages(document.id)] == [
        text.text for text in texts
    ]
    person.click(desktop.read.document.ask)
    assert desktop.window.page == "Ask"
    person.waits_for(lambda: "report.pdf, page 2" in str(names(person)))
    person.leaves()


def test_a_page_without_its_picture_is_asked_about_in_words(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    asked = PageAsked(name="old.pdf", text="What it says.", make=None)
    person.desktop.read.ask_requested.emit(asked)
    assert person.desktop.window.page == "Ask"
    person.waits_for(lambda: "old.pdf" in str(names(person)))


def names(person: Person) -> list[str]:
    return [chip.name for chip in person.ask.composer.chips._chips.values()]


def test_files_given_at_the_start_are_read_where_they_are_documents(
    enter: Enter, tmp_path: Path
) -> None:
    person = enter(FakeEngine(otherwise="Read."))
    person.desktop.preferences.change("reading", dpi=50)
    person.desktop.take_files([a_pdf(tmp_path, 1)])
    assert person.desktop.window.page == "Read"
    person.waits_for(lambda: QGuiApplication.clipboard().text() == "Read.")
    settles(person)


def test_a_question_does_not_wait_for_sixty_pages(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine(otherwise="word " * 20, seconds_a_token=0.005))
    person.desktop.preferences.change("reading", dpi=50)
    reader = person.desktop.read.reader
    person.desktop.take_files([a_pdf(tmp_path, 60)])
    person.waits_for(lambda: 0 < reader.queue.waiting < 60)
    person.desktop.window.open_page("Ask")
    person.asks("Quick?")
    person.qtbot.waitUntil(lambda: not person.ask.talk.busy, timeout=30_000)
    assert reader.queue.waiting > 0
    reader.stop()
    settles(person)
    paper = reader.looking.paper
    assert paper is not None
    done = sum(sheet.state == "read" for sheet in paper.sheets)
    (document,) = person.desktop.history.pages().list()
    assert document.kept >= done > 0


def test_the_tray_shows_the_small_window(enter: Enter) -> None:
    person = enter(FakeEngine())
    tray, read = person.desktop.tray, person.desktop.read
    switch = next(a for a in tray.menu.actions() if a.text() == "Show the Drop Target")
    person.waits_for(lambda: not read.target.isVisible())
    switch.trigger()
    assert read.target.isVisible()
    read.target.open_requested.emit()
    assert person.desktop.window.page == "Read"
    read.target.close()
    assert not switch.isChecked()


def test_sixty_pages_need_no_more_memory_than_ten(qtbot: QtBot, tmp_path: Path) -> None:
    window = ReadWindow(qtbot, tmp_path / "home", Forgetful(otherwise="words of a page"))
    window.preferences.change("reading", dpi=200, keep_pictures=False)
    process = psutil.Process()
    used: dict[int, int] = {}

    def look() -> bool:
        paper = window.reader.looking.paper
        done = paper.done if paper is not None else 0
        if done and done not in used:
            gc.collect()
            used[done] = process.memory_info().rss
        return paper is not None and done == 60

    drop(window.page, mime_of([a_pdf(tmp_path, 60)]))
    qtbot.waitUntil(look, timeout=240_000)
    window.waits_until_all_is_done()
    early = max(size for done, size in used.items() if done <= 15)
    assert used[60] - early < 80 * MEGABYTE  # all pages at 200 dpi are 60 times 11 megabytes
    window.leaves()
