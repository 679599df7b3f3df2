"""A tower that has learned more, in the place of the one that `vision` has read with so far.

What the new one says differs, but most of it is a linear map of what the old one said: that map
goes into the projection, and reading goes on nearly as before.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import torch
from aligning import fold_in
from job_vision import VisionJob
from network import Nano
from picture_stream import endless, levels_there
from stages import open_model, open_writer, settle, stage_folder
from torch import Tensor
from train import STATE, weights_of, write_state

from phi_desk.errors import InputError

_PICTURES, _AT_ONCE = 600, 12
_LEAST = 2  # the level from which pictures look like those that are read in earnest
log = logging.getLogger("nano")


def retower(work: Path, *, threads: int) -> None:
    """Replace the tower in the state of `vision` by that of `patches`.

    Raises:
        InputError: `vision` has not run yet.
    """
    settle(threads)
    folder = stage_folder(work, "vision")
    if not (folder / STATE).exists():
        raise InputError("The stage vision has not run yet.", "It begins with that tower anyway.")
    state = torch.load(folder / STATE, weights_only=True, map_location="cpu")
    writer = open_writer(work)
    jobs = []
    for _ in range(2):
        model = open_model(writer, seed=11)
        model.fuse = True
        job = VisionJob(model, writer, work)
        job.trained.load_state_dict(state["weights"])
        jobs.append((model, job))
    (_, before), (model, after) = jobs
    after.trained.load_state_dict(weights_of(stage_folder(work, "patches")), strict=False)
    share = replace_tower(model, before, after, work)
    log.info("%.3f of what the old tower said is a linear map of what the new one says", share)
    state["weights"] = after.trained.state_dict()
    write_state(folder, state)


def replace_tower(model: Nano, before: VisionJob, after: VisionJob, work: Path) -> float:
    """Let the projection of `model`, that `after` sees with, take what its tower says now.

    Returns which share of what `before` says is explained by it.
    """
    there = levels_there(work, "train")
    hard = [level for level in there if level >= _LEAST]
    shares = dict.fromkeys(hard or there, 1.0)
    stream = endless(work, "train", shares, np.random.default_rng(9))
    states: list[Tensor] = []
    wanted: list[Tensor] = []
    with torch.no_grad():
        for _ in range(_PICTURES // _AT_ONCE):
            pictures = [next(stream) for _ in range(_AT_ONCE)]
            for old, new in zip(
                before.pooled_now(pictures), after.pooled_now(pictures), strict=True
            ):
                seen = torch.from_numpy(old.mask[:, ::2, ::2])
                wanted.append(old.states[seen].float())
                states.append(new.states[seen].float())
    return fold_in(model, torch.cat(states), torch.cat(wanted))
