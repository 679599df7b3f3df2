"""Parts of messages to rows and back; knows no path through a chat."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import Image, Text, ToolCall, ToolResult
from phi_desk.media.picture import Picture
from phi_desk.services.chats.values import (
    About,
    Attachment,
    Chat,
    DraftPart,
    MediaKind,
    Named,
    StoredPart,
)
from phi_desk.storage.encoding import to_flac, to_png
from phi_desk.storage.media import MediaFolder, Staged
from phi_desk.storage.text import searchable, storable

_ABOUT = tuple(field.name for field in fields(About))
PARTS = """
SELECT parts.message, parts.kind, parts.name, parts.text, parts.media, media.suffix, media.bytes
FROM parts LEFT JOIN media ON media.sha256 = parts.media
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A part as the table holds it; `staged` is the medium that it names, not yet adopted."""

    kind: str
    name: str = ""
    text: str = ""
    media: str | None = None
    staged: Staged | None = None

    @property
    def folded(self) -> str:
        """What a search finds it by: words, a file's name, what a tool said."""
        if self.kind == "tool_call":
            return searchable(f"{self.name} {self.text}")
        return searchable(self.text or self.name)

    @property
    def shown(self) -> StoredPart:
        """As much of the part as a title needs."""
        if self.kind not in ("image", "audio"):
            return Text(self.text)
        kind: MediaKind = "image" if self.kind == "image" else "audio"
        return Attachment(kind=kind, path=Path(), name=self.name, size=0, sha256="")


def stage(
    parts: Sequence[DraftPart | Attachment],
    media: MediaFolder,
    stack: ExitStack,
    cancel: CancelToken | None = None,
) -> tuple[Row, ...]:
    """The rows of `parts`, their media copied in; what is not adopted goes with `stack`.

    Raises:
        InputError: a file cannot be read.
        StorageError: a copy cannot be written.
        Cancelled: by `cancel`.
    """
    rows: list[Row] = []
    for part in parts:
        row = _staged_row(part, media, cancel)
        if row.staged is not None:
            stack.callback(media.discard, row.staged)
        rows.append(row)
    return tuple(rows)


def insert_parts(
    connection: sqlite3.Connection, media: MediaFolder, message: int, rows: Iterable[Row]
) -> None:
    """Write the parts of a new message, in order."""
    for position, row in enumerate(rows):
        key = media.adopt(connection, row.staged) if row.staged else row.media
        connection.execute(
            "INSERT INTO parts (message, position, kind, name, text, media, folded)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (message, position, row.kind, row.name, row.text, key, row.folded),
        )


def part_of(row: sqlite3.Row, media: MediaFolder) -> StoredPart:
    """A row of `PARTS` as a value."""
    match row["kind"]:
        case "text":
            return Text(row["text"])
        case "tool_call":
            return ToolCall(row["name"], _object(row["text"]))
        case "tool_result":
            return ToolResult(row["name"], row["text"])
        case kind:
            medium = media.medium(row["media"], row["suffix"], row["bytes"])
            return Attachment(
                kind="image" if kind == "image" else "audio",
                path=medium.path,
                name=row["name"],
                size=medium.size,
                sha256=medium.sha256,
            )


def chat_of(row: sqlite3.Row) -> Chat:
    """A row of `chats` as a value."""
    return Chat(
        id=row["id"],
        title=row["title"],
        pinned=bool(row["pinned"]),
        system=row["system"],
        created=row["created"],
        updated=row["updated"],
    )


def about_json(about: About) -> str:
    """What is known about an answer, as it is stored: only what differs from the default."""
    plain = asdict(About())
    known = {name: value for name, value in asdict(about).items() if value != plain[name]}
    return storable(json.dumps(known, ensure_ascii=False))


def about_of(text: str) -> About:
    """What is known about an answer; keys of other versions are passed over."""
    known = _object(text)
    return About(**{name: known[name] for name in _ABOUT if name in known})


def row_of(part: Text | ToolCall | ToolResult) -> Row:
    """The row of a part that has no file."""
    match part:
        case Text(text):
            return Row(kind="text", text=storable(text))
        case ToolCall(name, arguments):
            values = json.dumps(dict(arguments), ensure_ascii=False)
            return Row(kind="tool_call", name=storable(name), text=storable(values))
        case ToolResult(name, content):
            return Row(kind="tool_result", name=storable(name), text=storable(content))


def _staged_row(
    part: DraftPart | Attachment, media: MediaFolder, cancel: CancelToken | None
) -> Row:
    name = ""
    if isinstance(part, Named):
        name, part = storable(part.name), part.part
    if isinstance(part, Attachment):
        return Row(kind=part.kind, name=storable(part.name), media=part.sha256)
    if isinstance(part, Text | ToolCall | ToolResult):
        return row_of(part)
    kind, source = ("image" if isinstance(part, Image) else "audio"), part.source
    if isinstance(source, Path):
        name = name or storable(source.name)
        return Row(kind=kind, name=name, staged=media.stage_file(source, cancel))
    if isinstance(source, Picture):
        return Row(kind=kind, name=name, staged=media.stage_bytes(to_png(source), ".png"))
    return Row(kind=kind, name=name, staged=media.stage_bytes(to_flac(source), ".flac"))


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text or "{}")
    return value if isinstance(value, dict) else {}
