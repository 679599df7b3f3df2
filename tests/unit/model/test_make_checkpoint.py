"""Random checkpoints: the published layout, sane values, the same bytes for the same seed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_checkpoint import ADAPTERS, tiny_config, write_tiny

from phi_desk.bench.make_checkpoint import make_checkpoint
from phi_desk.bench.random_values import RandomValues, to_bf16
from phi_desk.errors import CheckpointError, UsageError
from phi_desk.model.files import TensorFile
from phi_desk.model.shapes import published_shapes
from phi_desk.model.spec import read_spec
from phi_desk.model.verify import verify
from phi_desk.model.write import write_json


def digest(folder: Path) -> str:
    data = b"".join(path.read_bytes() for path in sorted(folder.glob("*.safetensors")))
    return hashlib.sha256(data).hexdigest()


def values_of(folder: Path, name: str) -> NDArray[np.float32]:
    for path in folder.glob("model*.safetensors"):
        with TensorFile(path) as file:
            if name in file.entries:
                halves = np.frombuffer(file.tensor_bytes(name), np.uint16)
                return (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)
    raise KeyError(name)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write_tiny(tmp_path / "one", seed=3)
    two = write_tiny(tmp_path / "two", seed=3)
    other = write_tiny(tmp_path / "other", seed=4)
    assert digest(one) == digest(two) != digest(other)


def test_it_is_whole_finite_and_of_sane_scale(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny", lora_folders=True)
    assert verify(folder, quick=False).ok
    assert read_spec(folder).layout == "published"
    norm = values_of(folder, "model.layers.0.input_layernorm.weight")
    assert abs(norm.mean() - 1) < 0.05
    linear = values_of(folder, "model.layers.0.mlp.gate_up_proj.base_layer.weight")
    assert linear.std() == pytest.approx(32**-0.5, rel=0.1)
    assert values_of(folder, "model.layers.0.mlp.down_proj.lora_B.vision.weight").any()


def test_the_folders_hold_the_adapters_of_the_shards(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny", lora_folders=True)
    module = "model.layers.1.self_attn.o_proj"
    with TensorFile(folder / "speech-lora" / "adapter_model.safetensors") as file:
        inside = bytes(file.tensor_bytes(f"base_model.model.{module}.lora_A.weight"))
    outside = values_of(folder, f"{module}.lora_A.speech.weight")
    assert inside == to_bf16(outside).tobytes()


def test_rows_do_not_repeat() -> None:
    rows = 2000
    data = b"".join(RandomValues(0, 2).pieces("model.layers.0.x.weight", (rows, 3072)))
    matrix = np.frombuffer(data, np.uint16).reshape(rows, 3072)
    assert len(np.unique(matrix[:, :16], axis=0)) == rows


def test_rounding_to_bf16_is_to_even() -> None:
    values = np.array([1.0, 1.00390625, 1.01171875, -3.1415927, 0.0, 1e-40], np.float32)
    expected = [0x3F80, 0x3F80, 0x3F82, 0xC049, 0x0000, 0x0001]
    assert [int(half) for half in to_bf16(values)] == expected


def test_a_list_of_shapes_must_fit(tmp_path: Path) -> None:
    ranks = {name: rank for name, (rank, _) in ADAPTERS.items()}
    shapes = {n: list(s) for n, s in published_shapes(tiny_config(), ranks).items()}
    source = write_tiny(tmp_path / "one")
    write_json(tmp_path / "shapes.json", shapes)
    out = tmp_path / "two"
    make_checkpoint(out, tokenizer=source, config=source, shapes=tmp_path / "shapes.json")
    assert verify(out).ok
    shapes["model.norm.weight"] = [33]
    write_json(tmp_path / "shapes.json", shapes)
    with pytest.raises(CheckpointError, match=r"1 tensors differ, the first is model\.norm"):
        make_checkpoint(
            tmp_path / "three", tokenizer=source, config=source, shapes=tmp_path / "shapes.json"
        )


def test_the_published_shapes_fit_the_published_facts(oracle: Path, tmp_path: Path) -> None:
    """At full size nothing is written: the run is stopped at the first piece."""

    class Stop(Exception):  # noqa: N818
        pass

    def stop(done: int, total: int) -> None:
        assert total == 11_148_920_768
        raise Stop

    with pytest.raises(Stop):
        make_checkpoint(
            tmp_path / "full",
            tokenizer=oracle / "checkpoint",
            shapes=oracle / "published" / "keys_and_shapes.json",
            progress=stop,
        )
    assert list(tmp_path.iterdir()) == []


def test_without_a_tokenizer(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no tokenizer\.json"):
        make_checkpoint(tmp_path / "out", tokenizer=tmp_path)


def test_the_config_is_kept_as_it_is(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    source = json.loads((tmp_path / "tiny-source" / "config.json").read_text())
    assert json.loads((folder / "config.json").read_text()) == source
