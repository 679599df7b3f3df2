"""Keys and values of the positions already read; knows no tokens and no adapter."""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

FIRST_CAPACITY = 256  # positions
GROWTH = 1.5


class KVCache:
    """One growing buffer a layer, so that a new token costs no copy of the old ones.

    Stands where transformers' attention expects its own cache: it calls only `update`.
    `dtype` may be narrower than what the layers compute in.
    """

    def __init__(self, layers: int, dtype: torch.dtype | None = None) -> None:
        self._keys: list[Tensor | None] = [None] * layers
        self._values: list[Tensor | None] = [None] * layers
        self._lengths = [0] * layers
        self._dtype = dtype

    @property
    def length(self) -> int:
        """Positions that every layer holds."""
        return min(self._lengths)

    @property
    def bytes(self) -> int:
        """Memory taken, reserved positions included."""
        held = (t for t in (*self._keys, *self._values) if t is not None)
        return sum(t.numel() * t.element_size() for t in held)

    def crop(self, length: int) -> None:
        """Forget every position from `length` on, also those only some layers hold."""
        self._lengths = [min(n, length) for n in self._lengths]

    def update(self, keys: Tensor, values: Tensor, layer: int, *_: Any) -> tuple[Tensor, Tensor]:
        """Append `[1, kv heads, n, head]` keys and values; return all of the layer's so far."""
        start = self._lengths[layer]
        end = start + keys.shape[2]
        held_keys = self._reserve(self._keys, layer, end, keys)
        held_values = self._reserve(self._values, layer, end, values)
        held_keys[:, :, start:end] = keys
        held_values[:, :, start:end] = values
        self._lengths[layer] = end
        return held_keys[:, :, :end], held_values[:, :, :end]

    def _reserve(self, store: list[Tensor | None], layer: int, needed: int, like: Tensor) -> Tensor:
        held = store[layer]
        if held is not None and held.shape[2] >= needed:
            return held
        capacity = max(needed, FIRST_CAPACITY)
        if held is not None:
            capacity = max(needed, int(held.shape[2] * GROWTH))
        batch, heads, _, head = like.shape
        grown = like.new_empty((batch, heads, capacity, head), dtype=self._dtype or like.dtype)
        if held is not None:
            length = self._lengths[layer]
            grown[:, :, :length] = held[:, :, :length]
        store[layer] = grown
        return grown
