"""The mean of two ends of one training: better than either; trains nothing.

A stage that went on from a shipped model, and whose rate has fallen again, ends elsewhere in the
same valley: between both ends it is deeper (Wortsman et al. 2022, "Model soups").
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import logging
from pathlib import Path

import torch
from adopt import load
from network import Nano
from stages import named_weights, open_model, open_writer, parts_of, stage_folder
from torch import Tensor
from train import STATE, write_state

from phi_desk.errors import InputError

HEARS = {
    "speech": ("conformer", "up", "down", "adapter"),
    "vision": (),
    "asked": ("sound_up", "sound_down"),
}
SEES = ("up", "down", "separators", "adapter")  # of "vision" and "asked", behind the same tower
log = logging.getLogger("nano")


def mean(folder: Path, work: Path, share: float = 0.5) -> None:
    """Let the stages of `work` that have run be the mean of themselves and of a shipped model.

    That is the one in `folder`, and counts for `share`. What sees is left alone where the tower is
    another one by now: what stands behind it has learned to read that one.

    Raises:
        InputError: no stage has run, or the model has other sizes.
    """
    names = [name for name in HEARS if (stage_folder(work, name) / STATE).exists()]
    if not names:
        raise InputError(
            f"None of the stages {', '.join(HEARS)} has run yet.", "There is nothing to average."
        )
    model = open_model(open_writer(work), seed=11)
    load(model, folder)
    parts = parts_of(model)
    for name in names:
        state = torch.load(stage_folder(work, name) / STATE, weights_only=True, map_location="cpu")
        chosen = HEARS[name]
        if "tower" in parts[name] and _same_tower(state["weights"], model):
            chosen += SEES
        earlier = {prefix: parts[name][prefix] for prefix in chosen}
        move_towards(state["weights"], named_weights(earlier), share)
        write_state(stage_folder(work, name), state)
        log.info("%s: %.2f of %s in %s", name, share, folder, ", ".join(chosen) or "nothing")


def _same_tower(weights: dict[str, Tensor], model: Nano) -> bool:
    """Whether the tower, as far as it reaches the output, stood still; bf16 is what is shipped."""
    layers = {f"tower.encoder.layers.{n}": layer for n, layer in enumerate(model.live_layers)}
    live = {"tower.embeddings": model.tower.embeddings, **layers}
    return all(
        torch.equal(weights[name].bfloat16(), value.bfloat16())
        for name, value in named_weights(live).items()
    )


def move_towards(weights: dict[str, Tensor], earlier: dict[str, Tensor], share: float) -> None:
    """Move the `weights` that `earlier` has, too, by `share` of the way to it; no others.

    Raises:
        InputError: `earlier` has what is unknown here, or of another shape.
    """
    for name, value in earlier.items():
        if name not in weights or weights[name].shape != value.shape:
            raise InputError(f"{name} is not a part of this stage.", "Use a model of these sizes.")
    for name, value in earlier.items():
        if value.is_floating_point():
            weights[name] = torch.lerp(weights[name], value.to(weights[name].dtype), share)
