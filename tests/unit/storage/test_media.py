"""Attachments as files named by their content."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, InputError
from phi_desk.media.decode import read_sound
from phi_desk.media.images import picture_from_bytes
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.storage.encoding import to_flac, to_png
from phi_desk.storage.failures import StorageError
from phi_desk.storage.place import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(tmp_path / "home") as storage:
        yield storage


def refer(storage: Storage, data: bytes, suffix: str = ".png") -> tuple[str, int]:
    """Store a medium that a page names; its key and the page."""
    staged = storage.media.stage_bytes(data, suffix)
    with storage.database.write(durable=True) as connection:
        key = storage.media.adopt(connection, staged)
        (document,) = connection.execute(
            "INSERT INTO documents (name, folded, created) VALUES ('', '', 0) RETURNING id"
        ).fetchone()
        connection.execute(
            "INSERT INTO pages (document, number, form, text, folded, picture, created)"
            " VALUES (?, 1, 'text', '', '', ?, 0)",
            (document, key),
        )
    return key, document


def forget(storage: Storage, document: int) -> None:
    with storage.database.write(durable=True) as connection:
        connection.execute("DELETE FROM documents WHERE id = ?", (document,))


def refs(storage: Storage, key: str) -> int | None:
    with storage.database.read() as connection:
        row = connection.execute("SELECT refs FROM media WHERE sha256 = ?", (key,)).fetchone()
        return None if row is None else int(row["refs"])


def files(storage: Storage) -> list[str]:
    return sorted(p.name for p in storage.media.folder.rglob("*") if p.is_file())


def test_one_content_is_one_file_however_often_it_is_named(storage: Storage) -> None:
    key, first = refer(storage, b"picture")
    again, second = refer(storage, b"picture", ".PNG")
    assert key == again == hashlib.sha256(b"picture").hexdigest()
    assert files(storage) == [f"{key}.png"]
    assert refs(storage, key) == 2
    forget(storage, first)
    assert storage.media.sweep() == 0
    assert files(storage) == [f"{key}.png"]
    forget(storage, second)
    assert storage.media.sweep() == 1
    assert files(storage) == []
    assert refs(storage, key) is None


def test_a_changed_reference_counts_for_the_new_one(storage: Storage) -> None:
    old, document = refer(storage, b"old")
    new, _ = refer(storage, b"new")
    with storage.database.write(durable=False) as connection:
        connection.execute("UPDATE pages SET picture = ? WHERE document = ?", (new, document))
    assert (refs(storage, old), refs(storage, new)) == (0, 2)


def test_only_our_own_files_are_swept(storage: Storage) -> None:
    key, _ = refer(storage, b"kept")
    folder = storage.media.folder
    orphan = hashlib.sha256(b"orphan").hexdigest()
    (folder / orphan[:2]).mkdir(exist_ok=True)
    (folder / orphan[:2] / f"{orphan}.png").write_bytes(b"orphan")
    (folder / "zz").mkdir()
    strangers = [folder / "notes.txt", folder / "zz" / f"{orphan}.png", folder / key[:2] / "x.png"]
    for stranger in strangers:
        stranger.write_bytes(b"not ours")
    fresh = storage.media.stage_bytes(b"on its way", ".png")
    stale = storage.media.stage_bytes(b"of a dead program", ".png")
    long_ago = time.time() - 3 * 86_400
    os.utime(stale.part, (long_ago, long_ago))
    assert storage.media.sweep() == 2
    assert all(stranger.exists() for stranger in strangers)
    assert fresh.part.exists()
    assert not stale.part.exists()
    assert f"{key}.png" in files(storage)


def test_a_transaction_that_fails_leaves_no_row_and_an_orphan_at_most(storage: Storage) -> None:
    staged = storage.media.stage_bytes(b"x", ".png")

    def fail() -> None:
        with storage.database.write(durable=True) as connection:
            storage.media.adopt(connection, staged)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert refs(storage, staged.sha256) is None
    storage.media.discard(staged)
    storage.media.sweep()
    assert files(storage) == []


def test_a_file_that_was_damaged_by_somebody_is_replaced(storage: Storage) -> None:
    key, _ = refer(storage, b"whole picture")
    place = storage.media.folder / key[:2] / f"{key}.png"
    place.write_bytes(b"cut")
    refer(storage, b"whole picture")
    assert place.read_bytes() == b"whole picture"


def test_a_large_file_is_copied_in_pieces(storage: Storage, tmp_path: Path) -> None:
    source = tmp_path / "a.FLAC"
    data = os.urandom((1 << 20) * 2 + 17)
    source.write_bytes(data)
    staged = storage.media.stage_file(source)
    assert (staged.sha256, staged.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert staged.suffix == ".flac"
    assert staged.part.read_bytes() == data


@pytest.mark.parametrize("name", ["a", "a.", "a.tar-gz", "a.verylongsuffix", "a.png\n"])
def test_odd_endings_are_dropped(storage: Storage, name: str) -> None:
    assert storage.media.stage_bytes(b"x", Path(name).suffix).suffix == ""


def test_what_cannot_be_read_is_said(storage: Storage, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.png", tmp_path):
        with pytest.raises(InputError) as caught:
            storage.media.stage_file(path)
        assert caught.value.hint
    assert files(storage) == []


def test_a_copy_can_be_stopped(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        storage.media.stage_file(tmp_path / "a", cancel)
    assert files(storage) == []


def test_a_folder_that_cannot_be_made_is_said(storage: Storage) -> None:
    storage.media.folder.write_text("in the way")
    with pytest.raises(StorageError) as caught:
        storage.media.stage_bytes(b"x", ".png")
    assert caught.value.hint


def test_pixels_come_back_exactly() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    assert np.array_equal(picture_from_bytes(to_png(Picture(pixels))).pixels, pixels)


@pytest.mark.parametrize("rate", [16_000, 8_000])
def test_samples_come_back_to_24_bits(tmp_path: Path, rate: int) -> None:
    samples = (np.random.default_rng(1).standard_normal(rate) * 0.3).astype(np.float32)
    samples[:3] = (2.0, np.nan, -2.0)
    (tmp_path / "a.flac").write_bytes(to_flac(Sound(samples, rate)))
    back = read_sound(tmp_path / "a.flac")
    assert back.rate == rate
    expected = np.clip(np.nan_to_num(samples), -1, 1)
    assert np.abs(back.samples - expected).max() <= 2**-22
