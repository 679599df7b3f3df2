"""Several questions about one picture in one sequence, each as if it were asked alone.

The picture is by far the longest part of a prompt, so that a second question costs little. All
questions stand behind the picture at the positions of the first; each sees the picture and itself.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Order:
    """Where the tokens of sequences stand, and which see which.

    Attributes:
        places: `[n, length]`, the position each token is turned to.
        parts: `[n, length]`, 0 for what all see; tokens of another part see that and their own.
    """

    places: Tensor
    parts: Tensor

    def padded(self, rows: int, length: int) -> Order:
        """With so many rows and positions more, which nothing sees."""
        pad = torch.nn.functional.pad
        more = (0, length, 0, rows)
        return Order(pad(self.places, more), pad(self.parts, more, value=-1))

    def ahead(self) -> Tensor:
        """`[n, 1, length, length]`, what is added to the attention: 0, or -inf where none is."""
        step = torch.arange(self.parts.shape[1], device=self.parts.device)
        seen = (step[:, None] >= step[None]) & _seen(self.parts[:, :, None], self.parts[:, None])
        return torch.where(seen, 0.0, float("-inf"))[:, None]

    def seen_from(self, rows: Tensor, queries: Tensor) -> Tensor:
        """`[n, length]`, what queries `[n]` in rows `[n]` see, be it before or behind them."""
        return _seen(self.parts[rows, queries, None], self.parts[rows])


def _seen(own: Tensor, parts: Tensor) -> Tensor:
    return (parts == 0) | (parts == own)


def causal(length: int) -> Tensor:
    """The same for one sequence after another: `[1, 1, length, length]`."""
    step = torch.arange(length)
    return torch.where(step[None] > step[:, None], float("-inf"), 0.0)[None, None]


def joined(
    questions: Sequence[Sequence[int]], answers: Sequence[int], shared: int
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Sequences that begin with the same `shared` ids as one: ids, targets, places, parts.

    `answers`: how many ids at the end of each are to be said; targets are -100 elsewhere.
    """
    ids = list(questions[0][:shared])
    targets, places, parts = [-100] * shared, list(range(shared)), [0] * shared
    for number, (question, answer) in enumerate(zip(questions, answers, strict=True), 1):
        own = list(question[shared:])
        start = len(own) - answer
        ids += own
        targets += [-100] * (start - 1) + own[start:] + [-100]
        places += range(shared, shared + len(own))
        parts += [number] * len(own)
    return ids, targets, places, parts
