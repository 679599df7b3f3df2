"""Speech clips as files: about 1000 clips' features in one array, what was said beside it.

A shard is `NNNNN.npy` (float16, all clips' frames one after another, mapped into memory when read)
and `NNNNN.json` (where each clip begins, its language, voice and sentence). The JSON is written
last and both under another name first: a shard that has its JSON is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from corpus import Sentence
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from phi_desk.errors import InputError

FORMAT = 1
_DAMAGED = "Delete it together with its .npy and render it again."


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One spoken sentence as the speech encoder reads it.

    `features` is float16 `[frames, 80]`. A clip without words has language "" and a sentence
    without texts.
    """

    features: NDArray[np.float16]
    language: str
    voice: str
    sentence: Sentence


def folder(work: Path, split: str) -> Path:
    """Where the shards of `split` lie."""
    return work / "speech" / split


def path_of(work: Path, split: str, index: int) -> Path:
    """The shard numbered `index`."""
    return folder(work, split) / f"{index:05d}.json"


def shards(work: Path, split: str) -> list[Path]:
    """All finished shards of `split`, in order."""
    return sorted(folder(work, split).glob("[0-9]*.json"))


def write_shard(path: Path, clips: Sequence[Clip], seed: int) -> None:
    """Writes `clips` so that either the whole shard is there afterwards or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = np.cumsum([len(clip.features) for clip in clips]).tolist()
    half = path.with_suffix(".half.npy")
    frames = np.concatenate([clip.features for clip in clips])
    np.save(half, frames.astype(np.float16))
    half.replace(path.with_suffix(".npy"))
    record = {"format": FORMAT, "seed": seed, "ends": ends, "clips": [_said(c) for c in clips]}
    half = path.with_suffix(".half")
    half.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    half.replace(path)


def read_shard(path: Path) -> list[Clip]:
    """The clips of a shard; their features are read from the disk when they are used.

    Raises:
        InputError: the shard is damaged or of another format.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        frames = open_memmap(path.with_suffix(".npy"), mode="r")
        ends = record["ends"]
        if record["format"] != FORMAT or (ends[-1] if ends else 0) != len(frames):
            raise InputError(f"{path} is a shard of another format.", _DAMAGED)
        starts = [0, *ends[:-1]]
        return [
            _clip(frames[a:b], said)
            for a, b, said in zip(starts, ends, record["clips"], strict=True)
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The shard {path} cannot be read: {error}.", _DAMAGED) from error


def clips_in(path: Path) -> int:
    """How many clips a finished shard holds, 0 if it is not finished or damaged."""
    try:
        return len(json.loads(path.read_text(encoding="utf-8"))["clips"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def seed_of(path: Path) -> int | None:
    """The seed that a finished shard was made from, None if it is not finished or damaged."""
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def all_clips(paths: Iterable[Path]) -> list[Clip]:
    """The clips of several shards."""
    return [clip for path in paths for clip in read_shard(path)]


def _said(clip: Clip) -> dict[str, object]:
    return {
        "language": clip.language,
        "voice": clip.voice,
        "kind": clip.sentence.kind,
        "text": dict(clip.sentence.text),
    }


def _clip(features: NDArray[np.float16], said: dict[str, object]) -> Clip:
    text = said["text"]
    if not isinstance(text, dict):
        raise TypeError("a clip without its text")
    sentence = Sentence(kind=str(said["kind"]), text={str(k): str(v) for k, v in text.items()})
    return Clip(features, str(said["language"]), str(said["voice"]), sentence)
