"""Writes a live session down while it runs; knows no engine and no device."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

from phi_desk.services.live.events import Closed, Committed, Gap, LiveEvent, Translated
from phi_desk.storage.place import Storage
from phi_desk.storage.text import searchable, storable


class SessionLog:
    """Takes the events of one session; all it was given is kept, whenever the program ends.

    Attributes:
        id: the number of the session.
    """

    def __init__(self, storage: Storage, number: int) -> None:
        self.id = number
        self._storage = storage
        self._ended = False
        self._wordless: Committed | None = None  # perhaps only its translation was made

    @property
    def recording_place(self) -> Path:
        """Where the sound may be recorded to; the end of the session takes the file in."""
        return self._storage.media.recording_place(self.id)

    def take(self, event: LiveEvent) -> None:
        """Keep what an event says for good; the others are passed over.

        Raises:
            StorageError: it cannot be stored; the next event may be.
        """
        match event:
            case Committed():
                self._wordless = None if event.text.strip() else event
                if not self._wordless:
                    self._add_speech(event)
            case Translated():
                if event.text.strip():
                    self._translate(event)
            case Gap():
                self._add("gap", None, event.start_s, event.end_s, event.why)
            case Closed():
                self._lengthen(event.heard_s + event.missed_s)
            case _:
                return

    def end(self, *, in_haste: bool = False) -> None:
        """Mark the session as ended, with its recording if there is one; once is enough.

        In haste a recording is left for `SessionStore.recover_recordings`: to take in hours of
        sound takes seconds.

        Raises:
            StorageError: it cannot be stored.
        """
        if self._ended:
            return
        self._ended = True
        self._close("ended", recording=not in_haste)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.end()
        elif not self._ended:
            self._ended = True
            self._close("interrupted")

    def _add_speech(self, event: Committed) -> None:
        spans = json.dumps([[round(a, 3), round(b, 3)] for a, b in event.speech])
        self._add(
            "speech", event.segment, event.start_s, event.end_s, event.text, spans, event.reason
        )

    def _add(
        self,
        kind: str,
        number: int | None,
        start_s: float,
        end_s: float,
        text: str,
        speech: str = "[]",
        reason: str = "stop",
    ) -> None:
        text = storable(text)
        folded = searchable(text) if kind == "speech" else ""
        with self._storage.database.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO segments"
                " (session, kind, number, start_s, end_s, text, speech, reason, folded)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self.id, kind, number, start_s, end_s, text, speech, reason, folded),
            )
            _lengthen(connection, self.id, end_s)

    def _translate(self, event: Translated) -> None:
        """Set the translation; where only that was made, its segment has no row yet."""
        if self._wordless is not None and self._wordless.segment == event.segment:
            self._add_speech(self._wordless)
            self._wordless = None
        with self._storage.database.write(durable=False) as connection:
            row = connection.execute(
                "SELECT id, text FROM segments WHERE session = ? AND number = ?"
                " ORDER BY id DESC LIMIT 1",
                (self.id, event.segment),
            ).fetchone()
            if row is None:
                return
            words = storable(event.text)
            connection.execute(
                "UPDATE segments SET translation = ?, folded = ? WHERE id = ?",
                (words, searchable(f"{row['text']} {words}"), row["id"]),
            )

    def _lengthen(self, seconds: float) -> None:
        with self._storage.database.write(durable=False) as connection:
            _lengthen(connection, self.id, seconds)

    def _close(self, state: str, *, recording: bool = True) -> None:
        place = self.recording_place
        taken = recording and place.is_file()
        staged = self._storage.media.stage_own(place) if taken else None
        with self._storage.database.write(durable=True) as connection:
            key = self._storage.media.adopt(connection, staged) if staged else None
            connection.execute(
                "UPDATE sessions SET state = ?, recording = ifnull(?, recording) WHERE id = ?",
                (state, key, self.id),
            )


def _lengthen(connection: sqlite3.Connection, session: int, seconds: float) -> None:
    connection.execute(
        "UPDATE sessions SET seconds = max(seconds, ?) WHERE id = ?", (seconds, session)
    )
