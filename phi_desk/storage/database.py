"""The one database: one writer at a time, readers beside it; knows no table."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from phi_desk.storage.failures import StorageError, is_broken_index, reporting
from phi_desk.storage.opening import connect, open_whole
from phi_desk.storage.schema import INDEXES, MIGRATIONS, Migration, rebuild_indexes

logger = logging.getLogger(__name__)


class IndexMendedError(StorageError):
    """A search index was broken and is whole again: a second try succeeds."""

    def __init__(self) -> None:
        super().__init__("The search index was damaged and has been built anew.", "Try again.")


class Database:
    """Used from any thread; other programs may have it open, too.

    Attributes:
        path: the file.
        notice: a sentence for the person where a damaged file was set aside, else empty.
    """

    def __init__(self, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
        """Open the file, or make it.

        Raises:
            StorageError: it cannot be used; a damaged one is set aside instead.
        """
        self.path = path
        self.notice = ""
        with reporting(path):
            self._writer, aside = open_whole(path, migrations)
        if aside is not None:
            self.notice = (
                f"The stored chats, live sessions and pages were damaged and were set aside as "
                f"“{aside}”. Phi Desk starts with an empty history; nothing was deleted."
            )
        self._writing = threading.RLock()
        self._pool = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def write(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is stored at the end, or nothing when an error passes.

        What is `durable` survives a power cut from then on; the rest only the end of the program,
        whatever ends it, and it costs no wait for the disk.

        Raises:
            StorageError: the database cannot be written.
        """
        with self._writing, reporting(self.path), self._mending():
            self._check_open()
            if self._writer.in_transaction:
                raise RuntimeError("a transaction within a transaction")
            level = "FULL" if durable else "NORMAL"
            self._writer.execute(f"PRAGMA synchronous = {level}")
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                self._writer.rollback()
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One moment of the database, whatever is written meanwhile.

        Raises:
            StorageError: the database cannot be read.
        """
        with reporting(self.path), self._mending():
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.rollback()
                self._give_back(connection)

    def compact(self) -> None:
        """Give space back to the disk, and leave nothing of deleted rows in the files.

        Raises:
            StorageError: the database cannot be written, or another program reads it.
        """
        with self._writing, reporting(self.path):
            self._check_open()
            with self._pool:
                while self._idle:
                    self._idle.pop().close()
            for index in INDEXES:
                self._writer.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
            self._writer.execute("VACUUM")
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Write everything into the one file and let go of it; once is enough."""
        with self._writing, self._pool:
            if self._closed:
                return
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Build the search indexes anew when one turns out to be broken; all of it is in tables."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if not is_broken_index(error):
                raise
            logger.warning("a search index is broken and is built anew: %s", error)
            with self._writing:
                rebuild_indexes(self._writer)
            raise IndexMendedError from error

    def _reader(self) -> sqlite3.Connection:
        with self._pool:
            self._check_open()
            if self._idle:
                return self._idle.pop()
        return connect(self.path, reader=True)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._pool:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError("The stored chats are closed already.", "Start Phi Desk again.")
