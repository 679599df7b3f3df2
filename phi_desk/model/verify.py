"""Is a checkpoint whole and what it claims to be? Told in seconds, from headers and json files.

Opens no torch and, unless asked for, reads no weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.model import keys, published
from phi_desk.model.fields import read_fields
from phi_desk.model.header import read_header
from phi_desk.model.ledger import Ledger
from phi_desk.model.lora import CONFIG, WEIGHTS, read_lora_config
from phi_desk.model.shapes import Shape, adapter_shapes, base_shapes, published_shapes
from phi_desk.model.shards import Shards, readable
from phi_desk.model.spec import ADAPTER_FOLDERS, AdapterSpec, CheckpointSpec, read_spec

OnBytes = Callable[[int, int], None]
_HINT: Final = "Download the model again; files that are already whole are kept."

# What all bits but the sign say when a value is infinite or more: (numpy type, mask, limit).
_NOT_FINITE: Final[Mapping[str, tuple[type[np.unsignedinteger], int, int]]] = {
    "BF16": (np.uint16, 0x7FFF, 0x7F80),
    "F16": (np.uint16, 0x7FFF, 0x7C00),
    "F32": (np.uint32, 0x7FFFFFFF, 0x7F800000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was found.

    Attributes:
        ok: whether the checkpoint can be loaded as it is.
        sentence: what it is, or the one thing that is wrong, for a person.
        hint: what to do; empty where nothing has to be done.
        details: every finding.
        spec: what the checkpoint is; None where that could not be read.
    """

    folder: Path
    ok: bool
    sentence: str
    hint: str = ""
    details: tuple[str, ...] = ()
    spec: CheckpointSpec | None = None


def verify(
    folder: Path,
    *,
    quick: bool = True,
    on_bytes: OnBytes | None = None,
    cancel: CancelToken | None = None,
) -> VerifyReport:
    """Check sizes, headers, index, names and shapes; with `quick` false every value as well.

    `on_bytes(done, total)` tells how far the reading of the values is.

    Raises:
        ModelNotFoundError: when there is no model in the folder at all.
        Cancelled: when `cancel` was set.
    """
    spec: CheckpointSpec | None = None
    try:
        shards = Shards.open(folder)
        spec = read_spec(folder, shards)
        _check_tensors(spec, shards)
        with readable(folder):
            for name in spec.adapters:
                _check_adapter_folder(spec, name)
            _check_tokenizer(folder)
        if not quick:
            _check_values(shards, on_bytes, cancel or CancelToken())
    except CheckpointError as error:
        return VerifyReport(
            folder=folder,
            ok=False,
            sentence=error.sentence,
            hint=error.hint,
            details=error.details,
            spec=spec,
        )
    return _good(spec, quick=quick)


def expected_tensors(spec: CheckpointSpec) -> dict[str, Shape]:
    """Name -> shape of every tensor in the weight files of such a checkpoint.

    Computed from the configuration alone, in the names of the layout.
    """
    if spec.layout == "published":
        ranks = {a.name: a.rank for a in spec.adapters.values() if a.source == "shards"}
        return published_shapes(spec.config, ranks)
    return base_shapes(spec.config)


def _check_tensors(spec: CheckpointSpec, shards: Shards) -> None:
    """Every tensor that must be there is, once, with its shape, and no other."""
    there = {_canonical(entry.name) for _, entry in shards.entries()}
    wanted = {_canonical(name): shape for name, shape in expected_tensors(spec).items()}
    optional = {name for name in wanted if spec.is_dead(name)} - there
    if spec.tied and keys.HEAD in there:  # loading compares it with the embedding
        wanted[keys.HEAD] = wanted[keys.EMBEDDING]
    ledger = Ledger({name: shape for name, shape in wanted.items() if name not in optional})
    for _, entry in shards.entries():
        ledger.place(_canonical(entry.name), entry.shape)
    ledger.finish()


def _canonical(name: str) -> str:
    return name if keys.is_adapter_key(name) else keys.to_native(name)


def _check_adapter_folder(spec: CheckpointSpec, name: str) -> None:
    """A built-in adapter's folder, where there is one, holds a whole adapter that fits."""
    adapter: AdapterSpec = spec.adapters[name]
    folder = adapter.folder or spec.folder / ADAPTER_FOLDERS[name]
    if not (folder / WEIGHTS).exists() and not (folder / CONFIG).exists():
        return
    config = read_lora_config(folder)
    shapes = adapter_shapes(spec.config, config.rank)
    ledger = Ledger({f"{m}.lora_{x}": pair[x == "B"] for m, pair in shapes.items() for x in "AB"})
    for entry in read_header(folder / WEIGHTS).entries.values():
        key = keys.lora_key(entry.name)
        ledger.place(f"{key.module}.lora_{key.matrix}" if key else entry.name, entry.shape)
    try:
        ledger.finish()
    except CheckpointError as error:
        sentence = error.sentence.replace("The weights do", f"The weights in {folder.name} do")
        raise CheckpointError(sentence, _HINT, error.details) from None


def _check_tokenizer(folder: Path) -> None:
    if not (folder / "tokenizer.json").exists():
        raise CheckpointError("tokenizer.json is missing.", _HINT)
    if "model" not in read_fields(folder / "tokenizer.json"):
        raise CheckpointError("tokenizer.json holds no vocabulary.", _HINT)


def _check_values(shards: Shards, on_bytes: OnBytes | None, cancel: CancelToken) -> None:
    total = sum(entry.nbytes for _, entry in shards.entries())
    done = 0
    bad: list[str] = []
    for file in shards.files():
        for name, entry in file.entries.items():
            finite = True
            for piece in file.read(name, piece=8 * 2**20):
                cancel.raise_if_cancelled()
                finite = finite and _finite(piece, entry.dtype)
                done += len(piece)
                if on_bytes is not None:
                    on_bytes(done, total)
            if not finite:
                bad.append(name)
    if bad:
        raise CheckpointError(
            f"{len(bad):,} tensors hold values that are not finite, the first is {bad[0][:160]}.",
            _HINT,
            tuple(bad),
        )


def _finite(data: bytes, dtype: str) -> bool:
    """Whether no value in `data` is infinite or not a number, by its bits."""
    kind, mask, limit = _NOT_FINITE[dtype]
    values: NDArray[np.unsignedinteger] = np.frombuffer(data, dtype=kind)
    return values.size == 0 or int((values & kind(mask)).max()) < limit


def _good(spec: CheckpointSpec, *, quick: bool) -> VerifyReport:
    adapters = " and ".join(spec.adapters) if spec.adapters else "none"
    what = {
        "published": "Phi-4-multimodal in the published layout",
        "native": "Phi-4-multimodal in the native layout",
        "phi3": "A text-only Phi model",
    }[spec.layout]
    stored = spec.sizes.loaded + spec.sizes.dead + sum(a.nbytes for a in spec.adapters.values())
    sentence = f"{what}, whole: {spec.tensors:,} tensors, {stored / 1e9:.2f} GB"
    sentence += f", adapters: {adapters}." if spec.multimodal else "."
    if not quick:
        sentence += " Every value is finite."
    missing = [name for name in published.ADAPTERS if spec.multimodal and name not in spec.adapters]
    hint = ""
    if missing:
        hint = f"Without the {' and '.join(missing)} adapter, answers about media are poor."
    return VerifyReport(folder=spec.folder, ok=True, sentence=sentence, hint=hint, spec=spec)
