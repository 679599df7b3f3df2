"""The messages of a chat as a tree, and the path through it that is shown; knows no model.

Another version of a question or an answer is a sibling of the first. One of the siblings is chosen,
at every fork by itself, so that going back to a branch shows it as it was left.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from phi_desk.services.chats.rows import PARTS, Row, about_json, about_of, insert_parts, part_of
from phi_desk.services.chats.values import About, Speaker, State, StoredMessage, StoredPart
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage
from phi_desk.storage.writers import is_alive, this_writer

_PATH = """
WITH RECURSIVE path(id, depth) AS (
  SELECT id, 0 FROM messages WHERE chat = :chat AND ifnull(parent, 0) = 0 AND chosen
  UNION ALL
  SELECT below.id, depth + 1 FROM path
  JOIN messages AS below ON below.parent = path.id AND below.chosen)
SELECT messages.* FROM path JOIN messages ON messages.id = path.id ORDER BY depth
"""
_LINEAGE = """
WITH RECURSIVE line(id, parent, depth) AS (
  SELECT id, parent, 0 FROM messages WHERE id = ?
  UNION ALL
  SELECT above.id, above.parent, depth + 1 FROM line
  JOIN messages AS above ON above.id = line.parent)
SELECT messages.* FROM line JOIN messages ON messages.id = line.id ORDER BY depth DESC
"""
_BRANCH = """
WITH RECURSIVE branch(id) AS (
  SELECT ? UNION SELECT below.id FROM branch JOIN messages AS below ON below.parent = branch.id)
"""


class MessageTree:
    """The messages of all chats; may be used from any thread."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self._database = storage.database
        self._media = storage.media
        self._clock = clock

    def path(self, chat: int) -> tuple[StoredMessage, ...]:
        """The chosen messages from the first to the last; none for a chat that is not there."""
        with self._database.read() as connection:
            rows = connection.execute(_PATH, {"chat": chat}).fetchall()
            return self._values(connection, chat, rows)

    def all(self, chat: int) -> tuple[StoredMessage, ...]:
        """Every message on every branch, parents before those that answer to them."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM messages WHERE chat = ? AND deleted IS NULL ORDER BY id", (chat,)
            ).fetchall()
            return self._values(connection, chat, rows)

    def chosen(self, chat: int) -> frozenset[int]:
        """The ids of the chosen one of every group of siblings, on the path or not."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT id FROM messages WHERE chat = ? AND chosen", (chat,))
            return frozenset(row["id"] for row in rows)

    def get(self, message: int) -> StoredMessage:
        """One message. Raises `NotFoundError`."""
        with self._database.read() as connection:
            row = _row(connection, message)
            return self._values(connection, row["chat"], [row])[0]

    def lineage(self, message: int) -> tuple[StoredMessage, ...]:
        """The messages from the first of the chat to this one, whatever is chosen.

        Raises:
            NotFoundError: it is not there.
        """
        with self._database.read() as connection:
            chat = _row(connection, message)["chat"]
            rows = connection.execute(_LINEAGE, (message,)).fetchall()
            return self._values(connection, chat, rows)

    def choose(self, message: int) -> None:
        """Show the branch with this message: it and all before it become the chosen ones.

        Raises:
            NotFoundError: it is not there.
        """
        with self._database.write(durable=False) as connection:
            row: sqlite3.Row | None = _row(connection, message)
            while row is not None:
                if not row["chosen"]:
                    _choose(connection, row)
                row = _row(connection, row["parent"]) if row["parent"] is not None else None

    def delete(self, message: int) -> None:
        """Take a message and all that answers to it out of sight; a sibling takes its place.

        Raises:
            NotFoundError: it is not there.
        """
        with self._database.write(durable=True) as connection:
            row = _row(connection, message)
            connection.execute(
                f"{_BRANCH} UPDATE messages SET deleted = ? WHERE id IN branch AND deleted IS NULL",
                (message, self._clock()),
            )
            connection.execute("UPDATE messages SET chosen = 0 WHERE id = ?", (message,))
            heir = connection.execute(
                "SELECT * FROM messages WHERE chat = ? AND parent IS ? AND deleted IS NULL"
                " ORDER BY id < ? DESC, abs(id - ?) LIMIT 1",
                (row["chat"], row["parent"], message, message),
            ).fetchone()
            if row["chosen"] and heir is not None:
                _choose(connection, heir)

    def restore(self, message: int) -> None:
        """Undo a deletion, and show the message. Raises `NotFoundError` when it is purged."""
        with self._database.write(durable=True) as connection:
            row = connection.execute("SELECT * FROM messages WHERE id = ?", (message,)).fetchone()
            if row is None:
                raise _gone()
            connection.execute(
                f"{_BRANCH} UPDATE messages SET deleted = NULL WHERE id IN branch AND deleted = ?",
                (message, row["deleted"]),
            )
            _choose(connection, row)

    def reopen(self, message: int) -> None:
        """Let a message grow again: until it is closed it belongs to this program."""
        with self._database.write(durable=True) as connection:
            _row(connection, message)
            connection.execute(
                "UPDATE messages SET state = 'growing', writer = ? WHERE id = ?",
                (this_writer(), message),
            )

    def insert(
        self,
        connection: sqlite3.Connection,
        *,
        chat: int,
        parent: int | None,
        role: Speaker,
        rows: Iterable[Row] = (),
        state: State = "whole",
        about: About | None = None,
        created: float | None = None,
    ) -> int:
        """Write a message below `parent` and choose it, within a transaction; its id."""
        now = self._clock()
        _unchoose(connection, chat, parent)
        (message,) = connection.execute(
            "INSERT INTO messages (chat, parent, role, state, chosen, writer, about, created)"
            " VALUES (?, ?, ?, ?, 1, ?, ?, ?) RETURNING id",
            (
                chat,
                parent,
                role,
                state,
                this_writer() if state == "growing" else "",
                about_json(about or About()),
                now if created is None else created,
            ),
        ).fetchone()
        insert_parts(connection, self._media, message, rows)
        connection.execute("UPDATE chats SET updated = ? WHERE id = ?", (now, chat))
        return int(message)

    def choose_among_siblings(self, connection: sqlite3.Connection, message: int) -> None:
        """Choose one message at its fork, within a transaction. Raises `NotFoundError`."""
        _choose(connection, _row(connection, message))

    def _values(
        self, connection: sqlite3.Connection, chat: int, rows: Sequence[sqlite3.Row]
    ) -> tuple[StoredMessage, ...]:
        parts = self._parts(connection, [row["id"] for row in rows])
        siblings = _siblings(connection, chat)
        return tuple(
            StoredMessage(
                id=row["id"],
                chat=row["chat"],
                parent=row["parent"],
                role=row["role"],
                parts=tuple(parts[row["id"]]),
                state=_state(row),
                created=row["created"],
                about=about_of(row["about"]),
                siblings=tuple(siblings[row["parent"]]),
            )
            for row in rows
        )

    def _parts(
        self, connection: sqlite3.Connection, messages: Sequence[int]
    ) -> dict[int, list[StoredPart]]:
        found: dict[int, list[StoredPart]] = defaultdict(list)
        rows = connection.execute(
            f"{PARTS} WHERE parts.message IN (SELECT value FROM json_each(?))"
            " ORDER BY parts.message, parts.position",
            (json.dumps(messages),),
        )
        for row in rows:
            found[row["message"]].append(part_of(row, self._media))
        return found


def _siblings(connection: sqlite3.Connection, chat: int) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    for row in connection.execute(
        "SELECT id, parent FROM messages WHERE chat = ? AND deleted IS NULL ORDER BY id", (chat,)
    ):
        found[row["parent"]].append(row["id"])
    return found


def _row(connection: sqlite3.Connection, message: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM messages WHERE id = ? AND deleted IS NULL", (message,)
    ).fetchone()
    if row is None:
        raise _gone()
    return row


def _gone() -> NotFoundError:
    return NotFoundError("This message is not there any more.", "It was deleted: open the chat.")


def _choose(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    _unchoose(connection, row["chat"], row["parent"])
    connection.execute("UPDATE messages SET chosen = 1 WHERE id = ?", (row["id"],))


def _unchoose(connection: sqlite3.Connection, chat: int, parent: int | None) -> None:
    connection.execute(
        "UPDATE messages SET chosen = 0 WHERE chat = ? AND ifnull(parent, 0) = ? AND chosen",
        (chat, parent or 0),
    )


def _state(row: sqlite3.Row) -> State:
    """As stored; an answer whose program died since this one started is interrupted."""
    state: State = row["state"]
    if state == "growing" and not is_alive(row["writer"]):
        return "interrupted"
    return state
