"""The evaluation as a whole: every promise has a measure, and a stopped one goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import evaluate
import pytest
from digest import CARD, figures_folder
from evaluate import Measure, measures
from figures import Figure


def test_there_is_a_measure_for_every_promise() -> None:
    names = set(measures())
    ways = {f"{a}-{b}" for a, b in (("en", "de"), ("de", "en"), ("fr", "en"), ("en", "es"))}
    assert {f"hear-{code}" for code in ("en", "de", "fr", "es")} <= names
    assert {f"say-{way}" for way in ways} | {f"text-{way}" for way in ways} <= names
    assert {"languages", "human-en", "human-es", "human-fr", "silence", "blank"} <= names
    assert {"read", "read-six", "codes", "tables", "ask-typed", "ask-spoken", "tools"} <= names
    compared = {name for name, one in measures().items() if "int8" in one.variants}
    assert {"hear-en", "hear-de", "hear-fr", "hear-es", "read", "read-six"} <= compared


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Two measures that note who asked them, and no engine."""
    done: list[tuple[str, str, int]] = []

    def one(asker: Any, count: int) -> Iterator[Figure]:
        done.append(("one", asker, count))
        yield Figure(name="WER, one", value=10.0 if asker == "bf16" else 10.2, bar=20, count=count)

    def two(asker: Any, count: int) -> Iterator[Figure]:
        done.append(("two", asker, count))
        yield Figure(name="two", value=80.0, count=count)

    def opened(folder: Path, precision: str) -> Any:
        class Engine:
            engine = precision

        return Engine

    def asker(engine: Any, adapter: str = "auto", longest: int = 0) -> str:
        return engine if adapter == "auto" else "off"

    listed = {
        "one": Measure(run=one, count=100, material="a", variants=("int8", "off")),
        "two": Measure(run=two, count=40, material="b"),
    }
    monkeypatch.setattr(evaluate, "measures", lambda: listed)
    monkeypatch.setattr(evaluate, "_opened", opened)
    monkeypatch.setattr(evaluate, "Asker", asker)
    return done


def _evaluated(folder: Path, work: Path, *only: str) -> list[Figure]:
    return evaluate.evaluate(folder, work, count=200, precision="bf16", only=only, jobs=1)


def _checkpoint(folder: Path) -> Path:
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_second_run_measures_what_is_missing(
    tmp_path: Path, measured: list[tuple[str, str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _checkpoint(tmp_path / "model")
    _evaluated(folder, tmp_path, "one")
    assert measured == [("one", "bf16", 100), ("one", "int8", 100), ("one", "off", 25)]
    assert not (tmp_path / "figures.md").exists()  # a part is no card

    figures = _evaluated(folder, tmp_path)
    assert measured[3:] == [("two", "bf16", 40)]
    assert [one.name for one in figures] == [
        "WER, one",
        "two",
        "int8 costs, WER, one",
        "adapter off leaves, WER, one",
    ]
    assert figures[2].value == pytest.approx(0.2)
    table = (tmp_path / "figures.md").read_text(encoding="utf-8")
    assert "2 of 3 promises are met. Not met: adapter off leaves at most" in table
    assert table in capsys.readouterr().out
    assert (figures_folder(tmp_path, folder) / CARD).read_text(encoding="utf-8") == table
    values = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert values[0]["reached"] == "met"


def test_other_weights_are_measured_again_and_another_card_is_not(
    tmp_path: Path, measured: list[tuple[str, str, int]]
) -> None:
    folder = _checkpoint(tmp_path / "model")
    _evaluated(folder, tmp_path, "two")
    (folder / "README.md").write_text("a card", encoding="utf-8")
    _evaluated(folder, tmp_path, "two")
    assert len(measured) == 1
    (folder / "model.safetensors").write_bytes(b"others")
    _evaluated(folder, tmp_path, "two")
    assert len(measured) == 2
