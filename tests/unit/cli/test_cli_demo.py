"""`phi-desk demo`."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_makers.command_lines import Desk
from data_makers.demonstration import answering

from phi_desk.errors import MemoryExhaustedError
from phi_desk.services import embedded
from phi_desk.services.demo.samples import read_samples

SAMPLES = read_samples()


@pytest.fixture
def nano(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for the embedded model's."""
    folder = tmp_path / "models" / "nano"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(embedded, "embedded_folder", lambda: folder)
    return folder


def test_it_opens_with_what_must_be_known_and_shows_every_sample(desk: Desk, nano: Path) -> None:
    ran = desk.run("demo", engine=answering(SAMPLES))
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == embedded.HONEST
    assert lines[1].startswith("Model: nano, loaded in ")
    for number, sample in enumerate(SAMPLES, start=1):
        assert f"{number}. {sample.title}" in lines
    assert ran.out.count("as expected; ") == len(SAMPLES)
    assert "as expected; speech adapter, " in ran.out
    assert "as expected; vision adapter, " in ran.out
    assert "as expected; no adapter, " in ran.out
    assert 'light {"room": "garage", "state": "off"}' in ran.out
    assert lines[-1].startswith(f"{len(SAMPLES)} of {len(SAMPLES)} as expected, in ")
    assert "made up" in lines[-1]
    assert desk.opened[0].model == str(nano)


def test_a_wrong_answer_is_seen_as_such_and_is_no_failure(desk: Desk, nano: Path) -> None:
    ran = desk.run("demo", engine=answering(SAMPLES, translate="Mi gato.", chat=""))
    assert ran.code == 0
    wanted = next(sample.expected for sample in SAMPLES if sample.name == "translate")
    shown = [line.strip() for line in ran.out.splitlines()]
    place = shown.index("in Spanish  Mi gato.")
    assert shown[place + 1] == f"expected    {wanted}"
    assert shown[place + 2].startswith("not as expected; no adapter")
    assert "answered    (nothing)" in shown
    assert f"{len(SAMPLES) - 2} of {len(SAMPLES)} as expected" in ran.out


def test_json_tells_everything(desk: Desk, nano: Path) -> None:
    ran = desk.run("demo", "--json", engine=answering(SAMPLES, ask="The triangle is purple."))
    assert ran.code == 0
    (started,) = ran.named("started")
    assert (started["model"], started["notice"]) == ("nano", embedded.HONEST)
    samples = {event["name"]: event for event in ran.named("sample")}
    assert list(samples) == [sample.name for sample in SAMPLES]
    assert samples["ask"]["agreement"] == "contains it"
    assert samples["hear"]["adapter"] == "speech"
    assert samples["hear"]["seconds"] >= 0
    assert samples["tool-light"]["calls"] == samples["tool-light"]["expected_calls"]
    assert ran.finished["as_expected"] == len(SAMPLES)
    assert (ran.finished["failed"], ran.finished["reason"]) == (0, "stop")


def test_a_sample_that_cannot_be_shown_fails_the_command(desk: Desk, nano: Path) -> None:
    full = MemoryExhaustedError("Memory ran out.", "Close other programs.")
    ran = desk.run("demo", engine=answering(SAMPLES, read=full))
    assert ran.code == 1
    assert ran.err == "phi-desk: Memory ran out. Close other programs.\n"
    assert f"{len(SAMPLES) - 1} of {len(SAMPLES) - 1} as expected, 1 failed" in ran.out


def test_another_model_is_not_called_a_demo(desk: Desk, nano: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    ran = desk.run("demo", "--model", other, engine=answering(SAMPLES))
    assert ran.code == 0
    assert embedded.HONEST not in ran.out
    assert ran.out.startswith("Model: other, loaded in ")
    assert desk.opened[0].model == str(other)


def test_a_copy_without_the_demo_model_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "embedded_folder", lambda: tmp_path / "none")
    ran = desk.run("demo")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "phi-desk: The demo model is not part of this copy of Phi Desk. "
        "Show another one with `phi-desk demo --model NAME`.\n"
    )
