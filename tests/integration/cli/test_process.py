"""`phi-desk` as a process: start-up, pipes, signals, locales and terminals."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HEAVY = ("torch", "transformers", "numpy", "av", "cv2", "onnxruntime", "PIL", "rich", "PySide6")

# The program with an engine that says one word again and again, each after a moment.
PROGRAM = """
import sys
from phi_desk.cli.main import main
from phi_desk.engine.fake import FakeEngine
reply, seconds = {reply!a} * {times}, {seconds!r}
sys.exit(main(open_engine=lambda *_: FakeEngine(otherwise=reply, seconds_a_token=seconds)))
"""

posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")


def program(reply: str, seconds: float = 0.0, times: int = 1) -> list[str]:
    code = PROGRAM.format(reply=reply, seconds=seconds, times=times)
    return [sys.executable, "-c", code]


@contextmanager
def running(command: list[str], **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone afterwards."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **{**pipes, **settings}) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def run(
    command: list[str], data: bytes | None = None, **settings: object
) -> subprocess.CompletedProcess[bytes]:
    given = {"stdin": subprocess.DEVNULL} if data is None else {"input": data}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, capture_output=True, timeout=60, check=False, **{**given, **settings}
    )


@pytest.mark.parametrize("words", [["--help"], ["ask", "--help"], ["ocr", "--help"], ["nonsense"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom phi_desk.cli.main import main\n"
        f"main({words!r})\n"
        f"print('imported:', *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    assert run([sys.executable, "-c", code]).stdout.splitlines()[-1] == b"imported:"


def test_help_answers_at_once() -> None:
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        assert run([sys.executable, "-m", "phi_desk", "--help"]).returncode == 0
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.3


def test_utf8_whatever_the_locale_says() -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ran = run([*program("é 日本 😀"), "ask", "hi"], env={**os.environ, **plain})
    assert ran.stdout.decode() == "é 日本 😀\n"
    ran = run([*program("ok"), "ask", "--image", "ü.png", "hi"], env={**os.environ, **plain})
    assert "ü.png" in ran.stderr.decode()


@posix
def test_a_reader_that_leaves_ends_it_quietly() -> None:
    with running(
        [*program("word ", times=100_000), "ask", "hi", "--max-tokens", "99999"]
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


@posix
@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams(closing: str) -> None:
    command = [*program("ok"), "ask", "hi"]
    ran = run(["sh", "-c", f'exec "$@" {closing}', "sh", *command])
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


@posix
@pytest.mark.parametrize(
    ("words", "prompt"),
    [
        (["ask", "hi"], 5),
        (["ask", "-"], None),
        (["ask"], None),
    ],
)
def test_an_idle_pipe_is_waited_for_only_when_it_is_the_question(
    words: list[str], prompt: int | None
) -> None:
    reading, writing = os.pipe()
    try:
        with running([*program("ok"), *words], stdin=reading) as process:
            if prompt is not None:
                assert process.wait(20) == 0
                return
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(1.5)
            os.write(writing, "Wie spät ist es?".encode())
            os.close(writing)
            writing = -1
            assert process.wait(20) == 0
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)


@posix
def test_a_spoken_question_does_not_wait_for_an_idle_pipe(tmp_path: Path) -> None:
    sound = tmp_path / "a.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\1\0" * 16_000)
    reading, writing = os.pipe()
    try:
        with running([*program("ok"), "ask", "--audio", str(sound)], stdin=reading) as process:
            assert process.wait(20) == 0
    finally:
        os.close(reading)
        os.close(writing)


def test_a_piped_question() -> None:
    for words in (["ask"], ["ask", "-"]):
        ran = run([*program("ok"), *words, "--json"], "Wie spät?\n".encode())
        assert ran.returncode == 0
        started = next(e for e in events(ran.stdout) if e["event"] == "started")
        assert started["prompt_tokens"] == 5  # user, two words, end of turn, assistant
    assert run([*program("ok"), "ask"], b" \n").returncode == 2
    assert run([*program("ok"), "ask"], b"\xff\xfa").returncode == 1


@posix
@pytest.mark.parametrize("words", [["ask", "hi"], ["translate", "--text", "hi", "--to", "de"]])
def test_the_first_interrupt_keeps_what_was_said(words: list[str]) -> None:
    with running([*program("word ", 0.05, 1000), *words, "--json"]) as process:
        assert process.stdout is not None
        line = b"-"
        while line and b"text_delta" not in line:
            line = process.stdout.readline()
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert time.monotonic() - sent < 2
        assert process.wait(20) == 130
    last = events(rest)[-1]
    assert (last["event"], last["reason"]) == ("finished", "cancelled")
    assert str(last["text"]).startswith("word")


@posix
def test_an_interrupt_while_it_waits_for_the_pipe() -> None:
    reading, writing = os.pipe()
    try:
        with running([*program("ok"), "ask"], stdin=reading) as process:
            time.sleep(1.5)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
            assert process.stderr is not None
            assert process.stderr.read() == b""
    finally:
        os.close(reading)
        os.close(writing)


@posix
def test_the_second_interrupt_kills() -> None:
    deaf = (
        "import sys, time\n"
        "from phi_desk.cli.main import main\n"
        "def opens(*_):\n"
        "    print('ready', flush=True)\n"
        "    while True: time.sleep(0.01)\n"
        "sys.exit(main(open_engine=opens))\n"
    )
    with running([sys.executable, "-c", deaf, "ask", "hi"]) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == -signal.SIGINT


@posix
def test_a_bar_on_a_terminal_and_no_escapes_from_the_model() -> None:
    shown = at_terminal([*program("a\x1b]0;evil\x07b word", 0.02), "ask", "hi"])
    assert b"Thinking" in shown
    assert b"a]0;evilb word\r\n" in shown
    assert b"\x1b]0;" not in shown


@posix
def test_no_bar_where_stderr_is_no_terminal() -> None:
    shown = at_terminal([*program("word"), "ask", "hi"], stderr=subprocess.PIPE)
    assert shown == b"word\r\n"


def at_terminal(command: list[str], **settings: object) -> bytes:
    """What a process writes to a terminal."""
    import pty

    here, there = pty.openpty()
    streams: dict[str, object] = {"stdin": there, "stdout": there, "stderr": there, **settings}
    shown = b""
    try:
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        with running(command, **streams, env=env) as process:
            shown = read_until(here, lambda: process.poll() is not None)
            assert process.returncode == 0
    finally:
        os.close(here)
        os.close(there)
    return shown


def read_until(number: int, ended: Callable[[], bool]) -> bytes:
    shown = b""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        over = ended()
        if select.select([number], [], [], 0.1)[0]:
            shown += os.read(number, 65_536)
        elif over:
            break
    return shown


def events(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.decode().splitlines() if line.startswith("{")]
