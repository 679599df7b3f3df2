"""One safetensors file with its tensors mapped into memory; knows no model."""

from __future__ import annotations

import contextlib
import mmap
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from phi_desk.errors import CheckpointError
from phi_desk.model.header import TensorEntry, cut_off, read_header, short, unreadable

# Linux counts a private mapping against the memory limit unless told not to; the number is the
# kernel's own on x86 and ARM, the name is in Python's mmap only from 3.13 on.
_NO_RESERVE: Final = 0x4000 if sys.platform == "linux" else 0

# MADV_WILLNEED starts to read; MADV_POPULATE_READ (Linux 5.14, no name in Python) waits for it and
# fills in the page table.
_POPULATE_READ: Final = 22
_PART = 8 * 2**20  # bytes: a few milliseconds of reading, and whole pages
_READ_AHEAD: Final = (
    *((mmap.MADV_WILLNEED,) if hasattr(mmap, "MADV_WILLNEED") else ()),
    *((_POPULATE_READ,) if sys.platform == "linux" else ()),
)


class TensorFile:
    """An open safetensors file; a tensor's bytes come into memory when they are looked at.

    The mapping is private: writing to a view never reaches the file.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`; raises `CheckpointError` for whatever is no whole safetensors file."""
        self.path = path
        self.header = read_header(path)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise unreadable(path, error) from error
        self._whole: mmap.mmap | None = None

    def __enter__(self) -> TensorFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; views already handed out stay valid, and can still be released."""
        self._file.close()

    @property
    def entries(self) -> Mapping[str, TensorEntry]:
        """The tensors by name, in the order of their bytes."""
        return self.header.entries

    def tensor_bytes(self, name: str) -> memoryview:
        """The bytes of a tensor, mapped; they live as long as the view.

        Raises:
            CheckpointError: when there is no such tensor, or the file can no longer be read.
        """
        entry = self._entry(name)
        if entry.nbytes == 0:
            return memoryview(bytearray())
        try:
            return self._view(entry.start, entry.stop)
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error

    def release(self, name: str) -> None:
        """Let the system take a tensor's memory back; a view still held reads it again."""
        entry = self._entry(name)
        if self._whole is not None and entry.nbytes and hasattr(mmap, "MADV_DONTNEED"):
            start = entry.start - entry.start % mmap.PAGESIZE
            _advise(self._whole, mmap.MADV_DONTNEED, start, entry.stop)

    def read(self, name: str, piece: int = 16 * 2**20) -> Iterator[bytes]:
        """The bytes of a tensor in pieces of at most `piece` bytes, read without a mapping."""
        entry = self._entry(name)
        position = entry.start
        try:
            while position < entry.stop:
                self._file.seek(position)
                data = self._file.read(min(piece, entry.stop - position))
                if not data:
                    raise cut_off(self.path, entry.stop, position)
                position += len(data)
                yield data
        except OSError as error:
            raise unreadable(self.path, error) from error

    def _entry(self, name: str) -> TensorEntry:
        entry = self.entries.get(name)
        if entry is None:
            raise CheckpointError(f"{self.path.name} holds no tensor named {short(name)}.")
        return entry

    def _view(self, start: int, stop: int) -> memoryview:
        if sys.platform == "win32":
            # A mapping a tensor: Windows reserves memory for all of a private mapping.
            offset = start - start % mmap.ALLOCATIONGRANULARITY
            part = mmap.mmap(
                self._file.fileno(), stop - offset, access=mmap.ACCESS_COPY, offset=offset
            )
            return memoryview(part)[start - offset :]
        if self._whole is None:  # one mapping a file: each one keeps a file descriptor
            self._whole = mmap.mmap(
                self._file.fileno(),
                self.header.size,
                flags=mmap.MAP_PRIVATE | _NO_RESERVE,
                prot=mmap.PROT_READ | mmap.PROT_WRITE,
            )
        _read_ahead(self._whole, start - start % mmap.PAGESIZE, stop)
        return memoryview(self._whole)[start:stop]


def _read_ahead(mapping: mmap.mmap, start: int, stop: int) -> None:
    """Bring a range into memory in one go, not page by page.

    Going through all tensors of a file in the page cache: 15 GB/s against 1.3 on two cores. It is
    advice: a system that knows none of it reads when the bytes are looked at.
    """
    for advice in _READ_AHEAD:
        with contextlib.suppress(OSError):
            _advise(mapping, advice, start, stop)


def _advise(mapping: mmap.mmap, advice: int, start: int, stop: int) -> None:
    """Advise in parts: Python's call holds the interpreter, and a window wants it, too."""
    for first in range(start, stop, _PART):
        mapping.madvise(advice, first, min(_PART, stop - first))
