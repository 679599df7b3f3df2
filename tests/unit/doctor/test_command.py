"""What `phi-desk doctor` says, for people and as JSON."""

from __future__ import annotations

import json

import pytest

from phi_desk.cli.doctor import show, summary
from phi_desk.cli.output import Output
from phi_desk.services.doctor.finding import Finding

CAMERA = Finding(name="camera", value="none", state="missing", hint="Plug one in.")
PYTHON = Finding(name="python", value="CPython 3.11.7")


def test_what_is_missing_stands_out_and_has_its_hint_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = Output()
    show(PYTHON, out)
    show(CAMERA, out)
    first, second, hint = capsys.readouterr().out.splitlines()
    assert first.split() == ["python", "CPython", "3.11.7"]
    assert second.split() == ["missing", "camera", "none"]
    assert hint.strip() == "-> Plug one in."
    assert first.index("CPython") == second.index("none") == hint.index("->")


def test_a_finding_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    show(CAMERA, Output(json=True))
    assert json.loads(capsys.readouterr().out) == {
        "event": "finding",
        "about": "camera",
        "value": "none",
        "state": "missing",
        "hint": "Plug one in.",
    }


@pytest.mark.parametrize(
    ("missing", "warnings", "start"),
    [
        (0, 0, "Everything is in place."),
        (2, 0, "2 missing: "),
        (0, 1, "1 to know about: "),
        (1, 3, "1 missing, 3 to know about: "),
    ],
)
def test_the_last_line_counts(missing: int, warnings: int, start: str) -> None:
    assert summary(missing, warnings).startswith(start)
