"""A small model as the recipe of the embedded one trains it, with random weights.

Whoever imports this has `packaging/nano` among the places that Python looks in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from data import Writer
from export import write_checkpoint
from network import Nano, Sizes, native_config

from data_makers.tiny_checkpoint import tokenizer
from phi_desk.engine.tokens import Tokens

SIZES = Sizes(
    hidden=64, inner=96, layers=3, heads=4, kv_heads=2, rank=8,
    speech_hidden=48, speech_inner=64, speech_blocks=2, speech_heads=4, speech_channels=32,
    vision_hidden=48, vision_inner=64, vision_layers=3, vision_heads=3, crop=56,
)  # fmt: skip
VOCABULARY = 288  # of the tiny tokenizer: the bytes and the control tokens


def small_writer() -> Writer:
    """Writes samples for `small_nano`."""
    return Writer(Tokens(tokenizer()))


def small_nano(
    *, loud: bool = False, vision_hidden: int = SIZES.vision_hidden, crop: int = SIZES.crop
) -> Nano:
    """The model; `loud` leaves no part of it silent, as adapters are at first."""
    tokens = Tokens(tokenizer())
    ids = {name: tokens.control(name) for name in ("endoftext", "end", "image", "audio")}
    sizes = replace(SIZES, vision_hidden=vision_hidden, crop=crop)
    model = Nano(native_config(sizes, VOCABULARY, ids), sizes.rank, seed=3)
    if loud:
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if not parameter.any() or "up.weight" in name:
                    parameter.normal_(std=0.2)
    return model


def ship_ones(folder: Path) -> None:
    """An exported small model all of whose numbers are 1, in the new folder `folder`."""
    model = small_nano()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    folder.mkdir()
    vocabulary = folder / "tokenizer.json.new"
    tokenizer().save(str(vocabulary))
    write_checkpoint(model, vocabulary, folder)
    vocabulary.unlink()
