"""Settings of adapters as peft writes them: what is not implemented is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from phi_desk.errors import CheckpointError
from phi_desk.model.lora import guess_kind, read_lora_config
from phi_desk.model.write import write_json

PLAIN: dict[str, Any] = {
    "peft_type": "LORA",
    "r": 16,
    "lora_alpha": 32,
    "bias": "none",
    "target_modules": ["qkv_proj", "o_proj"],
}


def settings(folder: Path, **changes: Any) -> Path:
    write_json(folder / "adapter_config.json", {**PLAIN, **changes})
    return folder


def test_plain_settings(tmp_path: Path) -> None:
    config = read_lora_config(settings(tmp_path, use_dora=False, modules_to_save=None))
    assert (config.rank, config.alpha, config.scale) == (16, 32.0, 2.0)
    assert config.covers("model.layers.3.self_attn.o_proj")
    assert not config.covers("model.layers.3.mlp.down_proj")


def test_rank_stabilised_scale(tmp_path: Path) -> None:
    assert read_lora_config(settings(tmp_path, use_rslora=True)).scale == 8.0


def test_targets_as_a_pattern(tmp_path: Path) -> None:
    config = read_lora_config(settings(tmp_path, target_modules=r"model\.layers\.\d+\.mlp\..*"))
    assert config.covers("model.layers.3.mlp.down_proj")
    assert not config.covers("model.layers.3.self_attn.o_proj")


def test_the_published_settings(oracle: Path) -> None:
    speech = read_lora_config(oracle / "published" / "speech-lora")
    vision = read_lora_config(oracle / "published" / "vision-lora")
    assert (speech.rank, speech.alpha, speech.scale) == (320, 640.0, 2.0)
    assert (vision.rank, vision.alpha, vision.scale) == (256, 512.0, 2.0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"peft_type": "IA3"}, "'IA3' adapters"),
        ({"use_dora": True}, "DoRA"),
        ({"bias": "all"}, "trained biases"),
        ({"modules_to_save": ["embed_tokens"]}, "modules_to_save"),
        ({"rank_pattern": {"o_proj": 4}}, "rank of its own"),
        ({"alpha_pattern": {"o_proj": 4}}, "alpha of its own"),
        ({"r": 0}, "r must be a whole number"),
        ({"r": True}, "r must be a whole number"),
        ({"r": None}, "r is missing"),
        ({"lora_alpha": "high"}, "lora_alpha must be a number"),
        ({"target_modules": []}, "target_modules"),
        ({"target_modules": "(("}, "no valid pattern"),
        ({"target_modules": None}, "target_modules"),
    ],
)
def test_what_is_not_supported(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        read_lora_config(settings(tmp_path, **changes))


@pytest.mark.parametrize(
    ("folder", "names", "kind"),
    [
        ("korean-asr", ["x.lora_A.weight"], "speech"),
        ("my-vision-lora", ["x.lora_A.weight"], "vision"),
        ("visionary", ["x.lora_A.weight"], None),
        ("speech-and-vision", ["x.lora_A.weight"], None),
        ("mine", ["x.lora_A.speech.weight"], "speech"),
        ("vision", ["x.lora_A.speech.weight"], "speech"),
    ],
)
def test_which_adapter_a_users_one_replaces(
    folder: str, names: list[str], kind: str | None
) -> None:
    assert guess_kind(Path(folder), dict.fromkeys(names)) == kind
