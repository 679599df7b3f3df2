"""Chats as Markdown for people and as JSON for programs, with their media; knows no window.

Markdown has what is shown: the chosen path. JSON has every branch, and `importing` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import Text, ToolCall, ToolResult
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import About, Attachment, Chat, StoredMessage, StoredPart
from phi_desk.services.json_lines import json_line
from phi_desk.storage.package import Content, Names, Step, safe_name, write_package

ChatForm = Literal["markdown", "json"]
FORMAT, VERSION = "phi-desk-chats", 1
DOCUMENT = "chats.json"
_SPEAKERS = {"user": "You", "assistant": "Phi Desk", "tool": "Tool"}
_CUT: dict[str, str] = {
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "cut off when the program ended",
    "growing": "still being written",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written where; `missing` names media whose files were gone."""

    target: Path
    chats: int
    media: int
    missing: tuple[str, ...] = ()


def export_chats(
    store: ChatStore,
    chats: Sequence[Chat],
    target: Path,
    form: ChatForm,
    *,
    replace: bool = False,
    on_step: Step | None = None,
    cancel: CancelToken | None = None,
) -> Exported:
    """Write `chats` to a zip, to a file (.md, .json, its media beside it) or to a new folder.

    `on_step` hears how many files of how many are done.

    Raises:
        Cancelled: by `cancel`; nothing is left behind.
        UsageError: the target exists already; several chats for one Markdown file.
        InputError: it cannot be written.
        StorageError: a chat cannot be read.
    """
    suffix = target.suffix.lower()
    single = suffix in (".md", ".json")
    cancel = cancel or CancelToken()
    shelf = _Shelf(f"{safe_name(target.stem, 'chat')}-media" if single else "media")
    if form == "json":
        name = target.name if suffix == ".json" else DOCUMENT
        texts = {name: chats_json(store, chats, shelf)}
    else:
        names = Names()
        texts = {
            names.free(f"{safe_name(chat.title, 'Chat')}.md"): _markdown_of(store, chat, shelf)
            for chat in chats
        }
        if single and len(texts) == 1:
            texts = {target.name: next(iter(texts.values()))}
    contents = {name: Content(text) for name, text in texts.items()}
    contents |= {name: Content(path) for name, path in shelf.files.items()}
    form_of_target = "file" if single and len(texts) == 1 else "auto"

    def step(done: int, every: int) -> None:
        cancel.raise_if_cancelled()
        if on_step is not None:
            on_step(done, every)

    write_package(target, contents, form=form_of_target, replace=replace, step=step)
    return Exported(
        target=target, chats=len(chats), media=len(shelf.files), missing=tuple(shelf.missing)
    )


def markdown(chat: Chat, messages: Iterable[StoredMessage], shelf: _Shelf | None = None) -> str:
    """A chat as a Markdown document; without a `shelf` its media are named, not linked."""
    lines = [f"# {' '.join(chat.title.split())}", ""]
    if chat.system:
        lines += [_quoted(f"System: {chat.system}"), ""]
    for message in messages:
        lines += [f"## {_SPEAKERS[message.role]} · {_clock(message.created)}", ""]
        lines += [block for part in message.parts for block in (_block(part, shelf), "")]
        if message.state in _CUT:
            why = f": {message.about.error}" if message.about.error else ""
            lines += [f"*({_CUT[message.state]}{why})*", ""]
    return "\n".join(lines).rstrip() + "\n"


def chats_json(store: ChatStore, chats: Iterable[Chat], shelf: _Shelf) -> str:
    """Chats with all their branches as a JSON document."""
    import json

    document = {
        "format": FORMAT,
        "version": VERSION,
        "exported": _iso(datetime.now(UTC).timestamp()),
        "chats": [_chat_values(store, chat, shelf) for chat in chats],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


class _Shelf:
    """Collects the media of an export under names that people know.

    Attributes:
        files: by their path in the export.
        missing: names of media whose files are gone.
    """

    def __init__(self, folder: str) -> None:
        self.files: dict[str, Path] = {}
        self.missing: list[str] = []
        self._folder = folder
        self._names = Names()
        self._known: dict[str, str] = {}

    def place(self, part: Attachment) -> str | None:
        """Where in the export a medium lies; None when its file is gone."""
        if part.sha256 in self._known:
            return self._known[part.sha256]
        if not part.path.is_file():
            self.missing.append(part.name or part.kind)
            return None
        suffix = part.path.suffix
        name = safe_name(part.name, f"{part.kind}{suffix}")
        if not name.lower().endswith(suffix):
            name += suffix
        place = f"{self._folder}/{self._names.free(name)}"
        self._known[part.sha256] = place
        self.files[place] = part.path
        return place


def _markdown_of(store: ChatStore, chat: Chat, shelf: _Shelf) -> str:
    return markdown(chat, store.messages.path(chat.id), shelf)


def _block(part: StoredPart, shelf: _Shelf | None) -> str:
    match part:
        case Text(text):
            return text.strip("\n")
        case ToolCall(name, arguments):
            return f"```json\n{json_line({'call': name, 'arguments': dict(arguments)})}\n```"
        case ToolResult(name, content):
            return _fenced(f"{name}\n{content}")
        case Attachment():
            label = (part.name or part.kind).replace("[", "(").replace("]", ")")
            place = shelf.place(part) if shelf is not None else None
            if place is None:
                return f"*[{label}]*"
            return f"{'!' if part.kind == 'image' else ''}[{label}](<{place}>)"


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _chat_values(store: ChatStore, chat: Chat, shelf: _Shelf) -> dict[str, Any]:
    chosen = store.messages.chosen(chat.id)
    return {
        "title": chat.title,
        "pinned": chat.pinned,
        "system": chat.system,
        "created": _iso(chat.created),
        "updated": _iso(chat.updated),
        "messages": [
            _message_values(one, one.id in chosen, shelf) for one in store.messages.all(chat.id)
        ],
    }


def _message_values(message: StoredMessage, chosen: bool, shelf: _Shelf) -> dict[str, Any]:
    plain = asdict(About())
    about = {key: v for key, v in asdict(message.about).items() if v != plain[key]}
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role,
        "state": message.state,
        "chosen": chosen,
        "created": _iso(message.created),
        "parts": list(_parts_values(message.parts, shelf)),
        "about": about,
    }


def _parts_values(parts: Iterable[StoredPart], shelf: _Shelf) -> Iterator[dict[str, Any]]:
    for part in parts:
        match part:
            case Text(text):
                yield {"kind": "text", "text": text}
            case ToolCall(name, arguments):
                yield {"kind": "tool_call", "name": name, "arguments": dict(arguments)}
            case ToolResult(name, content):
                yield {"kind": "tool_result", "name": name, "content": content}
            case Attachment():
                yield {
                    "kind": part.kind,
                    "name": part.name,
                    "file": shelf.place(part),
                    "sha256": part.sha256,
                }


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
