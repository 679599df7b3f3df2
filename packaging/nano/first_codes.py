"""How codes of pages begin: as the letters that the decoder itself writes, one over the other.

The text stage taught the decoder to go on copying a line of letters. Places of a picture that look
to it like the letters upon them are read at once, and badly; from nothing that takes far longer.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Iterator

import torch
from data import Writer
from fonts import ALPHABET
from network import Nano
from patch_text import BEFORE, END, SIGNS, SLOTS, SPACE
from torch import Tensor, nn

_STEPS, _FALLING, _RATE = 500, 200, 3e-3


def begin_with_letters(
    model: Nano, codes: nn.Module, writer: Writer, places: Iterator[tuple[Tensor, Tensor]]
) -> float:
    """Teach codes and projection to say of a place the sum of its letters' embeddings.

    `places` are batches of maps of two by two patches as `Codes` takes them. Returns what is left
    of a letter's square at the end.
    """
    table = letter_table(model, writer)
    size = table[1:].square().sum(-1).mean()
    learned = [*codes.parameters()]
    for layer in (model.image.img_projection_up, model.image.img_projection_down):
        learned += layer.parameters()
    optimiser = torch.optim.AdamW(learned, lr=_RATE, weight_decay=0)
    missed = 0.0
    for step in range(_STEPS):
        cells, signs = next(places)
        own = signs.view(-1, 4, SLOTS)[..., BEFORE:].flatten(1)
        wanted = nn.functional.embedding(own, table).sum(1)
        loss = (model.project_picture(codes(cells, signs)) - wanted).square().sum(-1).mean() / size
        optimiser.param_groups[0]["lr"] = _RATE * min(1.0, (_STEPS - step) / _FALLING)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        missed += 0.05 * (loss.item() - missed)
    return missed


def letter_table(model: Nano, writer: Writer) -> Tensor:
    """The embedding of each sign of a map `[SIGNS, hidden]`: zero for nothing and a start."""
    embedding = model.core.model.embed_tokens.weight.detach()
    table = torch.zeros(SIGNS, embedding.shape[1], device=embedding.device)
    written = {place: letter for place, letter in enumerate(ALPHABET) if place}
    for place, letter in {**written, SPACE: " ", END: "\n"}.items():
        table[place] = embedding[list(writer.tokens.encode_plain(letter))].mean(0)
    return table
