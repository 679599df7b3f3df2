"""The heads that name what lies over a patch: they train the tower, and are not shipped."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from dataclasses import dataclass

import torch
from maps import CELLS, by_patch, by_pool
from patch_text import SIGNS, SLOTS
from runs import CELLS_DOWN
from scenes import CLASSES
from torch import Tensor, nn

_BARE = 0.08  # of the patches without anything on them are learned from, too


@dataclass(frozen=True, slots=True)
class Named:
    """How well patches are named.

    Attributes:
        loss: of both heads and both maps together.
        cells: the share right of the cells with something over them.
        signs: the share right of the signs that stand on a patch or before it.
    """

    loss: Tensor
    cells: float
    signs: float


class Letters(nn.Module):
    """Names what lies over each cell of each patch, and of each two by two patches.

    The second is read from the mean that the app pools to, so that the tower learns to keep
    neighbours apart in it. What is read there, and what is read before it, is named by both, too.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = nn.Linear(width, CELLS * CLASSES)
        self.pooled = nn.Linear(width, 4 * CELLS * CLASSES)
        self.patch_signs = nn.Linear(width, SLOTS * SIGNS)
        self.pooled_signs = nn.Linear(width, 4 * SLOTS * SIGNS)

    def loss(self, patches: Tensor, chars: Tensor, text: Tensor) -> Named:
        """Of patch states `[n, P * P, width]`, maps `[n, 2 P, 3 P]` and `[n, P, P, SLOTS]`.

        Most patches are empty: few of them are asked about.
        """
        count, side = len(chars), chars.shape[1] // CELLS_DOWN
        flat = patches.flatten(0, 1)
        grid = patches.view(count, side // 2, 2, side // 2, 2, -1).mean((2, 4)).flatten(0, 2)
        one, cells = _named(self.patch, flat, by_patch(chars), CLASSES)
        two, _ = _named(self.pooled, grid, by_pool(chars), CLASSES)
        three, signs = _named(self.patch_signs, flat, text.flatten(0, 2), SIGNS)
        four, _ = _named(self.pooled_signs, grid, pooled_text(text), SIGNS)
        return Named(one + two + three + four, cells, signs)


def pooled_text(text: Tensor) -> Tensor:
    """A map `[n, P, P, SLOTS]` as `[n * P / 2 * P / 2, 4 * SLOTS]`."""
    count, side = text.shape[:2]
    tiles = text.view(count, side // 2, 2, side // 2, 2, SLOTS).transpose(2, 3)
    return tiles.reshape(-1, 4 * SLOTS)


def _named(head: nn.Linear, states: Tensor, names: Tensor, classes: int) -> tuple[Tensor, float]:
    """The loss of a head where there is something and at some empty places; the share right."""
    asked = (names > 0).any(1) | (torch.rand(len(names), device=names.device) < _BARE)
    names = names[asked].reshape(-1)
    scores = head(states[asked]).reshape(-1, classes).float()
    weight = torch.ones(classes, device=states.device)
    weight[0] = 0.3
    loss = nn.functional.cross_entropy(scores, names, weight=weight)
    there = names > 0
    right = (scores.detach().argmax(-1) == names)[there].float().mean()
    return loss, float(right) if bool(there.any()) else 1.0
