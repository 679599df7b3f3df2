"""The mean of two ends of one training, for all that hears: better than either; trains nothing.

A stage that went on from a shipped model, and whose rate has fallen again, ends elsewhere in the
same valley: between both ends it is deeper (Wortsman et al. 2022, "Model soups").
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import logging
from pathlib import Path

import torch
from adopt import load
from stages import named_weights, open_model, open_writer, parts_of, stage_folder
from torch import Tensor
from train import STATE, write_state

from phi_desk.errors import InputError

# What hears: these parts of these stages. What sees has another tower each time (`retower`).
PARTS = {
    "speech": ("conformer", "up", "down", "adapter"),
    "asked": ("sound_up", "sound_down"),
}
log = logging.getLogger("nano")


def mean(folder: Path, work: Path) -> None:
    """Put the mean of the shipped model in `folder` and of the stages in `work` into those stages.

    Raises:
        InputError: a stage has not run, or the model has other sizes.
    """
    states = {name: stage_folder(work, name) / STATE for name in PARTS}
    for name, path in states.items():
        if not path.exists():
            raise InputError(f"The stage {name} has not run yet.", "There is nothing to average.")
    model = open_model(open_writer(work), seed=11)
    load(model, folder)
    parts = parts_of(model)
    for name, prefixes in PARTS.items():
        state = torch.load(states[name], weights_only=True, map_location="cpu")
        earlier = {prefix: parts[name][prefix] for prefix in prefixes}
        move_half_way(state["weights"], named_weights(earlier))
        write_state(stage_folder(work, name), state)
        log.info("%s: half way to %s", name, folder)


def move_half_way(weights: dict[str, Tensor], earlier: dict[str, Tensor]) -> None:
    """Let the `weights` that `earlier` has, too, be the mean of both; others are left alone.

    Raises:
        InputError: `earlier` has what is unknown here, or of another shape.
    """
    for name, value in earlier.items():
        if name not in weights or weights[name].shape != value.shape:
            raise InputError(f"{name} is not a part of this stage.", "Use a model of these sizes.")
    for name, value in earlier.items():
        if value.is_floating_point():
            weights[name] = torch.lerp(weights[name], value.to(weights[name].dtype), 0.5)
