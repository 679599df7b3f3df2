"""A look inside one reading of a prompt, as numpy values: what fidelity is measured on.

Knows no reference; `phi_desk.bench.fidelity` compares.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.model.generate import Limits, Token
from phi_desk.model.inputs import ClipInput, PictureInput, Projection, Prompt
from phi_desk.model.runtime import Runtime

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one prompt gave.

    Attributes:
        logits: `[n, vocabulary]` of the last n positions.
        pictures, clips: `[positions, hidden]`, what stands in the prompt for media; None without.
        greedy: the first tokens of the answer, end tokens not heeded.
    """

    logits: NDArray[np.float32]
    pictures: NDArray[np.float32] | None
    clips: NDArray[np.float32] | None
    greedy: tuple[int, ...]


def probe(
    runtime: Runtime,
    prompt: Prompt,
    adapter: str | None,
    projection: Projection,
    *,
    positions: int = 8,
    tokens: int = 12,
) -> Probe:
    """Read `prompt` afresh and answer it greedily."""
    generation, cancel = runtime.generation, CancelToken()
    generation.forget()
    decoder = generation.decoder
    decoder.choose_adapter(adapter)
    pictures = [_vision(runtime, p, cancel) for p in prompt.pictures]
    clips = [_speech(runtime, c, projection, cancel) for c in prompt.clips]
    media = iter([*pictures, *clips])
    parts = [decoder.embed(p) if isinstance(p, tuple) else next(media) for p in prompt.pieces]
    cache = decoder.new_cache()
    embedded = torch.cat([part.to(decoder.compute) for part in parts])
    regime = decoder.rope.regime(len(embedded))
    chunks = torch.split(embedded, generation.chunk)
    states = [decoder.forward(part, cache, regime, cancel) for part in chunks]
    logits = decoder.logits(torch.cat(states)[-positions:])
    limits = Limits(max_tokens=tokens, stop_ids=frozenset(), stop_loops=False)
    steps = generation.begin(prompt, adapter, projection).steps(limits, cancel)
    return Probe(
        logits=_array(logits),
        pictures=_array(torch.cat(pictures)) if pictures else None,
        clips=_array(torch.cat(clips)) if clips else None,
        greedy=tuple(step.id for step in steps if isinstance(step, Token)),
    )


def _vision(runtime: Runtime, picture: PictureInput, cancel: CancelToken) -> torch.Tensor:
    encoder = runtime.generation.vision
    if encoder is None:
        raise ValueError("this checkpoint has no vision tower")
    return finished(encoder.encode(picture, cancel))


def _speech(
    runtime: Runtime, clip: ClipInput, projection: Projection, cancel: CancelToken
) -> torch.Tensor:
    encoder = runtime.generation.speech
    if encoder is None:
        raise ValueError("this checkpoint has no speech encoder")
    return finished(encoder.encode(clip, projection, cancel))


def finished(steps: Generator[None, None, T]) -> T:
    """What a generator returns, its steps passed over."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.float().cpu().numpy()
    return array
