"""The encoder's subsampling for training: its three convolutions in C, one clip at a time.

torch's own took half of a training step, waiting for memory. A clip's states fit a core's cache, so
that they are computed anew on the way back instead of kept: 16 ms instead of 170 for 32 clips of
2.6 s. Where there is no C compiler, training uses torch's.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import ctypes
import hashlib
import logging
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import half
import torch
from torch import Tensor

CHANNELS = 32  # compiled into the C code
HALF = half.ON_CPU
_SOURCE = Path(__file__).with_name("subsampling.c")
# Not -ffast-math: a library linked with it makes the whole process round subnormal numbers to zero.
_FLAGS = (
    *("-O3", "-march=native", "-shared", "-fPIC", "-fno-math-errno", "-fno-trapping-math"),
    *("-fno-signed-zeros", "-fassociative-math", "-freciprocal-math", "-ffinite-math-only"),
)
_SQUARE = CHANNELS * CHANNELS
_SECOND = 20 * CHANNELS  # where the second convolution's matrix begins among the weights
_THIRD = _SECOND + _SQUARE + 11 * CHANNELS
log = logging.getLogger("nano")


@cache
def library() -> ctypes.CDLL | None:
    """The compiled code, None where it cannot be compiled."""
    compiler = shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        log.warning("no C compiler was found: the speech stages will take longer")
        return None
    digest = hashlib.blake2b(_SOURCE.read_bytes(), digest_size=8).hexdigest()
    path = Path(tempfile.mkdtemp(prefix="nano-")) / f"subsampling-{digest}.so"
    command = [compiler, *_FLAGS, str(_SOURCE), "-o", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        log.warning("%s: %s", _SOURCE.name, done.stderr)
        return None
    return ctypes.CDLL(str(path))


def subsampled(features: Tensor, embed: Any) -> Tensor:
    """Scaled features `[n, frames, bands]` to `[n, frames / 8, width]`, as `embed` does it."""
    convolve: Any = _Convolutions.apply
    states = convolve(features.float().contiguous(), _packed(embed.conv))
    flat = states.transpose(2, 3).flatten(2).to(HALF)
    weight, bias = embed.out.weight.to(HALF), embed.out.bias.to(HALF)
    projected: Tensor = (flat @ weight.t() + bias).float()
    return projected


def _packed(conv: Any) -> Tensor:
    """All weights one after another: taps before channels, inputs before outputs."""
    parts = []
    for place in (0, 2, 3, 5, 6):
        rows = conv[place].weight.reshape(CHANNELS, -1)  # [out, taps or inputs]
        parts += [rows.t().reshape(-1), conv[place].bias]
    return torch.cat(parts).float().contiguous()


class _Convolutions(torch.autograd.Function):
    """`[n, frames, bands]` to `[n, frames / 8, bands / 8, channels]`; both divisible by 8."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weights: Tensor) -> Tensor:
        n, frames, bands = features.shape
        result = torch.empty(n, frames // 8, bands // 8, CHANNELS)
        code = library()
        assert code is not None
        code.front_forward(_at(features), _at(result), *map(ctypes.c_long, (n, frames, bands)),
                           _at(weights))  # fmt: skip
        ctx.save_for_backward(features, result, weights)
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, Tensor]:
        features, result, weights = ctx.saved_tensors
        gradient = gradients[0].float().contiguous()
        changes = torch.zeros_like(weights)
        turned = [
            weights[start : start + _SQUARE].view(CHANNELS, CHANNELS).t().contiguous()
            for start in (_SECOND, _THIRD)
        ]
        code = library()
        assert code is not None
        code.front_backward(_at(features), _at(result), _at(gradient),
                            *map(ctypes.c_long, features.shape), _at(weights), *map(_at, turned),
                            _at(changes))  # fmt: skip
        return None, changes


def _at(tensor: Tensor) -> ctypes.c_void_p:
    return ctypes.c_void_p(tensor.data_ptr())
