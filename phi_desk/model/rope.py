"""Rotary positions under a chosen factor set; knows no weights.

The longrope factors depend on how long the *whole* sequence is: short ones up to the trained 4096
positions, long ones beyond. A part of a prompt does not know that, so the set is chosen here by
hand instead of from the largest position of one call, as transformers does.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

Regime = Literal["short", "long"]


class Rope:
    """Cosines and sines for positions, for one model.

    Attributes:
        border: positions up to this many use the short factors; None where there is one set only.
    """

    def __init__(self, config: Any, device: torch.device) -> None:
        parameters = config.rope_parameters
        self.border: int | None = None
        self._scaling: dict[Regime, float] = {}
        self._inv_freq: dict[Regime, Tensor] = {}
        kind = parameters["rope_type"]
        if kind == "longrope":
            self.border = int(parameters["original_max_position_embeddings"])
        for regime, length in (("short", self.border), ("long", (self.border or 0) + 1)):
            inv_freq, scaling = self._factors(config, kind, length)
            self._inv_freq[regime] = inv_freq.to(device)  # type: ignore[index]
            self._scaling[regime] = scaling  # type: ignore[index]

    @staticmethod
    def _factors(config: Any, kind: str, length: int | None) -> tuple[Tensor, float]:
        if kind == "default":
            head = getattr(config, "head_dim", None)
            head = head or config.hidden_size // config.num_attention_heads
            dim = int(head * config.rope_parameters.get("partial_rotary_factor", 1.0))
            exponent = torch.arange(0, dim, 2, dtype=torch.int64).float() / dim
            return 1.0 / (config.rope_parameters["rope_theta"] ** exponent), 1.0
        return ROPE_INIT_FUNCTIONS[kind](config, device=None, seq_len=length)

    def regime(self, length: int) -> Regime:
        """The factor set for a sequence of `length` positions in all."""
        return "long" if self.border is not None and length > self.border else "short"

    def __call__(
        self, start: int, count: int, regime: Regime, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor]:
        """Cosines and sines of `count` positions from `start` on: each `[1, count, rotary]`."""
        inv_freq = self._inv_freq[regime]
        positions = torch.arange(start, start + count, device=inv_freq.device).float()
        angles = positions[None, :, None] * inv_freq  # [1, count, rotary / 2]
        angles = torch.cat((angles, angles), dim=-1)
        scaling = self._scaling[regime]
        return (angles.cos() * scaling).to(dtype), (angles.sin() * scaling).to(dtype)
