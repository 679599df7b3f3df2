"""What the tower says, in the codes that the layout stage learned to read: one linear map."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from letters import pooled_text
from maps import by_pool, filled, objects_of, tiles_of
from network import Nano
from patch_text import text_tiles
from picture_levels import CROP_SIZE
from picture_stream import endless, levels_there
from torch import Tensor

from phi_desk.engine.crops import crop_picture

_PICTURES, _AT_ONCE = 900, 12
_BARE = 0.05  # of the empty places count
_RIDGE = 1e-3
log = logging.getLogger("nano")


def align(model: Nano, codes: Callable[[Tensor, Tensor], Tensor], work: Path) -> float:
    """Let the projection take the tower's states where it took codes.

    The codes of what lies in two by two patches are guessed from their pooled state, by least
    squares over some pictures; the projection's first layer takes that map in, the separators its
    inverse. Returns which share of the codes' variance is guessed.
    """
    states, wanted = (torch.cat(parts) for parts in zip(*_pairs(model, codes, work), strict=True))
    share = fold_in(model, states, wanted)
    log.info("the tower's states say %.3f of the codes", share)
    return share


def fold_in(model: Nano, states: Tensor, wanted: Tensor) -> float:
    """Let the projection take `states` where it took what was `wanted`, `[places, width]` each.

    The linear map between both goes into the projection's first layer, its inverse into the
    separators. Returns which share of the variance it explains.
    """
    ones = torch.ones(len(states), 1)
    known = torch.cat([states, ones], 1).double()
    square = known.T @ known
    square += _RIDGE * square.diagonal().mean() * torch.eye(len(square)).double()
    solved = torch.linalg.solve(square, known.T @ wanted.double()).float()
    turn, shift = solved[:-1].T, solved[-1]
    missed = wanted - (states @ turn.T + shift)
    share = 1 - float(missed.var(0).sum() / wanted.var(0).sum())
    with torch.no_grad():
        up = model.image.img_projection_up
        up.bias += up.weight @ shift
        up.weight.copy_(up.weight @ turn)
        for separator in model.separators.values():
            flat = (separator.flatten() - shift).double()
            back = torch.linalg.lstsq(turn.double(), flat[:, None], driver="gelsd").solution
            separator.copy_(back.float().view_as(separator))
    return share


@torch.no_grad()
def _pairs(
    model: Nano, codes: Callable[[Tensor, Tensor], Tensor], work: Path
) -> Iterator[tuple[Tensor, Tensor]]:
    """Pooled states and the codes of what lies there, `[places, width]` each."""
    there = dict.fromkeys(levels_there(work, "train"), 1.0)
    stream = endless(work, "train", there, np.random.default_rng(9))
    side = CROP_SIZE // 14
    for _ in range(_PICTURES // _AT_ONCE):
        pixels, masks, maps, lines = [], [], [], []
        for _ in range(_AT_ONCE):
            seen = next(stream)
            if seen.chars is None or seen.text is None:
                continue
            picture = crop_picture(seen.picture, crop_size=CROP_SIZE)
            pixels.append(picture.crops[1:])
            masks.append(picture.mask[1:])
            maps.append(tiles_of(objects_of(seen.chars), picture.rows, picture.columns))
            lines.append(text_tiles(seen.text, picture.rows, picture.columns))
        valid = torch.from_numpy(np.concatenate(masks))
        patches = model.look(torch.from_numpy(np.concatenate(pixels)), valid)
        states = model.pool(patches).reshape(-1, patches.shape[-1]).float()
        cells = by_pool(torch.from_numpy(np.concatenate(maps).astype(np.int64)))
        signs = pooled_text(torch.from_numpy(np.concatenate(lines).astype(np.int64)))
        inside = valid.view(len(valid), side // 2, 2, side // 2, 2)[:, :, 0, :, 0].flatten()
        chosen = inside & filled(cells, signs, _BARE)
        yield states[chosen], codes(cells[chosen], signs[chosen])
