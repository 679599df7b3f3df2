"""Everything that is kept, opened together: the database and the media; knows no feature."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from phi_desk.storage.database import Database
from phi_desk.storage.media import MediaFolder
from phi_desk.storage.opening import COMPANIONS
from phi_desk.storage.writers import is_alive

DATABASE = "phi-desk.sqlite3"
MEDIA = "media"
KEPT_DELETED_S = 30 * 86_400.0  # how long what was deleted can still be brought back


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Bytes on the disk."""

    database: int
    media: int


class Storage:
    """The history under one home folder.

    Attributes:
        notice: a sentence for the person where a damaged file was set aside, else empty.
    """

    def __init__(self, home: Path) -> None:
        """Open it, or make it; answers and sessions whose program died are marked as cut off.

        Raises:
            StorageError: it cannot be used.
        """
        self.database = Database(home / DATABASE)
        self.media = MediaFolder(home / MEDIA, self.database)
        self.notice = self.database.notice
        try:
            self._mark_interrupted()
        except BaseException:
            self.database.close()
            raise

    def purge(self, older_than_s: float = KEPT_DELETED_S) -> int:
        """Let go for good of what was deleted so long ago; how many files went with it.

        Raises:
            StorageError: the database cannot be written.
        """
        before = time.time() - older_than_s
        with self.database.write(durable=False) as connection:
            for table in ("chats", "sessions", "documents"):
                connection.execute(f"DELETE FROM {table} WHERE deleted <= ?", (before,))
            _purge_messages(connection, before)
        return self.media.sweep()

    def erase(self) -> None:
        """Delete the whole history, set-aside files too, and leave no words of it in the file.

        Raises:
            StorageError: the database cannot be written, or is in use by another program.
        """
        with self.database.write(durable=True) as connection:
            for table in ("chats", "sessions", "documents"):
                connection.execute(f"DELETE FROM {table}")
        self.media.clear()
        self.database.compact()
        path = self.database.path
        for aside in path.parent.glob(f"{path.name}.damaged-*"):
            with suppress(OSError):
                aside.unlink()

    def size(self) -> Size:
        """What it takes on the disk."""
        path = self.database.path
        files = (path.with_name(path.name + end) for end in ("", *COMPANIONS))
        return Size(
            database=sum(file.stat().st_size for file in files if file.exists()),
            media=self.media.size(),
        )

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _mark_interrupted(self) -> None:
        for table, state in (("messages", "growing"), ("sessions", "running")):
            with self.database.read() as connection:
                rows = connection.execute(f"SELECT id, writer FROM {table} WHERE state = '{state}'")
                dead = [row["id"] for row in rows.fetchall() if not is_alive(row["writer"])]
            if dead:
                with self.database.write(durable=False) as connection:
                    connection.executemany(
                        f"UPDATE {table} SET state = 'interrupted'"
                        f" WHERE id = ? AND state = '{state}'",
                        [(number,) for number in dead],
                    )


def _purge_messages(connection: sqlite3.Connection, before: float) -> None:
    """Delete branches with all that answers to them."""
    connection.execute(
        """
        WITH RECURSIVE gone(id) AS (
          SELECT id FROM messages WHERE deleted <= ?
          UNION SELECT messages.id FROM messages JOIN gone ON messages.parent = gone.id)
        DELETE FROM messages WHERE id IN gone
        """,
        (before,),
    )
