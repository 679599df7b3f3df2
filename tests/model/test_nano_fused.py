"""The layers that training compiles, and the convolutions in C: the same numbers as the modules."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import aligning
import fused
import subsampling
from data_makers.small_nano import small_nano
from network import Nano


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Nano:
    """In float32 throughout, and nothing is compiled: what is compared are the formulas."""
    monkeypatch.setattr(fused, "_HALF", torch.float32)
    monkeypatch.setattr(subsampling, "HALF", torch.float32)
    monkeypatch.setattr(fused, "compiled", lambda function: function)
    return small_nano(loud=True)


def both(model: Nano, module: nn.Module, forward: Any) -> None:
    """Outputs and gradients, by the modules and by the functions."""
    known = [p for p in module.parameters() if p.requires_grad]
    found: list[tuple[Tensor, Iterable[Tensor | None]]] = []
    for fuse in (False, True):
        model.fuse = fuse
        output = forward()
        weights = torch.sin(torch.arange(output.numel())).view_as(output)
        loss = (output * weights).sum()
        found.append((output.detach(), torch.autograd.grad(loss, known, allow_unused=True)))
    (plain, slopes), (quick, other_slopes) = found
    torch.testing.assert_close(quick, plain, atol=2e-5, rtol=1e-4)
    for slope, other in zip(slopes, other_slopes, strict=True):
        assert (slope is None) == (other is None)
        if slope is not None and other is not None:
            size = float(slope.abs().max())
            torch.testing.assert_close(other, slope, atol=2e-4 * size + 1e-4, rtol=1e-3)


def test_the_encoder_hears_the_same(model: Nano) -> None:
    features = torch.rand(3, 64, 80) * 20
    both(model, model.conformer, lambda: model.hear(features))


@pytest.mark.skipif(not (shutil.which("gcc") or shutil.which("clang")), reason="needs a C compiler")
def test_the_code_in_c_leaves_the_arithmetic_of_the_process_alone() -> None:
    assert subsampling.library() is not None
    smallest = float.fromhex("0x1p-1074")
    assert smallest * float("1") != 0


def test_the_encoder_hears_the_same_without_a_compiler(
    model: Nano, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subsampling, "library", lambda: None)
    features = torch.rand(2, 64, 80) * 20
    both(model, model.conformer, lambda: model.hear(features))


def test_the_convolutions_in_c_were_compiled() -> None:
    if not any(map(shutil.which, ("gcc", "clang"))):
        pytest.skip("there is no C compiler on this machine")
    assert subsampling.library() is not None


def test_the_tower_sees_the_same_with_a_part_out_of_view(model: Nano) -> None:
    pixels = torch.rand(2, 3, 56, 56) * 2 - 1
    valid = torch.ones(2, 4, 4, dtype=torch.bool)
    valid[1, 2:] = False
    seen = valid.flatten(1)[..., None]
    both(model, model.tower, lambda: model.look(pixels, valid) * seen)


@pytest.mark.parametrize("adapter", [None, "speech", "vision"])
def test_the_decoder_says_the_same(model: Nano, adapter: Any) -> None:
    model.choose(adapter)
    embedded = torch.randn(3, 20, 64)
    trained = model.decoder() if adapter is None else model.adapter(adapter)
    both(model, trained, lambda: model.states(embedded))


def test_what_is_asked_without_learning_runs_the_modules(model: Nano) -> None:
    model.fuse = True
    assert model.fuses
    with torch.inference_mode():
        assert not model.fuses


def test_the_projection_takes_states_where_it_took_codes(
    model: Nano, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """States that are a linear image of the codes are projected as the codes were."""
    torch.manual_seed(4)
    width = 48
    turn, shift = torch.linalg.qr(torch.randn(width, width)).Q, torch.randn(width)
    codes = torch.randn(900, width)
    states = codes @ turn + shift
    monkeypatch.setattr(aligning, "_pairs", lambda *_: iter([(states, codes)]))
    before = model.project_picture(codes).detach()
    line = model.separators["line"].detach().clone()
    projected = model.project_picture(line.view(1, -1)).detach()
    share = aligning.align(model, lambda cells, signs: codes, tmp_path)
    assert share > 0.98
    after = model.project_picture(states)
    assert (after - before).norm() < 0.1 * before.norm()
    moved = model.project_picture(model.separators["line"].view(1, -1))
    assert (moved - projected).norm() < 0.1 * projected.norm()
