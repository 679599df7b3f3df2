"""No command but a download ever asks for a connection, with a real model and everything real.

Two watchers: an audit hook in every Python process that a command starts, and, where the system
lets us make one, a network of its own that leads nowhere and counts what looked for a way out,
libraries in C and Rust included.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from data_makers import sounds, tiny_checkpoint
from data_makers.pictures import encode, pixels
from tiny_checkpoint import write_tiny

from phi_desk.cli.main import OFFLINE
from phi_desk.cli.parser import COMMANDS

SHUT = Path(__file__).parent / "shut"
TESTS = Path(__file__).resolve().parents[1]
MARK = "ways out that were looked for:"
# Ip's OutNoRoutes is its 12th number; IPv6 has a line of its own.
COUNT = (
    f"\"$@\"; code=$?; echo '{MARK}' "
    "$(awk '/^Ip: [0-9]/ {print $13}' /proc/net/snmp) "
    "$(awk '/^Ip6OutNoRoutes/ {print $2}' /proc/net/snmp6) >&2; exit $code"
)


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it tried to connect to."""

    code: int
    out: str
    err: str
    attempts: str
    ways_out: str


@cache
def can_be_cut_off() -> bool:
    """Whether this system lets a process have a network of its own."""
    if shutil.which("unshare") is None:
        return False
    line = ["unshare", "-rn", "test", "-r", "/proc/net/snmp6"]
    return subprocess.run(line, capture_output=True, check=False).returncode == 0


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process that is watched, and that nobody has told to stay offline."""
    # Those of ONNX Runtime are set by our own import of phi_desk: the child must do it by itself.
    # With CI it would keep quiet by itself, and prove nothing.
    hushing = {*OFFLINE, "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "GITHUB_ACTIONS"}
    env = {name: value for name, value in os.environ.items() if name not in hushing}
    paths = os.pathsep.join((str(SHUT), str(TESTS.parent)))
    own = {"ATTEMPTS": str(folder / "attempts.txt"), "HF_HOME": str(folder / "hub")}
    return env | own | {"PYTHONPATH": paths}


def run(*words: str, folder: Path, program: tuple[str, ...] = ("-m", "phi_desk")) -> Ran:
    """A command in a process that has no network and says so when it looks for one."""
    attempts = folder / "attempts.txt"
    attempts.unlink(missing_ok=True)
    command = [sys.executable, *program, *words]
    if can_be_cut_off():
        command = ["unshare", "-rn", "sh", "-c", COUNT, "sh", *command]
    ran = subprocess.run(
        command,
        env=environment(folder),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=240,
        check=False,
    )
    err, _, ways = ran.stderr.decode().partition(MARK)
    return Ran(
        code=ran.returncode,
        out=ran.stdout.decode(),
        err=err,
        attempts=attempts.read_text() if attempts.exists() else "",
        ways_out="".join(ways.split()).strip("0"),
    )


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of each layout and a file of each kind."""
    folder = tmp_path_factory.mktemp("things")
    tiny_checkpoint.make(folder / "model")
    write_tiny(folder / "published")
    sounds.make("m4a", folder, seed=1).rename(folder / "a.m4a")
    shutil.copy(TESTS / "data" / "speech_english.ogg", folder / "speech.ogg")
    import random

    picture = pixels(random.Random(1), 90, 70).convert("RGB")
    (folder / "a.png").write_bytes(encode(picture, "PNG"))
    picture.save(folder / "a.pdf")
    (folder / "a.txt").write_text("Good morning.")
    return folder


MODEL = ("--model", "model", "--max-tokens", "4")
LINES: tuple[tuple[str, ...], ...] = (
    ("ask", "Hello", *MODEL),
    ("ask", "--image", "a.png", "--audio", "a.m4a", "What is it?", "--json", *MODEL),
    ("transcribe", "speech.ogg", *MODEL),
    ("translate", "speech.ogg", "--to", "German", *MODEL),
    ("translate", "a.txt", "--to", "French", *MODEL),
    ("ocr", "a.pdf", "a.png", *MODEL),
    ("live", "--file", "speech.ogg", "--pace", "fast", *MODEL),
    ("models", "list"),
    ("models", "add", "model", "--name", "tiny"),
    ("models", "verify", "model"),
    ("models", "verify", "published", "--full"),
    ("models", "convert", "published", "converted"),
    ("models", "use", "tiny"),
    ("models", "remove", "tiny"),
    ("doctor",),
    ("bench",),
    ("bench", "--help"),
    ("--version",),
    ("--help",),
    *((command.name, "--help") for command in COMMANDS),
)
WRONG_USAGE: dict[tuple[str, ...], int] = {("bench",): 2}


def test_every_command_is_among_the_lines() -> None:
    assert {command.name for command in COMMANDS} <= {line[0] for line in LINES}


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_no_connection_is_attempted(line: tuple[str, ...], things: Path) -> None:
    home = things / "home"  # one home for all lines: what is added is used and removed again
    ran = run(*line, "--home", str(home), folder=things)
    assert (ran.attempts, ran.ways_out) == ("", ""), ran.err
    expected = WRONG_USAGE.get(line, 0)
    assert ran.code == expected, ran.err
    assert "Traceback" not in ran.err


def test_the_watchers_see_a_download(tmp_path: Path) -> None:
    attempts = tmp_path / "attempts.txt"
    line = ["models", "download", "--home", str(tmp_path / "home")]
    with subprocess.Popen(
        [sys.executable, "-m", "phi_desk", *line],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            deadline = time.monotonic() + 120
            while not attempts.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            process.kill()  # it would try again for half a minute
    assert "huggingface.co" in attempts.read_text()


def test_offline_keeps_even_a_download_quiet(tmp_path: Path) -> None:
    ran = run("models", "download", "--offline", "--home", str(tmp_path / "home"), folder=tmp_path)
    assert (ran.attempts, ran.ways_out) == ("", "")
    assert ran.code == 1
    assert ran.err.startswith("phi-desk: ")


def test_the_speech_detectors_library_is_told_to_keep_quiet(tmp_path: Path) -> None:
    """It would send a report of every session; where nothing may be cut off this must do."""
    code = "import phi_desk, os; assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    assert run(code, folder=tmp_path, program=("-c",)).code == 0


@pytest.mark.skipif(not can_be_cut_off(), reason="no network of its own may be made here")
def test_the_watchers_see_a_library_in_c(tmp_path: Path) -> None:
    code = (
        "import ctypes, socket, struct\n"
        "c = ctypes.CDLL(None)\n"
        "address = struct.pack('=HH4s8x', socket.AF_INET, 9, bytes([127, 0, 0, 1]))\n"
        "assert c.connect(c.socket(socket.AF_INET, socket.SOCK_STREAM, 0), address, 16) == -1\n"
    )
    ran = run(code, folder=tmp_path, program=("-c",))
    assert ran.code == 0, ran.err
    assert ran.attempts == ""
    assert ran.ways_out
