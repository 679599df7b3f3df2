"""What the tower saw in pictures is kept by shard, and computed anew for another tower."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import picture_shards
import pytest
import torch
from looked import Looks, Pooled
from picture_shards import build, shards
from pictures import PictureExample

_PATCHES = 4


class _Eye:
    """Looks at pictures, and counts how many it looked at."""

    def __init__(self, seen: float = 0.0) -> None:
        self.count = 0
        self.tower = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.tower.weight, seen)

    def __call__(self, batch: Sequence[PictureExample]) -> list[Pooled]:
        self.count += len(batch)
        mask = np.ones((2, _PATCHES, _PATCHES), np.bool_)
        return [
            Pooled(torch.full((2, 2, 2, 3), float(seen.picture.pixels.mean())), mask, 1, 1, 13)
            for seen in batch
        ]


@pytest.fixture
def shard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, all_fonts: None) -> Path:
    monkeypatch.setattr(picture_shards, "SHARD", 15)
    build(tmp_path, "train", 0, 15, 3, 1)
    (path,) = shards(tmp_path, "train", 0)
    return path


def test_a_shard_is_looked_at_once_and_gives_back_its_examples(shard: Path, tmp_path: Path) -> None:
    eye = _Eye()
    looks = Looks(tmp_path / "looked", eye.tower, eye)
    first, again = looks(shard), looks(shard)
    assert eye.count == len(first) == len(again) == 15
    made = picture_shards.read_shard(shard)
    for kept, example in zip(again, made, strict=True):
        assert (kept.task, kept.question, kept.answer) == (
            example.task, example.question, example.answer,
        )  # fmt: skip
        np.testing.assert_array_equal(kept.chars, example.chars)
        np.testing.assert_array_equal(kept.text, example.text)
        wanted = np.float16(example.picture.pixels.mean())
        assert kept.pooled.states.shape == (2, 2, 2, 3)
        assert kept.pooled.tokens == 13
        assert float(kept.pooled.states[0, 0, 0, 0]) == wanted


def test_another_tower_looks_again(shard: Path, tmp_path: Path) -> None:
    Looks(tmp_path / "looked", (eye := _Eye()).tower, eye)(shard)
    other = _Eye(seen=1.0)
    Looks(tmp_path / "looked", other.tower, other)(shard)
    assert other.count == 15


def test_a_shard_made_anew_is_looked_at_again(shard: Path, tmp_path: Path) -> None:
    Looks(tmp_path / "looked", (eye := _Eye()).tower, eye)(shard)
    (kept,) = (tmp_path / "looked").rglob("*.npz")
    later = kept.stat().st_mtime + 5
    os.utime(shard, (later, later))
    Looks(tmp_path / "looked", eye.tower, eye)(shard)
    assert eye.count == 30
