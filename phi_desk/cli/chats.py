"""`phi-desk chats`: the stored chats; and what `phi-desk ask --chat` does."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phi_desk.errors import UsageError

if TYPE_CHECKING:  # a command that is only described shall load nothing
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output
    from phi_desk.services.ask import Question
    from phi_desk.services.chats.store import ChatStore
    from phi_desk.services.chats.values import Chat, StoredMessage, StoredPart

NEW = "new"
FORMAT_NAMES = ("markdown", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One action a line, each with its own few options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, summary: str) -> argparse.ArgumentParser:
        description = f"{summary[:1].upper()}{summary[1:]}."
        return actions.add_parser(name, help=summary, description=description)

    listing = action("list", "show the chats, pinned ones first")
    listing.add_argument("--limit", type=int, default=-1, metavar="N", help="at most so many")
    listing.add_argument("--deleted", action="store_true", help="those that can be brought back")
    show = action("show", "show the questions and answers of a chat")
    show.add_argument("chat", metavar="ID", type=int, help="its number")
    search = action("search", "find words in titles, questions and answers")
    search.add_argument("words", metavar="WORDS", nargs="+", help='or a "whole phrase"')
    search.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")
    export = action("export", "write chats with their media to a file, a folder or a zip")
    export.add_argument("chats", metavar="ID", nargs="*", type=int, help="their numbers")
    export.add_argument("target", metavar="OUT", type=Path, help="a new .md, .json, .zip or folder")
    export.add_argument("--all", action="store_true", help="every chat")
    export.add_argument("--format", choices=FORMAT_NAMES, help="(by the name of OUT)")
    export.add_argument("--replace", action="store_true", help="overwrite a file that is there")
    fetch = action("import", "add chats that were exported as JSON")
    fetch.add_argument("source", metavar="FILE|DIR", type=Path, help="the .json, .zip or folder")
    delete = action("delete", "delete chats; they can be brought back for 30 days")
    delete.add_argument("chats", metavar="ID", nargs="+", type=int, help="their numbers")
    restore = action("restore", "bring deleted chats back")
    restore.add_argument("chats", metavar="ID", nargs="+", type=int, help="their numbers")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Do one action; 0 when it is done. Raises `PhiDeskError`."""
    if args.action is None:
        raise UsageError("No action was given.", "See `phi-desk chats --help`.")
    from phi_desk.services.chats.store import ChatStore
    from phi_desk.storage.place import Storage

    with Storage(app.home) as storage:
        out.note(storage.notice)
        _ACTIONS[args.action](args, ChatStore(storage), out)
    return 0


def ask_in_chat(choice: str, question: Question, app: App, out: Output) -> int:
    """Ask `question` in the stored chat of that number, or in a new one; the exit code.

    Raises:
        PhiDeskError: no such chat, a file that cannot be read, or a failure of the engine.
    """
    from phi_desk.cli.answers import show_answer
    from phi_desk.engine.messages import Audio, Image, Part, Text
    from phi_desk.services.ask import gather
    from phi_desk.services.chats.session import ChatSession, How
    from phi_desk.services.chats.store import ChatStore
    from phi_desk.storage.place import Storage

    number = _chat_number(choice)
    if any(isinstance(sound, Path) for sound in gather(question, app.cancel).sounds):
        raise UsageError(
            "Recordings of more than 30 minutes do not fit into a chat.", "Ask without --chat."
        )
    parts: list[Part] = [*map(Image, question.images), *map(Audio, question.sounds)]
    parts += [Text(question.text)] if question.text.strip() else []
    how = How(
        options=question.options, adapter=question.adapter, model=str(app.options.model or "")
    )
    with Storage(app.home) as storage:
        out.note(storage.notice)
        store = ChatStore(storage)
        if number is not None:
            store.get(number)
        engine = app.engine(out.on_progress)
        chat = _chat_to_ask(store, number, question.system)
        session = ChatSession(store, chat)
        usage = session.measure(engine, parts, how, app.cancel)
        out.note(usage.sentence if usage else "")
        events = session.ask(engine, parts, how, app.cancel)
        finished = show_answer(events, out, chat=chat)
        if number is None:
            out.note(f"This is chat {chat}: go on with --chat {chat}.")
    return 130 if finished.reason == "cancelled" else 0


def _chat_number(choice: str) -> int | None:
    if choice == NEW:
        return None
    if not (choice.isascii() and choice.isdigit()):
        raise UsageError(
            f"{choice!r} is no chat.", "Give `new`, or a number that `phi-desk chats list` shows."
        )
    return int(choice)


def _chat_to_ask(store: ChatStore, number: int | None, system: str) -> int:
    if number is None:
        return store.create(system=system).id
    if system:
        store.instruct(number, system)
    return number


def _list(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    chats = store.deleted() if args.deleted else store.list(limit=args.limit)
    for chat in chats:
        out.event("chat", **_as_json(chat))
        out.line(_line(chat))
    if not chats:
        what = "no deleted chat" if args.deleted else "no chat yet. Ask with --chat new"
        out.line(f"There is {what}.")
    out.event("finished", chats=len(chats))


def _show(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    from phi_desk.services.chats.export import markdown

    chat = store.get(args.chat)
    messages = store.messages.path(chat.id)
    for message in messages:
        out.event("message", **_message_json(message))
    out.words(markdown(chat, messages))
    out.event("finished", **_as_json(chat), messages=len(messages))


def _search(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    hits = store.search(" ".join(args.words), limit=args.limit)
    for hit in hits:
        snippet = hit.snippet
        out.event(
            "hit",
            chat=hit.chat.id,
            title=hit.chat.title,
            message=hit.message,
            role=hit.role,
            created=_iso(hit.created),
            text=snippet.text,
            marks=[list(mark) for mark in snippet.marks],
        )
        out.line(f"{hit.chat.id:>5}  {hit.chat.title}")
        if hit.message is not None:
            out.line(f"       {snippet.text}")
    if not hits:
        out.line("Nothing was found.")
    out.event("finished", hits=len(hits))


def _export(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    from phi_desk.services.chats.export import ChatForm, export_chats

    if bool(args.chats) == args.all:
        raise UsageError("Which chats?", "Give their numbers, or --all.")
    chats = store.list() if args.all else tuple(map(store.get, dict.fromkeys(args.chats)))
    named = "json" if args.target.suffix.lower() == ".json" else "markdown"
    form: ChatForm = "json" if (args.format or named) == "json" else "markdown"
    done = export_chats(store, chats, args.target.expanduser(), form, replace=args.replace)
    for name in done.missing:
        out.note(f"The stored file of “{name}” is gone, so it is not in the export.")
    media = f" with {done.media} media files" if done.media else ""
    out.line(f"{_counted(done.chats)} written to {done.target}{media}.")
    out.event(
        "finished",
        chats=done.chats,
        media=done.media,
        target=str(done.target),
        missing=list(done.missing),
    )


def _import(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    from phi_desk.services.chats.importing import import_chats

    chats = import_chats(store, args.source.expanduser())
    for chat in chats:
        out.event("chat", **_as_json(chat))
        out.line(_line(chat))
    out.line(f"{_counted(len(chats))} added.")
    out.event("finished", chats=len(chats))


def _delete(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    chats = [store.get(number) for number in dict.fromkeys(args.chats)]
    for chat in chats:
        store.delete(chat.id)
        out.event("chat", **_as_json(chat))
    store.storage.purge()
    numbers = " ".join(str(chat.id) for chat in chats)
    out.line(f"{_counted(len(chats))} deleted. To undo: phi-desk chats restore {numbers}")
    out.event("finished", chats=len(chats))


def _restore(args: argparse.Namespace, store: ChatStore, out: Output) -> None:
    for number in dict.fromkeys(args.chats):
        chat = store.restore(number)
        out.event("chat", **_as_json(chat))
        out.line(_line(chat))
    out.event("finished", chats=len(set(args.chats)))


def _line(chat: Chat) -> str:
    used = datetime.fromtimestamp(chat.updated).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{chat.id:>5}  {used} {'*' if chat.pinned else ' '} {chat.title}"


def _counted(chats: int) -> str:
    return "1 chat" if chats == 1 else f"{chats} chats"


def _as_json(chat: Chat) -> dict[str, Any]:
    return {
        "chat": chat.id,
        "title": chat.title,
        "pinned": chat.pinned,
        "system": chat.system,
        "created": _iso(chat.created),
        "updated": _iso(chat.updated),
    }


def _message_json(message: StoredMessage) -> dict[str, Any]:
    return {
        "message": message.id,
        "role": message.role,
        "state": message.state,
        "created": _iso(message.created),
        "versions": list(message.siblings),
        "parts": [_part_json(part) for part in message.parts],
        "reason": message.about.reason,
        "error": message.about.error,
    }


def _part_json(part: StoredPart) -> dict[str, Any]:
    from phi_desk.engine.messages import Text, ToolCall, ToolResult

    match part:
        case Text(text):
            return {"kind": "text", "text": text}
        case ToolCall(name, arguments):
            return {"kind": "tool_call", "name": name, "arguments": dict(arguments)}
        case ToolResult(name, content):
            return {"kind": "tool_result", "name": name, "content": content}
        case _:
            return {"kind": part.kind, "name": part.name, "file": str(part.path)}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


_ACTIONS = {
    "list": _list,
    "show": _show,
    "search": _search,
    "export": _export,
    "import": _import,
    "delete": _delete,
    "restore": _restore,
}
