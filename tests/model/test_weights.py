"""Tensors out of the files: each once, as stored, without copies; whatever is wrong is listed."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from tiny_checkpoint import edit_json, poke, rename_in_header, write_phi3, write_tiny

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, CheckpointError
from phi_desk.model import keys
from phi_desk.model.convert import convert
from phi_desk.model.header import read_header
from phi_desk.model.ledger import Ledger
from phi_desk.model.shapes import base_shapes
from phi_desk.model.shards import INDEX
from phi_desk.model.spec import CheckpointSpec, read_spec
from phi_desk.model.weights import all_finite, iter_base, read_adapter, read_peft_folder
from phi_desk.model.write import Planned, write_file, write_json


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("made") / "tiny", lora_folders=True)


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "tiny"))


def book(spec: CheckpointSpec) -> Ledger:
    shapes = base_shapes(spec.config)
    return Ledger({name: shape for name, shape in shapes.items() if not spec.is_dead(name)})


def load(folder: Path) -> dict[str, torch.Tensor]:
    """Everything a module is filled with, copied."""
    spec = read_spec(folder)
    ledger = book(spec)
    result = {name: tensor.clone() for name, tensor in iter_base(spec, ledger)}
    ledger.finish()
    return result


def holding(folder: Path, name: str) -> Path:
    return next(p for p in folder.glob("model-*") if name in read_header(p).entries)


def refused(folder: Path) -> CheckpointError:
    with pytest.raises(CheckpointError) as caught:
        load(folder)
    return caught.value


def test_every_tensor_once_without_the_dead_ones(tiny: Path) -> None:
    spec = read_spec(tiny)
    tensors = load(tiny)
    assert set(tensors) == {n for n in base_shapes(spec.config) if not spec.is_dead(n)}
    assert all(tensor.dtype == torch.bfloat16 for tensor in tensors.values())


def test_both_layouts_give_the_same_tensors(tiny: Path, tmp_path: Path) -> None:
    before, after = load(tiny), load(convert(tiny, tmp_path / "native", shard_bytes=50_000))
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_reference_checkpoint(oracle: Path) -> None:
    spec = read_spec(oracle / "checkpoint")
    assert len(load(oracle / "checkpoint")) == len(base_shapes(spec.config)) - 29


def test_text_only_models_load(tmp_path: Path) -> None:
    assert keys.HEAD not in load(write_phi3(tmp_path / "tied"))
    assert keys.HEAD in load(write_phi3(tmp_path / "untied", tied=False))


def test_a_stored_head_must_repeat_the_tied_embedding(tmp_path: Path) -> None:
    folder = write_phi3(tmp_path / "model", tied=False)
    edit_json(folder / "config.json", tie_word_embeddings=True)
    assert "ties the output layer" in refused(folder).sentence
    path = folder / "model.safetensors"
    entries = read_header(path).entries
    data = path.read_bytes()[entries[keys.EMBEDDING].start : entries[keys.EMBEDDING].stop]
    poke(path, entries[keys.HEAD], data)
    assert keys.HEAD not in load(folder)


def test_tensors_view_the_file_and_are_given_back(tmp_path: Path) -> None:
    """300 MB of weights go through memory without staying in it."""
    folder = write_phi3(
        tmp_path / "large", changes={"vocab_size": 1_600_000, "intermediate_size": 900_000}
    )
    spec = read_spec(folder)
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    most = 0
    total = 0
    for _, tensor in iter_base(spec, book(spec)):
        total += tensor.nbytes
        most = max(most, process.memory_info().rss - before)
        del tensor
    after = process.memory_info().rss - before
    assert total > 300e6
    assert most < 150e6  # the largest is 115 MB
    assert after < 20e6


def test_writing_to_a_tensor_does_not_reach_the_file(tiny: Path) -> None:
    data = {path: path.read_bytes() for path in tiny.glob("*.safetensors")}
    spec = read_spec(tiny)
    for _, tensor in iter_base(spec, book(spec)):
        tensor.zero_()
    assert all(path.read_bytes() == before for path, before in data.items())


@pytest.mark.parametrize("bits", [b"\x80\x7f", b"\x80\xff", b"\xc0\x7f", b"\xc0\xff"])
def test_values_that_are_not_finite_stop_the_load(tiny: Path, bits: bytes) -> None:
    for name in ("model.norm.weight", "model.layers.0.input_layernorm.weight"):
        path = holding(tiny, name)
        poke(path, read_header(path).entries[name], bits)
    error = refused(tiny)
    assert "2 tensors not finite" in error.sentence
    assert "not finite: model.norm.weight" in error.details


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_every_place_is_looked_at(dtype: torch.dtype, bad: float) -> None:
    for size in (1, 3, 17, 100, 70_001):
        values = torch.randn(size, generator=torch.Generator().manual_seed(0)).to(dtype)
        assert all_finite(values)
        for place in {0, size // 2, size - 1, 15 % size, 33 % size}:
            broken = values.clone()
            broken[place] = bad
            assert not all_finite(broken)
    assert all_finite(torch.empty(0, dtype=dtype))


def test_everything_wrong_is_listed_before_a_weight_is_read(tiny: Path) -> None:
    name = "model.norm.weight"
    rename_in_header(holding(tiny, name), name, "model.nurm.weight")
    (tiny / INDEX).unlink()
    edit_json(tiny / "config.json", intermediate_size=40)
    spec = read_spec(tiny)
    seen: list[str] = []
    with pytest.raises(CheckpointError) as caught:
        seen.extend(name for name, _ in iter_base(spec, book(spec)))
    assert seen == []
    assert "1 tensor missing" in caught.value.sentence
    assert "1 tensor unexpected" in caught.value.sentence
    assert "4 tensors of the wrong shape" in caught.value.sentence
    assert "missing: model.norm.weight" in caught.value.details
    assert len(caught.value.details) == 6


def test_two_names_of_one_tensor_are_refused(tiny: Path) -> None:
    """The wrapped and the bare name of a linear mean the same module."""
    entries = read_header(
        holding(tiny, "model.layers.0.self_attn.o_proj.base_layer.weight")
    ).entries
    entry = entries["model.layers.0.self_attn.o_proj.base_layer.weight"]
    (tiny / INDEX).unlink()
    bare = Planned(name="model.layers.0.self_attn.o_proj.weight", dtype="BF16", shape=entry.shape)
    count = len(list(tiny.glob("model-*")))
    for number, path in enumerate(sorted(tiny.glob("model-*")), start=1):
        path.rename(tiny / f"model-{number:05d}-of-{count + 1:05d}.safetensors")
    write_file(
        tiny / f"model-{count + 1:05d}-of-{count + 1:05d}.safetensors",
        [bare],
        lambda _: [bytes(bare.nbytes)],
    )
    assert "1 tensor there twice (model.layers.0.self_attn.o_proj.weight)" in refused(tiny).sentence


def test_loading_can_be_stopped(tiny: Path) -> None:
    spec = read_spec(tiny)
    token = CancelToken()
    tensors = iter_base(spec, book(spec), cancel=token)
    next(tensors)
    token.cancel()
    with pytest.raises(Cancelled):
        next(tensors)


# Adapters


def test_adapters_from_the_shards_and_from_folders_are_equal(tiny: Path) -> None:
    spec = read_spec(tiny)
    for name, rank in (("vision", 4), ("speech", 6)):
        inside = read_adapter(spec, name)
        outside = read_peft_folder(tiny / f"{name}-lora", spec)
        assert (inside.name, inside.kind, inside.rank, inside.scale) == (name, name, rank, 2.0)
        assert (outside.name, outside.kind) == (f"{name}-lora", name)
        assert set(inside.pairs) == set(keys.target_modules(2)) == set(outside.pairs)
        for module, (a, b) in inside.pairs.items():
            assert a.shape[0] == b.shape[1] == rank
            assert torch.equal(a, outside.pairs[module][0])
            assert torch.equal(b, outside.pairs[module][1])
        assert inside.nbytes == spec.adapters[name].nbytes


def test_adapters_outlive_their_files(tiny: Path, tmp_path: Path) -> None:
    native = convert(tiny, tmp_path / "native")
    before, after = (
        read_adapter(read_spec(tiny), "speech"),
        read_adapter(read_spec(native), "speech"),
    )
    shutil.rmtree(native)
    assert all(torch.equal(before.pairs[m][1], after.pairs[m][1]) for m in before.pairs)


def test_an_unknown_adapter(tiny: Path) -> None:
    with pytest.raises(CheckpointError, match="no adapter named 'ocr'"):
        read_adapter(read_spec(tiny), "ocr")


def user_adapter(folder: Path, spec: CheckpointSpec, **options: Any) -> Path:
    """A user's adapter: `modules`, `rank`, `value` of B, `prefix`, `config`, as wanted."""
    modules = options.get("modules", ["model.layers.1.self_attn.o_proj"])
    rank, prefix = options.get("rank", 2), options.get("prefix", "base_model.model.")
    b = torch.full((), options.get("value", 0.5), dtype=torch.bfloat16).view(torch.int16).item()
    planned = [
        Planned(name=f"{prefix}{module}.lora_{matrix}.weight", dtype="BF16", shape=shape)
        for module in modules
        for matrix, shape in (("A", (rank, spec.hidden)), ("B", (spec.hidden, rank)))
    ]
    folder.mkdir()
    sizes = {tensor.name: tensor.nbytes // 2 for tensor in planned}
    write_file(
        folder / "adapter_model.safetensors",
        planned,
        lambda name: [
            (int(b) & 0xFFFF if "lora_B" in name else 0x3F80).to_bytes(2, "little") * sizes[name]
        ],
    )
    config = {"r": rank, "lora_alpha": 4, "bias": "none", "target_modules": ["o_proj"]}
    write_json(folder / "adapter_config.json", {**config, **options.get("config", {})})
    return folder


@pytest.mark.parametrize("prefix", ["", "base_model.model."])
def test_a_users_adapter(tiny: Path, tmp_path: Path, prefix: str) -> None:
    spec = read_spec(tiny)
    config = {"use_rslora": True}
    path = user_adapter(tmp_path / "my-asr", spec, prefix=prefix, config=config)
    adapter = read_peft_folder(path, spec)
    assert (adapter.name, adapter.kind, adapter.rank) == ("my-asr", "speech", 2)
    assert adapter.scale == pytest.approx(4 / 2**0.5)
    a, b = adapter.pairs["model.layers.1.self_attn.o_proj"]
    assert a.shape == (2, 32)
    assert bool((b == 0.5).all())


def test_modules_outside_the_decoder_are_skipped_only_while_they_do_nothing(
    tiny: Path, tmp_path: Path
) -> None:
    spec = read_spec(tiny)
    outside = "model.embed_tokens_extend.audio_embed.encoder.encoders.0.self_attn.o_proj"
    path = user_adapter(tmp_path / "outside", spec, modules=[outside])
    with pytest.raises(
        CheckpointError, match=r"1 modules outside this model's decoder.*encoders\.0"
    ):
        read_peft_folder(path, spec)
    both = user_adapter(
        tmp_path / "both", spec, modules=["model.layers.0.self_attn.o_proj", outside]
    )
    weights = both / "adapter_model.safetensors"
    entry = read_header(weights).entries[f"base_model.model.{outside}.lora_B.weight"]
    poke(weights, entry, bytes(entry.nbytes))
    assert list(read_peft_folder(both, spec).pairs) == ["model.layers.0.self_attn.o_proj"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"value": 0.0}, "does nothing: all its B matrices are zero"),
        ({"value": math.nan}, "1 tensor not finite"),
        ({"config": {"r": 3}}, "2 tensors of the wrong shape"),
        ({"config": {"use_dora": True}}, "DoRA"),
        ({"modules": ["model.layers.9.self_attn.o_proj"]}, "outside this model's decoder"),
        ({"modules": ["model.layers.1.mlp.down_proj"]}, "1 tensor of the wrong shape"),
    ],
)
def test_adapters_that_cannot_be_used(
    tiny: Path, tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    spec = read_spec(tiny)
    path = user_adapter(tmp_path / "mine", spec, **options)
    with pytest.raises(CheckpointError, match=sentence) as caught:
        read_peft_folder(path, spec)
    assert caught.value.hint


def test_half_a_pair_and_foreign_tensors(tiny: Path, tmp_path: Path) -> None:
    spec = read_spec(tiny)
    path = user_adapter(tmp_path / "half", spec)
    name = "base_model.model.model.layers.1.self_attn.o_proj.lora_A.weight"
    weights = path / "adapter_model.safetensors"
    rename_in_header(weights, name, name.replace("layers.1", "layers.0"))
    with pytest.raises(CheckpointError, match="2 tensors missing"):
        read_peft_folder(path, spec)
    rename_in_header(
        weights, name.replace("layers.1", "layers.0"), name.replace("lora_A", "magnit")
    )
    with pytest.raises(CheckpointError, match="no plain LoRA"):
        read_peft_folder(path, spec)


def test_a_built_in_adapter_of_zeros_is_refused(tiny: Path) -> None:
    for path in tiny.glob("model-*"):
        for name, entry in read_header(path).entries.items():
            if ".lora_B.speech." in name:
                poke(path, entry, bytes(entry.nbytes))
    spec = read_spec(tiny)
    with pytest.raises(CheckpointError, match="adapter speech does nothing"):
        read_adapter(spec, "speech")
    assert read_adapter(spec, "vision").pairs


def test_a_folder_that_is_no_adapter(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no folder"):
        read_peft_folder(tmp_path / "absent", read_spec(tiny))
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointError, match=r"adapter_config\.json cannot be read"):
        read_peft_folder(tmp_path / "empty", read_spec(tiny))
