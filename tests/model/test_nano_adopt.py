"""A shipped model becomes what stages begin with."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import adopt
from data_makers.small_nano import ship_ones, small_nano, small_writer
from job_vision import VisionJob
from picture_levels import LEVELS
from stages import named_weights, parts_of, stage_folder
from train import EARLIER, START, write_state

from phi_desk.errors import InputError


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model all of whose numbers are 1, with a card."""
    monkeypatch.setattr(adopt, "open_writer", lambda _: small_writer())
    monkeypatch.setattr(adopt, "open_model", lambda *_, **__: small_nano())
    folder = tmp_path / "shipped"
    ship_ones(folder)
    (folder / "README.md").write_text("| vision | 1,234 | 56 |\n", encoding="utf-8")
    return folder


def test_stages_begin_with_its_weights_and_pictures_at_the_hardest_level(
    shipped: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    adopt.adopt(shipped, work)
    assert (work / "tokenizer.json").read_bytes() == (shipped / "tokenizer.json").read_bytes()
    assert json.loads((work / EARLIER).read_text(encoding="utf-8")) == {"vision": [1234, 56]}
    begun = torch.load(stage_folder(work, "speech") / START)
    assert all(bool((begun[f"{name}.weight"] == 1).all()) for name in ("up", "down"))
    job = VisionJob(small_nano(), small_writer(), tmp_path)
    job.trained.load_state_dict(torch.load(stage_folder(work, "vision") / START), strict=False)
    assert float(job.progress) == float(job.scenes) == len(LEVELS) - 1
    assert float(job.seen) == 0, "the letters' heads are new: the tower stands still at first"
    assert bool(
        (named_weights({"up": parts_of(job._model)["vision"]["up"]})["up.weight"] == 1).all()
    )


def test_a_stage_that_has_run_and_another_vocabulary_are_left_alone(
    shipped: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    stage_folder(work, "text").mkdir(parents=True)
    write_state(stage_folder(work, "text"), {"weights": {}})
    adopt.adopt(shipped, work)
    assert not (stage_folder(work, "text") / START).exists()
    (work / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="another vocabulary"):
        adopt.adopt(shipped, work)
