"""Answers behind letters some of which are wrong, as they will be in use; knows no model."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from data import Batch
from pictures import SPELT, PictureExample

_ANSWERS, _LETTERS = 0.5, 0.15  # shares of the answers that are misled, and of their letters


def misled(batch: Batch, asked: Sequence[PictureExample], rng: np.random.Generator) -> Batch:
    """The batch with some of the letters that were read off before replaced by others of it.

    What is to be said next stays: a reader goes on where it is, whatever it said.
    """
    said = batch.targets >= 0
    inside = said & torch.nn.functional.pad(said, (1, 0))[:, :-1]  # not the end of the prompt
    chances = [
        _LETTERS if seen.task in SPELT and rng.random() < _ANSWERS else 0.0 for seen in asked
    ]
    wrong = inside & (torch.rand(said.shape) < torch.tensor(chances)[:, None])
    others = batch.ids[inside]
    if not len(others):
        return batch
    drawn = others[torch.randint(len(others), wrong.shape)]
    return replace(batch, ids=torch.where(wrong, drawn, batch.ids))
