"""A shipped model as the beginning of more training: the inverse of `export`; trains nothing.

The helping heads (CTC, letters) and the optimisers are not shipped; they begin anew.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import json
import logging
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from network import Nano
from picture_levels import LEVELS
from safetensors.torch import load_file
from stages import named_weights, open_model, open_writer, parts_of, stage_folder
from torch import Tensor
from train import EARLIER, START, STATE

from phi_desk.errors import InputError
from phi_desk.model import keys

ADOPTED = ("text", "ctc", "speech", "patches", "vision", "asked")
_ROW = re.compile(r"^\| (\w+) \| ([\d,]+) \| (\d+) \|$", re.MULTILINE)
log = logging.getLogger("nano")


def adopt(folder: Path, work: Path) -> None:
    """Let the stages in `work` that have not run yet begin with the model in `folder`.

    Raises:
        InputError: `work` has another vocabulary, or the model has other sizes.
    """
    vocabulary = work / "tokenizer.json"
    if not vocabulary.exists():
        work.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "tokenizer.json", vocabulary)
    elif vocabulary.read_bytes() != (folder / "tokenizer.json").read_bytes():
        raise InputError(
            f"The model in {folder} has another vocabulary than {vocabulary}.",
            "Use an empty work folder.",
        )
    model = open_model(open_writer(work), seed=11)
    load(model, folder)
    parts = parts_of(model)
    for name in ADOPTED:
        target = stage_folder(work, name)
        if (target / STATE).exists():
            log.info("%s: has run already and is left alone", name)
            continue
        target.mkdir(parents=True, exist_ok=True)
        grown = _grown() if name in ("vision", "asked") else {}
        torch.save(named_weights(parts[name]) | grown, target / START)
        log.info("%s: begins with %s", name, folder)
    earlier = trained_before(folder / "README.md")
    (work / EARLIER).write_text(json.dumps(earlier) + "\n", encoding="utf-8")


def _grown() -> dict[str, Tensor]:
    """The curriculum of a model that has been through it: pictures of the hardest level."""
    hardest = torch.tensor([len(LEVELS) - 1.0])
    return {"curriculum.level": hardest, "curriculum.scenes": hardest.clone()}


def trained_before(card: Path) -> dict[str, tuple[int, int]]:
    """Of each stage how many examples a model has seen, in how many minutes, as its card says."""
    if not card.exists():
        return {}
    rows = _ROW.findall(card.read_text(encoding="utf-8"))
    return {name: (int(seen.replace(",", "")), int(minutes)) for name, seen, minutes in rows}


def load(model: Nano, folder: Path) -> None:
    """Put an exported model's weights and adapters into `model`.

    Raises:
        InputError: names or sizes differ.
    """
    native = load_file(folder / "model.safetensors")
    for name in ("speech", "vision"):
        file = folder / f"{name}-lora" / "adapter_model.safetensors"
        if file.exists():
            native |= {f"{name}:{key}": value for key, value in load_file(file).items()}
    places: dict[str, Tensor] = {}
    for name, tensor in model.core.state_dict().items():
        if name in native or name.replace(".base.", ".") in native:
            places[name.replace(".base.", ".")] = tensor
    for place, module in model.adapted():
        pair: Any
        for adapter, pair in module.adapters.items():
            for letter, linear in (("A", pair.down), ("B", pair.up)):
                key = f"{adapter}:{keys.PEFT_PREFIX}{place}.lora_{letter}.weight"
                places[key] = linear.weight
    unknown = native.keys() - places.keys()
    if unknown or any(places[key].shape != native[key].shape for key in native):
        raise InputError(
            f"The model in {folder} is not one of this recipe's sizes.",
            "Use one that `export` wrote.",
            tuple(sorted(unknown))[:5],
        )
    with torch.no_grad():
        for key, value in native.items():
            places[key].copy_(value)
