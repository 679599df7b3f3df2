# ruff: noqa: TID253  (torch code: it is imported only where a model is loaded)
"""Tensors out of a checkpoint's files, one at a time, as views of the mapped file.

Knows the names and where the bytes lie; knows no module and copies nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.files import TensorFile
from phi_desk.model.ledger import Ledger, describe
from phi_desk.model.lora import WEIGHTS, LoraConfig, guess_kind, read_lora_config
from phi_desk.model.shapes import adapter_shapes, linear_shapes
from phi_desk.model.shards import Shards
from phi_desk.model.spec import CheckpointSpec

_TORCH_TYPES: Final[Mapping[str, torch.dtype]] = {
    "BF16": torch.bfloat16,
    "F16": torch.float16,
    "F32": torch.float32,
}

__all__ = [
    "AdapterWeights",
    "Ledger",
    "all_finite",
    "iter_base",
    "read_adapter",
    "read_peft_folder",
]

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdapterWeights:
    """The matrices of one adapter: out += scale * B A x in each of its modules.

    Attributes:
        kind: "vision", "speech", or None where a user's adapter does not say.
        pairs: native module name -> (A `[rank, in]`, B `[out, rank]`), views of the mapped file.
    """

    name: str
    kind: str | None
    rank: int
    alpha: float
    scale: float
    pairs: Mapping[str, Pair]

    @property
    def nbytes(self) -> int:
        """Bytes of all matrices as stored."""
        return sum(a.nbytes + b.nbytes for a, b in self.pairs.values())


def all_finite(tensor: torch.Tensor) -> bool:
    """Whether no value is infinite or not a number.

    By the extremes, which carry such values through: 40 GB/s and more on two cores in bf16, fp16
    and fp32, where `isfinite().all()` reaches 0.9.
    """
    if tensor.numel() == 0:
        return True
    low, high = torch.aminmax(tensor)
    return bool(torch.isfinite(low) & torch.isfinite(high))


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
            tensor = _tensor(file, stored)
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


def read_adapter(spec: CheckpointSpec, name: str) -> AdapterWeights:
    """Read a built-in adapter from the shards or from its folder.

    Raises:
        CheckpointError: when there is none of that name, or it does not fit the model, holds
            values that are not finite, or has nothing but zeros in B.
    """
    adapter = spec.adapters.get(name)
    if adapter is None:
        known = ", ".join(spec.adapters) or "none"
        raise CheckpointError(
            f"The model has no adapter named {name!r}.", f"Its adapters: {known}."
        )
    if adapter.folder is not None:
        return read_peft_folder(adapter.folder, spec, name=name, kind=name)
    matrices: dict[tuple[str, str], torch.Tensor] = {}
    for file in Shards.open(spec.folder).files():
        for stored in file.entries:
            key = keys.lora_key(stored)
            if key is not None and key.adapter == name:
                matrices[key.module, key.matrix] = _tensor(file, stored)
    return _adapter(name, name, adapter.config, matrices, spec)


def read_peft_folder(
    path: Path, spec: CheckpointSpec, *, name: str | None = None, kind: str | None = None
) -> AdapterWeights:
    """Read an adapter in peft's format: `adapter_config.json` and `adapter_model.safetensors`.

    Keys with and without the prefix `base_model.model.` are read. Modules outside the decoder
    are skipped where their B is all zero, and refused otherwise: they would have to be applied.

    Raises:
        CheckpointError: as `read_adapter`, and for settings that are not supported.
    """
    if not path.is_dir():
        raise CheckpointError(f"There is no folder {path}.", "Name the adapter's folder.")
    config = read_lora_config(path)
    file = TensorFile(path / WEIGHTS)
    matrices: dict[tuple[str, str], torch.Tensor] = {}
    with file:
        kind = kind or guess_kind(path, file.entries)
        unknown = []
        for stored in file.entries:
            key = keys.lora_key(stored)
            if key is None:
                unknown.append(stored)
            elif (key.module, key.matrix) in matrices:
                raise CheckpointError(f"{WEIGHTS} holds two adapters in one file.", "Split it.")
            else:
                matrices[key.module, key.matrix] = _tensor(file, stored)
    if unknown:
        raise CheckpointError(
            f"{path.name} is no plain LoRA: {describe({'of another kind': unknown})}.",
            "Only adapters that hold nothing but lora_A and lora_B matrices are supported.",
            tuple(unknown),
        )
    return _adapter(name or path.name, kind, config, matrices, spec)


def _adapter(
    name: str,
    kind: str | None,
    config: LoraConfig,
    matrices: dict[tuple[str, str], torch.Tensor],
    spec: CheckpointSpec,
) -> AdapterWeights:
    """Join A and B, and check that they are whole, finite, fitting and not all zero."""
    _drop_outside(name, matrices, linear_shapes(spec.config))
    modules = dict.fromkeys(module for module, _ in matrices)
    shapes = adapter_shapes(spec.config, config.rank)
    expected = {f"{m}.lora_{x}.weight": shapes[m][x == "B"] for m in modules for x in "AB"}
    ledger = Ledger(expected)
    for (module, matrix), tensor in matrices.items():
        stored = f"{module}.lora_{matrix}.weight"
        if ledger.place(stored, tensor.shape) and not all_finite(tensor):
            ledger.not_finite(stored)
    try:
        ledger.finish()
    except CheckpointError as error:
        raise CheckpointError(
            error.sentence.replace("The weights do not", f"The adapter {name} does not"),
            "Fetch the adapter again, or use one made for this model.",
            error.details,
        ) from None
    pairs = {module: (matrices[module, "A"], matrices[module, "B"]) for module in modules}
    if not any(bool(b.any()) for _, b in pairs.values()):
        raise CheckpointError(
            f"The adapter {name} does nothing: all its B matrices are zero.",
            "It was saved or converted wrongly; fetch it again.",
        )
    return AdapterWeights(
        name=name,
        kind=kind,
        rank=config.rank,
        alpha=config.alpha,
        scale=config.scale,
        pairs=pairs,
    )


def _drop_outside(
    name: str, matrices: dict[tuple[str, str], torch.Tensor], known: Mapping[str, object]
) -> None:
    """Drop modules outside the decoder that change nothing; refuse those that do."""
    outside = dict.fromkeys(module for module, _ in matrices if module not in known)
    active = [m for m in outside if (m, "B") not in matrices or bool(matrices[m, "B"].any())]
    if active:
        raise CheckpointError(
            f"The adapter {name} changes {len(active)} modules outside this model's decoder, "
            f"the first is {active[0][:120]}.",
            "Adapters on qkv_proj, o_proj, gate_up_proj and down_proj of the decoder "
            "are supported.",
            tuple(active),
        )
    for module in outside:
        matrices.pop((module, "A"), None)
        matrices.pop((module, "B"), None)


def _tensor(file: TensorFile, name: str) -> torch.Tensor:
    """A view of the mapped bytes; a copy only where they are not aligned to the type."""
    entry = file.entries[name]
    dtype = _TORCH_TYPES.get(entry.dtype)
    if dtype is None:
        raise CheckpointError(
            f"The tensor {name[:120]} is stored as {entry.dtype}, which is not supported.",
            "Use the model's bf16 files.",
        )
    if entry.nbytes == 0:
        return torch.empty(entry.shape, dtype=dtype)
    data = file.tensor_bytes(name)
    if entry.start % dtype.itemsize:
        return torch.frombuffer(bytearray(data), dtype=dtype).reshape(entry.shape)
    return torch.frombuffer(data, dtype=dtype).reshape(entry.shape)


def _check_repeats_embedding(shards: Shards, file: TensorFile) -> None:
    """A tied model may store its output layer again, but only as the embedding itself."""
    head = _tensor(file, keys.HEAD)
    for other in shards.files():
        if keys.EMBEDDING in other.entries:
            same = torch.equal(head, _tensor(other, keys.EMBEDDING))
            other.release(keys.EMBEDDING)
            if same:
                return
    raise CheckpointError(
        "config.json ties the output layer to the embedding, but the weights hold another one.",
        "The folder mixes files of two revisions: download the model again.",
    )
