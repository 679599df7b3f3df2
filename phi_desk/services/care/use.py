"""How much is kept, and where; knows no window and deletes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.storage.place import Storage

# Things a person counts: (in the table, what of them is in the bin, the bytes of their media).
# A picture that two chats show lies on the disk once, so each kind counts a content once.
_COUNTED = """
SELECT (SELECT count(*) FROM {table} WHERE deleted IS NULL),
       (SELECT count(*) FROM {table} WHERE deleted IS NOT NULL),
       (SELECT ifnull(sum(bytes), 0) FROM media WHERE sha256 IN (SELECT {column} FROM {media}))
"""
_KINDS = {
    "chats": ("chats", "media", "parts"),
    "sessions": ("sessions", "recording", "sessions"),
    "pages": ("documents", "picture", "pages"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind of thing: how many, how many of them in the bin, and the bytes of their media."""

    count: int
    binned: int
    media: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What lies under the home folder, in bytes and numbers.

    Attributes:
        words: the database with everything that was written and said.
        models: the folder of downloaded models, unfinished downloads too.
        other: settings, logs and what else is there.
        free: what the disk has left.
    """

    home: Path
    chats: Kept
    sessions: Kept
    pages: Kept
    words: int
    models: int
    other: int
    free: int

    @property
    def binned(self) -> int:
        """How many deleted things can still be brought back."""
        return self.chats.binned + self.sessions.binned + self.pages.binned

    @property
    def total(self) -> int:
        """All of it."""
        media = self.chats.media + self.sessions.media + self.pages.media
        return media + self.words + self.models + self.other


def measure(home: Path, storage: Storage, cancel: CancelToken) -> Use:
    """Count it. Every file is looked at, none is read.

    Raises:
        StorageError: the database cannot be read.
        Cancelled: by `cancel`.
    """
    with storage.database.read() as connection:
        kinds = {name: _kept(connection, *where) for name, where in _KINDS.items()}
    words = storage.size().database
    skipped = (storage.media.folder, home / "models")
    rest = sum(_sizes(home, cancel, skipped=skipped))
    return Use(
        home=home,
        words=words,
        models=sum(_sizes(home / "models", cancel)),
        other=max(0, rest - words),
        free=shutil.disk_usage(home).free,
        **kinds,
    )


def _kept(connection: sqlite3.Connection, table: str, column: str, media: str) -> Kept:
    query = _COUNTED.format(table=table, column=column, media=media)
    count, binned, size = connection.execute(query).fetchone()
    return Kept(count=count, binned=binned, media=size)


def _sizes(folder: Path, cancel: CancelToken, skipped: tuple[Path, ...] = ()) -> Iterator[int]:
    """The bytes of every file below; links are not followed."""
    for place, folders, names in os.walk(folder):
        cancel.raise_if_cancelled()
        folders[:] = [name for name in folders if Path(place, name) not in skipped]
        for name in names:
            try:
                yield Path(place, name).lstat().st_size
            except OSError:
                continue  # it went away meanwhile
