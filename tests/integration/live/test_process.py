"""`phi-desk live` as a process: Ctrl-C, a terminal, a real microphone, a real (tiny) model."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from data_makers import tiny_checkpoint
from data_makers.pulse_server import PulseServer

from phi_desk.cli.main import main

SPEECH = Path(__file__).resolve().parents[2] / "data" / "speech_english.ogg"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")

# The program with an engine that says the same of every sound, each word after a moment.
PROGRAM = """
import sys
from phi_desk.cli.main import main
from phi_desk.engine.fake import FakeEngine
reply, seconds = {reply!r}, {seconds!r}
sys.exit(main(open_engine=lambda *_: FakeEngine(otherwise=reply, seconds_a_token=seconds)))
"""
BOTH = "Good morning everyone. <sep> Guten Morgen zusammen."


def program(*words: str, reply: str = BOTH, seconds: float = 0.0) -> list[str]:
    return [sys.executable, "-c", PROGRAM.format(reply=reply, seconds=seconds), "live", *words]


@contextmanager
def running(command: list[str], **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone afterwards."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **{**pipes, **streams}) as process:
        try:
            yield process
        finally:
            process.kill()


def events_until(process: subprocess.Popen[bytes], name: str) -> list[dict[str, Any]]:
    """The events up to the first of that name."""
    assert process.stdout is not None
    found: list[dict[str, Any]] = []
    while line := process.stdout.readline():
        found.append(json.loads(line))
        if found[-1]["event"] == name:
            return found
    raise AssertionError(f"no {name} in {[event['event'] for event in found]}")


def test_one_interrupt_finishes_what_was_heard() -> None:
    with running(program("--file", str(SPEECH), "--to", "de", "--json", seconds=0.1)) as process:
        begun = time.monotonic()
        for _ in range(30):  # about three seconds of speech
            events_until(process, "level")
        assert 2 < time.monotonic() - begun < 8  # at the pace in which it was spoken
        process.send_signal(signal.SIGINT)
        rest = events_until(process, "finished")
        assert process.wait(10) == 0
    (segment,) = (event for event in rest if event["event"] == "segment")
    assert segment["translation"] == "Guten Morgen zusammen."
    assert rest[-1]["reason"] == "stop"
    assert rest[-1]["missed_s"] == 0
    assert 2 < rest[-1]["heard_s"] < 8


def test_two_interrupts_give_the_rest_up_and_say_so() -> None:
    endless = "word " * 2000
    command = program("--file", str(SPEECH), "--pace", "fast", "--json", reply=endless, seconds=0.2)
    with running(command) as process:
        events_until(process, "partial")
        process.send_signal(signal.SIGINT)
        events_until(process, "partial")  # it goes on
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        rest = events_until(process, "finished")
        assert time.monotonic() - sent < 1
        assert process.wait(10) == 130
    assert any(event["event"] == "gap" for event in rest)
    assert rest[-1]["reason"] == "cancelled"
    assert rest[-1]["missed_s"] > 5


def test_on_a_terminal_unsure_words_are_replaced_by_sure_ones() -> None:
    import pty

    here, there = pty.openpty()
    shown = b""
    command = program("--file", str(SPEECH), "--pace", "fast", "--to", "de", seconds=0.02)
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    try:
        streams = {"stdin": there, "stdout": there, "stderr": there}
        with running(command, **streams, env=env) as process:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                over = process.poll() is not None
                if select.select([here], [], [], 0.1)[0]:
                    shown += os.read(here, 65_536)
                elif over:
                    break
            assert process.returncode == 0
    finally:
        os.close(here)
        os.close(there)
    assert b"\r\x1b[K\x1b[2mGood morning\x1b[0m" in shown
    assert shown.endswith(b"\r\x1b[KGood morning everyone.\r\nGuten Morgen zusammen.\r\n\r\n")


def test_a_microphone_that_is_unplugged_dirties_no_terminal(
    pulse: PulseServer, speech_wav: Path
) -> None:
    """PortAudio and ALSA write complaints of their own to stderr; a person sees sentences only."""
    pulse.add_microphone("desk", "Desk")
    with running(program("--mic", "desk", "--to", "de", "--json")) as process:
        events_until(process, "level")
        player = pulse.play("desk_in", speech_wav)
        segment = events_until(process, "segment")[-1]
        assert segment["text"] == "Good morning everyone."
        player.wait()
        pulse.unplug("desk")
        gap = events_until(process, "gap")[-1]
        assert "“Desk” is gone." in gap["why"]
        pulse.add_microphone("desk", "Desk")
        events_until(process, "level")
        process.send_signal(signal.SIGINT)
        finished = events_until(process, "finished")[-1]
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert finished["gaps"] >= 1


def test_words_for_people_while_a_microphone_goes(pulse: PulseServer) -> None:
    pulse.add_microphone("desk", "Desk")
    with running(program("--mic")) as process:
        assert process.stderr is not None
        assert b"Ctrl-C stops" in process.stderr.readline()
        time.sleep(3)
        pulse.unplug("desk")
        said = process.stderr.readline().decode()
        assert said.startswith("phi-desk: ")
        assert "“Desk” is gone." in said
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read().decode()
        assert process.wait(10) == 0
    assert "Expression" not in rest
    assert "ALSA" not in rest


def test_a_real_model_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A random model of a few kilobytes: its words mean nothing, everything around them is real."""
    model = tiny_checkpoint.make(tmp_path / "model")
    words = ["live", "--file", str(SPEECH), "--pace", "fast", "--to", "German", "--json"]
    words += ["--model", str(model), "--precision", "fp32", "--device", "cpu"]
    code = main([*words, "--max-tokens", "12"])
    captured = capsys.readouterr()
    assert (code, captured.err) == (0, "")
    events = [json.loads(line) for line in captured.out.splitlines()]
    finished = events[-1]
    assert finished["event"] == "finished"
    assert finished["adapter"] == "speech"
    assert finished["segments"] >= 1
    assert 0 < finished["output_tokens"] <= 24 * finished["segments"]
    assert finished["prompt_tokens"] > 100  # the sound is in the prompt
    assert finished["heard_s"] + finished["missed_s"] == pytest.approx(11.706, abs=0.01)
