"""A whole native checkpoint of a few kilobytes with random weights, made on the spot.

Small in every way that matters to a test: 4 decoder layers, 56-pixel crops, and a border between
short and long rotary factors at 64 positions, so that it is crossed within a second.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from phi_desk.engine.byte_alphabet import BYTE_OF
from phi_desk.model import published
from phi_desk.model.shapes import adapter_shapes, base_shapes

BORDER = 64
CONTEXT = 640
CONTROLS = (
    "endoftext", "endoftext10", "endoftext11", "endofprompt", "assistant", "end", "user", "system",
    "tool", "/tool", "tool_call", "/tool_call", "tool_response", "tag",
)  # fmt: skip
RANKS = {"vision": 4, "speech": 6}


def native_config(**changes: Any) -> dict[str, Any]:
    """The published configuration, shrunk; `changes` replace values at the top."""
    config = copy.deepcopy(published.config())
    config |= {
        "vocab_size": 256 + len(CONTROLS),
        "hidden_size": 48,
        "intermediate_size": 64,
        "num_hidden_layers": 4,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "max_position_embeddings": CONTEXT,
        "original_max_position_embeddings": BORDER,
        "bos_token_id": 256,
        "pad_token_id": 256,
        "eos_token_id": [256 + CONTROLS.index("end"), 256],
    }
    config["rope_parameters"] |= {
        "original_max_position_embeddings": BORDER,
        "factor": CONTEXT / BORDER,
        "short_factor": [1.0, 1.1, 1.2],
        "long_factor": [1.0, 4.0, 9.0],
    }
    config["vision_config"] |= {
        "hidden_size": 32,
        "intermediate_size": 40,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "image_size": 56,
        "crop_size": 56,
        "image_token_id": 256 + CONTROLS.index("endoftext10"),
    }
    config["audio_config"] |= {
        "hidden_size": 32,
        "intermediate_size": 40,
        "num_blocks": 2,
        "num_attention_heads": 4,
        "ext_pw_out_channel": 32,
        "depthwise_separable_out_channel": 32,
        "nemo_conv_channels": 16,
        "audio_token_id": 256 + CONTROLS.index("endoftext11"),
    }
    return config | changes


def weights(config: Mapping[str, Any], seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Random values of a sane size for every tensor of the model."""
    rng = np.random.default_rng(seed)
    return {name: _values(rng, name, shape) for name, shape in base_shapes(config).items()}


def _values(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if ("norm" in name and name.endswith("weight")) or name.endswith("global_invstd"):
        return np.ones(shape, np.float32)
    spread = 1.0 if len(shape) < 2 else np.prod(shape[1:]) ** -0.5
    scale = 0.1 if len(shape) < 2 else 1.5
    return (rng.standard_normal(shape) * spread * scale).astype(np.float32)


def make(folder: Path, *, seed: int = 0, adapters: bool = True, **changes: Any) -> Path:
    """Write the checkpoint in the native layout."""
    config = native_config(**changes)
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "config.json", config | {"model_type": "phi4_multimodal"})
    _write_json(folder / "generation_config.json", {"eos_token_id": config["eos_token_id"]})
    save_file(weights(config, seed), folder / "model.safetensors")
    tokenizer().save(str(folder / "tokenizer.json"))
    for name, rank in RANKS.items() if adapters else ():
        make_adapter(folder / f"{name}-lora", config, rank, seed=seed + rank)
    return folder


def make_adapter(folder: Path, config: Mapping[str, Any], rank: int, *, seed: int) -> Path:
    """Write a random adapter as peft does."""
    rng = np.random.default_rng(seed)
    tensors = {}
    for module, (down, up) in adapter_shapes(config, rank).items():
        for letter, shape in (("A", down), ("B", up)):
            values = rng.standard_normal(shape).astype(np.float32) * 0.2
            tensors[f"base_model.model.{module}.lora_{letter}.weight"] = values
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    targets = ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
    settings = {"r": rank, "lora_alpha": 2 * rank, "target_modules": targets, "peft_type": "LORA"}
    _write_json(folder / "adapter_config.json", settings)
    return folder


def tokenizer() -> Tokenizer:
    """256 bytes and the control tokens in their published order."""
    vocab = {sign: place for place, sign in enumerate(sorted(BYTE_OF))}
    made = Tokenizer(BPE(vocab=vocab, merges=[]))
    made.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = ByteLevelDecoder()
    made.add_tokens([AddedToken(f"<|{name}|>", special="tool" not in name) for name in CONTROLS])
    return made


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
