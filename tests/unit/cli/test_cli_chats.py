"""`phi-desk chats`, and `phi-desk ask --chat`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.command_lines import Desk

from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Image, Message, Text
from phi_desk.errors import MemoryExhaustedError

Maker = Callable[..., Path]


def begin(desk: Desk, words: str, answer: str = "Fine.") -> int:
    ran = desk.run("ask", "--json", "--chat", "new", words, engine=FakeEngine(otherwise=answer))
    assert ran.code == 0, ran.err
    return int(ran.finished["chat"])


def test_a_chat_goes_on_over_several_commands(desk: Desk, picture: Maker) -> None:
    ran = desk.run(
        "ask", "--chat", "new", "--image", picture("a.png"), "What is it?", "--system", "Be kind.",
        engine=FakeEngine(otherwise="A word."),
    )  # fmt: skip
    assert (ran.code, ran.out) == (0, "A word.\n")
    assert ran.err == "phi-desk: This is chat 1: go on with --chat 1.\n"
    engine = FakeEngine(otherwise="HELLO")
    ran = desk.run("ask", "--chat", "1", "Which?", engine=engine)
    assert (ran.code, ran.out, ran.err) == (0, "HELLO\n", "")
    system, first, answer, second = engine.requests[0].messages
    assert system == Message("system", (Text("Be kind."),))
    assert isinstance(first.parts[0], Image)
    assert (answer.parts, second.parts) == ((Text("A word."),), (Text("Which?"),))
    shown = desk.run("chats", "show", "1").out
    assert shown.startswith("# What is it?\n")
    for words in ("*[a.png]*", "A word.", "Which?", "HELLO"):
        assert words in shown


def test_events_name_the_chat(desk: Desk) -> None:
    ran = desk.run("ask", "--json", "--chat", "new", "Hi", engine=FakeEngine(otherwise="a b"))
    assert {event["chat"] for event in ran.events if event["event"] != "progress"} == {1}


@pytest.mark.parametrize(
    ("chat", "code"), [("7", 1), ("0", 1), ("9" * 30, 1), ("x", 2), ("-1", 2), ("", 2), ("²", 2)]
)
def test_a_chat_that_is_not_there_is_found_before_the_model_is_loaded(
    desk: Desk, chat: str, code: int
) -> None:
    ran = desk.run("ask", f"--chat={chat}", "Hi")
    assert ran.code == code
    assert ran.err.count("\n") == 1


def test_a_model_that_cannot_be_loaded_leaves_no_empty_chat(desk: Desk) -> None:
    assert desk.run("ask", "--chat", "new", "Hi").code == 1  # this desk has no engine
    assert "no chat yet" in desk.run("chats", "list").out


def test_a_failure_keeps_the_question(desk: Desk) -> None:
    failing = FakeEngine(otherwise=MemoryExhaustedError("Memory ran out."))
    assert desk.run("ask", "--chat", "new", "Important?", engine=failing).code == 1
    shown = desk.run("chats", "show", "1").out
    assert "Important?" in shown
    assert "*(failed: Memory ran out.)*" in shown


def test_a_recording_beyond_half_an_hour_stays_out_of_chats(
    desk: Desk, wav: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phi_desk.services.ask.LONGEST_WHOLE_S", 0.5)
    ran = desk.run("ask", "--chat", "new", "--audio", wav(seconds=1.0), "What?")
    assert ran.code == 2
    assert "30 minutes" in ran.err


def test_list_search_delete_and_restore(desk: Desk) -> None:
    assert desk.run("chats", "list").out == "There is no chat yet. Ask with --chat new.\n"
    begin(desk, "About zebras", "They have stripes.")
    begin(desk, "About lions", "They roar at zebras.")
    lines = desk.run("chats", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert lines[0].endswith("About lions")
    assert len(desk.run("chats", "list", "--limit", "1").out.splitlines()) == 1
    found = desk.run("chats", "search", "ZEBRAS").out.splitlines()
    assert [line.strip() for line in found] == [
        "1  About zebras",
        "2  About lions",
        "They roar at zebras.",
        "1  About zebras",
        "About zebras",
    ]
    ran = desk.run("chats", "search", "--json", "at", "zebras", "--limit", "1")
    (hit,) = ran.named("hit")
    assert [hit["text"][a:b] for a, b in hit["marks"]] == ["at", "zebras"]
    assert desk.run("chats", "delete", "1", "1").out == (
        "1 chat deleted. To undo: phi-desk chats restore 1\n"
    )
    assert [e["chat"] for e in desk.run("chats", "list", "--json").named("chat")] == [2]
    assert [e["chat"] for e in desk.run("chats", "list", "--deleted", "--json").named("chat")] == [
        1
    ]
    assert desk.run("chats", "restore", "1").out.endswith("About zebras\n")
    assert len(desk.run("chats", "list").out.splitlines()) == 2
    assert desk.run("chats", "search", "tiger").out == "Nothing was found.\n"


def test_deleting_stops_at_a_wrong_number_before_it_deletes(desk: Desk) -> None:
    begin(desk, "one")
    ran = desk.run("chats", "delete", "1", "9")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert [e["chat"] for e in desk.run("chats", "list", "--json").named("chat")] == [1]


def test_export_and_import(desk: Desk, picture: Maker, tmp_path: Path) -> None:
    begin(desk, "About zebras")
    desk.run(
        "ask", "--chat", "1", "--image", picture("a.png"), "?", engine=FakeEngine(otherwise="!")
    )
    begin(desk, "About lions")
    target = tmp_path / "out.zip"
    ran = desk.run("chats", "export", "--all", target, "--format", "json")
    assert ran.out == f"2 chats written to {target} with 1 media files.\n"
    ran = desk.run("--home", tmp_path / "other", "chats", "import", target)
    assert ran.out.endswith("2 chats added.\n")
    shown = desk.run("--home", tmp_path / "other", "chats", "show", "2", "--json")
    assert shown.finished["title"] == "About zebras"
    kinds = [part["kind"] for event in shown.named("message") for part in event["parts"]]
    assert kinds == ["text", "text", "image", "text", "text"]
    desk.run("chats", "export", "2", tmp_path / "lions.md")
    assert (tmp_path / "lions.md").read_text().startswith("# About lions\n")
    desk.run("chats", "export", "2", tmp_path / "lions.json")
    assert json.loads((tmp_path / "lions.json").read_text())["chats"][0]["title"] == "About lions"


@pytest.mark.parametrize(
    "words", ["", "export out", "export 1 --all out", "show x", "delete", "odd"]
)
def test_wrong_lines(desk: Desk, words: str) -> None:
    ran = desk.run("chats", *words.split())
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_a_damaged_history_is_said_once(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "phi-desk.sqlite3").write_bytes(b"no database " * 500)
    ran = desk.run("chats", "list")
    assert ran.code == 0
    assert "set aside" in ran.err
    assert desk.run("chats", "list").err == ""
