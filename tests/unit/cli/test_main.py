"""The frame of all commands: options anywhere, errors in one line, the log, the exit codes."""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from data_makers.command_lines import Desk

from phi_desk.app.wiring import App
from phi_desk.cli import main as main_module
from phi_desk.cli.bench import BENCHES, Bench
from phi_desk.cli.main import OFFLINE, main
from phi_desk.cli.output import Output
from phi_desk.cli.parser import COMMANDS, parse
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import Cancelled, UsageError
from phi_desk.services.engines import EngineOptions


def test_common_options_before_and_after_the_command_and_its_action() -> None:
    for words in (
        ["--json", "--model", "m", "models", "list"],
        ["models", "--json", "--model", "m", "list"],
        ["models", "list", "--json", "--model", "m"],
        ["--model", "m", "models", "list", "--json"],
    ):
        args = parse(words)
        assert (args.json, args.model, args.device, args.verbose) == (True, "m", "auto", 0)
    assert parse(["ask", "hi", "-vv"]).verbose == 2


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["ask", "--nonsense", "hi"],
        ["ask", "--max-tokens", "many", "hi"],
        ["ask", "--device", "tpu", "hi"],
        ["ask", "--js", "hi"],
        ["transcribe"],
        ["transcribe", "a.wav", "--format", "doc"],
        ["models", "list", "--max-tokens"],
        ["bench"],
    ],
)
def test_wrong_usage_is_one_line_and_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("phi-desk: ")
    assert captured.err.count("\n") == 1
    assert "--help" in captured.err


def test_wrong_usage_with_json_is_an_event_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--nonsense", "--json"]) == 2
    event = json.loads(capsys.readouterr().out)
    assert (event["event"], event["kind"]) == ("error", "UsageError")


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert "--model" in capsys.readouterr().out


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_every_measurement_can_be_asked_for_help(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", bench.name, "--help"]) == 0
    assert f"phi-desk bench {bench.name}" in capsys.readouterr().out


def test_a_measurement_gets_its_options_and_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--precision", help="its own, in place of the common one")

    def run(args: argparse.Namespace, out: Output) -> int:
        out.line(f"{args.precision} {args.seed}")
        return 1

    module = SimpleNamespace(add_arguments=add_arguments, run=run)
    monkeypatch.setitem(sys.modules, "phi_desk.bench.speed", module)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: True)
    assert main(["bench", "speed", "--precision", "exact", "--seed", "3"]) == 1
    assert capsys.readouterr().out == "exact 3\n"


def test_the_engine_is_opened_once() -> None:
    opened = []

    def open_engine(*parts: object) -> FakeEngine:
        opened.append(parts)
        return FakeEngine()

    with App(Path("home"), EngineOptions(), open_engine=open_engine) as app:
        engine = app.engine()
        assert app.engine() is engine
    assert len(opened) == 1
    assert isinstance(engine, FakeEngine)
    assert engine.closed
    app.cancel.cancel()
    with pytest.raises(Cancelled):
        app.engine()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("phi-desk 0")


def instead(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    """Let every command do `run`."""
    monkeypatch.setattr(main_module, "module_of", lambda _: SimpleNamespace(run=run))


def test_an_unforeseen_failure_is_one_sentence_and_a_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def explode(*_: object) -> int:
        raise ZeroDivisionError("secret detail")

    instead(monkeypatch, explode)
    assert main(["ask", "hi", "--home", str(tmp_path), "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    assert str(tmp_path) in captured.err
    assert json.loads(captured.out)["event"] == "error"
    log = (tmp_path / "logs" / "phi-desk.log").read_text()
    assert "Traceback" in log
    assert "secret detail" in log
    assert logging.getLogger("phi_desk").handlers == []


def test_a_failure_of_the_system_says_what_the_system_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device", "/x/y")

    instead(monkeypatch, full)
    assert main(["ask", "hi"]) == 1
    assert "No space left on device (/x/y)" in capsys.readouterr().err


@pytest.mark.parametrize("stop", [Cancelled(), KeyboardInterrupt()])
def test_a_stop_before_anything_was_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stop: BaseException
) -> None:
    def stopped(*_: object) -> int:
        raise stop

    instead(monkeypatch, stopped)
    assert main(["ask", "hi", "--json"]) == 130
    event = json.loads(capsys.readouterr().out)
    assert (event["event"], event["reason"], event["text"]) == ("finished", "cancelled", "")
    assert main(["ask", "hi"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_disturbs_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = desk.run("ask", "hi", "--home", tmp_path / "file", engine=FakeEngine(otherwise="Hi."))
    assert (ran.code, ran.out, ran.err) == (0, "Hi.\n", "")


@pytest.mark.parametrize(
    ("words", "offline"),
    [
        (["ask", "hi"], True),
        (["models", "list"], True),
        (["models", "download"], False),
        (["models", "download", "--offline"], True),
    ],
)
def test_only_downloads_may_use_the_network(
    monkeypatch: pytest.MonkeyPatch, words: list[str], offline: bool
) -> None:
    for name in OFFLINE:
        monkeypatch.setenv(name, "")

    def look(args: object, app: Any, out: object) -> int:
        assert all(os.environ[name] == "1" for name in OFFLINE) == offline
        assert app.offline == ("--offline" in words)
        return 0

    instead(monkeypatch, look)
    assert main(words) == 0


def test_the_engine_is_closed_whatever_happens(desk: Desk) -> None:
    for engine in (FakeEngine(otherwise="Hi."), FakeEngine(otherwise=UsageError("No."))):
        desk.run("ask", "hi", engine=engine)
        assert engine.closed


def test_no_model_is_a_sentence_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "hi", "--model", "nowhere"]) == 1
    captured = capsys.readouterr()
    assert "nowhere" in captured.err
    assert captured.err.count("\n") == 1
