"""Writing safetensors files tensor by tensor, in bounded memory; knows no model."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

from phi_desk.model.header import ITEM_BYTES
from phi_desk.model.shards import INDEX, SINGLE

SHARD_BYTES: Final = 5 * 10**9  # as the published shards; a FAT-like limit is far away
_ALIGN: Final = 8

Content = Callable[[str], Iterable[bytes | memoryview]]
OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A tensor to be written: its name in the new file, and what it is."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        return prod(self.shape) * ITEM_BYTES[self.dtype]


def write_file(
    path: Path, tensors: Sequence[Planned], content: Content, on_bytes: OnBytes | None = None
) -> None:
    """Write one safetensors file; `content(name)` gives a tensor's bytes in pieces.

    `on_bytes(n)` is called after every n bytes and may raise to stop. What was written by then is
    left for the caller to remove.

    Raises:
        OSError: when the disk is full or the file cannot be written.
        ValueError: when a tensor's content is not as long as its shape says.
    """
    ordered = _aligned(tensors)
    with path.open("wb") as file:
        file.write(_header(ordered))
        for tensor in ordered:
            left = tensor.nbytes
            for piece in content(tensor.name):
                file.write(piece)
                left -= len(piece)
                if on_bytes is not None:
                    on_bytes(len(piece))
            if left:
                raise ValueError(f"{tensor.name}: {left} bytes missing")
        file.flush()
        os.fsync(file.fileno())


def write_shards(
    folder: Path,
    tensors: Sequence[Planned],
    content: Content,
    on_bytes: OnBytes | None = None,
    *,
    shard_bytes: int = SHARD_BYTES,
) -> tuple[str, ...]:
    """Write a model's weight files into `folder`, and their index where there are several.

    Returns the names of the weight files.
    """
    parts = list(_parts(tensors, shard_bytes))
    if len(parts) == 1:
        write_file(folder / SINGLE, parts[0], content, on_bytes)
        return (SINGLE,)
    places: dict[str, str] = {}
    for number, part in enumerate(parts, start=1):
        name = f"model-{number:05d}-of-{len(parts):05d}.safetensors"
        write_file(folder / name, part, content, on_bytes)
        places.update((tensor.name, name) for tensor in part)
    total = sum(tensor.nbytes for tensor in tensors)
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(places.items()))}
    write_json(folder / INDEX, index)
    return tuple(dict.fromkeys(places.values()))


def write_json(path: Path, value: object, indent: int | None = 2) -> None:
    """Write a json file for people and programs."""
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")


def _aligned(tensors: Sequence[Planned]) -> list[Planned]:
    """The widest types first, so that every tensor starts at a multiple of its item size."""
    return sorted(tensors, key=lambda tensor: -ITEM_BYTES[tensor.dtype])


def _header(tensors: Sequence[Planned]) -> bytes:
    fields: dict[str, object] = {"__metadata__": {"format": "pt"}}
    position = 0
    for tensor in tensors:
        fields[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [position, position + tensor.nbytes],
        }
        position += tensor.nbytes
    text = json.dumps(fields, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGN)
    return len(text).to_bytes(8, "little") + text


def _parts(tensors: Sequence[Planned], most: int) -> Iterator[list[Planned]]:
    """Consecutive groups of at most `most` bytes; a larger tensor is a group by itself."""
    part: list[Planned] = []
    size = 0
    for tensor in tensors:
        if part and size + tensor.nbytes > most:
            yield part
            part, size = [], 0
        part.append(tensor)
        size += tensor.nbytes
    yield part
