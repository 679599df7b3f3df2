"""Shards on disk, and builds that are broken off and taken up again; no engine is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import speech
from corpus import Sentence
from shard_builds import Maker, build_shards
from shards import Clip, clips_in, path_of, read_shard, shards, write_shard

from phi_desk.errors import InputError, UsageError


def clip(frames: int, word: str) -> Clip:
    features = np.random.default_rng(frames).uniform(0, 20, (frames, 80)).astype(np.float16)
    text = {"en": word, "de": "Grüße", "fr": "Où ?", "es": "¿Sí?"}
    return Clip(features, "en", "espeak:test", Sentence(kind="phrase", text=text))


def clips(seed: int, count: int) -> Iterator[Clip]:
    """Stands for the engines."""
    for index in range(count):
        yield clip(1 + (seed + index) % 7, f"word {seed} {index}")


def test_a_shard_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = path_of(tmp_path, "train", 3)
    written = [clip(5, "one"), clip(0, "nothing"), clip(9, "two")]
    write_shard(path, written, seed=1)
    read = read_shard(path)
    assert [c.sentence for c in read] == [c.sentence for c in written]
    assert [(c.language, c.voice) for c in read] == [("en", "espeak:test")] * 3
    for found, wanted in zip(read, written, strict=True):
        assert found.features.dtype == np.float16
        assert np.array_equal(found.features, wanted.features)


def test_a_shard_without_its_record_is_not_finished(tmp_path: Path) -> None:
    path = path_of(tmp_path, "train", 0)
    write_shard(path, [clip(5, "one")], seed=1)
    path.unlink()
    assert shards(tmp_path, "train") == []
    assert clips_in(path) == 0


@pytest.mark.parametrize("damage", ["array", "cut", "text", "format"])
def test_a_damaged_shard_is_told(tmp_path: Path, damage: str) -> None:
    path = path_of(tmp_path, "train", 0)
    write_shard(path, [clip(5, "one")], seed=1)
    array = path.with_suffix(".npy")
    match damage:
        case "array":
            array.unlink()
        case "cut":
            array.write_bytes(array.read_bytes()[:-500])
        case "text":
            path.write_text(path.read_text(encoding="utf-8")[:-5], encoding="utf-8")
        case _:
            path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(InputError, match="Delete it"):
        read_shard(path)


def build(work: Path, count: int, seed: int = 1, make: Maker = clips) -> None:
    build_shards(work, "train", count, seed, 1, make)


def words(work: Path) -> list[str]:
    return [c.sentence.text["en"] for path in shards(work, "train") for c in read_shard(path)]


def test_a_build_gives_the_asked_number(tmp_path: Path) -> None:
    build(tmp_path, 2300)
    assert [clips_in(path) for path in shards(tmp_path, "train")] == [1000, 1000, 300]
    assert len(set(words(tmp_path))) == 2300  # no shard repeats another


def test_a_longer_build_keeps_what_is_there(tmp_path: Path) -> None:
    build(tmp_path, 1200)
    before, stamp = words(tmp_path), shards(tmp_path, "train")[0].stat().st_mtime_ns
    build(tmp_path, 2000)
    assert words(tmp_path)[:1200] == before
    assert shards(tmp_path, "train")[0].stat().st_mtime_ns == stamp


def test_a_build_that_breaks_off_leaves_no_half_shard_and_goes_on(tmp_path: Path) -> None:
    def breaking(seed: int, count: int) -> Iterator[Clip]:
        yield from clips(seed, count // 2)
        if shards(tmp_path, "train"):  # in the second shard
            raise KeyboardInterrupt
        yield from clips(seed + 1, count - count // 2)

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, 2000, make=breaking)
    assert [path.name for path in shards(tmp_path, "train")] == ["00000.json"]
    assert sorted(p.name for p in (tmp_path / "speech/train").iterdir()) == (
        ["00000.json", "00000.npy"]
    )
    build(tmp_path, 2000)
    assert [clips_in(path) for path in shards(tmp_path, "train")] == [1000, 1000]


def test_another_seed_is_refused(tmp_path: Path) -> None:
    build(tmp_path, 100)
    with pytest.raises(UsageError, match="another seed"):
        build(tmp_path, 100, seed=2)


def test_an_unknown_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no split called dev"):
        speech.build_not_speech(tmp_path, "dev", 1, 1, 1)


def test_clips_without_words_are_built_for_real(tmp_path: Path) -> None:
    speech.build_not_speech(tmp_path, "valid", 20, 4, 1)
    found = [c for path in shards(tmp_path, "valid-empty") for c in read_shard(path)]
    assert len(found) == 20
    assert all(c.language == "" and not c.sentence.text for c in found)
    assert all(c.features.shape[1] == 80 and len(c.features) > 20 for c in found)
    assert any(not c.features.any() for c in found)  # silence is all zeros


def test_some_sentences_are_cut_down_to_a_word_or_two() -> None:
    whole = Sentence(kind="order", text={"en": "Two teas, please.", "de": "Zwei Tees, bitte."})
    rng = np.random.default_rng(1)
    drawn = [speech.at_times_cut(whole, "de", rng) for _ in range(2000)]
    cut = [sentence.text for sentence, language in drawn if sentence is not whole]
    assert 320 < len(cut) < 480
    assert {text["de"] for text in cut} == {
        "Zwei.", "Zwei Tees.", "Tees.", "Tees bitte.", "Bitte."
    }  # fmt: skip
    assert all(set(text) == {"de"} for text in cut)
