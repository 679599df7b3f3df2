"""Sounds to positions of the prompt, block by block; knows no tokens and no files.

The conformer and its weights are transformers' modules; the loop over layers is ours, so that
work can be stopped between them. A clip is always encoded by itself: padding beside a longer clip
never reaches it.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from phi_desk.cancel import CancelToken
from phi_desk.model.inputs import ClipInput, Projection

BLOCK = 500  # encoder frames the model can relate to each other: 40 s, as published
HALO = 2  # encoder frames whose inputs the three stride-2 convolutions may look across


class SpeechEncoder:
    """The conformer, and one of two projections into the decoder."""

    def __init__(self, audio_embed: Any) -> None:
        self._embed = audio_embed
        self._encoder = audio_embed.encoder
        self._reduction = int(self._encoder.config.time_reduction)

    @torch.inference_mode()
    def encode(
        self, clip: ClipInput, projection: Projection, cancel: CancelToken
    ) -> Generator[None, None, Tensor]:
        """Yields after each block; returns `[clip.tokens, hidden]`.

        Raises:
            Cancelled: between two layers of a block.
        """
        encoded: list[Tensor] = []
        for block in clip.blocks:
            encoded.extend(self._blocks(torch.from_numpy(block), cancel))
            yield
        hidden = torch.cat(encoded, dim=1)[0]
        name = "speech" if projection == "speech" else "vision_speech"
        up = getattr(self._embed, f"up_proj_for_{name}")
        down = getattr(self._embed, f"down_proj_for_{name}")
        projected: Tensor = down(nn.functional.gelu(up(hidden)))
        return projected

    def _blocks(self, features: Tensor, cancel: CancelToken) -> Iterator[Tensor]:
        """Encode `[frames, bands]`; beyond 40 s in blocks of 40 s, the last filled up with zeros.

        The filling is attended to, as in the published code for one clip without a mask.
        """
        weight = self._encoder.embed.out.weight
        frames = features.to(weight.device, weight.dtype)[None]
        total = -(-frames.shape[1] // self._reduction)
        for start in range(0, total, BLOCK):
            cancel.raise_if_cancelled()
            end = min(start + BLOCK, total)
            hidden = self._subsample(frames, start, end)
            if total > BLOCK:
                hidden = nn.functional.pad(hidden, (0, 0, 0, BLOCK - hidden.shape[1]))
            bias = self._encoder.relative_attention_bias_layer(hidden)
            for layer in self._encoder.encoders:
                cancel.raise_if_cancelled()
                hidden = layer(hidden, bias)
            yield hidden[:, : end - start]

    def _subsample(self, frames: Tensor, start: int, end: int) -> Tensor:
        """Encoder frames `start` .. `end - 1` of the convolutional front, `[1, end - start,
        width]`.

        Computed from the frames they can see only, so that an hour of sound needs no more memory
        than a minute; equal to computing all at once.
        """
        first = max(0, start - HALO)
        part = frames[:, first * self._reduction : (end + HALO) * self._reduction]
        hidden, _ = self._encoder.embed(self._encoder.encoder_embedding(part), None)
        picked: Tensor = hidden[:, start - first : end - first]
        return picked
