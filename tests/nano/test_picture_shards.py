"""Shards of pictures: whole, resumable, and the same pictures as the stream gives."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import picture_shards
import pytest
from font_families import SPLITS
from fonts import faces
from picture_shards import build, read_shard, shards
from pictures import examples

from phi_desk.errors import InputError


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for split in SPLITS:
            faces(split)
    except InputError as missing:
        pytest.skip(missing.sentence)
    monkeypatch.setattr(picture_shards, "SHARD", 10)


def test_a_shard_gives_back_the_examples(tmp_path: Path) -> None:
    build(tmp_path, "train", 4, 15, 3, 1)
    first, second = (read_shard(path) for path in shards(tmp_path, "train", 4))
    assert (len(first), len(second)) == (10, 5)
    for kept, made in zip(
        first, itertools.islice(examples(3_000_000, "train", 4), 10), strict=True
    ):
        assert (kept.task, kept.question, kept.answer) == (made.task, made.question, made.answer)
        assert np.array_equal(kept.picture.pixels, made.picture.pixels)
        assert kept.chars is not None
        assert made.chars is not None
        assert np.array_equal(kept.chars, made.chars)
    assert first[3].answer != second[3].answer or first[3].question != second[3].question
    with pytest.raises(IndexError):
        first[10]


def test_a_second_build_makes_only_what_is_missing(tmp_path: Path) -> None:
    build(tmp_path, "valid", 1, 20, 3, 1)
    one, other = shards(tmp_path, "valid", 1)
    before = one.stat().st_mtime_ns
    content = other.read_bytes()
    other.unlink()
    build(tmp_path, "valid", 1, 20, 3, 1)
    assert one.stat().st_mtime_ns == before
    assert other.read_bytes() == content


def test_a_longer_shard_serves_a_shorter_order_and_not_the_other_way(tmp_path: Path) -> None:
    build(tmp_path, "valid", 0, 4, 3, 1)
    build(tmp_path, "valid", 0, 8, 3, 1)
    (path,) = shards(tmp_path, "valid", 0)
    assert len(read_shard(path)) == 8
    build(tmp_path, "valid", 0, 4, 3, 1)
    assert len(read_shard(path)) == 8


def test_shards_of_another_seed_are_made_again(tmp_path: Path) -> None:
    build(tmp_path, "valid", 0, 10, 3, 1)
    (path,) = shards(tmp_path, "valid", 0)
    old = path.read_bytes()
    build(tmp_path, "valid", 0, 10, 4, 1)
    assert path.read_bytes() != old
    assert json.loads(path.with_suffix(".json").read_text("utf-8"))["head"]["seed"] == 4


def test_several_processes_make_the_same_shards(tmp_path: Path) -> None:
    build(tmp_path / "one", "train", 0, 20, 1, 1)
    build(tmp_path / "two", "train", 0, 20, 1, 2)
    for one, two in zip(
        shards(tmp_path / "one", "train", 0), shards(tmp_path / "two", "train", 0), strict=True
    ):
        assert one.read_bytes() == two.read_bytes()


def test_scenes_lie_apart_from_the_mixed_pictures_of_their_level(tmp_path: Path) -> None:
    build(tmp_path, "train", 1, 10, 3, 1)
    build(tmp_path, "train", 1, 10, 3, 1, "scenes")
    (mixed,), (scenes,) = (shards(tmp_path, "train", 1, kind) for kind in ("level", "scenes"))
    assert {item["task"] for item in read_shard(scenes).items} == {"question"}
    assert {item["task"] for item in read_shard(mixed).items} > {"question"}
    stamp = scenes.stat().st_mtime_ns
    build(tmp_path, "train", 1, 10, 3, 1, "scenes")
    assert scenes.stat().st_mtime_ns == stamp


def test_a_shard_from_before_there_were_scenes_stays(tmp_path: Path) -> None:
    build(tmp_path, "valid", 0, 4, 3, 1)
    (path,) = shards(tmp_path, "valid", 0)
    beside = path.with_suffix(".json")
    told = json.loads(beside.read_text("utf-8"))
    del told["head"]["kind"]
    beside.write_text(json.dumps(told), "utf-8")
    stamp = path.stat().st_mtime_ns
    build(tmp_path, "valid", 0, 4, 3, 1)
    assert path.stat().st_mtime_ns == stamp
