"""Chats are exported and imported with progress, and stopping leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.asking import picture
from data_makers.talks import Talk

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Chat
from phi_desk.storage.place import Storage
from phi_desk.ui.chat.packing import Packed, Packing


class Runner:
    """Does reporting work when it is told; `stop_at` cancels it after so many events."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.stop_at = stop_at
        self.token = CancelToken()

    def run(self, *_: object, **__: object) -> Runner:
        raise NotImplementedError

    def run_reporting(
        self,
        work: Callable[[Callable[[object], None], CancelToken], None],
        *,
        on_event: Callable[[object], None] | None = None,
        on_failed: Callable[[PhiDeskError], None] | None = None,
        on_finished: Callable[[], None] | None = None,
    ) -> Runner:
        heard = 0
        self.token = CancelToken()

        def say(event: object) -> None:
            nonlocal heard
            heard += 1
            if on_event is not None:
                on_event(event)
            if heard == self.stop_at:
                self.token.cancel()

        try:
            work(say, self.token)
        except Cancelled:
            pass
        except PhiDeskError as error:
            if on_failed is not None:
                on_failed(error)
        if on_finished is not None:
            on_finished()
        return self

    def cancel(self) -> None:
        self.token.cancel()


class Screen:
    """Writes down what it is told to show."""

    def __init__(self) -> None:
        self.steps: list[Packed] = []
        self.now = ""
        self.told: list[tuple[str, Path | None]] = []
        self.errors: list[PhiDeskError] = []

    def show_packing(self, sentence: str, packed: Packed | None) -> None:
        self.now = sentence
        if packed is not None:
            self.steps.append(packed)

    def tell_packed(self, sentence: str, folder: Path | None) -> None:
        self.told.append((sentence, folder))

    def tell(self, error: PhiDeskError) -> None:
        self.errors.append(error)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with Storage(tmp_path / "home") as storage:
        store = ChatStore(storage)
        for number in range(3):
            Talk(store, store.create().id).ask(picture(number), f"Question {number}?")
        yield store


@pytest.mark.parametrize(("name", "form"), [("all.zip", "markdown"), ("all.json", "json")])
def test_all_chats_are_exported(store: ChatStore, tmp_path: Path, name: str, form: str) -> None:
    screen = Screen()
    packing = Packing(screen, lambda: store, Runner(), lambda _: None)
    target = tmp_path / "out" / name
    packing.export(None, target, "json" if form == "json" else "markdown")
    assert screen.told == [(f"3 chats were exported to “{name}”.", target.parent)]
    assert target.is_file()
    assert screen.now == ""
    assert not packing.busy
    assert [step.done for step in screen.steps] == list(range(screen.steps[0].total))


def test_what_was_exported_is_imported(store: ChatStore, tmp_path: Path) -> None:
    screen, came = Screen(), list[Chat]()
    packing = Packing(screen, lambda: store, Runner(), came.extend)
    packing.export(store.list()[0], tmp_path / "one.zip", "json")
    packing.import_from(tmp_path / "one.zip")
    assert screen.errors == []
    assert [sentence for sentence, _ in screen.told][-1] == "1 chat was imported."
    assert [chat.title for chat in came] == ["Question 2?"]
    assert len(store.list()) == 4


@pytest.mark.parametrize("name", ["all.zip", "all.json", "folder"])
def test_an_export_that_is_stopped_leaves_nothing(
    store: ChatStore, tmp_path: Path, name: str
) -> None:
    screen, out = Screen(), tmp_path / "out"
    packing = Packing(screen, lambda: store, Runner(stop_at=2), lambda _: None)
    packing.export(None, out / name, "json")
    assert screen.told == []
    assert screen.errors == []
    assert [path for path in out.rglob("*") if path.is_file()] == []


def test_an_import_that_is_stopped_adds_nothing(store: ChatStore, tmp_path: Path) -> None:
    screen = Screen()
    Packing(screen, lambda: store, Runner(), lambda _: None).export(
        None, tmp_path / "all.zip", "json"
    )
    before = len(store.list())
    packing = Packing(screen, lambda: store, Runner(stop_at=2), lambda _: None)
    packing.import_from(tmp_path / "all.zip")
    assert len(store.list()) == before
    assert len(screen.told) == 1


def test_what_is_no_export_is_said(store: ChatStore, tmp_path: Path) -> None:
    screen = Screen()
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    Packing(screen, lambda: store, Runner(), lambda _: None).import_from(tmp_path / "x.json")
    assert len(screen.errors) == 1
