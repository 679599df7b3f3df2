"""The kept live sessions: begun, listed, named, deleted, found; knows no engine and no device."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from phi_desk.errors import UsageError
from phi_desk.services.history.sessions.log import SessionLog
from phi_desk.services.history.sessions.values import Entry, Missed, Session, SessionHit, Spoken
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage
from phi_desk.storage.search import Query
from phi_desk.storage.text import storable
from phi_desk.storage.writers import this_writer

MOST_HITS = 100
_SESSIONS = """
SELECT sessions.*, media.suffix, media.bytes FROM sessions
LEFT JOIN media ON media.sha256 = sessions.recording
"""
_FOUND = """
SELECT segments.session, segments.start_s, segments.text, segments.translation FROM segments
JOIN sessions ON sessions.id = segments.session
WHERE {condition} AND sessions.deleted IS NULL ORDER BY segments.id DESC LIMIT ?
"""


class SessionStore:
    """All kept sessions of a storage; may be used from any thread."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self.storage = storage
        self._clock = clock

    def begin(self, source: str, *, language: str = "", target: str = "") -> SessionLog:
        """A new session that is written down as it goes; `source` is what is listened to.

        Raises:
            StorageError: it cannot be stored.
        """
        source = " ".join(storable(source).split())
        with self.storage.database.write(durable=True) as connection:
            (number,) = connection.execute(
                "INSERT INTO sessions (title, source, language, target, state, writer, started)"
                " VALUES (?, ?, ?, ?, 'running', ?, ?) RETURNING id",
                (source, source, language, target, this_writer(), self._clock()),
            ).fetchone()
        return SessionLog(self.storage, int(number))

    def get(self, number: int) -> Session:
        """The session of that number. Raises `NotFoundError`."""
        with self.storage.database.read() as connection:
            return self._value(_row(connection, number))

    def list(self, *, limit: int = -1) -> tuple[Session, ...]:
        """The last one first. Raises `StorageError`."""
        with self.storage.database.read() as connection:
            rows = connection.execute(
                f"{_SESSIONS} WHERE deleted IS NULL ORDER BY started DESC, id DESC LIMIT ?",
                (limit,),
            )
            return tuple(map(self._value, rows))

    def entries(self, number: int) -> tuple[Entry, ...]:
        """What was said and what was missed, in order of time. Raises `NotFoundError`."""
        with self.storage.database.read() as connection:
            _row(connection, number)
            rows = connection.execute(
                "SELECT * FROM segments WHERE session = ? ORDER BY start_s, id", (number,)
            )
            return tuple(map(_entry, rows))

    def rename(self, number: int, title: str) -> None:
        """Give it a name. Raises `NotFoundError`, `UsageError` for an empty one."""
        title = " ".join(storable(title).split())
        if not title:
            raise UsageError("A session needs a name.", "Give it at least one letter.")
        self._set(number, "title = ?", title)

    def delete(self, number: int) -> None:
        """Take it out of sight; `restore` brings it back until it is purged."""
        self._set(number, "deleted = ?", self._clock())

    def restore(self, number: int) -> Session:
        """Undo a deletion. Raises `NotFoundError` when it is purged already."""
        with self.storage.database.write(durable=True) as connection:
            connection.execute("UPDATE sessions SET deleted = NULL WHERE id = ?", (number,))
            return self._value(_row(connection, number))

    def forget_recording(self, number: int) -> None:
        """Keep the words and let the sound go. Raises `NotFoundError`."""
        self._set(number, "recording = ?", None)

    def search(self, words: str, *, limit: int = MOST_HITS) -> tuple[SessionHit, ...]:
        """Sessions whose name has all the words, then what was said, the newest first.

        Raises:
            StorageError: it cannot be read.
        """
        query = Query.of(words)
        if not query:
            return ()
        condition, values = query.condition("segments")
        named = tuple(
            SessionHit(session=session, start_s=None, snippet=query.snippet(session.title))
            for session in self.list()
            if query.matches(session.title)
        )
        with self.storage.database.read() as connection:
            found = connection.execute(
                _FOUND.format(condition=condition), (*values, limit)
            ).fetchall()
            numbers = {row["session"] for row in found}
            sessions = {number: self._value(_row(connection, number)) for number in numbers}
        said = tuple(
            SessionHit(
                session=sessions[row["session"]],
                start_s=row["start_s"],
                snippet=query.snippet(" ".join(filter(None, (row["text"], row["translation"])))),
            )
            for row in found
        )
        return (*named, *said)[:limit]

    def recover_recordings(self) -> int:
        """Take in the sound of sessions that ended in haste, or whose program died; how many.

        Raises:
            StorageError: it cannot be stored.
        """
        taken = 0
        for session in self.list():
            place = self.storage.media.recording_place(session.id)
            if session.state != "running" and place.is_file():
                staged = self.storage.media.stage_own(place)
                with self.storage.database.write(durable=True) as connection:
                    key = self.storage.media.adopt(connection, staged)
                    connection.execute(
                        "UPDATE sessions SET recording = ? WHERE id = ?", (key, session.id)
                    )
                taken += 1
        return taken

    def _set(self, number: int, change: str, value: object) -> None:
        with self.storage.database.write(durable=True) as connection:
            _row(connection, number)
            connection.execute(f"UPDATE sessions SET {change} WHERE id = ?", (value, number))

    def _value(self, row: sqlite3.Row) -> Session:
        recording: Path | None = None
        if row["recording"] is not None:
            media = self.storage.media
            recording = media.medium(row["recording"], row["suffix"], row["bytes"]).path
        return Session(
            id=row["id"],
            title=row["title"],
            source=row["source"],
            language=row["language"],
            target=row["target"],
            state=row["state"],
            started=row["started"],
            seconds=row["seconds"],
            recording=recording,
        )


def _row(connection: sqlite3.Connection, number: int) -> sqlite3.Row:
    known = number if 0 < number < 2**63 else 0
    row: sqlite3.Row | None = connection.execute(
        f"{_SESSIONS} WHERE id = ? AND deleted IS NULL", (known,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no live session {number}.", "It may have been deleted.")
    return row


def _entry(row: sqlite3.Row) -> Entry:
    if row["kind"] == "gap":
        return Missed(start_s=row["start_s"], end_s=row["end_s"], why=row["text"])
    return Spoken(
        start_s=row["start_s"],
        end_s=row["end_s"],
        text=row["text"],
        translation=row["translation"],
        speech=tuple((a, b) for a, b in json.loads(row["speech"])),
        reason=row["reason"],
    )
