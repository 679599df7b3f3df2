# ruff: noqa: TID253  (torch code: it is imported only where a model is loaded)
"""The matrices of adapters, out of a model's files or out of peft's folders; knows no module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.files import TensorFile
from phi_desk.model.ledger import Ledger, describe
from phi_desk.model.lora import WEIGHTS, LoraConfig, guess_kind, read_lora_config
from phi_desk.model.shapes import adapter_shapes, linear_shapes
from phi_desk.model.shards import Shards
from phi_desk.model.spec import CheckpointSpec
from phi_desk.model.tensors import all_finite, view

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """A or B of one module, and what was seen when it was read."""

    tensor: torch.Tensor
    finite: bool
    zero: bool


_Matrices = dict[tuple[str, str], _Matrix]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdapterWeights:
    """The matrices of one adapter: out += scale * B A x in each of its modules.

    Attributes:
        kind: "vision", "speech", or None where a user's adapter does not say.
        pairs: native module name -> (A `[rank, in]`, B `[out, rank]`), views of the mapped file;
            the memory of a matrix is given back when nothing holds it any more.
    """

    name: str
    kind: str | None
    rank: int
    alpha: float
    scale: float
    pairs: dict[str, Pair]

    @property
    def nbytes(self) -> int:
        """Bytes of all matrices as stored."""
        return sum(a.nbytes + b.nbytes for a, b in self.pairs.values())


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
    matrices: _Matrices = {}
    for file in Shards.open(spec.folder).files():
        for stored in file.entries:
            key = keys.lora_key(stored)
            if key is not None and key.adapter == name:
                matrices[key.module, key.matrix] = _matrix(file, stored)
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
    matrices: _Matrices = {}
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
                matrices[key.module, key.matrix] = _matrix(file, stored)
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
    matrices: _Matrices,
    spec: CheckpointSpec,
) -> AdapterWeights:
    """Join A and B, and check that they are whole, finite, fitting and not all zero."""
    _drop_outside(name, matrices, linear_shapes(spec.config))
    modules = dict.fromkeys(module for module, _ in matrices)
    shapes = adapter_shapes(spec.config, config.rank)
    expected = {f"{m}.lora_{x}.weight": shapes[m][x == "B"] for m in modules for x in "AB"}
    ledger = Ledger(expected)
    for (module, letter), matrix in matrices.items():
        stored = f"{module}.lora_{letter}.weight"
        if ledger.place(stored, matrix.tensor.shape) and not matrix.finite:
            ledger.not_finite(stored)
    try:
        ledger.finish()
    except CheckpointError as error:
        raise CheckpointError(
            error.sentence.replace("The weights do not", f"The adapter {name} does not"),
            "Fetch the adapter again, or use one made for this model.",
            error.details,
        ) from None
    if all(matrices[module, "B"].zero for module in modules):
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
        pairs={m: (matrices[m, "A"].tensor, matrices[m, "B"].tensor) for m in modules},
    )


def _drop_outside(name: str, matrices: _Matrices, known: Mapping[str, object]) -> None:
    """Drop modules outside the decoder that change nothing; refuse those that do."""
    outside = dict.fromkeys(module for module, _ in matrices if module not in known)
    active = [m for m in outside if (m, "B") not in matrices or not matrices[m, "B"].zero]
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


def _matrix(file: TensorFile, stored: str) -> _Matrix:
    tensor = view(file, stored)
    matrix = _Matrix(tensor=tensor, finite=all_finite(tensor), zero=not bool(tensor.any()))
    file.release(stored)  # it is read again when it is placed
    return matrix
