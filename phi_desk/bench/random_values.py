"""Random weights in bf16 at the speed of the disk; knows names of tensors, no files.

A block of normal numbers is drawn once. A tensor is a run through that block from a place of its
own, scaled for its role, so that activations stay of the order of one through all layers.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

# A prime, so that no row of a matrix repeats another one: its length never divides the block's.
_BLOCK: Final = 4_194_301
_PIECE: Final = 2**22  # values a piece: 8 MB
_ADDED_TO_RESIDUAL: Final = (
    "o_proj", "down_proj", "linear_out", "net.2", "out_proj", "fc2", "pw_conv",
)  # fmt: skip

Half = NDArray[np.uint16]


class RandomValues:
    """The values of each tensor by its name; the same seed gives the same bytes."""

    def __init__(self, seed: int, layers: int) -> None:
        """`layers` of the decoder: what is added to the residual is scaled down by their number."""
        self._normal = np.random.default_rng(seed).standard_normal(_BLOCK, dtype=np.float32)
        self._seed = seed
        self._depth = (2 * layers) ** -0.5
        self._scaled: dict[tuple[float, float], Half] = {}

    def pieces(self, name: str, shape: tuple[int, ...]) -> Iterator[memoryview]:
        """The bytes of a bf16 tensor of this name and `shape`, in pieces."""
        mean, scale = self._distribution(name, shape)
        block = self._block(mean, scale)
        place = zlib.crc32(f"{self._seed} {name}".encode()) % _BLOCK
        left = prod(shape)
        while left:
            count = min(left, _BLOCK - place, _PIECE)
            yield block[place : place + count].data.cast("B")
            place = (place + count) % _BLOCK
            left -= count

    def _distribution(self, name: str, shape: tuple[int, ...]) -> tuple[float, float]:
        """(mean, standard deviation) by what the tensor is for."""
        parts = name.removesuffix(".base_layer.weight").split(".")
        if name.endswith("encoder_embedding.global_mean"):
            return 10.0, 1.0  # log-mel features lie at 0 to 20
        if name.endswith("encoder_embedding.global_invstd"):
            return 0.25, 0.02
        if any("norm" in part for part in parts) and parts[-1] == "weight":
            return 1.0, 0.02
        if len(shape) == 1 or parts[-1] in {"b1", "b2"}:
            return 0.0, 0.01
        if ".lora_B." in name:
            return 0.0, 0.1 * shape[1] ** -0.5 * self._depth
        if parts[-1] in {"glb_GN", "sub_GN", "probe"} or "embedding.weight" in name:
            return 0.0, 0.02
        if "embed_tokens.weight" in name:
            return 0.0, 0.02
        if "bias_values" in name:
            return 0.0, 0.1
        scale = float(prod(shape[1:])) ** -0.5
        if any(part in name for part in _ADDED_TO_RESIDUAL):
            scale *= self._depth
        return 0.0, scale

    def _block(self, mean: float, scale: float) -> Half:
        """The block with this mean and deviation, in bf16; about twenty of them exist."""
        key = (mean, scale)
        if key not in self._scaled:
            self._scaled[key] = to_bf16(self._normal * np.float32(scale) + np.float32(mean))
        return self._scaled[key]


def to_bf16(values: NDArray[np.float32]) -> Half:
    """Round finite float32 values to bf16, ties to even, as the upper halves of their bits."""
    bits = values.view(np.uint32)
    rounding = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return ((bits + rounding) >> np.uint32(16)).astype(np.uint16)
