"""What the places and precisions of a model are called; knows no model."""

from __future__ import annotations

from collections.abc import Mapping

DEVICES: Mapping[str, str] = {
    "auto": "What is fastest here",
    "cpu": "Processor",
    "cuda": "NVIDIA graphics card",
    "mps": "Apple graphics",
}
PRECISIONS: Mapping[str, str] = {
    "auto": "What fits best",
    "fp32": "fp32, exact",
    "bf16": "bf16, as trained",
    "fp16": "fp16, for older graphics cards",
    "int8": "int8, half the memory",
    "int4": "int4, a quarter of the memory",
}
