# ruff: noqa: TID253  (torch code: it is imported only where a model is loaded)
"""Tensors out of a checkpoint's files, one at a time, as views of the mapped file.

Knows the names and where the bytes lie; knows no module and copies nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.adapter_weights import AdapterWeights, read_adapter, read_peft_folder
from phi_desk.model.files import TensorFile
from phi_desk.model.ledger import Ledger
from phi_desk.model.shards import Shards
from phi_desk.model.spec import CheckpointSpec
from phi_desk.model.tensors import all_finite, view

__all__ = [
    "AdapterWeights",
    "Ledger",
    "all_finite",
    "iter_base",
    "read_adapter",
    "read_peft_folder",
]


def iter_base(
    spec: CheckpointSpec, ledger: Ledger, *, cancel: CancelToken | None = None
) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield (native name, tensor) of the model without its adapters, file by file.

    A tensor views the mapped file, dtype and shape as stored; treat it as read-only and copy what
    is kept: its memory is given back when the next one is asked for. Every tensor is written into
    `ledger`, and only those that may be placed are yielded. Names and shapes are checked against
    it from the headers before the first byte of a weight is read; the caller ends with
    `ledger.finish()`, which reports what is not finite. Not yielded: the dead tensors, and a
    stored output layer that repeats the tied embedding.

    Raises:
        CheckpointError: when a file is damaged, or tensors are missing, unexpected or misshapen.
        Cancelled: when `cancel` was set.
    """
    shards = Shards.open(spec.folder)
    rehearsal = Ledger(ledger.expected)
    for _, entry in shards.entries():
        if (name := _placed_as(spec, entry.name)) is not None:
            rehearsal.place(name, entry.shape)
    rehearsal.finish()
    for file in shards.files():
        for stored in file.entries:
            if cancel is not None:
                cancel.raise_if_cancelled()
            if (name := _placed_as(spec, stored)) is None:
                if stored == keys.HEAD:
                    _check_repeats_embedding(shards, file)
                continue
            tensor = view(file, stored)
            if not all_finite(tensor):
                ledger.not_finite(name)
            elif ledger.place(name, tensor.shape):
                yield name, tensor
            del tensor
            file.release(stored)


def _placed_as(spec: CheckpointSpec, stored: str) -> str | None:
    """The native name of a tensor of the model itself; None for what is not placed."""
    if keys.is_adapter_key(stored):
        return None
    name = keys.to_native(stored)
    if spec.is_dead(name) or (name == keys.HEAD and spec.tied):
        return None
    return name


def _check_repeats_embedding(shards: Shards, file: TensorFile) -> None:
    """A tied model may store its output layer again, but only as the embedding itself."""
    head = view(file, keys.HEAD)
    for other in shards.files():
        if keys.EMBEDDING in other.entries:
            same = torch.equal(head, view(other, keys.EMBEDDING))
            other.release(keys.EMBEDDING)
            if same:
                return
    raise CheckpointError(
        "config.json ties the output layer to the embedding, but the weights hold another one.",
        "The folder mixes files of two revisions: download the model again.",
    )
