"""What the documents promise exists, and what exists is in them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from phi_desk.cli.parser import COMMANDS, Command, CommandParser, load

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
COMMAND_LINE = ROOT / "docs" / "user" / "command-line.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those nested in it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for nested in action.choices.values():
                yield from parsers(nested)


def options_of(module: str) -> set[str]:
    """Every long option of a command."""
    parser = CommandParser(prog="phi-desk")
    load(module).add_arguments(parser)
    found = {text for one in parsers(parser) for a in one._actions for text in a.option_strings}
    return {text for text in found if text.startswith("--") and text != "--help"}


@pytest.mark.parametrize("page", [README, COMMAND_LINE], ids=lambda page: page.name)
def test_every_command_is_mentioned(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [one.name for one in COMMANDS if f"phi-desk {one.name}" not in text]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_command_is_promised_that_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {one.name for one in COMMANDS}
    promised = set(re.findall(r"(?:^|[`/\\])phi-desk ([a-z]+)", text, flags=re.MULTILINE))
    assert promised <= known


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_is_in_the_manual(command: Command) -> None:
    text = COMMAND_LINE.read_text(encoding="utf-8")
    missing = [o for o in options_of(command.module) if not re.search(rf"{o}(?![\w-])", text)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []
