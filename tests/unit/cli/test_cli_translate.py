"""`phi-desk translate`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.command_lines import Desk

from phi_desk.engine.fake import FakeEngine, Rule, asks, question_of

Maker = Callable[..., Path]
Speech = Callable[..., None]

CHAIN = Rule(asks("separator"), "Good morning. <sep> Guten Morgen.")
FORGETFUL = Rule(asks("separator"), "Good morning.")
DIRECT = Rule(asks("Translate the audio to German."), "Guten Tag.")
WRITTEN = Rule(asks("Translate the following text to German."), "Hallo Welt.")


def test_the_chain_prompt_gives_the_translation_alone(
    desk: Desk, wav: Maker, speech: Speech
) -> None:
    speech()
    engine = FakeEngine(CHAIN)
    ran = desk.run("translate", wav(), "--to", "de", engine=engine)
    assert (ran.code, ran.out, ran.err) == (0, "Guten Morgen.\n", "")
    assert question_of(engine.requests[0]) == (
        "Transcribe the audio to text, and then translate the audio to German. "
        "Use <sep> as a separator between the original transcript and the translation."
    )
    assert len(engine.requests) == 1


def test_with_the_transcript(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech((1.0, 10.0), (15.0, 20.0))
    ran = desk.run(
        "translate",
        wav(seconds=40),
        "--to",
        "German",
        "--with-transcript",
        engine=FakeEngine(CHAIN),
    )
    assert ran.out == "Good morning.\nGuten Morgen.\n\nGood morning.\nGuten Morgen.\n"


def test_json_has_both_strands(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    words = ["--to", "de", "--with-transcript", "--json"]
    ran = desk.run("translate", wav(), *words, engine=FakeEngine(CHAIN))
    (segment,) = ran.named("segment")
    assert (segment["text"], segment["translation"]) == ("Good morning.", "Guten Morgen.")
    assert {event["strand"] for event in ran.named("partial")} == {"text", "translation"}
    assert ran.finished["text"] == "Good morning.\nGuten Morgen.\n"


def test_a_forgotten_separator_costs_a_second_request(
    desk: Desk, wav: Maker, speech: Speech
) -> None:
    speech()
    engine = FakeEngine(FORGETFUL, DIRECT)
    words = ["--to", "de", "--with-transcript", "--format", "json"]
    ran = desk.run("translate", wav(), *words, engine=engine)
    document = json.loads(ran.out)
    (segment,) = document["segments"]
    assert (segment["text"], segment["translation"]) == ("Good morning.", "Guten Tag.")
    assert document["language"] == "de"
    assert len(engine.requests) == 2


def test_no_words_need_no_second_request(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    engine = FakeEngine(otherwise="")
    assert desk.run("translate", wav(), "--to", "de", engine=engine).out == ""
    assert len(engine.requests) == 1


def test_direct(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    engine = FakeEngine(DIRECT)
    assert (
        desk.run("translate", wav(), "--to", "de", "--direct", engine=engine).out == "Guten Tag.\n"
    )
    assert desk.run("translate", wav(), "--to", "de", "--direct", "--with-transcript").code == 2


def test_subtitles_show_the_translation_or_both(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    words = ["translate", wav(seconds=4), "--to", "de", "--format", "srt"]
    alone = desk.run(*words, engine=FakeEngine(CHAIN)).out
    both = desk.run(*words, "--with-transcript", engine=FakeEngine(CHAIN)).out
    assert alone.split("\n")[2:] == ["Guten Morgen.", "", ""]
    assert both.split("\n")[2:] == ["Good morning.", "Guten Morgen.", "", ""]


@pytest.mark.parametrize("content", ["Hello world.", "\ufeffHello world.\r\n"])
def test_text_files_need_no_adapter(desk: Desk, tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content.encode())
    engine = FakeEngine(WRITTEN)
    ran = desk.run("translate", file, "--to", "de", engine=engine)
    assert (ran.code, ran.out) == (0, "Hallo Welt.\n")
    assert question_of(engine.requests[0]).endswith("\n\nHello world.")
    assert desk.run("translate", file, "--to", "de", "--format", "srt").code == 2
    ran = desk.run("translate", file, "--to", "de", "--format", "json", engine=engine)
    assert json.loads(ran.out)["translation"] == "Hallo Welt."


def test_a_typed_text(desk: Desk) -> None:
    ran = desk.run(
        "translate", "--text", "Hello.", "--to", "de", "--json", engine=FakeEngine(WRITTEN)
    )
    assert ran.finished["text"] == "Hallo Welt."
    assert ran.finished["adapter"] is None


@pytest.mark.parametrize(
    "words",
    [
        ["--to", "de"],
        ["--to", "de", "--text", "Hi", "a.wav"],
        ["--to", "de", "--text", " "],
        ["--to", "Klingon", "a.wav"],
        ["a.wav"],
    ],
)
def test_wrong_usage(desk: Desk, words: list[str]) -> None:
    ran = desk.run("translate", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


def test_a_text_file_that_is_none(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xff\xfe\x00")
    assert desk.run("translate", file, "--to", "de").code == 1
    file.write_bytes(b"caf\xe9")
    ran = desk.run("translate", file, "--to", "de")
    assert "UTF-8" in ran.err
