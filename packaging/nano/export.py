"""The trained stages as a checkpoint in the native layout, as the app ships it; trains nothing."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import torch
from digest import CARD, figures_folder
from network import AdapterName, Nano
from picture_levels import MAX_CROPS
from safetensors.torch import save_file
from sound_batches import GRAIN
from stages import fill, open_model, open_writer, stage_folder
from torch import Tensor
from train import EARLIER

from phi_desk.model import keys
from phi_desk.model.lora import LoraConfig
from phi_desk.model.native_files import PREPROCESSOR, write_adapter_config
from phi_desk.model.spec import TRAILING_FRAMES, read_spec

LARGEST = 40 * 10**6  # bytes of the whole folder
# A later one replaces what an earlier one left; "layout" leaves nothing of its own.
STAGES = ("text", "ctc", "speech", "patches", "layout", "vision", "asked")
ADAPTERS: tuple[AdapterName, ...] = ("speech", "vision")  # each is trained by the stage of its name
log = logging.getLogger("nano")


def export(work: Path, to: Path) -> Path:
    """Write what the stages in `work` have come to into the folder `to`, which is replaced.

    Raises:
        ValueError: the folder would be larger than 40 MB.
    """
    writer = open_writer(work)
    model = open_model(writer, seed=11)
    done = fill(model, work, STAGES)
    fresh = to.with_name(to.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_checkpoint(model, work / "tokenizer.json", fresh, _trained_adapters(done))
    _write_card(work, fresh, done)
    for path in fresh.rglob("*.safetensors"):
        path.chmod(0o644)  # the library writes them for the owner alone
    _write_sums(fresh)
    size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    if size > LARGEST:
        raise ValueError(f"{fresh} takes {size:,} bytes, more than {LARGEST:,}")
    read_spec(fresh)  # the app can read it, or this fails
    shutil.rmtree(to, ignore_errors=True)
    fresh.rename(to)
    log.info("exported %s: %s, %.1f MB", to, ", ".join(done), size / 1e6)
    return to


def _trained_adapters(done: Collection[str]) -> tuple[AdapterName, ...]:
    """Those whose stage has run: the app refuses an adapter that does nothing."""
    return tuple(name for name in ADAPTERS if name in done)


def write_checkpoint(
    model: Nano, tokenizer: Path, folder: Path, adapters: Sequence[AdapterName] = ADAPTERS
) -> None:
    """The model's own files: weights, adapters, settings and vocabulary."""
    save_file(_weights(model), folder / "model.safetensors", metadata={"format": "pt"})
    for name in adapters:
        _write_adapter(model, name, folder / f"{name}-lora")
    _write_settings(model, folder)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def _weights(model: Nano) -> dict[str, Tensor]:
    """All tensors of the model without adapters, by their native names, in bf16.

    The parts of the tower that never reach an output are zero: the layout wants them there.
    """
    spare = keys.dead_patterns(int(model.config["vision_config"]["num_hidden_layers"]))
    result = {}
    transient = {f"model.rotary_emb.{name}" for name in ("inv_freq", "original_inv_freq")}
    for name, tensor in model.core.state_dict().items():
        if ".adapters." in name or name == keys.HEAD or name in transient:
            continue
        value = torch.zeros_like(tensor) if name.startswith(spare) else tensor
        result[name.replace(".base.", ".")] = value.to(torch.bfloat16).contiguous()
    return result


def _write_adapter(model: Nano, name: AdapterName, folder: Path) -> None:
    """As peft writes it."""
    folder.mkdir()
    tensors = {}
    for place, module in model.adapted():
        pair: Any = module.adapters[name]
        for letter, linear in (("A", pair.down), ("B", pair.up)):
            key = f"{keys.PEFT_PREFIX}{place}.lora_{letter}.weight"
            tensors[key] = linear.weight.detach().to(torch.bfloat16).contiguous()
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    write_adapter_config(LoraConfig(rank=model.rank, alpha=2.0 * model.rank), folder)


def _write_settings(model: Nano, folder: Path) -> None:
    config = json.loads(json.dumps(model.config))
    config["vision_config"]["model_type"] = "phi4_multimodal_vision"
    config["audio_config"]["model_type"] = "phi4_multimodal_audio"
    head = {
        "architectures": ["Phi4MultimodalForCausalLM"],
        "model_type": "phi4_multimodal",
        "dtype": "bfloat16",
    }
    _write_json(folder / "config.json", head | config)
    ends = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    _write_json(folder / "generation_config.json", ends)
    trained = {"dynamic_hd": MAX_CROPS, TRAILING_FRAMES: GRAIN}
    _write_json(folder / "preprocessor_config.json", PREPROCESSOR | trained)
    _write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"})


def _write_card(work: Path, folder: Path, done: tuple[str, ...]) -> None:
    """The model card: what it is, and only figures that were measured on these very weights."""
    figures = figures_folder(work, folder) / CARD
    measured = figures.read_text(encoding="utf-8") if figures.exists() else "Not measured yet.\n"
    earlier = work / EARLIER
    before = json.loads(earlier.read_text(encoding="utf-8")) if earlier.exists() else {}
    trained = []
    for name in done:
        journal = stage_folder(work, name) / "log.jsonl"  # not there where it was only adopted
        lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
        last = json.loads(lines[-1]) if lines else {}
        seen, minutes = before.get(name, (0, 0))
        seen, minutes = seen + last.get("examples", 0), minutes + last.get("seconds", 0) / 60
        trained.append(f"| {name} | {seen:,} | {minutes:.0f} |")
    text = _CARD.format(measured=measured, trained="\n".join(trained))
    (folder / "README.md").write_text(text, encoding="utf-8")


def _write_sums(folder: Path) -> None:
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


_CARD = """---
license: mit
language: [en, de, fr, es]
---
# Phi Desk Nano

The demo model inside Phi Desk: a small model of the same architecture as Phi-4-multimodal (vision
tower with dynamic crops, conformer, decoder, a speech and a vision LoRA on a frozen decoder),
trained from nothing by the Phi Desk developers. It knows phrases about travel, numbers, time and
shopping in English, German, French and Spanish, printed words and simple drawn objects. For
everything else get the full model.

## Data
All of it made by programs from a seed (`packaging/nano`): sentences from a compositional
phrasebook; speech from espeak-ng, SVOX Pico, flite and festival, with noise, music, reverberation
and telephone bands; printed text and drawn scenes in free fonts. No person's voice and no text of
others was trained on. Sentences, voices and fonts of the figures below were not trained on.

## Training
On a CPU, one thread a stage; weights in fp32, products in bf16 where the processor has them; Muon
and AdamW. The text stage trains the decoder, which then stands still.

| stage | examples seen | minutes on one thread |
| --- | ---: | ---: |
{trained}

## Measured quality
With the app's own engine, greedy decoding, by `packaging/nano evaluate`. Speech is unseen sentences
in unseen voices with noise, rooms and telephone lines; "people" are recordings of Debian's
asterisk-core-sounds (CC-BY-SA 3.0, only measured on). Pictures are of the hardest level, in unseen
fonts: from 14 pixels, turned by up to 3 degrees, on textures, worn by JPEG and blur.

{measured}
## Limits
What the table says is not met it does badly: do not believe it there. It knows its phrasebook and
nothing else: other questions it refuses or answers with nonsense, and other words it hears as the
nearest ones it knows. Pictures are seen in at most six parts of 224 pixels, recordings piece by
piece. Do not use it where a mistake matters.

## Licence
MIT
"""
