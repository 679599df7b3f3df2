"""The decoder's linear layers: a base in some precision, and low-rank adapters beside it.

Knows no checkpoint. `peft` is not used: an adapter here must be quantised like its base and be
switched for each request without touching the weights.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import warnings
from functools import cache

import torch
from torch import Tensor, nn

# A row of zeros has no scale of its own, and the kernel refuses products of scales that underflow.
SMALLEST_SCALE = 1e-12
SMALLEST_ROW = 1e-20
SLICE_VALUES = 2**20  # of a weight in fp32 at a time: 4 MB


class Int8Linear(nn.Module):
    """`y = x W^T` with int8 weights, one scale a row, and activations quantised as they come.

    The weights live packed for torch's dynamic int8 kernel (engine x86, onednn or qnnpack,
    whichever `torch.backends.quantized.engine` names when this is built); `x` is `[..., in]`, any
    float type.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        rows = quantise_rows(weight, most_levels())
        self._packed = torch.ops.quantized.linear_prepack(rows, None)

    def forward(self, x: Tensor) -> Tensor:
        """Multiply; the result has the type of `x`.

        The kernel takes one scale for all rows at once, so that a single large one (a picture's
        position beside a word's) would cost the others their digits. Each row is brought to the
        same largest value first, and back afterwards: one scale a row, at no cost that shows.
        """
        wide = x.float()
        largest = wide.abs().amax(dim=-1, keepdim=True).clamp_min(SMALLEST_ROW)
        y: Tensor = torch.ops.quantized.linear_dynamic(wide / largest, self._packed)
        return (y * largest).to(x.dtype)


@cache
def most_levels() -> int:
    """What the largest weight of a row becomes on this machine: 127, or 64.

    Without instructions for it (AVX512-VNNI) x86 kernels add two products of a byte and a weight in
    16 bits, and what does not fit is cut off: 255 * 127 * 2 does not, 255 * 64 * 2 does. So whether
    it is cut off is tried. On an AMD Zen 3 (rows with an outlier, 768 wide) the largest error was
    0.17 of the largest value with 127 and 0.03 with 64.
    """
    ones = torch.ops.quantized.linear_prepack(quantise_rows(torch.ones(1, 64), 127), None)
    found = float(torch.ops.quantized.linear_dynamic(torch.ones(1, 64), ones))
    return 127 if abs(found - 64) < 1 else 64


def quantise_rows(weight: Tensor, most: int) -> Tensor:
    """Symmetric int8 of `[out, in]`, one scale a row: the largest value of a row becomes `most`.

    Works through a few rows at a time, so that a weight needs little memory beside its levels.
    """
    rows, width = weight.shape
    levels = torch.empty(rows, width, dtype=torch.int8)
    scales = torch.empty(rows)
    step = max(1, SLICE_VALUES // width)
    for first in range(0, rows, step):
        part = slice(first, first + step)
        wide = weight[part].to(torch.float32, copy=True)
        largest = torch.maximum(wide.amax(dim=1), -wide.amin(dim=1))
        scales[part] = (largest / most).clamp_min(SMALLEST_SCALE)
        levels[part] = wide.mul_((1 / scales[part])[:, None]).round_()
    zeros = torch.zeros(rows, dtype=torch.int64)
    with warnings.catch_warnings():
        # Deprecated from torch 2.13 on, and still the only way into the dynamic int8 kernel.
        warnings.filterwarnings("ignore", message="torch.quantize_per", category=UserWarning)
        # three times as fast as quantize_per_channel, which gives the same levels
        return torch._make_per_channel_quantized_tensor(  # noqa: SLF001
            levels, scales.double(), zeros, 0
        )


def release(module: nn.Module) -> None:
    """Take a module's own weights out of it; it is of no use afterwards."""
    module._parameters.clear()  # noqa: SLF001 (torch's only list of own parameters)
    module._buffers.clear()  # noqa: SLF001
    if isinstance(module, Int8Linear):
        del module._packed  # noqa: SLF001


class LowRank(nn.Module):
    """One adapter of one linear layer: `scale * B A x`, A `[r, in]`, B `[out, r]`."""

    def __init__(self, down: nn.Module, up: nn.Module, scale: float) -> None:
        super().__init__()
        self.down = down
        self.up = up
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        """The adapter's share of the output."""
        y: Tensor = self.up(self.down(x))
        return y * self.scale


class AdaptedLinear(nn.Module):
    """A linear layer and the adapters that may be added to it, at most one at a time."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        self.base = base
        self.adapters = nn.ModuleDict()
        self._active: nn.Module | None = None

    def add(self, name: str, adapter: LowRank) -> None:
        """Put an adapter beside the base; it stays silent until it is chosen."""
        self.adapters[name] = adapter

    def choose(self, name: str | None) -> None:
        """Make `name` the only adapter heard; None, or a name not here, leaves the base alone."""
        self._active = self.adapters[name] if name is not None and name in self.adapters else None

    @property
    def chosen(self) -> nn.Module | None:
        """The adapter that is heard."""
        return self._active

    def forward(self, x: Tensor) -> Tensor:
        """Base output plus that of the chosen adapter."""
        y: Tensor = self.base(x)
        return y if self._active is None else y + self._active(x)
