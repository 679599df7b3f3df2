"""Tiny checkpoints of random weights for tests: the published layout, and the phi3 one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phi_desk.bench.make_checkpoint import make_checkpoint
from phi_desk.bench.random_values import RandomValues
from phi_desk.model import published
from phi_desk.model.header import TensorEntry
from phi_desk.model.published_config import to_published
from phi_desk.model.shapes import base_shapes
from phi_desk.model.write import Planned, write_file, write_json

ADAPTERS = {"vision": (4, 8), "speech": (6, 12)}


def tiny_config() -> dict[str, Any]:
    """A native configuration of a model of about 100,000 values."""
    config = published.config()
    config.update(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        bos_token_id=0,
        pad_token_id=0,
        eos_token_id=[*published.END_TOKEN_IDS, 1],
    )
    config["rope_parameters"].update(short_factor=[1.0, 1.1, 1.2], long_factor=[1.0, 4.0, 9.0])
    config["vision_config"].update(
        hidden_size=16, intermediate_size=24, num_hidden_layers=3, num_attention_heads=2
    )
    config["audio_config"].update(
        hidden_size=16, intermediate_size=20, num_blocks=2, num_attention_heads=2,
        ext_pw_out_channel=16, depthwise_separable_out_channel=16, nemo_conv_channels=8,
    )  # fmt: skip
    return config


def write_tokenizer(folder: Path) -> None:
    """A tokenizer file of a few words, with the two placeholders under their published names."""
    added = [
        {"id": 199999, "content": "<|endoftext|>", "special": True},
        {"id": 200010, "content": "<|endoftext10|>", "special": True},
        {"id": 200011, "content": "<|endoftext11|>", "special": True},
    ]
    vocabulary = {"a": 0, "é": 1, **{token["content"]: token["id"] for token in added}}
    write_json(
        folder / "tokenizer.json",
        {"version": "1.0", "added_tokens": added, "model": {"type": "BPE", "vocab": vocabulary}},
    )
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "GPT2TokenizerFast",
            "auto_map": {"AutoTokenizer": "evil.Evil"},
            "added_tokens_decoder": {str(token["id"]): token for token in added},
        },
    )


def write_tiny(
    out: Path, *, lora_folders: bool = False, shard_bytes: int = 100_000, seed: int = 0
) -> Path:
    """Write a tiny checkpoint in the published layout, in several shards, into `out`."""
    source = out.parent / f"{out.name}-source"
    source.mkdir(parents=True)
    write_json(source / "config.json", to_published(tiny_config(), ADAPTERS))
    write_tokenizer(source)
    return make_checkpoint(
        out,
        tokenizer=source,
        config=source,
        seed=seed,
        lora_folders=lora_folders,
        shard_bytes=shard_bytes,
    )


def write_phi3(out: Path, *, tied: bool = True, changes: Mapping[str, Any] | None = None) -> Path:
    """Write a tiny text-only checkpoint (Phi-4-mini's architecture) into `out`."""
    config = tiny_config()
    del config["vision_config"], config["audio_config"]
    rope = config.pop("rope_parameters")
    config.update(
        model_type="phi3",
        tie_word_embeddings=tied,
        rope_theta=rope["rope_theta"],
        partial_rotary_factor=rope["partial_rotary_factor"],
        rope_scaling={
            "type": "longrope",
            "short_factor": rope["short_factor"],
            "long_factor": rope["long_factor"],
        },
    )
    config.update(changes or {})
    out.mkdir(parents=True)
    write_json(out / "config.json", config)
    write_tokenizer(out)
    shapes = base_shapes(config)
    values = RandomValues(0, 2)
    write_file(
        out / "model.safetensors",
        [Planned(name=name, dtype="BF16", shape=shape) for name, shape in shapes.items()],
        lambda name: values.pieces(name, shapes[name]),
    )
    return out


def edit_json(path: Path, **changes: Any) -> None:
    """Change top-level fields of a json file; None removes one."""
    value = json.loads(path.read_text("utf-8"))
    value.update(changes)
    write_json(path, {key: item for key, item in value.items() if item is not None})


def poke(path: Path, entry: TensorEntry, data: bytes) -> None:
    """Overwrite the first bytes of a tensor in its file."""
    with path.open("r+b") as file:
        file.seek(entry.start)
        file.write(data)


def rename_in_header(path: Path, old: str, new: str) -> None:
    """Give a tensor another name of the same length in a file's header."""
    assert len(old) == len(new)
    data = path.read_bytes()
    assert data.count(f'"{old}"'.encode()) == 1
    path.write_bytes(data.replace(f'"{old}"'.encode(), f'"{new}"'.encode()))
