"""The embedded model as it is shipped: whole, small, honest, and of use only with its adapters.

These tests ask the real model; a copy of the program without one skips them.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors import safe_open

from phi_desk.cancel import CancelToken
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.tokens import Tokens
from phi_desk.model.verify import verify
from phi_desk.services.demo.events import DemoFinished, SampleShown
from phi_desk.services.demo.run import run_demo
from phi_desk.services.demo.samples import read_samples
from phi_desk.services.demo.showing import Asking
from phi_desk.services.embedded import HONEST, SUMS, embedded_folder, has_embedded

pytestmark = pytest.mark.skipif(
    not has_embedded(), reason="there is no embedded model in this copy (resources/models/nano)"
)
LARGEST = 40 * 10**6  # bytes
FOLDER = embedded_folder()
ADAPTERS = {
    "hear": "speech", "say": "speech", "read": "vision", "table": "vision", "ask": "vision",
    "translate": None, "chat": None, "tool": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    opened = LocalEngine.open(FOLDER, device="cpu")
    yield opened
    opened.close()


def shown(engine: LocalEngine, adapter: str = "auto") -> list[SampleShown]:
    asking = Asking(engine=engine, cancel=CancelToken(), adapter=adapter)
    *samples, last = (
        event
        for event in run_demo(read_samples(), asking)
        if isinstance(event, SampleShown | DemoFinished)
    )
    assert isinstance(last, DemoFinished)
    assert last.failed == 0
    return [sample for sample in samples if isinstance(sample, SampleShown)]


def right(samples: list[SampleShown]) -> int:
    return sum(sample.agreement != "not as expected" for sample in samples)


def test_it_is_whole_and_small() -> None:
    assert verify(FOLDER, quick=False).ok
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_every_word_of_an_answer_has_an_embedding_of_its_own() -> None:
    """Words that training never writes end all alike, and no adapter can choose between them."""
    tokens = Tokens.load(FOLDER)
    shapes = ("circle", "square", "triangle", "star", "heart", "cross", "diamond", "arrow")
    colours = ("red", "green", "blue", "purple", "pink")
    words = (*shapes, *colours, "top", "bottom", "middle", "|", "---")
    ids = sorted({id_ for word in words for id_ in tokens.encode_plain(f" {word}")})
    with safe_open(FOLDER / "model.safetensors", framework="pt") as weights:
        table = weights.get_tensor("model.embed_tokens.weight").float()
    table = table / table.norm(dim=1, keepdim=True)
    likeness = table[ids] @ table.T
    likeness[range(len(ids)), ids] = 0
    assert float(likeness.max()) < 0.97  # of words never written it was 0.9999


def test_every_file_is_the_one_that_was_exported() -> None:
    lines = (FOLDER / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_its_card_says_how_it_was_made_and_what_was_measured() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for heading in ("## Data", "## Training", "## Measured quality", "## Limits", "## Licence"):
        assert heading in card
    assert "license: mit" in card
    assert "| WER, en |" in card
    assert "Not measured yet" not in card


def test_each_sample_is_answered_with_its_adapter(engine: LocalEngine) -> None:
    usual = shown(engine)
    assert {one.sample.name: one.adapter for one in usual} == {
        one.sample.name: ADAPTERS[one.sample.kind] for one in usual
    }
    assert {one.adapter for one in shown(engine, "none")} == {None}


def test_what_it_says_without_media_is_right(engine: LocalEngine) -> None:
    said = [one for one in shown(engine) if ADAPTERS[one.sample.kind] is None]
    assert right(said) >= len(said) * 2 / 3


@pytest.mark.parametrize(
    "adapter",
    [
        "speech",
        pytest.param(
            "vision",
            marks=pytest.mark.xfail(strict=True, reason="not trained far enough: see its card"),
        ),
    ],
)
def test_most_is_right_with_its_adapter_and_not_without(engine: LocalEngine, adapter: str) -> None:
    usual = [one for one in shown(engine) if one.adapter == adapter]
    assert right(usual) >= len(usual) / 2
    without = [one for one in shown(engine, "none") if ADAPTERS[one.sample.kind] == adapter]
    assert len(without) == len(usual)
    assert 2 * right(without) < right(usual)


def test_the_command_shows_them_offline_without_any_settings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "phi_desk", "--home", str(tmp_path), "--offline", "demo"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, check=False, encoding="utf-8", timeout=280
    )
    assert (done.returncode, done.stderr) == (0, "")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    (started,) = [event for event in events if event["event"] == "started"]
    assert started["notice"] == HONEST
    samples = [event for event in events if event["event"] == "sample"]
    assert len(samples) == len(read_samples())
    assert events[-1]["event"] == "finished"
    assert not (tmp_path / "models").exists()
