"""`phi-desk models` from end to end: a small checkpoint over HTTP, and away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from phi_desk.cli.main import main
from phi_desk.services.embedded import EMBEDDED

from .hub_server import Fault, Hub, wait_until

SHARD = "model-00001-of-00002.safetensors"


@pytest.fixture
def tiny_hub(hub: Hub, oracle: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The hub, serving the reference checkpoint as the published one."""
    checkpoint = oracle / "checkpoint"
    found = (path for path in checkpoint.rglob("*") if path.is_file())
    hub.files = {path.relative_to(checkpoint).as_posix(): path.read_bytes() for path in found}
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    return hub


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_from_the_hub_to_a_converted_model_and_away(
    tiny_hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_hub.faults[SHARD].append(Fault(after=1_000_000))
    download = ["models", "download", "--revision", tiny_hub.commit, "--name", "tiny", "--json"]

    assert main(download) == 0
    *progress, finished = events(capsys)
    assert finished["event"] == "finished"
    assert (finished["layout"], finished["state"]) == ("published", "ok")
    assert {event["event"] for event in progress} == {"progress"}
    assert progress[-1]["done"] == progress[-1]["total"] > 30_000_000
    assert {"list", "fetch", "wait", "check", "done"} == {event["phase"] for event in progress}
    folder = Path(finished["folder"])

    assert main(["models", "verify", "--full", "--json"]) == 0  # the only one is the default
    assert events(capsys)[-1]["ok"] is True

    target = tmp_path / "native"
    assert main(["models", "convert", "tiny", str(target)]) == 0
    assert main(["models", "add", str(target)]) == 0
    capsys.readouterr()
    assert main(["models", "list", "--json"]) == 0
    layouts = {event["model"]: event["layout"] for event in events(capsys)[:-1]}
    layouts.pop(EMBEDDED, None)  # where the program came with it
    assert layouts == {"tiny": "published", "native": "native"}

    assert main(["models", "remove", "tiny"]) == 0
    assert not folder.exists()


def test_a_changed_byte_is_found_and_repaired(
    tiny_hub: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    download = ["models", "download", "--revision", tiny_hub.commit, "--name", "tiny", "--json"]
    assert main(download) == 0
    path = Path(events(capsys)[-1]["folder"]) / SHARD
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    assert main(["models", "verify", "tiny"]) == 0  # headers and sizes are as they should be
    assert main(["models", "verify", "tiny", "--full"]) == 1
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")  # a command that needs no network shuts it
    assert f"{SHARD} is not as it was published" in capsys.readouterr().err
    tiny_hub.requests.clear()
    assert main(download) == 0
    assert len(tiny_hub.asked(SHARD)) == 1
    assert main(["models", "verify", "tiny", "--full"]) == 0


def test_a_damaged_model_is_told_by_verify_and_list(
    oracle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "home" / "models" / "cut"
    folder.mkdir(parents=True)
    for source in (oracle / "checkpoint").iterdir():
        if source.is_file():
            (folder / source.name).write_bytes(source.read_bytes())
    shard = folder / SHARD
    shard.write_bytes(shard.read_bytes()[:-100])

    assert main(["models", "verify", "cut"]) == 1
    assert "is cut off" in capsys.readouterr().err
    assert main(["models", "list", "--json"]) == 0
    entry = events(capsys)[0]
    assert entry["state"] == "damaged"
    assert "is cut off" in entry["sentence"]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is another thing there")
def test_an_interrupted_command_ends_at_once_and_can_be_continued(hub: Hub, tmp_path: Path) -> None:
    hub.faults[SHARD].append(Fault(rate=1_000, pause_s=0.02))
    hub.files = {"config.json": b"{}", SHARD: bytes(300_000)}
    command = [sys.executable, "-m", "phi_desk", "models", "download", "--name", "x"]
    command += ["--home", str(tmp_path), "--revision", hub.commit]
    environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_HUB_OFFLINE": "0"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        staging = tmp_path / "models" / ".x.partial"
        assert wait_until(lambda: any(p.stat().st_size for p in staging.glob("*.part")), 20)
        running.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = running.communicate(timeout=20)
    assert time.monotonic() - start < 2  # half a second, and Python's own end
    assert (running.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert next(iter(staging.glob("*.part"))).stat().st_size > 0


def test_looking_at_models_needs_neither_torch_nor_the_network(tmp_path: Path) -> None:
    code = (
        "import sys; from phi_desk.cli.main import main; "
        f"code = main(['models', 'list', '--home', {str(tmp_path)!r}]); "
        "heavy = {'torch', 'transformers', 'huggingface_hub', 'httpx2'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy or code else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
