"""Every tensor in its place, once, in the precision that was asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from data_makers import tiny_checkpoint
from data_makers.asking import ask, picture, sound, user
from safetensors.numpy import load_file, save_file

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Progress
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest
from phi_desk.errors import Cancelled, CheckpointError
from phi_desk.model.linear import AdaptedLinear, Int8Linear
from phi_desk.model.probe import probe


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny checkpoint that may be damaged."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def rewrite(folder: Path, change: object) -> None:
    """Let `change` edit the tensors of the checkpoint."""
    path = folder / "model.safetensors"
    tensors = load_file(path)
    change(tensors)  # type: ignore[operator]
    save_file(tensors, path)


NORM = "model.layers.1.input_layernorm.weight"


def lose(tensors: dict[str, np.ndarray]) -> None:
    del tensors[NORM]


def add(tensors: dict[str, np.ndarray]) -> None:
    tensors["model.layers.9.mlp.down_proj.weight"] = np.zeros((2, 2), np.float32)


def reshape(tensors: dict[str, np.ndarray]) -> None:
    tensors[NORM] = np.ones(7, np.float32)


def spoil(tensors: dict[str, np.ndarray]) -> None:
    tensors[NORM][3] = np.nan
    tensors["model.norm.weight"][0] = np.inf


@pytest.mark.parametrize(
    ("change", "kind", "names"),
    [
        (lose, "missing", [NORM]),
        (add, "unexpected", ["model.layers.9.mlp.down_proj.weight"]),
        (reshape, "wrong shape", [NORM]),
        (spoil, "not finite", [NORM, "model.norm.weight"]),
    ],
)
def test_whatever_is_wrong_stops_the_load_with_the_list(
    copy: Path, change: object, kind: str, names: list[str]
) -> None:
    rewrite(copy, change)
    with pytest.raises(CheckpointError, match=kind) as caught:
        LocalEngine.open(copy)
    for name in names:
        assert any(name in line for line in caught.value.details)


def test_adapter_that_does_nothing_is_refused(copy: Path) -> None:
    path = copy / "speech-lora" / "adapter_model.safetensors"
    tensors = {n: v * ("lora_A" in n) for n, v in load_file(path).items()}
    save_file(tensors, path)
    with pytest.raises(CheckpointError, match="speech does nothing"):
        LocalEngine.open(copy)


def test_only_the_decoder_is_wrapped_and_nothing_is_left_without_memory(
    engine: LocalEngine,
) -> None:
    model = engine.runtime.model
    wrapped = [n for n, m in model.named_modules() if isinstance(m, AdaptedLinear)]
    assert len(wrapped) == 4 * 4
    assert all(name.startswith("model.layers.") for name in wrapped)
    assert not [n for n, p in model.named_parameters() if p.is_meta or p.requires_grad]
    assert model.lm_head.weight is model.model.embed_tokens.weight


def test_adapters_are_chosen_by_the_request(engine: LocalEngine) -> None:
    assert engine.adapters == ("vision", "speech")
    assert ask(engine, user("hello")).adapter is None
    assert ask(engine, user(picture(), "hello")).adapter == "vision"
    assert ask(engine, user(sound(), "hello")).adapter == "speech"
    assert ask(engine, user(picture(), sound())).adapter == "vision"


def test_an_adapter_adds_its_low_rank_product(engine: LocalEngine) -> None:
    module = engine.runtime.model.model.layers[0].mlp.down_proj
    adapter = module.adapters["vision"]
    assert adapter.scale == 2.0
    with torch.inference_mode():
        x = torch.randn(3, 64)
        module.choose("vision")
        added = module(x) - module.base(x)
        expected = 2.0 * x @ adapter.down.weight.T @ adapter.up.weight.T
    torch.testing.assert_close(added, expected, rtol=0, atol=1e-5)


def test_a_persons_own_adapter_takes_the_place_of_a_built_in_one(
    tiny: Path, tmp_path: Path
) -> None:
    config = tiny_checkpoint.native_config()
    mine = tiny_checkpoint.make_adapter(tmp_path / "mine", config, 3, seed=9)
    engine = LocalEngine.open(tiny, precision="fp32", adapters=[mine])
    assert engine.adapters == ("vision", "speech", "mine")
    own = ask(engine, user(picture(), "hello"), adapter="mine")
    assert own.adapter == "mine"
    assert own.output_ids != ask(engine, user(picture(), "hello")).output_ids


def test_published_target_list_wraps_no_more(tiny: Path) -> None:
    """The published list of endings also fits modules of the conformer: those stay bare."""
    settings = json.loads((tiny / "speech-lora" / "adapter_config.json").read_text())
    assert settings["target_modules"] == ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
    engine = LocalEngine.open(tiny)
    encoder = engine.runtime.model.model.embed_tokens_extend.audio_embed.encoder
    assert not [m for m in encoder.modules() if isinstance(m, AdaptedLinear)]


def likeness_to_fp32(tiny: Path, precision: str) -> float:
    """Cosine between the logits and those in fp32."""
    found = []
    for chosen in ("fp32", precision):
        engine = LocalEngine.open(tiny, device="cpu", precision=chosen)
        request = ChatRequest(messages=(user(picture(), sound(), "hello there"),))
        prompt = engine.prompt(request, CancelToken())
        found.append(probe(engine.runtime, prompt, "vision", "vision").logits)
    exact, rounded = (f - f.mean(axis=1, keepdims=True) for f in found)
    product = float((exact * rounded).sum())
    return product / float(np.linalg.norm(exact) * np.linalg.norm(rounded))


def test_bf16_and_int8_are_near_fp32(tiny: Path) -> None:
    assert 0.98 < likeness_to_fp32(tiny, "bf16") < 1 - 1e-6  # measured 0.993
    assert 0.95 < likeness_to_fp32(tiny, "int8") < 1 - 1e-6  # measured 0.974


def test_int8_holds_the_decoder_and_the_adapters_in_bytes(tiny: Path) -> None:
    engine = LocalEngine.open(tiny, device="cpu", precision="int8")
    layer = engine.runtime.model.model.layers[0]
    linear = layer.self_attn.qkv_proj
    assert isinstance(linear.base, Int8Linear)
    assert isinstance(linear.adapters["vision"].down, Int8Linear)
    assert isinstance(engine.runtime.model.lm_head, Int8Linear)
    assert engine.runtime.model.model.embed_tokens.weight.dtype == torch.bfloat16
    tower = engine.runtime.model.model.embed_tokens_extend
    assert {p.dtype for p in tower.parameters()} == {torch.bfloat16}


def test_int8_row_scales_carry_the_largest_value_exactly() -> None:
    torch.manual_seed(0)
    weight = torch.randn(20, 30)
    weight[4] = 0  # a row of zeros has no scale of its own
    weight[5] *= 1e-30
    module = Int8Linear(weight)
    with torch.inference_mode():
        out = module(torch.eye(30))
    torch.testing.assert_close(out.T, weight, rtol=0.02, atol=0.03)
    assert bool((out.T[4] == 0).all())


@pytest.mark.parametrize("size", [0.0, 1e-38, 1e-30, 1e30])
def test_int8_takes_rows_of_any_size(size: float) -> None:
    torch.manual_seed(0)
    weight, row = torch.randn(4, 30), torch.randn(1, 30) * size
    with torch.inference_mode():
        found = Int8Linear(weight)(row)
    expected = row @ weight.T
    assert float((found - expected).abs().max()) <= 0.05 * float(expected.abs().max()) + 1e-25


def test_int8_cuts_nothing_off_where_large_meets_large() -> None:
    """A byte of 255 times two neighbouring weights of 127 does not fit into 16 bits."""
    weight = torch.full((2, 64), 0.3)
    weight[1] *= -1
    with torch.inference_mode():
        found = Int8Linear(weight)(torch.ones(1, 64))
    torch.testing.assert_close(found, weight.sum(1)[None], rtol=0.02, atol=0.0)


def test_int8_rows_do_not_cost_each_other_digits() -> None:
    torch.manual_seed(0)
    module = Int8Linear(torch.randn(40, 30))
    small, large = torch.randn(1, 30), torch.randn(1, 30) * 1000
    with torch.inference_mode():
        alone, beside = module(small), module(torch.cat([small, large]))[:1]
    torch.testing.assert_close(beside, alone, rtol=0.05, atol=0.3)
    assert float((alone - beside).abs().max()) < 0.02 * float(alone.abs().max())


def test_load_shows_progress_and_can_be_stopped(tiny: Path) -> None:
    seen: list[Progress] = []
    LocalEngine.open(tiny, progress=seen.append)
    assert seen[-1].done == seen[-1].total == len(seen)
    cancel = CancelToken()

    def stop(step: Progress) -> None:
        if step.done == 5:
            cancel.cancel()

    with pytest.raises(Cancelled):
        LocalEngine.open(tiny, progress=stop, cancel=cancel)


def test_two_adapters_of_one_name_are_refused(tiny: Path, tmp_path: Path) -> None:
    config = tiny_checkpoint.native_config()
    mine = tiny_checkpoint.make_adapter(tmp_path / "vision", config, 3, seed=9)
    with pytest.raises(CheckpointError, match="Two adapters are called 'vision'"):
        LocalEngine.open(tiny, adapters=[mine])
