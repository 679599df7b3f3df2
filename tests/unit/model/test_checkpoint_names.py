"""Names and shapes of all tensors, against the list of the published model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from phi_desk.model import keys, published
from phi_desk.model.shapes import adapter_shapes, base_shapes, published_shapes
from phi_desk.model.shards import read_index


def test_the_2047_published_tensors_are_computed(oracle: Path) -> None:
    text = (oracle / "published" / "keys_and_shapes.json").read_text("utf-8")
    known = {name: tuple(shape) for name, shape in json.loads(text).items()}
    ranks = {name: rank for name, (rank, _) in published.ADAPTERS.items()}
    computed = published_shapes(published.config(), ranks)
    assert computed == known
    assert len(computed) == published.TENSORS
    index = read_index(oracle / "published")
    assert index is not None
    assert set(index) == set(computed)


def test_renaming_is_one_to_one_and_reaches_every_native_name(oracle: Path) -> None:
    text = (oracle / "published" / "keys_and_shapes.json").read_text("utf-8")
    names = [name for name in json.loads(text) if not keys.is_adapter_key(name)]
    native = [keys.to_native(name) for name in names]
    assert set(native) == set(base_shapes(published.config()))
    assert [keys.to_published(name) for name in native] == names
    assert [keys.to_native(name) for name in native] == native


def test_adapters_change_128_modules_and_nothing_else(oracle: Path) -> None:
    text = (oracle / "published" / "keys_and_shapes.json").read_text("utf-8")
    found = {key.module for name in json.loads(text) if (key := keys.lora_key(name))}
    assert found == set(keys.target_modules(32)) == set(adapter_shapes(published.config(), 4))
    assert len(found) == 128
    assert all(keys.is_target(module) for module in found)


@pytest.mark.parametrize(
    "name",
    [
        "model.layers.0.self_attn.q_proj",
        "model.layers.0.self_attn.qkv_proj.weight",
        "xmodel.layers.0.mlp.down_proj",
        "model.embed_tokens_extend.audio_embed.encoder.encoders.0.self_attn.o_proj",
    ],
)
def test_other_modules_are_no_targets(name: str) -> None:
    assert not keys.is_target(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m.x.lora_A.vision.weight", ("m.x", "A", "vision")),
        ("m.x.lora_B.weight", ("m.x", "B", None)),
        ("base_model.model.m.x.lora_B.weight", ("m.x", "B", None)),
        ("m.x.weight", None),
        ("m.x.lora_A.bias", None),
        ("m.x.lora_magnitude_vector.weight", None),
    ],
)
def test_adapter_names_in_every_form(name: str, expected: tuple[str, str, str | None]) -> None:
    key = keys.lora_key(name)
    assert (key if key is None else tuple(key)) == expected


def test_29_tensors_are_dead_at_full_size() -> None:
    dead = keys.dead_patterns(27)
    names = [name for name in base_shapes(published.config()) if name.startswith(dead)]
    assert len(names) == 29
    assert all(".layers.26." in n or ".head." in n or "post_layernorm" in n for n in names)


def test_dead_layers_follow_the_feature_layer() -> None:
    assert not [p for p in keys.dead_patterns(3, -1) if ".layers." in p]
    assert [p for p in keys.dead_patterns(3, -3) if ".layers.1." in p or ".layers.2." in p]


def test_an_untied_head_is_expected() -> None:
    config = published.config()
    assert keys.HEAD not in base_shapes(config)
    config["tie_word_embeddings"] = False
    assert base_shapes(config)[keys.HEAD] == (200064, 3072)
