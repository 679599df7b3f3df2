"""Keeps drawn pictures on disk in shards of a thousand, and reads them back; draws nothing itself.

A shard is two files: NNNNN.json (questions, answers, tasks) and NNNNN.npz (the pictures as JPEG or
PNG bytes one after another, about 3 to 8 KiB each, and the maps as bytes). The npz is
written last and moved into place, so a shard that has one is whole and a broken build goes on where
it stopped. Decoding gives exactly the pixels of `pictures.examples`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from drawn import Drawn
from font_families import Split
from numpy.typing import NDArray
from patch_text import SLOTS
from pictures import PictureExample, drawn
from runs import CELLS_ACROSS, CELLS_DOWN
from wear import decoded

from phi_desk.media.picture import Picture

WORK = Path.home() / ".cache" / "phi-desk-nano"
SHARD = 1000  # pictures
Kind = Literal["level", "scenes"]  # all tasks of a level mixed, or scenes of objects alone
CELLS = CELLS_DOWN * CELLS_ACROSS  # of a patch
VERSION = 6  # to be raised when the same seed gives other pictures, so that old shards are remade


@dataclass(frozen=True, slots=True)
class _Order:
    """One shard to be made."""

    folder: Path
    split: Split
    level: int
    seed: int
    number: int
    count: int
    kind: Kind

    @property
    def stem(self) -> Path:
        return self.folder / f"{self.number:05d}"

    @property
    def head(self) -> dict[str, Any]:
        """What the shard depends on."""
        return {
            "version": VERSION, "split": self.split, "level": self.level, "seed": self.seed,
            "number": self.number, "count": self.count, "kind": self.kind,
        }  # fmt: skip


@dataclass
class Shard:
    """The examples of one shard, decoded as they are asked for: `shard[3]`, `len(shard)`."""

    path: Path
    items: list[dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.items = json.loads(self.path.with_suffix(".json").read_text("utf-8"))["items"]
        with np.load(self.path) as arrays:
            self._coded: NDArray[np.uint8] = arrays["coded"]
            self._ends: NDArray[np.int64] = arrays["coded_ends"]
            self._chars: NDArray[np.uint8] = arrays["chars"]
            self._grids: NDArray[np.int16] = arrays["grids"]
            self._text: NDArray[np.uint8] = arrays["text"]
        sizes = self._grids.astype(np.int64).prod(axis=1)
        self._places: NDArray[np.int64] = np.concatenate([[0], np.cumsum(sizes)])
        self._lines = self._places // CELLS * SLOTS

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> PictureExample:
        if not 0 <= place < len(self):
            raise IndexError(place)
        item = self.items[place]
        picture = Picture(decoded(self.coded(place)))
        asked = item["task"], item["question"], item["answer"]
        return PictureExample(picture, *asked, self.chars(place), self.text(place))

    def __iter__(self) -> Iterator[PictureExample]:
        return (self[place] for place in range(len(self)))

    def coded(self, place: int) -> bytes:
        """One picture as JPEG or PNG."""
        return self._coded[self._ends[place] : self._ends[place + 1]].tobytes()

    def chars(self, place: int) -> NDArray[np.int16]:
        """The character map of one picture, without decoding it."""
        flat = self._chars[self._places[place] : self._places[place + 1]]
        return flat.astype(np.int16).reshape(self._grids[place])

    def text(self, place: int) -> NDArray[np.uint8]:
        """What is written over the patches of one picture."""
        rows, columns = self._grids[place] // (CELLS_DOWN, CELLS_ACROSS)
        flat = self._text[self._lines[place] : self._lines[place + 1]]
        return flat.reshape(rows, columns, SLOTS)


def folder_of(work: Path, split: str, level: int, kind: Kind = "level") -> Path:
    """Where the shards of a split and level lie."""
    return work / "pictures" / split / f"{kind}-{level}"


def shards(work: Path, split: str, level: int, kind: Kind = "level") -> list[Path]:
    """The finished shards."""
    return sorted(folder_of(work, split, level, kind).glob("[0-9]*.npz"))


def read_shard(path: Path) -> Shard:
    """A shard by the path of its npz."""
    return Shard(path)


def build(
    work: Path,
    split: Split,
    level: int,
    count: int,
    seed: int,
    jobs: int,
    kind: Kind = "level",
) -> None:
    """Make shards until there are `count` pictures; those that are there already stay."""
    folder = folder_of(work, split, level, kind)
    folder.mkdir(parents=True, exist_ok=True)
    orders = [
        _Order(folder, split, level, seed, number, min(SHARD, count - number * SHARD), kind)
        for number in range(-(-count // SHARD))
    ]
    orders = [order for order in orders if not _is_there(order)]
    if jobs <= 1:
        for order in orders:
            _make(order)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_make, orders))


def _is_there(order: _Order) -> bool:
    if not order.stem.with_suffix(".npz").exists():
        return False
    try:
        head = json.loads(order.stem.with_suffix(".json").read_text("utf-8"))["head"]
    except (OSError, ValueError, KeyError):
        return False
    # A shard of more pictures begins with the same ones.
    found = {"kind": "level", **head, "count": 0}
    return bool(found == {**order.head, "count": 0}) and head["count"] >= order.count


def _make(order: _Order) -> None:
    # The shard's number goes into the seed, so that shards can be made in any order.
    only = "question" if order.kind == "scenes" else None
    made = drawn(order.seed * 1_000_000 + order.number, order.split, order.level, only)
    _write(order, list(itertools.islice(made, order.count)))


def _write(order: _Order, items: Sequence[Drawn]) -> None:
    described = [
        {"task": item.task, "question": item.question, "answer": item.answer, "note": item.note}
        for item in items
    ]
    text = json.dumps({"head": order.head, "items": described}, ensure_ascii=False)
    arrays: dict[str, Any] = {
        "coded": np.frombuffer(b"".join(item.coded for item in items), np.uint8),
        "coded_ends": np.array(_sums(len(item.coded) for item in items), np.int64),
        "chars": np.concatenate([item.chars.ravel() for item in items]).astype(np.uint8),
        "grids": np.array([item.chars.shape for item in items], np.int16),
        "text": np.concatenate([item.text.ravel() for item in items]),
    }
    order.stem.with_suffix(".npz").unlink(missing_ok=True)  # it must not stand beside a new json
    order.stem.with_suffix(".json").write_text(text, "utf-8")
    partial = order.stem.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
    partial.replace(order.stem.with_suffix(".npz"))


def _sums(sizes: Iterable[int]) -> list[int]:
    return [0, *itertools.accumulate(sizes)]


def main() -> None:
    """Build the shards of one split and level from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=("train", "valid", "test"))
    parser.add_argument("level", type=int, choices=range(6))
    parser.add_argument("count", type=int)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    build(options.work, options.split, options.level, options.count, options.seed, options.jobs)


if __name__ == "__main__":
    main()
