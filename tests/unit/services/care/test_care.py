"""How much is kept, what a start tidies, and what is left when everything is deleted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_makers import tiny_checkpoint
from data_makers.asking import picture
from data_makers.sounds import write_wav
from data_makers.talks import Talk

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled
from phi_desk.services.care.erasing import Erasure, erase
from phi_desk.services.care.tidying import empty_bin, tidy
from phi_desk.services.care.use import measure
from phi_desk.services.catalog import Catalog
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.storage.place import Storage


def fill(storage: Storage) -> None:
    store = ChatStore(storage)
    Talk(store, store.create().id).ask("unmistakable secret", picture(1), answer="a reply")
    with SessionStore(storage).begin("Microphone"):
        pass
    pages = PageStore(storage)
    pages.add(pages.begin("paper.pdf").id, 1, "text", "unmistakable page")


def test_what_is_kept_is_counted_by_kind(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
        (tmp_path / "models" / "one").mkdir(parents=True)
        (tmp_path / "models" / "one" / "weights").write_bytes(b"x" * 5000)
        (tmp_path / "settings.json").write_bytes(b"{}" * 50)
        use = measure(tmp_path, storage, CancelToken())
        assert (use.chats.count, use.sessions.count, use.pages.count) == (1, 1, 1)
        assert use.chats.media == storage.size().media > 0
        assert use.models == 5000
        assert use.other == 100
        assert use.words == storage.size().database
        assert use.total >= use.models + use.words + use.chats.media
        assert use.free > 0
        assert use.binned == 0


def test_the_bin_is_counted_and_emptied(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
        store = ChatStore(storage)
        store.delete(store.list()[0].id)
        assert measure(tmp_path, storage, CancelToken()).binned == 1
        assert empty_bin(lambda: storage) == 1
        use = measure(tmp_path, storage, CancelToken())
        assert (use.binned, use.chats.count, use.chats.media) == (0, 0, 0)
        assert (use.sessions.count, use.pages.count) == (1, 1)


def test_counting_can_be_stopped(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with Storage(tmp_path) as storage, pytest.raises(Cancelled):
        measure(tmp_path, storage, cancel)


def test_a_start_takes_in_a_recording_that_was_cut_off(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        log = SessionStore(storage).begin("Microphone")
        place = storage.media.recording_place(log.id)
        place.parent.mkdir(exist_ok=True)
        write_wav(place, np.zeros(1600, np.float32), 16_000, "PCM_16")
        with storage.database.write(durable=True) as connection:
            connection.execute("UPDATE sessions SET writer = '1:0.0'")
    with Storage(tmp_path) as storage:
        assert tidy(storage, 30, CancelToken()) == (1, 0)
        (session,) = SessionStore(storage).list()
        assert session.recording is not None
        assert session.recording.is_file()
        assert not place.exists()


@pytest.mark.parametrize(("days", "left"), [(0, 0), (30, 1)])
def test_a_start_lets_go_of_what_was_deleted_long_ago(tmp_path: Path, days: int, left: int) -> None:
    with Storage(tmp_path) as storage:
        fill(storage)
        store = ChatStore(storage)
        store.delete(store.list()[0].id)
        tidy(storage, days, CancelToken())
        assert measure(tmp_path, storage, CancelToken()).binned == left


def logs(home: Path) -> Path:
    folder = home / "logs"
    folder.mkdir()
    for name in ("phi-desk.log", "phi-desk.log.1"):
        (folder / name).write_text("unmistakable", encoding="utf-8")
    return folder


def everything(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_everything_goes_and_the_storage_stays_usable(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tiny = tiny_checkpoint.make(tmp_path / "tiny")
    with Storage(home) as storage:
        fill(storage)
        logs(home)
        catalog = Catalog(home, embedded=tmp_path / "none")
        catalog.add(tiny)
        erased = erase(home, storage, catalog, Erasure(), CancelToken())
        assert erased.models == ()
        assert [entry.name for entry in catalog.list()] == ["tiny"]
        assert b"unmistakable" not in everything(home)
        assert (home / "logs" / "phi-desk.log").exists()
        fill(storage)
        assert len(ChatStore(storage).list()) == 1


def test_models_go_only_where_that_was_chosen_and_own_folders_keep_their_files(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    tiny = tiny_checkpoint.make(tmp_path / "tiny")
    with Storage(home) as storage:
        catalog = Catalog(home, embedded=tmp_path / "none")
        catalog.add(tiny)
        (home / "models" / "copied").mkdir(parents=True)
        erased = erase(home, storage, catalog, Erasure(models=True), CancelToken())
        assert erased.models == ("tiny",)
        assert erased.kept == ()
        assert (tiny / "config.json").exists()
        assert (home / "models" / "copied").is_dir()


def test_what_was_stopped_before_it_began_deletes_nothing(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with Storage(tmp_path) as storage:
        fill(storage)
        with pytest.raises(Cancelled):
            erase(tmp_path, storage, Catalog(tmp_path), Erasure(), cancel)
        assert len(ChatStore(storage).list()) == 1
