"""`phi-desk doctor` on this very machine, whatever it has."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import psutil

from phi_desk.services.embedded import HONEST, has_embedded

LIMIT_S = 60  # torch alone may take 30 from a cold disk
ALWAYS_THERE = {
    "system", "python", "processor", "instruction sets", "memory", "disk", "network",
    "system packages", "microphone", "camera", "screen capture", "accelerator", "models",
}  # fmt: skip


def test_the_whole_examination() -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "phi_desk", "doctor", "--json"],
        capture_output=True,
        check=False,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    *lines, last = [json.loads(line) for line in done.stdout.splitlines()]
    found = {line["about"]: line for line in lines}
    assert found.keys() >= ALWAYS_THERE
    assert {"int8 on cpu", "bf16 on cpu", "full model"} <= found.keys()
    assert all(line["event"] == "finding" and line["value"] for line in lines)
    assert f"{psutil.virtual_memory().total / 1e9:.1f} GB" in found["memory"]["value"]
    # This test's home is empty: there is the embedded model, in a copy that has one, and no other.
    assert found["models"]["state"] == ("ok" if has_embedded() else "missing")
    assert (HONEST in found["models"]["hint"]) == has_embedded()
    assert last["event"] == "finished"
    assert last["ok"] + last["warning"] + last["missing"] == len(lines)
    assert time.monotonic() - started < LIMIT_S


def test_people_get_the_same_in_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "phi_desk", "doctor", "--offline"],
        capture_output=True,
        check=False,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "switched off" in done.stdout
    assert "phi-desk models download" in done.stdout.split("models", 1)[1]
