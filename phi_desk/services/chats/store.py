"""The list of chats: made, named, pinned, deleted, found; knows no message's way to the model."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from phi_desk.errors import UsageError
from phi_desk.services.chats.rows import chat_of
from phi_desk.services.chats.titles import UNTITLED, shorten
from phi_desk.services.chats.tree import MessageTree
from phi_desk.services.chats.values import Chat, Hit
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage
from phi_desk.storage.search import Query
from phi_desk.storage.text import searchable, storable

LARGEST_ID = 2**63 - 1
LONGEST_TITLE = 200  # letters
MOST_HITS = 100

_FOUND = """
SELECT parts.*, media.suffix, media.bytes, messages.role, messages.created AS said,
  chats.id AS chat_id
FROM parts
JOIN messages ON messages.id = parts.message
JOIN chats ON chats.id = messages.chat
LEFT JOIN media ON media.sha256 = parts.media
WHERE {condition} AND messages.deleted IS NULL AND chats.deleted IS NULL
ORDER BY parts.id DESC LIMIT ?
"""


class ChatStore:
    """All chats of a storage; may be used from any thread.

    Attributes:
        messages: the messages of the chats, as trees.
    """

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self.storage = storage
        self.messages = MessageTree(storage, clock)
        self._clock = clock

    def create(self, title: str = "", system: str = "") -> Chat:
        """A new chat; without a title it gets one from its first question.

        Raises:
            StorageError: it cannot be stored.
        """
        with self.storage.database.write(durable=True) as connection:
            number = self.insert(connection, title=title, system=system)
            return chat_of(_row(connection, number))

    def insert(self, connection: sqlite3.Connection, *, title: str = "", system: str = "") -> int:
        """Write a new chat, within a transaction; its number."""
        now, named = self._clock(), storable(title).strip()
        shown = _checked_title(named) if named else UNTITLED
        (number,) = connection.execute(
            "INSERT INTO chats (title, folded, named, system, created, updated)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (shown, searchable(named), bool(named), storable(system), now, now),
        ).fetchone()
        return int(number)

    def get(self, number: int) -> Chat:
        """The chat of that number. Raises `NotFoundError`."""
        with self.storage.database.read() as connection:
            return chat_of(_row(connection, number))

    def list(self, *, limit: int = -1) -> tuple[Chat, ...]:
        """Pinned chats first, then the ones used last first.

        Raises:
            StorageError: it cannot be read.
        """
        with self.storage.database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM chats WHERE deleted IS NULL"
                " ORDER BY pinned DESC, updated DESC, id DESC LIMIT ?",
                (limit,),
            )
            return tuple(map(chat_of, rows))

    def rename(self, number: int, title: str) -> None:
        """Give a chat a name; an empty one is refused. Raises `NotFoundError`, `UsageError`."""
        title = _checked_title(storable(title).strip())
        self._set(number, "title = ?, folded = ?, named = 1", title, searchable(title))

    def pin(self, number: int, pinned: bool) -> None:
        """Keep a chat above the others, or no longer. Raises `NotFoundError`."""
        self._set(number, "pinned = ?", pinned)

    def instruct(self, number: int, system: str) -> None:
        """Say how the model shall behave in this chat, from the next question on."""
        self._set(number, "system = ?", storable(system))

    def delete(self, number: int) -> None:
        """Take a chat out of sight; `restore` brings it back until it is purged.

        Raises:
            NotFoundError: there is none of that number.
        """
        self._set(number, "deleted = ?", self._clock())

    def restore(self, number: int) -> Chat:
        """Undo a deletion. Raises `NotFoundError` when the chat is purged already."""
        with self.storage.database.write(durable=True) as connection:
            connection.execute("UPDATE chats SET deleted = NULL WHERE id = ?", (_known(number),))
            return chat_of(_row(connection, number))

    def deleted(self) -> tuple[Chat, ...]:
        """What `restore` can bring back, the last deleted first."""
        with self.storage.database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM chats WHERE deleted IS NOT NULL ORDER BY deleted DESC, id DESC"
            )
            return tuple(map(chat_of, rows))

    def search(self, words: str, *, limit: int = MOST_HITS) -> tuple[Hit, ...]:
        """Chats whose title has all the words, then messages that have, the newest first.

        Words between quotes are looked for as they stand. Nothing to look for finds nothing.

        Raises:
            StorageError: it cannot be read.
        """
        query = Query.of(words)
        if not query:
            return ()
        with self.storage.database.read() as connection:
            titles = _title_hits(connection, query, limit)
            return (*titles, *self._message_hits(connection, query, limit))[:limit]

    def _message_hits(
        self, connection: sqlite3.Connection, query: Query, limit: int
    ) -> tuple[Hit, ...]:
        condition, values = query.condition("parts")
        rows = connection.execute(_FOUND.format(condition=condition), (*values, limit)).fetchall()
        chats = {n: chat_of(_row(connection, n)) for n in {row["chat_id"] for row in rows}}
        return tuple(
            Hit(
                chat=chats[row["chat_id"]],
                message=row["message"],
                role=row["role"],
                created=row["said"],
                snippet=query.snippet(row["text"] or row["name"]),
            )
            for row in rows
        )

    def _set(self, number: int, change: str, *values: object) -> None:
        with self.storage.database.write(durable=True) as connection:
            _row(connection, number)
            connection.execute(f"UPDATE chats SET {change} WHERE id = ?", (*values, number))


def _title_hits(connection: sqlite3.Connection, query: Query, limit: int) -> tuple[Hit, ...]:
    condition, values = query.plain("folded")
    rows = connection.execute(
        f"SELECT * FROM chats WHERE {condition} AND deleted IS NULL"
        " ORDER BY updated DESC, id DESC LIMIT ?",
        (*values, limit),
    )
    chats = map(chat_of, rows)
    return tuple(
        Hit(
            chat=chat,
            message=None,
            role=None,
            created=chat.created,
            snippet=query.snippet(chat.title),
        )
        for chat in chats
    )


def _row(connection: sqlite3.Connection, number: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM chats WHERE id = ? AND deleted IS NULL", (_known(number),)
    ).fetchone()
    if row is None:
        raise NotFoundError(
            f"There is no chat {number}.", "`phi-desk chats list` shows which there are."
        )
    return row


def _known(number: int) -> int:
    return number if 0 < number <= LARGEST_ID else 0


def _checked_title(title: str) -> str:
    if not title:
        raise UsageError("A chat needs a name.", "Give it at least one letter.")
    return shorten(title, LONGEST_TITLE)
