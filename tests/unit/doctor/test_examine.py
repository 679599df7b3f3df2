"""The whole examination with drivers that are fakes, and the isolation with real processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from phi_desk.errors import DeviceError
from phi_desk.model.plan import Device
from phi_desk.services.doctor import examine, precisions
from phi_desk.services.doctor.examine import Doctor
from phi_desk.services.doctor.finding import Finding
from phi_desk.services.doctor.isolated import Question, Rows
from phi_desk.services.doctor.machine import Machine

CPU = {"kind": "cpu", "name": "the processor", "free_bytes": 10**10, "native_bf16": True}
QUIET = Machine(system="linux", environment={}, ask=lambda *_: None, has_library=lambda _: True)


class Answered:
    """A question whose answer, or failure, is known."""

    def __init__(self, outcome: Rows | Exception) -> None:
        self._outcome = outcome
        self.closed = False

    def answer(self) -> Rows:
        """The answer, or the failure."""
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def close(self) -> None:
        """Nothing runs."""
        self.closed = True


def doctor(
    home: Path,
    *,
    devices: Rows | Exception | None = None,
    microphones: Rows | Exception | None = None,
    models: Callable[[], Sequence[str]] = lambda: ["full"],
) -> tuple[Doctor, list[Answered]]:
    """A doctor on a quiet Linux machine, and the questions it will ask."""
    known: dict[str, Rows | Exception] = {
        examine.DEVICES: [CPU] if devices is None else devices,
        examine.MICROPHONES: [] if microphones is None else microphones,
        examine.CAMERAS: [],
    }
    asked: list[Answered] = []

    def ask(target: str, _limit_s: float) -> Answered:
        asked.append(Answered(known[target]))
        return asked[-1]

    return Doctor(home=home, list_models=models, machine=QUIET, ask=ask), asked


def by_name(findings: Sequence[Finding]) -> dict[str, Finding]:
    """Findings by their names, which must differ."""
    named = {one.name: one for one in findings}
    assert len(named) == len(findings)
    return named


def test_a_whole_examination(tmp_path: Path) -> None:
    looked, asked = doctor(tmp_path)
    found = by_name(list(looked.examine()))
    for name in ("system", "python", "processor", "memory", "disk", "network", "system packages"):
        assert found[name].value
    assert found["models"].value == "full"
    assert found["int8 on cpu"].value.startswith("fits")
    assert found["bf16 on cpu"].value.startswith("does not fit")
    assert "int8" in found["full model"].value
    assert all(one.closed for one in asked)


def test_what_must_be_known_about_the_model_is_said(tmp_path: Path) -> None:
    looked, _ = doctor(tmp_path)
    noticed = replace(looked, notice=lambda: "It is a demo.")
    assert by_name(list(noticed.examine()))["models"].hint == "It is a demo."
    assert by_name(list(looked.examine()))["models"].hint == ""


def test_a_failing_probe_is_a_finding_and_stops_no_other(tmp_path: Path) -> None:
    def broken() -> Sequence[str]:
        raise OSError("the folder is gone")

    refused = DeviceError("No answer within 5 s.", "Unplug it.")
    looked, _ = doctor(tmp_path, devices=refused, microphones=[{"odd": 1}], models=broken)
    found = by_name(list(looked.examine()))
    assert (found["accelerator"].value, found["accelerator"].hint) == (
        "No answer within 5 s.",
        "Unplug it.",
    )
    assert found["microphone"].state == "warning"
    assert "the folder is gone" in found["models"].value
    assert found["camera"].value == "none"


def test_stopping_half_way_ends_the_questions(tmp_path: Path) -> None:
    looked, asked = doctor(tmp_path)
    findings = looked.examine()
    next(iter(findings))
    findings.close()  # type: ignore[attr-defined]
    assert len(asked) == 3
    assert all(one.closed for one in asked)


def test_without_models_the_way_to_one_is_shown(tmp_path: Path) -> None:
    looked, _ = doctor(tmp_path, models=list)
    found = by_name(list(looked.examine()))["models"]
    assert found.state == "missing"
    assert "phi-desk models download" in found.hint


def test_the_full_model_is_counted_as_published() -> None:
    # 11.15 GB lie in the published shards; the 30.5 M dead parameters of the vision tower (half a
    # percent) are not loaded. int8 keeps a bf16 embedding beside an int8 head.
    sizes = precisions.full_model()
    assert sizes.weight_bytes("bf16") == pytest.approx(11.15e9, rel=0.01)
    assert sizes.weight_bytes("int8") == pytest.approx(7.7e9, rel=0.01)
    assert sizes.cache_bytes("bf16", 1) == 128 * 1024


def test_a_machine_too_small_is_told_the_least_it_needs() -> None:
    small = Device(kind="cpu", name="the processor", free_bytes=10**9, native_bf16=False)
    found = precisions.advice([small])
    assert found.state == "missing"
    assert "GB" in found.value


def test_a_gpu_is_named_with_its_memory() -> None:
    gpu = Device(kind="cuda", name="Some GPU", free_bytes=8 * 10**9, native_bf16=True)
    assert precisions.accelerator([gpu, Device(**CPU)]).value == "Some GPU (cuda, 8.0 GB free)"  # type: ignore[arg-type]


PROBES = """
import dataclasses, os, time
from phi_desk.errors import DeviceError

@dataclasses.dataclass
class Row:
    name: str

def two_things(): return (Row("a"), Row("b"))
def hanging(): time.sleep(60)
def crashing(): os._exit(7)
def noisy():
    os.write(2, b"ALSA lib pcm.c: no such device")
    return (Row("c"),)
def refusing(): raise DeviceError("The driver refuses.", "Ask it nicely.")
"""


@pytest.fixture
def probes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of probes that a process of its own can import."""
    (tmp_path / "made_probes.py").write_text(PROBES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "made_probes"


def asked_of(target: str, limit_s: float = 20.0) -> Rows:
    """The answer, with the process ended in every case."""
    question = Question(target, limit_s)
    try:
        return question.answer()
    finally:
        question.close()


def test_an_isolated_answer_comes_back_as_rows(probes: str) -> None:
    assert asked_of(f"{probes}:two_things") == [{"name": "a"}, {"name": "b"}]
    assert asked_of(f"{probes}:noisy") == [{"name": "c"}]


def test_files_in_the_person_s_folder_do_not_get_in_the_way(
    probes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "json.py").write_text("raise SystemExit('not the library')")
    monkeypatch.chdir(folder)
    assert asked_of(f"{probes}:two_things") == [{"name": "a"}, {"name": "b"}]


def test_a_driver_that_hangs_is_left_behind(probes: str) -> None:
    started = time.monotonic()
    with pytest.raises(DeviceError, match="No answer within 1 s"):
        asked_of(f"{probes}:hanging", 1.0)
    assert time.monotonic() - started < 5


def test_a_driver_that_crashes_takes_nothing_along(probes: str) -> None:
    with pytest.raises(DeviceError, match=r"crashing failed \(exit code 7\)"):
        asked_of(f"{probes}:crashing")


def test_a_sentence_crosses_the_border(probes: str) -> None:
    with pytest.raises(DeviceError) as failure:
        asked_of(f"{probes}:refusing")
    assert (failure.value.sentence, failure.value.hint) == ("The driver refuses.", "Ask it nicely.")


@pytest.mark.parametrize("target", [examine.CAMERAS, examine.MICROPHONES])
def test_the_real_drivers_answer_or_say_why_not(target: str) -> None:
    try:
        rows = asked_of(target)
    except DeviceError as error:
        assert error.sentence.endswith(".")  # noqa: PT017 (either outcome is right, by machine)
    else:
        assert all(row["name"] for row in rows)
