"""`phi-desk live`: where the sound comes from, what is shown, how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from data_makers.command_lines import Desk

from phi_desk.cli.live_words import UnsureLine
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import DeviceError, MemoryExhaustedError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.file_source import FileSource

Wav = Callable[..., Path]
Speech = Callable[..., None]

BOTH = "Good morning. <sep> Guten Morgen."


class ScriptedMicrophone:
    """Gives what it was told to, one thing a read."""

    name = "Desk"
    rate = 16_000
    patient = False

    def __init__(self, *script: Incoming | DeviceError) -> None:
        self.script = list(script)
        self.closed = False

    @property
    def ended(self) -> bool:
        return not self.script

    def read(self, wait_s: float) -> list[Incoming]:
        one = self.script.pop(0)
        if isinstance(one, DeviceError):
            raise one
        return [one]

    def finish(self) -> list[Incoming]:
        self.close()
        return []

    def close(self) -> None:
        self.closed = True
        self.script = []


def seconds(count: float) -> Incoming:
    return np.full(round(count * 16_000), 0.1, np.float32)


def test_a_file_as_lines_of_both_languages(desk: Desk, wav: Wav, speech: Speech) -> None:
    speech((0.5, 2), (4, 5.5))
    ran = desk.run(
        "live", "--file", wav(seconds=8), "--pace", "fast", "--to", "German",
        engine=FakeEngine(otherwise=BOTH),
    )  # fmt: skip
    assert ran.code == 0
    assert ran.out == "Good morning.\nGuten Morgen.\n\n" * 2


def test_without_a_language_a_line_a_segment(desk: Desk, wav: Wav, speech: Speech) -> None:
    speech((0.5, 2), (4, 5.5))
    engine = FakeEngine(otherwise="Good morning.")
    ran = desk.run("live", "--file", wav(seconds=8), "--pace", "fast", engine=engine)
    assert ran.out == "Good morning.\nGood morning.\n"


def test_subtitles_with_times(desk: Desk, wav: Wav, speech: Speech) -> None:
    speech((0.5, 2), (4, 5.5))
    words = ["live", "--file", wav(seconds=8), "--pace", "fast", "--format"]
    srt = desk.run(*words, "srt", engine=FakeEngine(otherwise="Good morning."))
    assert srt.out.startswith("1\n00:00:00,5")
    assert "\n2\n00:00:04,0" in srt.out
    vtt = desk.run(*words, "vtt", engine=FakeEngine(otherwise="Good morning."))
    assert vtt.out.startswith("WEBVTT\n\n00:00:00.5")


def test_one_json_document(desk: Desk, wav: Wav, speech: Speech) -> None:
    speech((0.5, 2))
    ran = desk.run(
        "live", "--file", wav(seconds=4), "--pace", "fast", "--to", "de", "--format", "json",
        engine=FakeEngine(otherwise=BOTH),
    )  # fmt: skip
    document = json.loads(ran.out)
    assert document["source"] == "a.wav"
    assert [s["translation"] for s in document["segments"]] == ["Guten Morgen."]


def test_json_events(desk: Desk, wav: Wav, speech: Speech) -> None:
    speech((0.5, 2))
    ran = desk.run(
        "live", "--file", wav(seconds=4), "--pace", "fast", "--to", "de", "--json",
        engine=FakeEngine(otherwise=BOTH),
    )  # fmt: skip
    names = [event["event"] for event in ran.events]
    assert names.index("started") < names.index("level") < names.index("partial")
    assert names.index("partial") < names.index("segment") < names.index("finished")
    assert ran.named("started")[0]["source"] == "a.wav"
    last = ran.named("partial")[-1]
    assert (last["transcript"], last["translation"]) == ("Good morning.", "Guten Morgen.")
    (segment,) = ran.named("segment")
    assert segment["segment"] == 0
    assert (segment["text"], segment["translation"]) == ("Good morning.", "Guten Morgen.")
    assert segment["start_s"] == pytest.approx(0.5, abs=0.04)
    assert segment["end_s"] == pytest.approx(2.0, abs=0.04)
    assert {"behind_s", "waiting_s", "why"} <= set(ran.named("lag")[0])
    finished = ran.finished
    assert (finished["reason"], finished["adapter"], finished["segments"]) == ("stop", "speech", 1)
    assert (finished["heard_s"], finished["missed_s"], finished["gaps"]) == (4.0, 0.0, 0)
    assert finished["output_tokens"] > 0
    assert finished["text"] == "Good morning.\nGuten Morgen.\n\n"


def test_silence_is_said(desk: Desk, wav: Wav) -> None:
    ran = desk.run("live", "--file", wav(level=0), "--pace", "fast", engine=FakeEngine())
    assert (ran.code, ran.out) == (0, "")
    assert "No speech was heard." in ran.err


def test_gaps_of_a_microphone_are_told(
    desk: Desk, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech()
    microphone = ScriptedMicrophone(
        seconds(2), Lost(3.0, "“Desk” is gone."), Lost(0.0, "Now listening to “Headset”."),
        seconds(2),
    )  # fmt: skip
    monkeypatch.setattr("phi_desk.media.microphone.open_microphone", lambda name: microphone)
    ran = desk.run("live", "--mic", engine=FakeEngine(otherwise="Words."))
    assert ran.code == 0
    assert ran.out == "Words.\nWords.\n"
    assert "Listening to “Desk”. Ctrl-C stops." in ran.err
    assert "From 0:02.0 to 0:05.0 nothing was understood: “Desk” is gone." in ran.err
    assert "phi-desk: Now listening to “Headset”." in ran.err
    assert microphone.closed


def test_which_microphone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def open_microphone(name: str | None) -> ScriptedMicrophone:
        asked.append(name)
        return ScriptedMicrophone()

    monkeypatch.setattr("phi_desk.media.microphone.open_microphone", open_microphone)
    desk.run("live", "--mic", "--to", "de", engine=FakeEngine())
    desk.run("live", "--mic", "USB mic", engine=FakeEngine())
    assert asked == [None, "USB mic"]


def test_a_device_that_is_not_there_opens_no_model(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DeviceError("No sound output.", "Connect one.")

    monkeypatch.setattr("phi_desk.media.system_audio.open_system_audio", refuse)
    ran = desk.run("live", "--system-audio")
    assert ran.code == 1
    assert ran.err == "phi-desk: No sound output. Connect one.\n"


def test_a_device_that_fails_keeps_what_was_heard(
    desk: Desk, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech()
    microphone = ScriptedMicrophone(seconds(2), DeviceError("The device broke.", "Mend it."))
    monkeypatch.setattr("phi_desk.media.microphone.open_microphone", lambda name: microphone)
    engine = FakeEngine(otherwise="Words.")
    ran = desk.run("live", "--mic", "--format", "json", engine=engine)
    assert ran.code == 1
    document = json.loads(ran.out)
    assert document["segments"][0]["text"] == "Words."
    assert document["error"] == "The device broke. Mend it."
    assert "The device broke." in ran.err


def test_a_model_that_fails_is_a_gap_and_three_times_the_end(
    desk: Desk, wav: Wav, speech: Speech
) -> None:
    speech((0.5, 2), (3, 4), (5, 6), (7, 8))
    engine = FakeEngine(otherwise=MemoryExhaustedError("No memory is left.", "Close programs."))
    ran = desk.run("live", "--file", wav(seconds=10), "--pace", "fast", engine=engine)
    assert ran.code == 1
    assert ran.err.count("nothing was understood: No memory is left.") == 3
    assert ran.err.splitlines()[-1] == "phi-desk: No memory is left. Close programs."


def test_natural_pace_is_what_a_file_has(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    paces: list[str] = []

    class Noting(FileSource):
        def __init__(self, path: Path, **settings: object) -> None:
            paces.append(str(settings["pace"]))
            raise DeviceError("Enough.")

    monkeypatch.setattr("phi_desk.media.file_source.FileSource", Noting)
    desk.run("live", "--file", "a.wav")
    desk.run("live", "--file", "a.wav", "--pace", "fast")
    assert paces == ["realtime", "fast"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--mic", "x", "--system-audio"],
        ["--mic", "--pace", "fast"],
        ["--file", "a.wav", "--to", "Klingon"],
        ["--file", "a.wav", "--pace", "slow"],
    ],
)
def test_lines_that_make_no_sense(desk: Desk, words: list[str]) -> None:
    ran = desk.run("live", *words)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_words_that_are_not_sure_stay_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    line = UnsureLine(hidden=False)
    line.show("no terminal")
    line.clear()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    line.show("The beginning is cut off\x1b[31m\nhere")
    line.clear()
    line.clear()
    shown = capsys.readouterr().err
    assert shown == "\r\x1b[K\x1b[2ms cut off [31m here\x1b[0m\r\x1b[K"
