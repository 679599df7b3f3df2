"""Stores an answer while it grows; knows no engine and no path.

What came is on disk at most a second later. A failure to store does not end the answer: it is tried
again, and told at the end when the answer could not be kept.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from phi_desk.engine.events import Finished, StreamEvent, TextDelta, ToolCallReady
from phi_desk.engine.messages import Text, ToolCall
from phi_desk.errors import PhiDeskError
from phi_desk.services.chats.rows import Row, about_json, row_of
from phi_desk.services.chats.values import About, State, StoredMessage, StoredPart
from phi_desk.storage.database import Database
from phi_desk.storage.failures import StorageError

FLUSH_S = 1.0  # at most this much of an answer is lost when the program is killed

logger = logging.getLogger(__name__)


class GrowingAnswer:
    """The parts of one answer, and how far they are stored.

    Attributes:
        failure: why the end could not be stored; None when it was.
    """

    def __init__(
        self,
        database: Database,
        message: int,
        about: About,
        clock: Callable[[], float] = time.monotonic,
        begun: Sequence[StoredPart] = (),
    ) -> None:
        """Store below `message`; `begun` is what of it is there already."""
        self.failure: StorageError | None = None
        self._database = database
        self._message = message
        self._about = about
        self._clock = clock
        self._parts = list(_growing_parts(begun))
        self._stored = max(0, len(self._parts) - 1)  # parts before this one are on disk as they are
        self._due = clock()
        self._closed = False

    def take(self, event: StreamEvent) -> None:
        """Keep what an event brings; the last one closes the answer."""
        match event:
            case TextDelta(text):
                if not self._parts or isinstance(self._parts[-1], ToolCall):
                    self._parts.append([])
                words = self._parts[-1]
                assert isinstance(words, list)
                words.append(text)
            case ToolCallReady(call):
                self._parts.append(call)
            case Finished():
                self._finish(event)
                return
            case _:
                return
        if self._clock() >= self._due:
            self._flush()

    def leave_out(self, sentence: str) -> None:
        """Keep beside the answer what the model was not shown."""
        self._about = replace(self._about, left_out=sentence)

    def fail(self, error: PhiDeskError) -> None:
        """Close it: the engine failed."""
        self.close("failed", error=error.sentence, hint=error.hint)

    def close(self, state: State, *, error: str = "", hint: str = "") -> None:
        """Close it as it is; nothing happens when it is closed."""
        about = replace(self._about, error=error, hint=hint)
        self._close(state, about)

    def _finish(self, finished: Finished) -> None:
        before = self._about
        about = replace(
            before,
            reason=finished.reason,
            note=finished.note,
            adapter=finished.adapter,
            prompt_tokens=finished.prompt_tokens,
            cached_tokens=finished.cached_tokens,
            output_tokens=before.output_tokens + finished.output_tokens,
            first_token_s=_first(before, finished),
            seconds=before.seconds + finished.seconds,
        )
        self._close("stopped" if finished.reason == "cancelled" else "whole", about)

    def _close(self, state: State, about: About) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            with self._database.write(durable=True) as connection:
                self._write(connection)
                connection.execute(
                    "UPDATE messages SET state = ?, about = ? WHERE id = ?",
                    (state, about_json(about), self._message),
                )
        except StorageError as error:
            logger.warning("an answer could not be stored: %s", error)
            self.failure = error

    def _flush(self) -> None:
        self._due = self._clock() + FLUSH_S
        try:
            with self._database.write(durable=False) as connection:
                self._write(connection)
        except StorageError as error:
            logger.warning("a piece of an answer could not be stored yet: %s", error)
            return
        self._stored = max(0, len(self._parts) - 1)

    def _write(self, connection: sqlite3.Connection) -> None:
        for position, row in self._rows():
            connection.execute(
                "INSERT INTO parts (message, position, kind, name, text, folded)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (message, position)"
                " DO UPDATE SET text = excluded.text, folded = excluded.folded",
                (self._message, position, row.kind, row.name, row.text, row.folded),
            )

    def _rows(self) -> Iterator[tuple[int, Row]]:
        """The parts that are not stored as they are; words in pieces are joined on the way."""
        for position in range(self._stored, len(self._parts)):
            part = self._parts[position]
            if isinstance(part, list):
                part[:] = ["".join(part)]
                yield position, row_of(Text(part[0]))
            else:
                yield position, row_of(part)


def open_ended(message: StoredMessage) -> StoredMessage:
    """An answer as a model goes on with it: the blank at its end belongs to the next word."""
    parts = message.parts
    if parts and isinstance(parts[-1], Text):
        parts = (*parts[:-1], Text(parts[-1].text.rstrip(" ")))
    return replace(message, parts=parts)


def _growing_parts(parts: Sequence[StoredPart]) -> Iterator[list[str] | ToolCall]:
    for place, part in enumerate(parts):
        if isinstance(part, ToolCall):
            yield part
        elif isinstance(part, Text):
            yield [part.text.rstrip(" ") if place == len(parts) - 1 else part.text]


def _first(before: About, finished: Finished) -> float | None:
    """The wait for the first word: that of an answer which is gone on with was longer ago."""
    known = before.first_token_s
    return finished.first_token_s if known is None else known
