"""Which commands there are and how their lines are read; a command is imported when it is used."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import phi_desk
from phi_desk.app.wiring import App
from phi_desk.cli.common import add_common_options, fill_defaults
from phi_desk.cli.output import Output
from phi_desk.errors import UsageError


class CommandModule(Protocol):
    """What a module of a command has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        ...

    def run(self, args: argparse.Namespace, app: App, out: Output) -> int:
        """Do it; the exit code. Raises `PhiDeskError`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command's name, its line in the help, and the module that does it."""

    name: str
    summary: str
    module: str


COMMANDS = (
    Command(
        name="ask",
        summary="ask about text, pictures and sound",
        module="phi_desk.cli.ask",
    ),
    Command(
        name="transcribe",
        summary="turn recordings into text or subtitles",
        module="phi_desk.cli.transcribe",
    ),
    Command(
        name="translate",
        summary="translate recordings and texts",
        module="phi_desk.cli.translate",
    ),
    Command(
        name="live",
        summary="turn speech into words, and another language, while it is spoken",
        module="phi_desk.cli.live",
    ),
    Command(
        name="ocr",
        summary="read the text of pictures and PDF pages",
        module="phi_desk.cli.ocr",
    ),
    Command(
        name="chats",
        summary="list, show, search, export, import and delete stored chats",
        module="phi_desk.cli.chats",
    ),
    Command(
        name="models",
        summary="list, add, download, convert, verify and remove models",
        module="phi_desk.cli.models",
    ),
    Command(
        name="doctor",
        summary="say what this machine has and can run",
        module="phi_desk.cli.doctor",
    ),
    Command(
        name="demo",
        summary="show every job on samples, with the demo model",
        module="phi_desk.cli.demo",
    ),
    Command(
        name="bench",
        summary="measure speed, memory and fidelity",
        module="phi_desk.cli.bench",
    ),
)


class CommandParser(argparse.ArgumentParser):
    """A parser with the common options; it fills itself from its module when it is used.

    Parsers nested in it are of this class too, so that common options may stand anywhere.
    Its errors are `UsageError`s.
    """

    def __init__(self, *, module: str = "", **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})
        self._module = module
        self._complete = False

    def parse_known_args(  # type: ignore[override]  # the overloads of the stub say no more
        self,
        args: Sequence[str] | None = None,
        namespace: argparse.Namespace | None = None,
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse, after the command's own options and then the common ones were added."""
        if not self._complete:
            self._complete = True
            if self._module:
                load(self._module).add_arguments(self)
            add_common_options(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting, so that one place reports all errors."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


def build_parser(commands: Iterable[Command] = COMMANDS) -> CommandParser:
    """The parser of the whole command line."""
    parser = CommandParser(
        prog="phi-desk",
        description="A private assistant on your own computer: it hears, reads, sees and answers.",
    )
    parser.add_argument("--version", action="version", version=f"phi-desk {phi_desk.__version__}")
    places = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in commands:
        places.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[:1].upper() + command.summary[1:] + ".",
            module=command.module,
        )
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The line as values, every common option filled.

    Raises:
        UsageError: it makes no sense.
        SystemExit: help or the version was asked for and has been printed.
    """
    args = build_parser().parse_args(argv)
    fill_defaults(args)
    return args


def load(module: str) -> CommandModule:
    """Import a command's module."""
    found: Any = importlib.import_module(module)
    command: CommandModule = found
    return command


def module_of(name: str) -> CommandModule:
    """The module of the command `name`."""
    return load(next(command.module for command in COMMANDS if command.name == name))
