"""From logits to the next token; knows no text."""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import torch
from torch import Tensor


class Sampler:
    """Greedy at temperature 0, else nucleus sampling from a generator of its own.

    The same seed on the same device gives the same draws.
    """

    def __init__(self, temperature: float, top_p: float, seed: int | None) -> None:
        self._temperature = temperature
        self._top_p = top_p
        self._generator = torch.Generator()
        if seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(seed)

    def pick(self, logits: Tensor) -> int:
        """The next token id from `[vocabulary]` logits."""
        if self._temperature == 0:
            return int(logits.argmax())
        logits = logits.detach().float().cpu() / self._temperature
        probabilities, order = logits.softmax(-1).sort(descending=True, stable=True)
        before = probabilities.cumsum(-1) - probabilities  # mass of all likelier tokens
        probabilities = probabilities.masked_fill(before >= self._top_p, 0.0)
        drawn = torch.multinomial(probabilities, 1, generator=self._generator)
        return int(order[drawn])
