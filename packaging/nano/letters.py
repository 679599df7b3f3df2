"""The head that names what lies over a patch: it trains the tower, and is not shipped."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import torch
from maps import CELLS, by_patch, by_pool
from runs import CELLS_DOWN
from scenes import CLASSES
from torch import Tensor, nn

_BARE = 0.08  # of the patches without anything on them are learned from, too


class Letters(nn.Module):
    """Names what lies over each cell of each patch, and of each two by two patches.

    The second is read from the mean that the app pools to, so that the tower learns to keep
    neighbours apart in it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = nn.Linear(width, CELLS * CLASSES)
        self.pooled = nn.Linear(width, 4 * CELLS * CLASSES)

    def loss(self, patches: Tensor, chars: Tensor) -> tuple[Tensor, float]:
        """Of patch states `[n, P * P, width]` and a map `[n, 2 P, 3 P]`; also the share right.

        Most patches are empty: few of them are asked about.
        """
        count, side = len(chars), chars.shape[1] // CELLS_DOWN
        first, named, cells = _named(self.patch, patches.flatten(0, 1), by_patch(chars))
        grid = patches.view(count, side // 2, 2, side // 2, 2, -1).mean((2, 4)).flatten(0, 2)
        second, _, _ = _named(self.pooled, grid, by_pool(chars))
        text = cells > 0
        right = (named.argmax(-1) == cells)[text].float().mean()
        return first + second, float(right) if bool(text.any()) else 1.0


def _named(head: nn.Linear, states: Tensor, cells: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The loss of a head where there is something and at some empty places; guesses; the truth."""
    asked = (cells > 0).any(1) | (torch.rand(len(cells), device=cells.device) < _BARE)
    cells = cells[asked].reshape(-1)
    names = head(states[asked]).reshape(-1, CLASSES).float()
    weight = torch.ones(CLASSES, device=states.device)
    weight[0] = 0.3
    loss = nn.functional.cross_entropy(names, cells, weight=weight)
    return loss, names.detach(), cells
