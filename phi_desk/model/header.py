"""The header of a safetensors file, checked in full; knows no model and touches no tensor.

The format: 8 bytes with the length of the header (little endian), the header as JSON (name ->
dtype, shape, offsets), then the bytes of all tensors without a hole.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

from phi_desk.errors import CheckpointError
from phi_desk.paths import open_regular

ITEM_BYTES: Final[Mapping[str, int]] = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1,
    "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4,
    "I64": 8, "U64": 8, "F64": 8,
}  # fmt: skip

LARGEST_HEADER: Final = 16 * 2**20  # bytes; the published shards need 0.2 MB
MOST_AXES: Final = 8
DOWNLOAD_AGAIN: Final = "Download the file again."


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorEntry:
    """Where a tensor lies: `start` and `stop` are offsets in bytes from the start of its file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        return self.stop - self.start

    @property
    def numel(self) -> int:
        """How many values it has."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a safetensors file says about itself; `entries` in the order of their bytes."""

    entries: Mapping[str, TensorEntry]
    metadata: Mapping[str, str]
    size: int


def read_header(path: Path) -> Header:
    """Read and check the header of a safetensors file; the tensors are not touched.

    Raises:
        CheckpointError: with a sentence that names the file and what is wrong with it.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(4096)
            length = int.from_bytes(head[:8], "little")
            _check_start(path, head, size, length)
            file.seek(8)
            text = file.read(length)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(text) < length:
        raise cut_off(path, 8 + length, 8 + len(text))
    fields, metadata = _parse(path, text)
    start = 8 + length
    entries = [_entry(path, name, value, start) for name, value in fields.items()]
    entries.sort(key=lambda entry: (entry.start, entry.stop))
    _check_layout(path, entries, start, size)
    return Header(entries={e.name: e for e in entries}, metadata=metadata, size=size)


def _check_start(path: Path, head: bytes, size: int, length: int) -> None:
    """Name the usual things that lie where a weight file should be."""
    name = path.name
    if size == 0:
        raise CheckpointError(f"{name} is empty.", DOWNLOAD_AGAIN)
    if head.startswith(b"version https://git-lfs"):
        raise CheckpointError(
            f"{name} is a Git LFS pointer of {size} bytes, not the weights themselves.",
            "Fetch the weights with `git lfs pull`, or with `phi-desk models download`.",
        )
    if head.lstrip()[:1] == b"<":
        raise CheckpointError(
            f"{name} is a web page, not weights: the download was answered with an error page.",
            DOWNLOAD_AGAIN,
        )
    if head.startswith((b"PK\x03\x04", b"\x80\x02", b"GGUF")):
        raise CheckpointError(
            f"{name} is no safetensors file: its content is of another format.",
            "Use the safetensors files of the model.",
        )
    if size < 8 or length == 0:
        raise CheckpointError(
            f"{name} has no header: the download was broken off or damaged.", DOWNLOAD_AGAIN
        )
    if length > LARGEST_HEADER:
        raise CheckpointError(
            f"{name} is damaged or no safetensors file: it claims a header of {length:,} bytes.",
            DOWNLOAD_AGAIN,
        )
    if 8 + length > size:
        raise cut_off(path, 8 + length, size)


def _parse(path: Path, text: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The header as (tensor name -> its fields, metadata)."""
    try:
        fields = json.loads(text.decode("utf-8"), object_pairs_hook=_unique)
    except _DuplicateNameError as error:
        raise CheckpointError(
            f"{path.name} names {short(str(error))} twice in its header.", DOWNLOAD_AGAIN
        ) from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, f"its header is no valid JSON ({type(error).__name__})") from None
    if not isinstance(fields, dict):
        raise _damaged(path, "its header is no JSON object")
    metadata = fields.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict):
        raise _damaged(path, "its metadata is no JSON object")
    return fields, {str(key): str(value) for key, value in metadata.items()}


def _entry(path: Path, name: str, value: object, data: int) -> TensorEntry:
    """One tensor's fields, checked by themselves; `data` is where the tensors begin."""
    where = f"the entry {short(name)}"
    if not isinstance(value, dict):
        raise _damaged(path, f"{where} is no JSON object")
    dtype, shape, offsets = (value.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or dtype not in ITEM_BYTES:
        raise _damaged(path, f"{where} has the unknown type {short(str(dtype))}")
    if not _whole_numbers(shape) or len(shape) > MOST_AXES:
        raise _damaged(path, f"{where} has no valid shape")
    if not _whole_numbers(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise _damaged(path, f"{where} has no valid place in the file")
    if math.prod(shape) * ITEM_BYTES[dtype] != offsets[1] - offsets[0]:
        raise _damaged(
            path, f"{where} takes {offsets[1] - offsets[0]} bytes, which is not its shape's size"
        )
    return TensorEntry(
        name=name,
        dtype=dtype,
        shape=tuple(shape),
        start=data + offsets[0],
        stop=data + offsets[1],
    )


def _check_layout(path: Path, entries: list[TensorEntry], start: int, size: int) -> None:
    """The tensors must cover the rest of the file: no overlap, no hole, nothing beyond."""
    position = start
    for entry in entries:
        if entry.start < position:
            raise _damaged(path, f"{short(entry.name)} overlaps another tensor")
        if entry.start > position:
            raise _damaged(path, f"there is a hole before {short(entry.name)}")
        position = entry.stop
    if size < position:
        raise cut_off(path, position, size)
    if size > position:
        raise _damaged(path, f"it has {size - position:,} bytes after its last tensor")


class _DuplicateNameError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateNameError(key)
            seen.add(key)
    return result


def _whole_numbers(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def short(name: str) -> str:
    """A name as it may be shown: printable and not too long."""
    shown = name if name.isprintable() else ascii(name)
    return shown if len(shown) <= 120 else f"{shown[:117]}..."


def _damaged(path: Path, what: str) -> CheckpointError:
    return CheckpointError(f"{path.name} is damaged: {what}.", DOWNLOAD_AGAIN)


def cut_off(path: Path, expected: int, found: int) -> CheckpointError:
    """The error for a file that ends too early."""
    return CheckpointError(
        f"{path.name} is cut off: {found:,} of {expected:,} bytes are there.", DOWNLOAD_AGAIN
    )


def unreadable(path: Path, error: Exception) -> CheckpointError:
    """The error for a file that the system does not let us read."""
    reason = getattr(error, "strerror", None) or str(error)
    return CheckpointError(f"{path.name} cannot be read: {reason}.", f"Look at {path}.")
