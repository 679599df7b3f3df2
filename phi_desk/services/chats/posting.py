"""Writes a question into a chat before any model is asked; knows no engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import Audio, Image, Text, ToolResult
from phi_desk.errors import UsageError
from phi_desk.services.chats.rows import Row, stage
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.titles import title_of
from phi_desk.services.chats.values import (
    Attachment,
    Chat,
    DraftPart,
    Named,
    Speaker,
    StoredMessage,
)
from phi_desk.storage.text import searchable


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A question that is on disk: `path` is the chat as it is shown now, with it at the end."""

    chat: Chat
    question: int
    path: tuple[StoredMessage, ...]


def post(
    store: ChatStore,
    chat: int | None,
    parts: Sequence[DraftPart | Attachment],
    *,
    system: str = "",
    beside: int | None = None,
    cancel: CancelToken | None = None,
) -> Posted:
    """Store a question at the end of a chat; without `chat` in a new one that `system` instructs.

    `beside` is a question of which this is another version. When this returns, the question is on
    disk whatever happens; when it raises, nothing of it is.

    Raises:
        UsageError: nothing is asked; `beside` is no question of this chat.
        InputError: a file cannot be read.
        StorageError: it cannot be stored; there is no such chat.
        Cancelled: by `cancel`, before it was stored.
    """
    check_parts(parts, "user")
    parent = _parent(store, chat, beside)
    with ExitStack() as stack:
        rows = stage(parts, store.storage.media, stack, cancel)
        if cancel is not None:
            cancel.raise_if_cancelled()
        with store.storage.database.write(durable=True) as connection:
            number = store.insert(connection, system=system) if chat is None else chat
            question = write_question(
                store, connection, chat=number, parent=parent, role="user", rows=rows
            )
    return Posted(chat=store.get(number), question=question, path=store.messages.path(number))


def write_question(
    store: ChatStore,
    connection: sqlite3.Connection,
    *,
    chat: int,
    parent: int | None,
    role: Speaker,
    rows: Sequence[Row],
) -> int:
    """Write a question below `parent`, within a transaction; the first one names the chat."""
    question = store.messages.insert(connection, chat=chat, parent=parent, role=role, rows=rows)
    if parent is None:
        title = title_of([row.shown for row in rows])
        connection.execute(
            "UPDATE chats SET title = ?, folded = ? WHERE id = ? AND NOT named",
            (title, searchable(title), chat),
        )
    return question


def check_parts(parts: Sequence[DraftPart | Attachment], role: Speaker) -> None:
    """Raise `UsageError` where `parts` cannot be what `role` says."""
    bare = [part.part if isinstance(part, Named) else part for part in parts]
    if role == "tool":
        allowed = all(isinstance(part, ToolResult) for part in bare)
    else:
        allowed = all(isinstance(part, Text | Image | Audio | Attachment) for part in bare)
    if not allowed:
        raise UsageError("A question is made of words, pictures and sounds.")
    if not any(not isinstance(part, Text) or part.text.strip() for part in bare):
        raise UsageError("There is nothing to ask.", "Give a question, a picture or a sound.")


def _parent(store: ChatStore, chat: int | None, beside: int | None) -> int | None:
    if beside is not None:
        message = store.messages.get(beside)
        if message.chat != chat or message.role != "user":
            raise UsageError("This is not a question of this chat.")
        return message.parent
    if chat is None:
        return None
    store.get(chat)
    path = store.messages.path(chat)
    return path[-1].id if path else None
