"""Reads chats back that were exported as JSON, from a file, a folder or a zip; trusts nothing."""

from __future__ import annotations

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import Text, ToolCall, ToolResult
from phi_desk.errors import InputError
from phi_desk.services.chats.export import DOCUMENT, FORMAT, VERSION
from phi_desk.services.chats.rows import Row, row_of
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.titles import UNTITLED, shorten
from phi_desk.services.chats.untrusted import (
    WrongError,
    about_from,
    checked,
    field_of,
    inner_path,
    one_of,
    time_of,
)
from phi_desk.services.chats.values import Chat, Speaker, State
from phi_desk.storage.failures import StorageError
from phi_desk.storage.media import Staged
from phi_desk.storage.text import searchable, storable

LARGEST_DOCUMENT = 1 << 30  # bytes
ROLES: tuple[Speaker, ...] = ("user", "assistant", "tool")
STATES: tuple[State, ...] = ("whole", "growing", "stopped", "failed", "interrupted")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a document and its media come from; `open` takes a path relative to the document."""

    document: bytes
    open: Callable[[str], AbstractContextManager[IO[bytes]]]


def import_chats(
    store: ChatStore,
    source: Path,
    *,
    on_step: Callable[[int, int], None] | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Chat, ...]:
    """Add the chats of an export, each with new numbers: all of them, or none.

    `on_step` hears how many chats of how many have been read.

    Raises:
        Cancelled: by `cancel`; nothing was added.
        InputError: it is no export of Phi Desk, is damaged, or was made by a newer version.
        StorageError: the chats cannot be stored.
    """
    with ExitStack() as stack:
        try:
            opened = _open(source, stack)
            document = _parse(opened.document)
            job = _Import(store, opened, stack, on_step, cancel or CancelToken())
            return job.run(document)
        except WrongError as wrong:
            raise InputError(
                f"“{source}” is not a chat that Phi Desk exported, or is damaged.",
                "Give the .json file, the folder or the .zip of an export.",
                (str(wrong),),
            ) from wrong
        except _BROKEN_ZIP as error:
            raise InputError(
                f"The archive “{source}” is damaged.", "Export it again.", (str(error),)
            ) from error
        except OSError as error:
            raise InputError(
                f"“{error.filename or source}” cannot be read: {error.strerror or error}.",
                "Check the name and the folder.",
            ) from error


def _open(source: Path, stack: ExitStack) -> _Source:
    if source.is_dir():
        return _open_file(source / DOCUMENT)
    if source.suffix.lower() == ".json":
        return _open_file(source)
    archive = stack.enter_context(zipfile.ZipFile(source))

    def open_inner(name: str) -> AbstractContextManager[IO[bytes]]:
        try:
            return archive.open(name)
        except KeyError as error:
            raise WrongError(f"{name} is missing") from error

    try:
        size = archive.getinfo(DOCUMENT).file_size
    except KeyError as error:
        raise WrongError(f"no {DOCUMENT}") from error
    if size > LARGEST_DOCUMENT:
        raise WrongError("too large")
    return _Source(archive.read(DOCUMENT), open_inner)


def _open_file(path: Path) -> _Source:
    root = path.parent.resolve()

    def open_beside(name: str) -> AbstractContextManager[IO[bytes]]:
        place = (root / name).resolve()
        if not place.is_relative_to(root) or not place.is_file():
            raise WrongError(f"{name} is missing")
        return place.open("rb")

    if path.stat().st_size > LARGEST_DOCUMENT:
        raise WrongError("too large")
    return _Source(path.read_bytes(), open_beside)


def _parse(data: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WrongError(str(error)) from error
    if field_of(document, "format", str) != FORMAT:
        raise WrongError("format")
    version = field_of(document, "version", int)
    if version > VERSION:
        raise InputError(
            f"This export was made by a newer version of Phi Desk (format {version}).",
            "Update Phi Desk, or export it again with this version.",
        )
    return [checked(chat, dict, "chats") for chat in field_of(document, "chats", list)]


class _Import:
    """Stages the media first, then writes everything in one transaction."""

    def __init__(
        self,
        store: ChatStore,
        source: _Source,
        stack: ExitStack,
        on_step: Callable[[int, int], None] | None,
        cancel: CancelToken,
    ) -> None:
        self._on_step = on_step
        self._cancel = cancel
        self._store = store
        self._source = source
        self._stack = stack
        self._staged: dict[str, Staged] = {}

    def run(self, chats: list[dict[str, Any]]) -> tuple[Chat, ...]:
        prepared = []
        for done, chat in enumerate(chats):
            if self._on_step is not None:
                self._on_step(done, len(chats))
            prepared.append((chat, self._rows(chat)))
        self._cancel.raise_if_cancelled()
        try:
            with self._store.storage.database.write(durable=True) as connection:
                numbers = [self._insert(connection, chat, rows) for chat, rows in prepared]
        except BaseException:
            with suppress(StorageError):
                self._store.storage.media.sweep()  # files that were adopted, rows that were not
            raise
        return tuple(map(self._store.get, numbers))

    def _rows(self, chat: dict[str, Any]) -> list[list[Row]]:
        """The rows of each message's parts, before anything is written."""
        messages = [checked(one, dict, "messages") for one in field_of(chat, "messages", list)]
        return [
            [self._row(checked(part, dict, "parts")) for part in field_of(one, "parts", list)]
            for one in messages
        ]

    def _row(self, part: dict[str, Any]) -> Row:
        self._cancel.raise_if_cancelled()
        match field_of(part, "kind", str):
            case "text":
                return row_of(Text(field_of(part, "text", str)))
            case "tool_call":
                return row_of(
                    ToolCall(field_of(part, "name", str), field_of(part, "arguments", dict))
                )
            case "tool_result":
                return row_of(
                    ToolResult(field_of(part, "name", str), field_of(part, "content", str))
                )
            case "image" | "audio" as kind:
                return self._media_row(kind, part)
            case kind:
                raise WrongError(f"kind {kind}")

    def _media_row(self, kind: str, part: dict[str, Any]) -> Row:
        name = storable(field_of(part, "name", str))
        if part.get("file") is None:  # it was gone when the chat was exported
            return row_of(Text(f"[{name or kind}]"))
        place = inner_path(field_of(part, "file", str))
        staged = self._stage(place)
        if staged.sha256 != field_of(part, "sha256", str):
            raise WrongError(f"{place} is not what was exported")
        return Row(kind=kind, name=name, staged=staged)

    def _stage(self, place: str) -> Staged:
        if place not in self._staged:
            media = self._store.storage.media
            with self._source.open(place) as file:
                staged = media.stage_stream(file, PurePosixPath(place).suffix)
            self._stack.callback(media.discard, staged)
            self._staged[place] = staged
        return self._staged[place]

    def _insert(
        self, connection: sqlite3.Connection, chat: dict[str, Any], rows: list[list[Row]]
    ) -> int:
        title = shorten(storable(field_of(chat, "title", str)), 200) or UNTITLED
        created, updated = time_of(chat, "created"), time_of(chat, "updated")
        (number,) = connection.execute(
            "INSERT INTO chats (title, folded, named, pinned, system, created, updated)"
            " VALUES (?, ?, 1, ?, ?, ?, ?) RETURNING id",
            (
                title,
                searchable(title),
                field_of(chat, "pinned", bool),
                storable(field_of(chat, "system", str)),
                created,
                updated,
            ),
        ).fetchone()
        self._insert_messages(connection, number, field_of(chat, "messages", list), rows)
        connection.execute("UPDATE chats SET updated = ? WHERE id = ?", (updated, number))
        return int(number)

    def _insert_messages(
        self,
        connection: sqlite3.Connection,
        chat: int,
        messages: list[dict[str, Any]],
        rows: list[list[Row]],
    ) -> None:
        numbers: dict[int | None, int | None] = {None: None}
        chosen: list[int] = []
        for one, parts in zip(messages, rows, strict=True):
            old, parent = field_of(one, "id", int), one.get("parent")
            if old in numbers or isinstance(parent, dict | list) or parent not in numbers:
                raise WrongError(f"message {old}")
            new = self._store.messages.insert(
                connection,
                chat=chat,
                parent=numbers[parent],
                role=one_of(field_of(one, "role", str), ROLES),
                rows=parts,
                state=_settled(one_of(field_of(one, "state", str), STATES)),
                about=about_from(field_of(one, "about", dict)),
                created=time_of(one, "created"),
            )
            numbers[old] = new
            if field_of(one, "chosen", bool):
                chosen.append(new)
        for number in chosen:
            self._store.messages.choose_among_siblings(connection, number)


def _settled(state: State) -> State:
    return "interrupted" if state == "growing" else state
