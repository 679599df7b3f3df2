"""The weight files of one folder: the index, the headers of all shards, which file holds what.

Knows no model: names are only names here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phi_desk.errors import CheckpointError, ModelNotFoundError
from phi_desk.model.fields import read_fields
from phi_desk.model.files import TensorFile
from phi_desk.model.header import Header, TensorEntry, read_header

INDEX: Final = "model.safetensors.index.json"
SINGLE: Final = "model.safetensors"
_NUMBERED = re.compile(r"model-(\d{5})-of-(\d{5})\.safetensors")
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """The headers of a folder's weight files, by file name in order; nothing is kept open."""

    folder: Path
    headers: Mapping[str, Header]

    @classmethod
    def open(cls, folder: Path) -> Shards:
        """Read the index and every header of `folder`.

        Raises:
            ModelNotFoundError: when there is no such folder, or nothing of a model in it.
            CheckpointError: when a file is missing or damaged, or the index does not fit.
        """
        with readable(folder):
            if not folder.is_dir():
                raise ModelNotFoundError(
                    f"There is no folder {folder}.", "Name the folder that holds the model's files."
                )
            index = read_index(folder)
            names = _files_without_index(folder) if index is None else sorted({*index.values()})
            _check_present(folder, names)
        shards = cls(folder=folder, headers={n: read_header(folder / n) for n in names})
        shards._check_unique()
        if index is not None:
            shards._check_index(index)
        return shards

    def entries(self) -> Iterator[tuple[str, TensorEntry]]:
        """(file name, tensor) of every tensor, file by file in the order of the bytes."""
        for name, header in self.headers.items():
            for entry in header.entries.values():
                yield name, entry

    @property
    def names(self) -> frozenset[str]:
        """The names of all tensors."""
        return frozenset(entry.name for _, entry in self.entries())

    def files(self) -> Iterator[TensorFile]:
        """Open the files one after the other; each is closed when the next is asked for."""
        for name in self.headers:
            with TensorFile(self.folder / name) as file:
                yield file

    def _check_unique(self) -> None:
        seen: dict[str, str] = {}
        for file, entry in self.entries():
            if entry.name in seen:
                raise CheckpointError(
                    f"The tensor {entry.name[:120]} is in {seen[entry.name]} and in {file}.",
                    "The folder mixes files of two models: download the model again.",
                )
            seen[entry.name] = file

    def _check_index(self, index: Mapping[str, str]) -> None:
        """The index must say of every tensor where it really is."""
        found = {entry.name: file for file, entry in self.entries()}
        lines = [
            f"{name}: the index says {index.get(name, 'nothing')}, "
            f"it is {'in ' + found[name] if name in found else 'nowhere'}"
            for name in sorted({*found, *index})
            if found.get(name) != index.get(name)
        ]
        if lines:
            raise CheckpointError(
                f"{INDEX} does not fit the weight files: {len(lines)} tensors are elsewhere, "
                f"the first is {lines[0].split(':')[0][:120]}.",
                "The folder mixes files of two revisions: download the model again.",
                tuple(lines),
            )


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn the system's refusal to look into `folder` into a `CheckpointError`."""
    try:
        yield
    except OSError as error:
        raise CheckpointError(
            f"The model's folder cannot be read: {error.strerror or error}.",
            f"Look at {error.filename or folder} and who may read it.",
        ) from error


def read_index(folder: Path) -> dict[str, str] | None:
    """Tensor name -> file name from the folder's index, or None where there is no index.

    Raises:
        CheckpointError: when the index is damaged or names files outside the folder.
    """
    path = folder / INDEX
    if not path.exists():
        return None
    fields = read_fields(path)
    places = fields.inner("weight_map").values
    for file in places.values():
        if not isinstance(file, str) or Path(file).name != file or "\\" in file:
            raise fields.error(f"{str(file)[:60]!r} is not the name of a file in this folder")
        if not file.endswith(".safetensors"):
            raise fields.error(f"{file[:60]!r} is no safetensors file")
    if not places:
        raise fields.error("it names no tensors")
    return dict(places)


def _files_without_index(folder: Path) -> list[str]:
    """The weight files of a folder that has no index: the single one, or all numbered ones."""
    if (folder / SINGLE).exists():
        return [SINGLE]
    numbered = sorted(
        p.name for p in folder.glob("model-*.safetensors") if _NUMBERED.fullmatch(p.name)
    )
    if not numbered:
        raise _nothing_there(folder)
    counts = {name: _NUMBERED.fullmatch(name) for name in numbered}
    totals = {found[2] for found in counts.values() if found is not None}
    if len(totals) > 1:
        raise CheckpointError(
            "The folder holds the numbered weight files of more than one model.",
            "Keep the files of one model, or download it again.",
            tuple(numbered),
        )
    total = totals.pop()
    return [f"model-{number:05d}-of-{total}.safetensors" for number in range(1, int(total) + 1)]


def _check_present(folder: Path, names: list[str]) -> None:
    missing = [name for name in names if not (folder / name).is_file()]
    if not missing:
        return
    shown = ", ".join(missing[:_SHOWN]) + (", ..." if len(missing) > _SHOWN else "")
    there = sorted(path.name for path in folder.glob("*.safetensors"))
    hint = "Fetch what is missing: `phi-desk models download` resumes where it stopped."
    if there and len(missing) == len(names):
        hint = (
            f"The folder holds {there[0]} instead, perhaps of another revision: "
            "use the index that belongs to it, or download the model again."
        )
    raise CheckpointError(
        f"{len(missing)} of the {len(names)} weight files are missing: {shown}.",
        hint,
        tuple(missing),
    )


def _nothing_there(folder: Path) -> CheckpointError | ModelNotFoundError:
    """Say what the folder is, when it is no model."""
    adapters = sorted(
        path.parent.relative_to(folder).as_posix()
        for pattern in ("adapter_model.safetensors", "*/adapter_model.safetensors")
        for path in folder.glob(pattern)
    )
    if adapters:
        return CheckpointError(
            f"{folder.name} holds adapters only ({', '.join(adapters)}), no model.",
            "Fetch the model's own weight files as well.",
        )
    if any(folder.glob("*.bin")) or any(folder.glob("*.pt")) or any(folder.glob("*.pth")):
        return CheckpointError(
            f"{folder.name} holds weights in PyTorch's own format, which is never opened: "
            "such a file can run code.",
            "Use the safetensors files of the model.",
        )
    if any(folder.glob("*.gguf")):
        return CheckpointError(
            f"{folder.name} holds a GGUF model, which is not supported.",
            "Use the safetensors files of the model.",
        )
    if (folder / "config.json").exists() or any(folder.glob("*.safetensors")):
        return CheckpointError(
            f"{folder.name} holds no weight files of a model (model*.safetensors).",
            "Fetch them: `phi-desk models download` resumes where it stopped.",
        )
    return ModelNotFoundError(
        f"There is no model in {folder}.", "Name the folder that holds config.json and the weights."
    )
