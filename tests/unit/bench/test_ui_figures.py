"""The figures of the window, their bars, and the command that prints them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from phi_desk.bench import ui
from phi_desk.bench.ui_figures import Gaps, Moments, Row, WindowFigures, rows
from phi_desk.cli.output import Output
from phi_desk.cli.parser import parse
from phi_desk.errors import UsageError


def figures(**changes: float) -> WindowFigures:
    gaps = asdict(Gaps.of([0.002] * 98 + [0.010, 0.050]))
    values = {
        "frames": 55.0, "tokens": 48.0, "cancel_s": 0.02, "closed_s": 0.1, "closing_at": 7.0,
    }  # fmt: skip
    return WindowFigures(words="a script", loading=gaps, generating=gaps, **(values | changes))


def verdicts(found: tuple[Row, ...]) -> dict[str, bool]:
    return {row.name: row.met for row in found if row.met is not None}


def test_gaps_are_told_as_percentiles() -> None:
    gaps = Gaps.of([0.002] * 98 + [0.010, 0.050])
    assert (gaps.count, gaps.p50, gaps.p99, gaps.most) == (100, 2.0, 50.0, 50.0)
    assert gaps.late == pytest.approx(50 / (98 * 2 + 10 + 50))
    assert Gaps.of([]).count == 0


def test_each_bar_is_held_against_its_figure() -> None:
    moments = Moments(first_window_s=0.4, pages_s=0.9, ended_s=0.3)
    met = verdicts(rows(figures(), moments))
    assert met == {
        "gap while answering, p99": False,
        "gap while answering, longest": True,
        "first window": True,
        "from stop to silence": True,
        "closing while answering, threads": True,
        "closing while answering, process": True,
    }
    slow = Moments(first_window_s=1.2, pages_s=2.0, ended_s=1.5)
    late = verdicts(rows(figures(cancel_s=0.6, closed_s=1.1), slow))
    assert not any(met for name, met in late.items() if not name.startswith("gap"))


def test_without_a_window_a_sentence_says_so() -> None:
    args = parse(["bench", "ui"])
    with pytest.raises(UsageError, match="no window"):
        ui.run(args, Output(), None)


def test_the_process_inside_drives_the_window_and_tells_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[ui.WindowRun] = []

    def drive(run: ui.WindowRun, told: Callable[[WindowFigures], None]) -> None:
        asked.append(run)
        told(figures())

    line = ["bench", "ui", "--inside", str(tmp_path), "--model", "here", "--rate", "20", "--json"]
    args = parse(line)
    assert ui.run(args, Output(json=True), drive) == 0
    event = json.loads(capsys.readouterr().out)
    assert event.pop("event") == "figures"
    assert WindowFigures(**event) == figures()
    assert (asked[0].home, asked[0].model, asked[0].rate) == (tmp_path, "here", 20.0)


def test_the_line_of_the_process_inside_is_the_one_that_was_typed(tmp_path: Path) -> None:
    stacks = str(tmp_path / "stacks.txt")
    line = ["--seconds", "3", "--rate", "9", "--stacks", stacks, "--as-it-comes", "--model", "m"]
    args = parse(["bench", "ui", *line])
    again = parse([*ui._same_line(args), "--inside", str(tmp_path)])
    assert isinstance(again, argparse.Namespace)
    assert ui._asked(again) == ui.WindowRun(
        home=tmp_path,
        model="m",
        seconds=3.0,
        rate=9.0,
        as_it_comes=True,
        stacks=Path(stacks),
    )
