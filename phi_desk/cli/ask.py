"""`phi-desk ask`: a question about text, pictures and sound."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from phi_desk.cli.common import adapter_name, answer_options, input_files
from phi_desk.cli.streams import read_all, read_piped

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output

MAX_TOKENS = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The question and its files."""
    parser.add_argument(
        "text",
        nargs="?",
        metavar="TEXT",
        help="the question; - or nothing reads it from a pipe; with --audio it may be spoken",
    )
    parser.add_argument("--image", action="append", default=[], metavar="F", help="a picture")
    parser.add_argument("--audio", action="append", default=[], metavar="F", help="a recording")
    parser.add_argument("--system", default="", metavar="TEXT", help="how it shall behave")
    parser.add_argument("--chat", metavar="ID|new", help="ask in a stored chat, or begin one")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Ask; the exit code. Raises `PhiDeskError`."""
    images, sounds = input_files(args.image), input_files(args.audio)
    options = answer_options(args, max_tokens=MAX_TOKENS)
    from phi_desk.cli.answers import show_answer
    from phi_desk.services.ask import Question, ask, gather

    question = Question(
        text=question_text(args.text, with_media=bool(images or sounds)),
        images=images,
        sounds=sounds,
        system=args.system,
        options=options,
        adapter=adapter_name(args),
    )
    if args.chat is not None:
        from phi_desk.cli.chats import ask_in_chat

        return ask_in_chat(args.chat, question, app, out)
    material = gather(question, app.cancel)
    finished = show_answer(ask(material, app.engine(out.on_progress), app.cancel), out)
    return 130 if finished.reason == "cancelled" else 0


def question_text(typed: str | None, *, with_media: bool) -> str:
    """The question as typed, or from stdin for `-`, or piped in.

    A pipe is waited for only when it is named by `-` or when there is nothing else to ask: a
    question that is typed, or spoken in a file, never hangs on a pipe that nobody closes.

    Raises:
        InputError: what comes in is no text.
    """
    if typed is not None and typed != "-":
        return typed
    data = read_all() if typed == "-" else read_piped(must_speak=not with_media)
    if not data:
        return ""
    from phi_desk.services.texts import decode_text

    return decode_text(data, "What comes in by the pipe").strip()
