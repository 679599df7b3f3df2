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
            torch.backends.quantized.engine = fastest_int8_engine()
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


@cache
def fastest_int8_engine() -> str:
    """The quantised engine that multiplies one row fastest here, measured once for some 20 ms.

    x86 with VNNI and ARM with dot products differ; torch's default is not always the best one.
    """
    before = torch.backends.quantized.engine
    times: dict[str, float] = {}
    weight = torch.randn(1024, 1024)
    row = torch.randn(1, 1024)
    for engine in torch.backends.quantized.supported_engines:
        if engine == "none":
            continue
        try:
            torch.backends.quantized.engine = engine
            module = Int8Linear(weight)
            module(row)
        except RuntimeError:  # an engine this processor cannot run
            continue
        started = time.perf_counter()
        for _ in range(20):
            module(row)
        times[engine] = time.perf_counter() - started
    torch.backends.quantized.engine = before
    return min(times, key=lambda name: times[name])
