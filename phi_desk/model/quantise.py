"""The one place that decides which linear layer becomes what; knows no checkpoint file.

Towers and embeddings keep their float type; only the decoder's linears, the adapters beside them
and the head are candidates for fewer bits.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from typing import Literal

import torch
from torch import Tensor, nn

from phi_desk.model.linear import Int8Linear

Precision = Literal["fp32", "bf16", "fp16", "int8"]
Role = Literal["decoder", "adapter", "head"]

FLOAT_TYPES: dict[str, torch.dtype] = {
    "fp32": torch.float32,
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a checkpoint becomes a module.

    Attributes:
        precision: the name a person chose.
        device: where everything lives.
        compute: type of the decoder's hidden states.
        tower: type of both encoders, their projections and the embedding.
        cache: type of the KV cache.
    """

    precision: Precision
    device: torch.device
    compute: torch.dtype
    tower: torch.dtype
    cache: torch.dtype

    @classmethod
    def of(cls, precision: Precision, device: torch.device) -> Recipe:
        """The recipe of a precision.

        int8: torch's dynamic kernel takes and gives fp32, so hidden states are fp32; the cache is
        bf16.
        """
        if precision == "int8":
            return cls(
                precision=precision,
                device=device,
                compute=torch.float32,
                tower=torch.bfloat16,
                cache=torch.bfloat16,
            )
        kind = FLOAT_TYPES[precision]
        return cls(precision=precision, device=device, compute=kind, tower=kind, cache=kind)

    def linear(self, role: Role, weight: Tensor) -> nn.Module:
        """The module that multiplies by `weight` `[out, in]`, which is copied, never kept."""
        if self.precision == "int8":
            torch.backends.quantized.engine = int8_engine()
            return Int8Linear(weight)
        kind = self.tower if role == "head" else self.compute
        module = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
        module.weight = parameter(weight, kind, self.device)
        return module


def parameter(value: Tensor, kind: torch.dtype, device: torch.device) -> nn.Parameter:
    """A frozen copy of `value`; the source may be a view of a mapped file."""
    held = torch.empty(value.shape, dtype=kind, device=device)
    held.copy_(value)
    return nn.Parameter(held, requires_grad=False)


KEEPS_TWO_COPIES = "onednn"  # the weight beside its packed form: 63 MB for one of 25 (measured)


@cache
def int8_engine() -> str:
    """The quantised engine of torch to use here.

    On x86 the one of that name; elsewhere the one that multiplies a row and a chunk fastest,
    measured once. An engine that doubles the weights' memory would undo what int8 is for: it is
    the last resort.
    """
    engines = [e for e in torch.backends.quantized.supported_engines if e != "none"]
    if "x86" in engines:
        return "x86"
    single = [e for e in engines if e != KEEPS_TWO_COPIES]
    times = {engine: _seconds(engine) for engine in single or engines}
    return min(times, key=lambda name: times[name])


def _seconds(engine: str) -> float:
    """Seconds for ten rows one by one and one chunk of 64; infinite where it cannot run."""
    before = torch.backends.quantized.engine
    row, chunk = torch.randn(1, 2048), torch.randn(64, 2048)
    try:
        torch.backends.quantized.engine = engine
        module = Int8Linear(torch.randn(2048, 2048))
        module(row)
        started = time.perf_counter()
        for _ in range(10):
            module(row)
        module(chunk)
        return time.perf_counter() - started
    except RuntimeError:
        return float("inf")
    finally:
        torch.backends.quantized.engine = before
