"""The tower's first weights: what an untrained tower looks at."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def look_at_neighbours(tower: Any) -> None:
    """Start the tower as if it were convolutional: every head looks at one neighbouring patch.

    The positions get a two-dimensional Fourier code; queries and keys of each head read that code
    only, the query's moved by the head's offset, so that the scores peak there. Without this the
    tower spends its first hundred thousand pictures finding out which patches touch.
    """
    config = tower.config
    side, width = config.image_size // config.patch_size, config.hidden_size
    size = width // config.num_attention_heads  # of one head
    waves = size // 4  # two axes, a cosine and a sine each
    rates = math.pi * (torch.arange(waves) + 0.5) / side
    spot = torch.arange(side, dtype=torch.float32)
    code = torch.cat([torch.cos(spot[:, None] * rates), torch.sin(spot[:, None] * rates)], 1)
    rows = code[:, None].expand(side, side, -1)
    columns = code[None].expand(side, side, -1)
    plan = torch.cat([rows, columns], -1).reshape(side * side, 4 * waves)
    positions = tower.embeddings.position_embedding.weight
    with torch.no_grad():
        positions.normal_(std=0.02)
        positions[:, : 4 * waves] = plan
        reach = [(0, 0), (0, -1), (0, 1), (-1, 0), (1, 0), (0, 2), (0, -2), (1, 1)]
        for number, layer in enumerate(tower.encoder.layers):
            attention = layer.self_attn
            strength = 2.5 if number < 4 else 1.5
            for head in range(config.num_attention_heads):
                down, right = reach[(head + number) % len(reach)]
                here = slice(head * size, head * size + 4 * waves)
                for projection, move in (
                    (attention.q_proj, (down, right)),
                    (attention.k_proj, (0, 0)),
                ):
                    weight = projection.weight
                    weight[head * size : (head + 1) * size] *= 0.3
                    weight[here, : 4 * waves] += strength * _turn(rates, move)
            layer.self_attn.out_proj.weight.mul_(0.5)


def _turn(rates: Tensor, move: tuple[int, int]) -> Tensor:
    """The matrix that moves the code of a position by `move` patches (down, right)."""
    waves = len(rates)
    matrix = torch.zeros(4 * waves, 4 * waves)
    for axis, step in enumerate(move):
        cosine, sine = torch.cos(rates * step), torch.sin(rates * step)
        first = torch.arange(waves) + axis * 2 * waves
        second = first + waves
        matrix[first, first], matrix[first, second] = cosine, -sine
        matrix[second, first], matrix[second, second] = sine, cosine
    return matrix
