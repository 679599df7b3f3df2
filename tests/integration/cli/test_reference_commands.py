"""Whole commands on the reference checkpoint: the reference's tokens, and no connection."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MODEL = ["--precision", "fp32", "--device", "cpu", "--temperature", "0", "--max-tokens", "12"]
CASES = ("text_user", "speech_1_3s", "vision_200x150", "vision_448x448", "vision_speech")

# Runs command lines one after the other in one process, so that torch is imported once; tells of
# every use of the network on the way.
DRIVER = """
import contextlib, io, json, socket, sys
used = []
def watch(name, values):
    if name in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        used.append([name, repr(values)])
    elif name in ("socket.connect", "socket.sendto", "socket.bind"):
        if values[0].family != getattr(socket, "AF_UNIX", None):
            used.append([name, repr(values[1])])
sys.addaudithook(watch)
from phi_desk.cli.main import main
ran = []
for words in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main(words)
    ran.append([code, out.getvalue()])
socket.socket().connect_ex(("127.0.0.1", 9))  # so that a blind watch is noticed
json.dump({"ran": ran, "used": used}, sys.stdout)
"""


@pytest.fixture(scope="module")
def ran(
    oracle: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[dict[str, Any]]], list[Any]]:
    """Every command's events, and every use of the network."""
    media = oracle / "cases" / "media"
    index = json.loads((oracle / "cases" / "cases.json").read_text(encoding="utf-8"))
    lines = {name: ask_words(index[name], media) for name in CASES}
    sound, picture = str(media / "a1_3s.wav"), str(media / "i200x150.png")
    lines |= {
        "transcribe": ["transcribe", sound],
        "translate": ["translate", sound, "--to", "de"],
        "translate text": ["translate", "--text", "Hello", "--to", "fr"],
        "ocr": ["ocr", picture],
        "list": ["models", "list"],
        "verify": ["models", "verify", str(oracle / "checkpoint")],
        "doctor": ["doctor"],
    }
    common = ["--json", "--model", str(oracle / "checkpoint"), *MODEL]
    words = [[*line, *common] for line in lines.values()]
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps(words).encode(),
        capture_output=True,
        check=True,
        timeout=240,
        env={**os.environ, "PHI_DESK_HOME": str(home), "OMP_NUM_THREADS": "2"},
    )
    result = json.loads(done.stdout)
    events = {}
    for name, (code, out) in zip(lines, result["ran"], strict=True):
        assert code == 0, (name, done.stderr.decode())
        events[name] = [json.loads(line) for line in out.splitlines()]
    return events, result["used"]


def ask_words(case: dict[str, Any], media: Path) -> list[str]:
    """The command line of a recorded case."""
    question = re.fullmatch(
        r"<\|user\|>(?:<\|(?:image|audio)_\d\|>)*(.*?)<\|end\|><\|assistant\|>", case["text"]
    )
    assert question is not None
    words = ["ask", *([question[1]] if question[1] else [])]
    for name in case.get("images", []):
        words += ["--image", str(media / f"{name}.png")]
    for name in case.get("audios", []):
        words += ["--audio", str(media / f"{name}.wav")]
    return words


@pytest.mark.parametrize("case", CASES)
def test_ask_gives_the_references_tokens(
    case: str, oracle: Path, ran: tuple[dict[str, list[dict[str, Any]]], list[Any]]
) -> None:
    from safetensors import safe_open

    finished = ran[0][case][-1]
    path = oracle / "cases" / "ref" / f"{case}.safetensors"
    with safe_open(path, framework="np") as file:
        wanted = file.get_tensor("greedy12").reshape(-1).tolist()
    index = json.loads((oracle / "cases" / "cases.json").read_text(encoding="utf-8"))
    assert finished["event"] == "finished"
    assert finished["output_ids"] == wanted
    assert finished["adapter"] == index[case]["adapter"]
    assert finished["reason"] == "length"


def test_no_command_opens_a_connection(
    ran: tuple[dict[str, list[dict[str, Any]]], list[Any]],
) -> None:
    assert ran[1] == [["socket.connect", "('127.0.0.1', 9)"]]  # the driver's own, at the end


def test_every_command_ends_with_its_last_event(
    ran: tuple[dict[str, list[dict[str, Any]]], list[Any]],
) -> None:
    for name, events in ran[0].items():
        assert events[-1]["event"] == "finished", name
