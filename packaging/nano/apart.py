"""Symbols that the text stage never wrote, moved apart so that pictures can be read with them."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import torch
from fonts import ALPHABET
from torch import Tensor

from phi_desk.engine.tokens import Tokens

_ALIKE = 0.98  # cosine to the least written symbol: tokens that were never a target share its place
_LEAST = "%"
_STEP = 2.2  # how far each is moved; embeddings are about 3 long


def move_apart(embedding: Tensor, tokens: Tokens, seed: int = 5) -> int:
    """Give those of ALPHABET's tokens that are alike a direction each, in place; how many.

    They stay as improbable in text as they were: what they share, which keeps them from being
    written there, is left.
    """
    centred = embedding - embedding.mean(0)
    directions = torch.nn.functional.normalize(centred, dim=1)
    (least,) = tokens.encode_plain(_LEAST)
    likeness = directions @ directions[least]
    used = sorted({id_ for letter in ALPHABET for id_ in tokens.encode_plain(letter)})
    alike = [id_ for id_ in used if likeness[id_] > _ALIKE]
    generator = torch.Generator().manual_seed(seed)
    for id_ in alike if len(alike) > 1 else ():
        step = torch.randn(embedding.shape[1], generator=generator)
        embedding[id_] += _STEP * step / step.norm()
    return len(alike)
