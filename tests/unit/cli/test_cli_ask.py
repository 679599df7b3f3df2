"""`phi-desk ask`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.command_lines import Desk

from phi_desk.cli import ask
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import Audio, Image, Text, ToolCall
from phi_desk.errors import MemoryExhaustedError

Maker = Callable[..., Path]


def test_the_answer_is_on_stdout_and_nothing_else(desk: Desk) -> None:
    ran = desk.run("ask", "Hello?", engine=FakeEngine(otherwise="Hi there, and\nwelcome."))
    assert (ran.code, ran.out, ran.err) == (0, "Hi there, and\nwelcome.\n", "")


def test_json_events_in_order_with_the_contracts_fields(desk: Desk) -> None:
    ran = desk.run("ask", "--json", "Hello?", engine=FakeEngine(otherwise="Hi there"))
    names = [event["event"] for event in ran.events]
    assert names[0] == "progress"  # loading
    assert [name for name in names if name != "progress"] == [
        "started",
        "text_delta",
        "text_delta",
        "finished",
    ]
    assert {k: ran.finished[k] for k in ("text", "reason", "adapter", "output_tokens", "note")} == {
        "text": "Hi there",
        "reason": "stop",
        "adapter": None,
        "output_tokens": 2,
        "note": "",
    }
    assert len(ran.finished["output_ids"]) == 2
    for key in ("prompt_tokens", "cached_tokens", "first_token_s", "seconds"):
        assert ran.finished[key] >= 0
    assert "".join(event["text"] for event in ran.named("text_delta")) == "Hi there"


def test_media_go_before_the_words_and_the_system_turn_before_all(
    desk: Desk, wav: Maker, picture: Maker
) -> None:
    engine = FakeEngine(otherwise="ok")
    words = ["--image", picture("a.png"), "--image", picture("b.png"), "--audio", wav()]
    desk.run("ask", "What?", *words, "--system", "Be brief.", engine=engine)
    system, user = engine.requests[0].messages
    assert (system.role, system.parts) == ("system", (Text("Be brief."),))
    assert [type(part) for part in user.parts] == [Image, Image, Audio, Text]
    assert user.parts[-1] == Text("What?")


def test_a_spoken_question_needs_no_words(desk: Desk, wav: Maker) -> None:
    engine = FakeEngine(otherwise="ok")
    assert desk.run("ask", "--audio", wav(), engine=engine).code == 0
    assert [type(part) for part in engine.requests[0].messages[0].parts] == [Audio]


def test_options_reach_the_engine(desk: Desk) -> None:
    engine = FakeEngine(otherwise="one two three four")
    words = "--max-tokens 2 --temperature 0.5 --top-p 0.9 --seed 7 --max-crops 4 --adapter vision"
    ran = desk.run(
        "--model", "m", "ask", "Hi", *words.split(), "--precision", "int8", engine=engine
    )
    options = engine.requests[0].options
    assert (options.max_tokens, options.temperature, options.top_p) == (2, 0.5, 0.9)
    assert (options.seed, options.max_crops) == (7, 4)
    assert engine.requests[0].adapter == "vision"
    assert (desk.opened[0].model, desk.opened[0].precision) == ("m", "int8")
    assert ran.out == "one two\n"


def test_an_adapter_folder_is_loaded_and_used_by_its_name(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    engine = FakeEngine(otherwise="ok")
    desk.run("ask", "Hi", "--adapter", folder, engine=engine)
    assert desk.opened[0].adapters == (folder,)
    assert engine.requests[0].adapter == "mine"


def test_a_tool_call_is_an_event(desk: Desk) -> None:
    reply = (ToolCall("light", {"on": True}), "Done.")
    ran = desk.run("ask", "--json", "Light!", engine=FakeEngine(otherwise=reply))
    (call,) = ran.named("tool_call")
    assert (call["name"], call["arguments"]) == ("light", {"on": True})
    plain = desk.run("ask", "Light!", engine=FakeEngine(otherwise=reply))
    assert plain.out == 'light {"on": true}\nDone.\n'


def test_the_reason_for_a_cut_answer_is_said(desk: Desk) -> None:
    ran = desk.run("ask", "--json", "--max-tokens", "1", "Hi", engine=FakeEngine(otherwise="a b c"))
    assert (ran.finished["reason"], ran.finished["text"]) == ("length", "a")


def test_no_question_is_wrong_usage(desk: Desk) -> None:
    ran = desk.run("ask", "   ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("phi-desk: There is nothing to ask. ")
    assert ran.err.count("\n") == 1


def test_a_failure_of_the_engine_is_one_sentence_and_an_event(desk: Desk) -> None:
    failure = MemoryExhaustedError("Memory ran out.", "Close other\nprograms.")
    ran = desk.run("ask", "Hi", engine=FakeEngine(otherwise=failure))
    assert (ran.code, ran.out, ran.err) == (
        1,
        "",
        "phi-desk: Memory ran out. Close other programs.\n",
    )
    ran = desk.run("ask", "--json", "Hi", engine=FakeEngine(otherwise=failure))
    (event,) = ran.named("error")
    assert (event["sentence"], event["hint"]) == ("Memory ran out.", "Close other programs.")
    assert ran.named("finished") == []


@pytest.mark.parametrize("option", ["--image", "--audio"])
@pytest.mark.parametrize("content", [None, b"", b"no such thing", "folder"])
def test_unusable_files_are_found_before_the_model_is_loaded(
    desk: Desk, tmp_path: Path, option: str, content: bytes | str | None
) -> None:
    path = tmp_path / "x.bin"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    ran = desk.run("ask", option, path, "What?")  # no engine may be opened
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("phi-desk: ")
    assert ran.err.count("\n") == 1
    assert "x.bin" in ran.err


@pytest.mark.parametrize(
    "words",
    ["--max-tokens 0", "--temperature -1", "--temperature nan", "--top-p 0", "--max-crops 40"],
)
def test_values_out_of_range_are_wrong_usage(desk: Desk, words: str) -> None:
    ran = desk.run("ask", "Hi", *words.split())
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_a_recording_beyond_half_an_hour_goes_through_its_transcript(
    desk: Desk, wav: Maker, speech: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phi_desk.services.ask.LONGEST_WHOLE_S", 0.5)
    speech()
    engine = FakeEngine(Rule(asks("Transcribe the audio"), "We met."), otherwise="A meeting.")
    ran = desk.run("ask", "--json", "--audio", wav(), "What was it?", engine=engine)
    assert ran.code == 0
    assert ran.finished["text"] == "A meeting."
    assert "transcript" in ran.finished["note"]
    (question,) = engine.requests[-1].messages
    (part,) = question.parts
    assert isinstance(part, Text)
    assert part.text == "Transcript of the recording a.wav:\nWe met.\n\nWhat was it?"
    assert ran.finished["adapter"] is None
    assert any(event["phase"] == "listen" for event in ran.named("progress"))
    plain = desk.run("ask", "--audio", wav(), "What was it?", engine=engine)
    assert plain.out == "A meeting.\n"
    assert "transcript" in plain.err


def test_a_long_recording_cannot_be_a_spoken_question(
    desk: Desk, wav: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phi_desk.services.ask.LONGEST_WHOLE_S", 0.5)
    ran = desk.run("ask", "--audio", wav())
    assert ran.code == 2
    assert "30 minutes" in ran.err


def test_control_characters_stay_in_pipes_as_they_are(desk: Desk) -> None:
    ran = desk.run("ask", "--json", "Hi", engine=FakeEngine(otherwise="a\x1b[31m \u2028é😀"))
    assert ran.finished["text"] == "a\x1b[31m \u2028é😀"
    assert json.loads(ran.out.split("\n")[-2])["event"] == "finished"


@pytest.mark.parametrize(
    ("typed", "with_media", "piped", "expected"),
    [
        ("Hi", False, b"piped", "Hi"),
        ("-", True, b"piped\n", "piped"),
        (None, False, b"\xef\xbb\xbfpiped", "piped"),
        (None, True, b"piped", "piped"),
        (None, True, None, ""),
        (None, False, None, ""),
    ],
)
def test_where_the_question_comes_from(
    monkeypatch: pytest.MonkeyPatch,
    typed: str | None,
    with_media: bool,
    piped: bytes | None,
    expected: str,
) -> None:
    monkeypatch.setattr(ask, "read_piped", lambda *, must_speak: piped)
    monkeypatch.setattr(ask, "read_all", lambda: piped)
    assert ask.question_text(typed, with_media=with_media) == expected
