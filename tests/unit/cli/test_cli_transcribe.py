"""`phi-desk transcribe`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.command_lines import Desk

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine, Reply, Rule
from phi_desk.engine.messages import Audio, ChatRequest, Options, Text
from phi_desk.errors import MemoryExhaustedError
from phi_desk.media.sound import Sound

Maker = Callable[..., Path]
Speech = Callable[..., None]


def counting(*replies: str) -> Rule:
    """Answers request after request."""
    left = iter(replies)
    return Rule(lambda _: True, lambda _: next(left))


def test_a_short_sound_goes_in_whole_with_the_published_prompt(
    desk: Desk, wav: Maker, speech: Speech
) -> None:
    speech()
    engine = FakeEngine(otherwise=" Hello there. ")
    ran = desk.run("transcribe", wav(seconds=2), engine=engine)
    assert (ran.code, ran.out, ran.err) == (0, "Hello there.\n", "")
    (message,) = engine.requests[0].messages
    sound, words = message.parts
    assert words == Text("Transcribe the audio clip into text.")
    assert isinstance(sound, Audio)
    assert isinstance(sound.source, Sound)
    assert sound.source.seconds == 2


def test_silence_is_not_shown_to_the_model(desk: Desk, wav: Maker) -> None:
    engine = FakeEngine(otherwise="Invented words.")
    ran = desk.run("transcribe", wav(seconds=3, level=0.0), engine=engine)
    assert (ran.code, ran.out, ran.err) == (0, "", "phi-desk: No speech was found in it.\n")
    assert engine.requests == []
    ran = desk.run("transcribe", "--json", wav(seconds=3, level=0.0), engine=engine)
    assert (ran.finished["text"], ran.finished["reason"]) == ("", "stop")
    assert ran.finished["output_ids"] == []
    for name, document in (("srt", ""), ("vtt", "WEBVTT\n\n")):
        assert (
            desk.run("transcribe", "--format", name, wav(level=0.0), engine=engine).out == document
        )


def test_long_sound_in_pieces_with_times(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech((1.0, 10.0), (15.0, 20.0), (25.0, 50.0))
    engine = FakeEngine(counting("One.", "Two.", "Three."))
    ran = desk.run("transcribe", "--json", wav(seconds=60), engine=engine)
    segments = ran.named("segment")
    assert [segment["text"] for segment in segments] == ["One.", "Two.", "Three."]
    for segment, (start, end) in zip(segments, [(1, 10), (15, 20), (25, 50)], strict=True):
        assert segment["start_s"] == pytest.approx(start, abs=0.3)
        assert segment["end_s"] == pytest.approx(end, abs=0.3)
    heard = [event["done"] for event in ran.named("progress") if event["phase"] == "listen"]
    assert heard == sorted(heard)
    assert ran.finished["text"] == "One.\n\nTwo.\n\nThree.\n"
    assert ran.finished["output_tokens"] == 3
    assert [event["delta"] for event in ran.named("partial")] == ["One.", "Two.", "Three."]


def test_subtitles(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech((1.0, 9.0))
    words = "Good morning to all of you. Tom & Jerry <live>."
    srt = desk.run(
        "transcribe", "--format", "srt", wav(seconds=10), engine=FakeEngine(otherwise=words)
    )
    blocks = srt.out.split("\n\n")
    assert blocks[0].startswith("1\n00:00:0")
    assert " --> 00:00:0" in blocks[0]
    assert "," in blocks[0].split("\n")[1]
    assert blocks[1].endswith("Tom & Jerry <live>.")
    vtt = desk.run(
        "transcribe", "--format", "vtt", wav(seconds=10), engine=FakeEngine(otherwise=words)
    )
    assert vtt.out.startswith("WEBVTT\n\n00:00:0")
    assert "Tom &amp; Jerry &lt;live&gt;." in vtt.out
    assert "," not in vtt.out.split("\n")[2]


def test_several_files(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    files = [wav("a.wav"), wav("b.wav")]
    ran = desk.run("transcribe", *files, engine=FakeEngine(counting("One.", "Two.")))
    assert ran.out == f"== {files[0]} ==\nOne.\n\n== {files[1]} ==\nTwo.\n"
    ran = desk.run(
        "transcribe", "--format", "json", *files, engine=FakeEngine(counting("One.", "Two."))
    )
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert [document["file"] for document in documents] == list(map(str, files))
    assert documents[1]["segments"][0]["text"] == "Two."
    assert documents[1]["reason"] == "stop"
    assert desk.run("transcribe", "--format", "srt", *files).code == 2
    ran = desk.run("transcribe", "--json", *files, engine=FakeEngine(counting("One.", "Two.")))
    assert [event["file"] for event in ran.named("finished")] == list(map(str, files))


def test_a_broken_file_does_not_lose_the_others(
    desk: Desk, wav: Maker, speech: Speech, tmp_path: Path
) -> None:
    speech()
    (tmp_path / "broken.wav").write_bytes(b"RIFF what")
    ran = desk.run(
        "transcribe", "--json", tmp_path / "broken.wav", wav(), engine=FakeEngine(otherwise="Yes.")
    )
    assert ran.code == 1
    (error,) = ran.named("error")
    assert error["file"].endswith("broken.wav")
    assert ran.finished["text"] == "Yes.\n"
    assert ran.err.count("\n") == 1


def test_a_looping_piece_is_kept_and_marked(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    engine = FakeEngine(Rule(lambda _: True, "and and and", "repetition"))
    ran = desk.run("transcribe", "--json", wav(), engine=engine)
    (segment,) = ran.named("segment")
    assert (segment["text"], segment["reason"]) == ("and and and", "repetition")
    assert ran.finished["reason"] == "repetition"
    assert "repeat" in ran.finished["note"]
    plain = desk.run("transcribe", wav(), engine=engine)
    assert plain.out == "and and and\n"
    assert plain.err.startswith("phi-desk: The model began to repeat itself near 0:00")


def test_a_failure_in_the_middle_keeps_what_was_heard(
    desk: Desk, wav: Maker, speech: Speech
) -> None:
    speech((1.0, 10.0), (15.0, 20.0))
    failure = MemoryExhaustedError("Memory ran out.")
    replies: Iterator[Reply] = iter(["One.", failure])
    engine = FakeEngine(Rule(lambda _: True, lambda _: next(replies)))
    ran = desk.run("transcribe", "--format", "json", wav(seconds=40), engine=engine)
    assert ran.code == 1
    document = json.loads(ran.out)
    assert [segment["text"] for segment in document["segments"]] == ["One."]
    assert document["error"] == "Memory ran out."
    assert ran.err == "phi-desk: Memory ran out.\n"


def test_a_stop_keeps_what_was_heard(
    desk: Desk, wav: Maker, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech((1.0, 10.0), (15.0, 20.0), (25.0, 28.0))
    tokens: list[CancelToken] = []
    original = CancelToken.__init__

    def remember(self: CancelToken) -> None:
        original(self)
        tokens.append(self)

    monkeypatch.setattr(CancelToken, "__init__", remember)
    asked = 0

    def reply(request: ChatRequest) -> str:
        nonlocal asked
        asked += 1
        if asked == 2:
            tokens[0].cancel()
        return "Some words."

    engine = FakeEngine(Rule(lambda _: True, reply))
    ran = desk.run("transcribe", "--json", wav(seconds=40), engine=engine)
    assert ran.code == 130
    assert ran.finished["reason"] == "cancelled"
    assert ran.finished["text"] == "Some words.\n"
    assert asked == 2


def test_options_of_the_answer(desk: Desk, wav: Maker, speech: Speech) -> None:
    speech()
    engine = FakeEngine(otherwise="ok")
    desk.run("transcribe", wav(), "--adapter", "none", "--seed", "1", engine=engine)
    assert engine.requests[0].adapter == "none"
    assert engine.requests[0].options == Options(max_tokens=1024, seed=1)
