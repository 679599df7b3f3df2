"""The history as a whole: its size, its purge, and nothing left of it when it is erased."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from data_makers.asking import picture
from data_makers.talks import Talk

from phi_desk.services.chats.store import ChatStore
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.storage import writers
from phi_desk.storage.failures import StorageError
from phi_desk.storage.place import Storage
from phi_desk.storage.writers import is_alive, this_writer


def fill(storage: Storage) -> None:
    store = ChatStore(storage)
    Talk(store, store.create().id).ask("unmistakable secret", picture(1), answer="whispered reply")
    with SessionStore(storage).begin("Microphone unmistakable"):
        pass
    pages = PageStore(storage)
    pages.add(pages.begin("unmistakable.pdf").id, 1, "text", "unmistakable page")


def everything(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_nothing_is_left_of_what_was_erased(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
        assert storage.size().media > 0
        assert storage.size().database > 0
        aside = tmp_path / "phi-desk.sqlite3.damaged-1"
        aside.write_bytes(b"unmistakable")
        storage.media.recording_place(7).write_bytes(b"unmistakable")
        storage.media.stage_bytes(b"unmistakable", ".png")
        assert b"unmistakable" in everything(tmp_path)
        storage.erase()
        assert ChatStore(storage).list() == ()
        assert ChatStore(storage).search("unmistakable") == ()
        assert storage.size().media == 0
        assert not aside.exists()
        for word in (b"unmistakable", b"whispered", b"unm", b"isp"):
            assert word not in everything(tmp_path)
        fill(storage)
        assert len(ChatStore(storage).search("unmistakable")) == 2


def test_what_was_purged_leaves_the_file(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
        store = ChatStore(storage)
        store.delete(store.list()[0].id)
        storage.purge(older_than_s=0)
        storage.database.compact()
        assert b"whispered" not in everything(tmp_path)


def test_all_of_it_is_searched_after_it_was_opened_again(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
    with Storage(tmp_path) as storage:
        assert len(ChatStore(storage).search("secret")) == 2  # and the title
        assert len(PageStore(storage).search("unmistakable")) == 2
        assert len(SessionStore(storage).search("microphone")) == 1


def test_a_program_knows_itself_and_its_number_alone_is_not_enough() -> None:
    mark = this_writer()
    assert is_alive(mark)
    number, _, started = mark.partition(":")
    assert int(number) == os.getpid()
    assert not is_alive(f"{number}:{float(started) - 100:.2f}")


@pytest.mark.parametrize("mark", ["", "x", "1", "999999999:1.0", "-1:0", "1:x", f"{2**70}:1"])
def test_marks_that_nobody_has(mark: str) -> None:
    assert not is_alive(mark)


def test_a_system_that_does_not_tell_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = this_writer()

    def refuse(*_: object) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "Process", refuse)
    assert not is_alive(mark)
    assert writers.this_writer() == mark


def test_a_storage_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "phi-desk.sqlite3").mkdir()
    with pytest.raises(StorageError) as caught:
        Storage(tmp_path)
    assert caught.value.hint
