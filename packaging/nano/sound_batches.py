"""Clips to batches of features: shards read in turn, voices bent, bands and moments masked.

Knows no vocabulary and no model. The same clip is never given twice in quite the same way.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from corpus import Sentence
from data import bucketed
from numpy.typing import NDArray
from shards import Clip, all_clips, shards
from torch import Tensor

BANDS = 80
# Of shards: sentences, sounds without words, questions to the app, single words.
KINDS = ("", "-empty", "-talk", "-words")
REDUCTION = 8  # frames to one position of the encoder
GRAIN = 64  # frames: lengths of batches are multiples, so that few kernels serve them all
LONGEST = 2500  # frames: longer sounds are cut at pauses by the app itself
JOINED = 0.2  # of the clips are several sentences, one after another, as people speak
TALK = "talk"  # the kind of a question to the app itself; its text has an "answer"
_GAP = (8, 80)  # frames of silence between two of them
_SHARDS_AT_ONCE = 4
_POOL = 1024  # clips sorted by length at once


def clips(
    work: Path, split: str, rng: np.random.Generator, longest: Callable[[], float]
) -> Iterator[Clip]:
    """Endless clips of all shards of a split, with and without speech, later ones included.

    `longest()` is the most frames that a clip may have by now.
    """
    while True:
        paths = [path for kind in KINDS for path in shards(work, split + kind)]
        if not paths:
            time.sleep(5)
            continue
        order = [paths[place] for place in rng.permutation(len(paths))]
        for start in range(0, len(order), _SHARDS_AT_ONCE):
            pool = all_clips(order[start : start + _SHARDS_AT_ONCE])
            for place in rng.permutation(len(pool)):
                most = min(longest(), LONGEST)
                if len(pool[place].features) <= most:
                    yield _several(pool[place], pool, rng, most)


def _several(clip: Clip, pool: Sequence[Clip], rng: np.random.Generator, most: float) -> Clip:
    """The clip, at times with one to three more of its language behind it."""
    if not _is_sentence(clip) or rng.random() >= JOINED:
        return clip
    wanted = int(rng.integers(1, 4))
    for place in rng.integers(len(pool), size=6 * wanted):
        other = pool[place]
        if wanted and other.language == clip.language and _is_sentence(other):
            longer = joined(clip, other, int(rng.integers(*_GAP)))
            clip = longer if len(longer.features) <= most else clip
            wanted -= 1
    return clip


def _is_sentence(clip: Clip) -> bool:
    return bool(clip.language) and clip.sentence.kind != TALK


def joined(first: Clip, second: Clip, gap: int) -> Clip:
    """Two clips of one language as one, `gap` silent frames between them."""
    silence = np.zeros((gap, BANDS), np.float16)
    text = {
        code: f"{first.sentence.text[code]} {second.sentence.text[code]}"
        for code in first.sentence.text
        if code in second.sentence.text
    }
    return Clip(
        np.concatenate([first.features, silence, second.features]),
        first.language,
        first.voice,
        Sentence(kind="several", text=text),
    )


def clip_batches(
    work: Path, split: str, seed: int, frames: int, longest: Callable[[], float]
) -> Iterator[list[Clip]]:
    """Endless batches of clips of like length, `frames` of padded features each."""
    rng = np.random.default_rng(seed)
    drawn = clips(work, split, rng, longest)
    return bucketed(drawn, lambda clip: len(clip.features), frames, rng, _POOL)


def padded(batch: Sequence[NDArray[np.float16]]) -> Tensor:
    """Features `[frames, 80]` with silence behind them: `[n, longest, 80]` float32."""
    longest = max(len(features) for features in batch)
    longest += -longest % GRAIN
    result = torch.zeros(len(batch), longest, BANDS)
    for row, features in enumerate(batch):
        result[row, : len(features)] = torch.from_numpy(features.astype(np.float32))
    return result


def bent(features: Tensor, generator: torch.Generator) -> Tensor:
    """Another voice at another pace and loudness: `[n, frames, 80]`, the frames about as many.

    Bands are stretched by up to 12 % (the length of a vocal tract), time by up to 15 %, and the
    level moves by up to about 9 dB; energies stay at least 1, as in the app's features.
    """
    count = len(features)
    warp = 1 + 0.12 * (2 * torch.rand(count, generator=generator) - 1)
    bands = torch.arange(BANDS)[None] * warp[:, None]
    features = _sampled(features.transpose(1, 2), bands.clamp(max=BANDS - 1.0)).transpose(1, 2)
    pace = float(1 + 0.15 * (2 * torch.rand(1, generator=generator) - 1))
    frames = int(features.shape[1] / pace)
    frames += -frames % GRAIN
    moments = torch.arange(frames) * ((features.shape[1] - 1) / max(1, frames - 1))
    features = _sampled(features, moments[None].expand(count, -1))
    gain = 2.0 * (2 * torch.rand(count, 1, 1, generator=generator) - 1)
    return torch.where(features > 0, (features + gain).clamp_min(0), features)


def _sampled(values: Tensor, places: Tensor) -> Tensor:
    """`values` `[n, length, other]` between its entries at `places` `[n, k]`, linearly."""
    low = places.floor().long().clamp(0, values.shape[1] - 1)
    high = (low + 1).clamp(max=values.shape[1] - 1)
    share = (places - low)[..., None]
    wide = (-1, -1, values.shape[2])
    before = values.gather(1, low[..., None].expand(*wide))
    after = values.gather(1, high[..., None].expand(*wide))
    return before.lerp(after, share.expand_as(before))


def masked(features: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """SpecAugment (Park et al. 2019): two masks in frequency, two in time, filled by the mean.

    `strength` 0..1 scales their widths.
    """
    count, frames = features.shape[:2]
    mean = features.mean((1, 2), keepdim=True)
    for axis, length, most in ((2, BANDS, 14), (1, frames, min(20, frames // 10))):
        for _ in range(2):
            width = torch.rand(count, 1, generator=generator) * most * strength
            start = torch.rand(count, 1, generator=generator) * (length - width)
            place = torch.arange(length)[None]
            hidden = (place >= start) & (place < start + width)
            features = torch.where(
                hidden[:, :, None] if axis == 1 else hidden[:, None], mean, features
            )
    return features


def set_scale(conformer: Any, work: Path) -> None:
    """Give the encoder's input its mean and deviation of every band, from the first clips."""
    found = all_clips(shards(work, "train")[:3])
    frames = np.concatenate([clip.features for clip in found]).astype(np.float32)
    conformer.encoder_embedding.global_mean.copy_(torch.from_numpy(frames.mean(0)))
    conformer.encoder_embedding.global_invstd.copy_(torch.from_numpy(1 / (frames.std(0) + 1e-3)))
