"""Pages one after the other: drawn, read, kept; stopped, failed, gone on with."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_makers.read_page import Line, Screen, a_pdf

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import StreamEvent
from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.engine.messages import ChatRequest, Image
from phi_desk.errors import ContextError, ModelNotFoundError
from phi_desk.media.picture import Picture
from phi_desk.services.history.pages.store import PageStore
from phi_desk.settings.schema import Reading
from phi_desk.storage.place import Storage
from phi_desk.ui.ocr.presenter import ReadPresenter
from phi_desk.ui.running import Priority


class Counting(FakeEngine):
    """Says which page it sees; keeps no picture, but knows how many are alive."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Rule(lambda _: True, lambda _: f"words of page {self.pages}"), **more)
        self.pages = 0
        self.pixels: list[weakref.ref[Any]] = []
        self.most_alive = 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        (image,) = [part for part in request.messages[-1].parts if isinstance(part, Image)]
        assert isinstance(image.source, Picture)
        self.pages += 1
        self.pixels.append(weakref.ref(image.source.pixels))
        self.most_alive = max(self.most_alive, sum(one() is not None for one in self.pixels))
        yield from super().stream(request, cancel)
        self.requests.clear()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    with Storage(tmp_path / "home") as storage:
        yield PageStore(storage)


class Desk:
    """A presenter with its lanes and its view."""

    def __init__(
        self, store: PageStore, engine: FakeEngine, *, hold: bool = False, **options: Any
    ) -> None:
        self.view = Screen()
        self.options = Reading(**{"dpi": 50, **options})
        self.disk, self.drawing = Line(), Line(hold=hold)
        self.model = Line(engine, hold=hold)
        self.reader = ReadPresenter(
            self.view, lambda: store, self.model, (self.disk, self.drawing), lambda: self.options
        )

    def go_on(self) -> None:
        """Whatever waits on any lane."""
        while self.drawing.waiting or self.model.waiting:
            self.drawing.go_on()
            self.model.go_on()

    def read_some(self, words: int) -> None:
        """Until the model has said so many words of the first page."""
        self.drawing.go_on()
        while len(self.view.live.split()) < words:
            self.model.step()


def test_pages_are_read_shown_kept_and_copied(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting())
    desk.reader.add_files([a_pdf(tmp_path, 3)])
    assert desk.view.states == ["read", "read", "read"]
    (document,) = store.list()
    assert (document.name, document.total, document.kept) == ("report.pdf", 3, 3)
    assert [page.text for page in store.pages(document.id)] == [
        "words of page 1",
        "words of page 2",
        "words of page 3",
    ]
    assert all(page.picture is not None for page in store.pages(document.id))
    whole = "words of page 1\n\nwords of page 2\n\nwords of page 3"
    assert desk.view.copied == [(whole, "text")]
    assert desk.view.said == [("report.pdf", "copied")]
    assert desk.view.sheet is not None
    assert desk.view.sheet.number == 3  # it followed the reading
    assert not desk.view.queue.busy


def test_pages_are_batch_work_one_a_job(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting())
    desk.reader.add_files([a_pdf(tmp_path, 4)])
    assert desk.model.priorities == [Priority.BATCH] * 4


def test_only_the_pages_that_were_asked_for(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting())
    desk.reader.add_files([a_pdf(tmp_path, 9)], "2-3, 9")
    assert desk.view.paper is not None
    assert [number for number, _ in desk.view.paper.pages] == [2, 3, 9]
    assert desk.view.paper.total == 9
    desk.reader.add_files([tmp_path / "report.pdf"], "12")
    assert "page 12" in desk.view.errors[-1].sentence
    assert len(desk.reader.papers) == 1


def test_nothing_is_kept_or_copied_where_the_settings_say_so(
    store: PageStore, tmp_path: Path
) -> None:
    desk = Desk(store, Counting(), keep_pages=False, copy=False)
    desk.reader.add_files([a_pdf(tmp_path, 1)])
    assert store.list() == ()
    assert desk.view.copied == []
    assert desk.view.said == [("report.pdf", "read")]
    desk = Desk(store, Counting(), keep_pictures=False, copy=False)
    desk.reader.add_files([a_pdf(tmp_path, 1)], copies=True)  # as the small window does
    (document,) = store.list()
    assert store.pages(document.id)[0].picture is None
    assert desk.view.copied == [("words of page 1", "text")]


def test_stopped_in_the_middle_the_finished_pages_stay(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting(), hold=True)
    desk.reader.add_files([a_pdf(tmp_path, 5)])
    desk.drawing.go_on()
    desk.model.go_on()
    desk.drawing.go_on()  # page 1 is kept, page 2 drawn
    desk.model.step()
    assert desk.view.states == ["read", "reading", "waiting", "waiting", "waiting"]
    desk.reader.stop()
    assert desk.view.states[2:] == ["stopped"] * 3  # at once
    desk.go_on()
    assert desk.view.states[:2] == ["read", "stopped"]
    assert not desk.view.queue.busy
    assert desk.view.said == [("report.pdf", "stopped")]
    assert desk.view.copied == []
    (document,) = store.list()
    assert [page.text for page in store.pages(document.id)] == ["words of page 1"]
    desk.reader.resume()
    desk.go_on()
    assert desk.view.states == ["read"] * 5
    assert store.get(document.id).kept == 5


def test_what_the_model_had_said_of_a_stopped_page_stays(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting(), hold=True)
    desk.reader.add_files([a_pdf(tmp_path, 1)])
    desk.read_some(2)
    desk.reader.stop()
    desk.go_on()
    assert desk.view.sheet is not None
    assert desk.view.sheet.text == "words of"
    assert desk.view.sheet.state == "stopped"
    assert "stopped" in desk.view.sheet.note
    (document,) = store.list()
    assert store.pages(document.id)[0].reason == "cancelled"


def test_a_page_that_is_still_drawn_is_stopped(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting(), hold=True)
    desk.reader.add_files([a_pdf(tmp_path, 2)])
    desk.drawing.step()  # the document is found: its first page waits to be drawn
    assert desk.view.states == ["reading", "waiting"]
    desk.reader.stop()
    desk.go_on()
    assert desk.view.states == ["stopped", "stopped"]
    assert store.list() == ()


def test_a_failed_page_says_why_and_the_others_are_read(store: PageStore, tmp_path: Path) -> None:
    engine = Counting()
    failing = iter([False, True, False, False])

    def fails(_request: ChatRequest) -> bool:
        return next(failing)

    engine._rules = (Rule(fails, ContextError("Too long.", "Fewer dots.")), *engine._rules)
    desk = Desk(store, engine)
    desk.reader.add_files([a_pdf(tmp_path, 3)])
    assert desk.view.states == ["read", "failed", "read"]
    desk.reader.show(1)
    assert desk.view.sheet is not None
    assert (desk.view.sheet.note, desk.view.sheet.hint) == ("Too long.", "Fewer dots.")
    assert desk.view.errors == []  # it stands at the page
    (document,) = store.list()
    assert store.get(document.id).kept == 2
    desk.reader.read_again("text")
    assert desk.view.states == ["read"] * 3
    assert store.get(document.id).kept == 3


def test_a_file_that_is_gone_fails_as_a_page(store: PageStore, tmp_path: Path) -> None:
    desk = Desk(store, Counting(), hold=True)
    path = a_pdf(tmp_path, 2)
    desk.reader.add_files([path])
    desk.drawing.step()
    path.unlink()
    desk.go_on()
    assert desk.view.states == ["failed", "failed"]
    assert desk.view.sheet is not None
    assert "There is no file" in desk.view.sheet.note
    assert desk.view.said == [("report.pdf", "failed")]


def test_without_a_model_nothing_is_lost_and_it_goes_on(store: PageStore, tmp_path: Path) -> None:
    engine = Counting()
    missing = [True]
    error = ModelNotFoundError("No model.", "Get one.")
    engine._rules = (Rule(lambda _: missing[0], error), *engine._rules)
    desk = Desk(store, engine)
    desk.reader.add_files([a_pdf(tmp_path, 3)])
    assert desk.view.errors == [error]  # once, not for every page
    assert desk.view.states == ["waiting"] * 3
    assert desk.view.queue.halted
    missing[0] = False
    desk.reader.go_on()
    assert desk.view.states == ["read"] * 3


def test_stopping_what_is_halted_ends_it(store: PageStore, tmp_path: Path) -> None:
    engine = Counting()
    engine._rules = (Rule(lambda _: True, ModelNotFoundError("No model.")),)
    desk = Desk(store, engine)
    desk.reader.add_files([a_pdf(tmp_path, 2)])
    desk.reader.stop()
    assert desk.view.states == ["stopped", "stopped"]
    assert not desk.view.queue.busy
    assert not desk.view.queue.halted


def test_one_page_goes_before_the_sixty_of_another_document(
    store: PageStore, tmp_path: Path
) -> None:
    desk = Desk(store, Counting(), hold=True)
    desk.reader.add_files([a_pdf(tmp_path, 6, "long.pdf")])
    desk.drawing.step()
    desk.reader.add_files([a_pdf(tmp_path, 1, "short.pdf")], copies=True)
    while not desk.view.copied:
        for lane in (desk.drawing, desk.model):
            if lane.waiting:
                lane.step()
    assert desk.view.said == [("short.pdf", "copied")]
    (long,) = desk.reader.papers.values()  # the short one is in the history, and let go
    assert long.done <= 2
    assert desk.view.paper is not None
    assert desk.view.paper.name == "long.pdf"  # nobody is taken away from what they read
    desk.go_on()
    assert long.done == 6


def test_sixty_pages_never_hold_more_than_the_pixels_of_one(
    store: PageStore, tmp_path: Path
) -> None:
    engine = Counting()
    desk = Desk(store, engine, keep_pictures=False)
    desk.reader.add_files([a_pdf(tmp_path, 60)])
    assert engine.pages == 60
    assert engine.most_alive == 1
    assert store.get(store.list()[0].id).kept == 60


def test_a_blank_page_is_not_shown_to_the_model(store: PageStore, tmp_path: Path) -> None:
    engine = Counting()
    desk = Desk(store, engine)
    desk.reader.add_picture(lambda: Picture(np.full((90, 120, 3), 255, np.uint8)), "Pasted")
    assert engine.pages == 0
    assert desk.view.states == ["blank"]
    assert desk.view.said == [("Pasted", "blank")]
    assert desk.view.copied == []
    assert desk.view.sheet is not None
    assert desk.view.sheet.note == "There is nothing on this page."
