"""A closed engine holds no memory, whoever still refers to its modules."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
import torch
from data_makers.asking import ask, sound, user

from phi_desk.engine.local import LocalEngine
from phi_desk.model.linear import Int8Linear


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_weights_go_when_the_engine_closes_without_a_collection(tiny: Path, precision: str) -> None:
    engine = LocalEngine.open(tiny, device="cpu", precision=precision)
    ask(engine, user(sound(), "hello"))
    model = engine.runtime.model  # somebody still refers to it
    tensors = [*model.parameters(), *model.buffers()]
    kept = [weakref.ref(tensor) for tensor in tensors]
    packed = [weakref.ref(m._packed) for m in model.modules() if isinstance(m, Int8Linear)]
    assert len(kept) > 50
    assert bool(packed) == (precision == "int8")
    contexts = engine.runtime.generation.contexts
    caches = [weakref.ref(context.cache) for context in contexts._held]
    assert caches
    del tensors
    gc.disable()
    try:
        engine.close()
        left = [ref() for ref in (*kept, *packed, *caches) if ref() is not None]
    finally:
        gc.enable()
    assert left == []
    assert isinstance(model, torch.nn.Module)


def test_closing_twice_does_no_harm(tiny: Path) -> None:
    engine = LocalEngine.open(tiny, device="cpu")
    engine.close()
    engine.close()
