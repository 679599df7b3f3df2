"""A tower that has learned more takes the place of another, and reading goes on."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import retower
from data_makers.small_nano import small_nano, small_writer
from job_vision import VisionJob
from pictures import PictureExample

from phi_desk.media.picture import Picture


def _pictures() -> list[PictureExample]:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(24):
        pixels = rng.integers(0, 255, (4, 4, 3), np.uint8).repeat(14, 0).repeat(14, 1)
        found.append(PictureExample(Picture(pixels), "read", "What?", "ab", None, None))
    return found


def _positions(job: VisionJob) -> torch.Tensor:
    with torch.no_grad():
        return torch.cat(list(job._look(_pictures()[:6], recolour=False).pictures))


def test_the_projection_is_turned_to_what_the_new_tower_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    writer = small_writer()
    before, after = (VisionJob(small_nano(loud=True), writer, tmp_path) for _ in range(2))
    monkeypatch.setattr(retower, "levels_there", lambda *_: [3])
    monkeypatch.setattr(retower, "endless", lambda *_: itertools.cycle(_pictures()))
    wanted = _positions(before)
    with torch.no_grad():  # what it sees is the same, said three times as loud in another order
        up = after._model.image.img_projection_up
        pool = after._model.pool
        order = torch.randperm(up.in_features, generator=torch.Generator().manual_seed(1))
    monkeypatch.setattr(after._model, "pool", lambda patches: 3 * pool(patches)[..., order])
    blind = (_positions(after) - wanted).norm() / wanted.norm()
    share = retower.replace_tower(after._model, before, after, tmp_path)
    assert share > 0.98
    assert (_positions(after) - wanted).norm() / wanted.norm() < 0.2 * blind
