"""The optimiser: orthogonalised momentum (Muon) for matrices, AdamW for everything else.

Muon's update of a matrix is its momentum with all singular values made one (five Newton-Schulz
steps, coefficients of Jordan et al. 2024), scaled by 0.2 sqrt(largest side) so that it is as
large as AdamW's (Liu et al. 2025) and both share one learning rate.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
DECAY = 0.02  # of the weights a step, times the learning rate
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


class Optimiser:
    """Steps all trainable parameters of some modules; its state can be saved and put back."""

    def __init__(self, named: Iterable[tuple[str, nn.Parameter]]) -> None:
        matrices: list[nn.Parameter] = []
        others: list[nn.Parameter] = []
        for name, parameter in named:
            (matrices if _is_matrix(name, parameter) else others).append(parameter)
        self._matrices = matrices
        self._momentum = [torch.zeros_like(p) for p in matrices]
        self._adam = torch.optim.AdamW(
            others or [nn.Parameter(torch.zeros(1))], lr=0.0, betas=(0.9, 0.98), weight_decay=0.0
        )
        self.parameters = [*matrices, *others]

    def step(self, rate: float) -> None:
        """One step of size `rate` along the gradients, which are then cleared."""
        for group in self._adam.param_groups:
            group["lr"] = rate
        self._adam.step()
        self._step_matrices(rate)
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def _step_matrices(self, rate: float) -> None:
        alike: dict[tuple[int, int], list[int]] = defaultdict(list)
        for place, parameter in enumerate(self._matrices):
            if parameter.grad is not None:
                flat = parameter.flatten(1)
                alike[flat.shape[0], flat.shape[1]].append(place)
        for (rows, columns), places in alike.items():
            moved = []
            for place in places:
                gradient, momentum = self._matrices[place].grad, self._momentum[place]
                assert gradient is not None
                momentum.lerp_(gradient, 1 - MOMENTUM)
                moved.append(gradient.lerp(momentum, MOMENTUM).flatten(1))
            updates = orthogonalised(torch.stack(moved).bfloat16()).float() * (
                0.2 * max(rows, columns) ** 0.5
            )
            for place, update in zip(places, updates, strict=True):
                parameter = self._matrices[place]
                parameter.mul_(1 - rate * DECAY)
                parameter.add_(update.view_as(parameter), alpha=-rate)

    def state(self) -> dict[str, Any]:
        """All that is needed to go on."""
        return {"momentum": self._momentum, "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        for mine, saved in zip(self._momentum, state["momentum"], strict=True):
            mine.copy_(saved)
        self._adam.load_state_dict(state["adam"])


def orthogonalised(matrices: Tensor) -> Tensor:
    """`[n, rows, columns]` with singular values brought near one."""
    a, b, c = _NEWTON_SCHULZ
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.transpose(1, 2) if tall else x


def _is_matrix(name: str, parameter: Tensor) -> bool:
    """Whether Muon takes it: a linear map, also one written as a convolution of width 1."""
    tables = ("embedding", "bias_values", "ctc", "codes", "letters", "depthwise", "dw_conv")
    if any(word in name for word in tables) or parameter.ndim < 2:
        return False
    flat = parameter.flatten(1)
    return parameter.ndim < 4 and min(flat.shape) > 8
