"""What an adapter is: its settings as peft writes them, checked; knows no tensor values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phi_desk.model import keys
from phi_desk.model.fields import Fields, read_fields

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"
LARGEST_RANK: Final = 8192

# Settings that change what the numbers mean; only "off" is implemented.
_REFUSED: Final = {
    "use_dora": "DoRA",
    "use_qalora": "QALoRA",
    "alora_invocation_tokens": "activated LoRA",
    "rank_pattern": "a rank of its own for some modules",
    "alpha_pattern": "an alpha of its own for some modules",
    "layer_replication": "replicated layers",
    "target_parameters": "LoRA on bare parameters",
    "trainable_token_indices": "trained tokens",
    "lora_bias": "biases in B",
    "fan_in_fan_out": "transposed weights",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraConfig:
    """The settings of one adapter: out += scale * B A x."""

    rank: int
    alpha: float
    rank_stabilised: bool = False
    targets: tuple[str, ...] | str = ()

    @property
    def scale(self) -> float:
        """alpha / rank, or alpha / sqrt(rank) with rsLoRA (arXiv 2312.03732)."""
        return self.alpha / (self.rank**0.5 if self.rank_stabilised else self.rank)

    def covers(self, module: str) -> bool:
        """Whether `targets` names this module, as peft reads it: suffixes, or one pattern."""
        if isinstance(self.targets, str):
            return re.fullmatch(self.targets, module) is not None
        return any(module == t or module.endswith(f".{t}") for t in self.targets)


def read_lora_config(folder: Path) -> LoraConfig:
    """Read and check `adapter_config.json`.

    Raises:
        CheckpointError: when it is missing or damaged, or asks for something not implemented.
    """
    fields = read_fields(folder / CONFIG)
    kind = fields.text("peft_type", "LORA")
    if kind != "LORA":
        raise fields.error(f"{kind[:40]!r} adapters are not supported, only LORA")
    _check_refused(fields)
    return LoraConfig(
        rank=fields.integer("r", most=LARGEST_RANK),
        alpha=fields.number("lora_alpha"),
        rank_stabilised=fields.boolean("use_rslora", default=False),
        targets=_targets(fields),
    )


def _check_refused(fields: Fields) -> None:
    bias = fields.text("bias", "none")
    if bias != "none":
        raise fields.error(f"the adapter trained biases ({bias[:20]}), which is not supported")
    if fields.values.get("modules_to_save"):
        raise fields.error(
            "the adapter carries whole modules (modules_to_save), which is not supported"
        )
    for key, name in _REFUSED.items():
        if fields.values.get(key):
            raise fields.error(f"the adapter uses {name}, which is not supported")


def _targets(fields: Fields) -> tuple[str, ...] | str:
    value = fields.values.get("target_modules")
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(value, str) and 0 < len(value) <= 500:
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError):
            raise fields.error("target_modules is no valid pattern") from None
        return value
    raise fields.error("target_modules must be a list of module names or a pattern")


def guess_kind(folder: Path, adapter_names: Mapping[str, object]) -> str | None:
    """ "vision", "speech" or None: which built-in adapter a user's one was made to replace.

    Read from the adapter names inside the tensor names, else from the folder's name: a LoRA
    carries nothing else that says so.
    """
    found = {
        key.adapter for name in adapter_names if (key := keys.lora_key(name)) and key.adapter
    } & {"vision", "speech"}
    if len(found) == 1:
        return found.pop()
    words = set(re.split(r"[^a-z]+", folder.name.lower()))
    speech = bool(words & {"speech", "audio", "asr", "voice", "transcribe", "translate"})
    vision = bool(words & {"vision", "image", "ocr", "picture", "document"})
    return None if speech == vision else "speech" if speech else "vision"
