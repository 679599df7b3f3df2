"""A file that somebody handed us: opened with clear errors, and told apart by its first bytes.

Knows the marks that formats begin with, but decodes nothing.
"""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Kind = Literal["picture", "pdf", "svg", "heic", "eps", "unknown"]

HEAD_BYTES = 1024  # a PDF's mark may stand anywhere in the first 1024 bytes (ISO 32000-1, H.3)

_PICTURE_MARKS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"\x00\x00\x01\x00",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"8BPS",
    b"qoif",
    b"DDS ",
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class WatchedFile(io.FileIO):
    """A file open for reading whose every read looks at a cancel token first."""

    def __init__(self, path: Path, cancel: CancelToken | None) -> None:
        super().__init__(path)
        self._cancel = cancel

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """As `io.FileIO`; raises `Cancelled` when somebody asked to stop."""
        if self._cancel is not None:
            self._cancel.raise_if_cancelled()
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """As `io.FileIO`; raises `Cancelled` when somebody asked to stop."""
        if self._cancel is not None:
            self._cancel.raise_if_cancelled()
        return super().readall()


def open_input(path: Path, cancel: CancelToken | None = None) -> io.BufferedReader:
    """Open a regular, non-empty file for reading.

    Raises:
        InputError: it is missing, no file, empty or not readable.
        Cancelled: by a read, once `cancel` is set.
    """
    check_input(path)
    try:
        return io.BufferedReader(WatchedFile(path, cancel), 1 << 18)
    except OSError as error:
        raise _unreadable(path, error) from error


def check_input(path: Path) -> None:
    """Raise `InputError` unless `path` is a regular file that is not empty."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"There is no file {path}.", "Check the name and the folder.") from error
    except (OSError, ValueError) as error:  # ValueError: a zero character in the name
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path} is a folder, not a file.", "Name a file inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is not a regular file.", "Copy its content to a file first.")
    if status.st_size == 0:
        raise InputError(f"{path} is empty.", "Get the file again: it has no content.")


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(
        f"{str(path)!r} cannot be opened: {reason}.", "Check its name and its permissions."
    )


def kind_of(head: bytes) -> Kind:
    """What a file is by its first `HEAD_BYTES` bytes; "unknown" may still be a picture."""
    if head.startswith(_PICTURE_MARKS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    if head[4:8] == b"ftyp":
        return _kind_of_boxes(head)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"%!PS", b"\xc5\xd0\xd3\xc6")):
        return "eps"
    if b"<svg" in head.lower():
        return "svg"
    return "unknown"


def _kind_of_boxes(head: bytes) -> Kind:
    """Tell HEIC from AVIF, which share a container: by the brands in the file type box."""
    brands = {head[at : at + 4] for at in range(8, min(len(head), _box_length(head)), 4)}
    if brands & {b"avif", b"avis"}:
        return "picture"
    return "heic" if brands.intersection(_HEIF_BRANDS) else "unknown"


def _box_length(head: bytes) -> int:
    return int.from_bytes(head[:4], "big")
