"""Attachments as files named by their content: each content once, for as long as a row names it.

Knows no format. A file comes to its name and a row to its table within one transaction, and a file
is deleted within one too, so no program takes away what another one is about to name.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError
from phi_desk.storage.database import Database
from phi_desk.storage.failures import unusable

CHUNK = 1 << 20
PART_DAYS = 1.0  # an unfinished copy older than this belongs to a program that died
_PART_PREFIX, _PART_SUFFIX = ".incoming-", ".part"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})(\.[a-z0-9]{1,8})?")


@dataclass(frozen=True, slots=True)
class Staged:
    """A content that lies in the folder under a passing name."""

    sha256: str
    suffix: str
    size: int
    part: Path


@dataclass(frozen=True, slots=True)
class Medium:
    """A stored content and its file, which nobody may change."""

    sha256: str
    path: Path
    size: int


class MediaFolder:
    """The files under `folder`, and the table that counts who names them."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database

    def stage_file(self, source: Path, cancel: CancelToken | None = None) -> Staged:
        """Copy a file in, to be adopted or discarded.

        Raises:
            InputError: `source` cannot be read.
            StorageError: the copy cannot be written.
            Cancelled: by `cancel`.
        """
        try:
            with source.open("rb") as file:
                return self._stage(_chunks(file, cancel), source.suffix)
        except OSError as error:
            raise InputError(
                f"“{source}” cannot be read: {error.strerror or error}.",
                "Check that it is a file, is still there, and may be read.",
            ) from error

    def stage_own(self, source: Path) -> Staged:
        """Take a file of ours in without a copy where that is possible; it is gone afterwards.

        Raises:
            InputError: it cannot be read.
            StorageError: it cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f"{_PART_PREFIX}{source.name[-40:]}{_PART_SUFFIX}"
            source.replace(part)
        except OSError:  # on another disk, or held open
            staged = self.stage_file(source)
            with suppress(OSError):
                source.unlink()
            return staged
        digest = hashlib.sha256()
        size = 0
        with part.open("rb") as file:
            for chunk in _chunks(file, None):
                digest.update(chunk)
                size += len(chunk)
        return Staged(digest.hexdigest(), _plain_suffix(source.suffix), size, part)

    def stage_stream(self, file: IO[bytes], suffix: str) -> Staged:
        """Copy what is left of an open file, whose own errors pass. Raises `StorageError`."""
        return self._stage(iter(lambda: file.read(CHUNK), b""), suffix)

    def stage_bytes(self, data: bytes, suffix: str) -> Staged:
        """Write bytes, to be adopted or discarded. Raises `StorageError`."""
        return self._stage(iter([data]), suffix)

    def discard(self, staged: Staged) -> None:
        """Forget what was staged; nothing happens when it was adopted."""
        with suppress(OSError):
            staged.part.unlink(missing_ok=True)

    def adopt(self, connection: sqlite3.Connection, staged: Staged) -> str:
        """Give a staged content its name, within a transaction; the key for other tables.

        Raises:
            OSError: the file cannot be renamed; the database says it as `StorageError`.
        """
        connection.execute(
            "INSERT INTO media (sha256, suffix, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (staged.sha256, staged.suffix, staged.size),
        )
        (suffix,) = connection.execute(
            "SELECT suffix FROM media WHERE sha256 = ?", (staged.sha256,)
        ).fetchone()
        path = self._path(staged.sha256, suffix)
        if path.is_file() and path.stat().st_size == staged.size:
            self.discard(staged)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.part.replace(path)
            _sync_folder(path.parent)
        return staged.sha256

    def medium(self, sha256: str, suffix: str, size: int) -> Medium:
        """A row of the table as a value; its file may have been taken away by somebody."""
        return Medium(sha256, self._path(sha256, suffix), size)

    def sweep(self) -> int:
        """Delete the files that no row names any more, and nothing that is not ours; how many.

        Raises:
            StorageError: the database cannot be written.
        """
        with self._database.write(durable=False) as connection:
            connection.execute("DELETE FROM media WHERE refs = 0")
        if not self.folder.is_dir():
            return 0
        with self._database.write(durable=False) as connection:  # nobody adopts meanwhile
            known = {row[0] for row in connection.execute("SELECT sha256 FROM media")}
            orphans = [file for file, sha256 in self._files() if sha256 not in known]
            return sum(map(_delete, (*orphans, *self._old_parts())))

    def recording_place(self, session: int) -> Path:
        """Where the sound of a running live session may be recorded to."""
        return self.folder / f"session-{session}.wav"

    def clear(self) -> None:
        """Delete every file of ours, unfinished ones too, when no row names one any more.

        Raises:
            StorageError: the database cannot be written.
        """
        self.sweep()
        for pattern in ("session-*.wav", f"{_PART_PREFIX}*{_PART_SUFFIX}"):
            for file in self.folder.glob(pattern):
                _delete(file)

    def size(self) -> int:
        """Bytes of all stored media."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT ifnull(sum(bytes), 0) FROM media").fetchone()[0])

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}{suffix}"

    def _stage(self, chunks: Iterator[bytes], suffix: str) -> Staged:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(_PART_SUFFIX, _PART_PREFIX, self.folder)
        except OSError as error:
            raise unusable(error, self.folder) from error
        part, digest, size = Path(name), hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    _write(file, chunk, self.folder)
                    digest.update(chunk)
                    size += len(chunk)
                _sync(file, self.folder)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Staged(digest.hexdigest(), _plain_suffix(suffix), size, part)

    def _files(self) -> Iterator[tuple[Path, str]]:
        for folder in self.folder.iterdir():
            if len(folder.name) != 2 or folder.is_symlink() or not folder.is_dir():
                continue
            for file in folder.iterdir():
                found = _NAME.fullmatch(file.name)
                if found and found["sha256"].startswith(folder.name) and file.is_file():
                    yield file, found["sha256"]

    def _old_parts(self) -> Iterator[Path]:
        oldest = time.time() - PART_DAYS * 86_400
        for file in self.folder.glob(f"{_PART_PREFIX}*{_PART_SUFFIX}"):
            with suppress(OSError):
                if file.is_file() and file.stat().st_mtime < oldest:
                    yield file


def _chunks(file: BinaryIO, cancel: CancelToken | None) -> Iterator[bytes]:
    while True:
        if cancel is not None:
            cancel.raise_if_cancelled()
        chunk = file.read(CHUNK)
        if not chunk:
            return
        yield chunk


def _plain_suffix(suffix: str) -> str:
    suffix = suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _write(file: BinaryIO, chunk: bytes, folder: Path) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise unusable(error, folder) from error


def _sync(file: BinaryIO, folder: Path) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise unusable(error, folder) from error


def _sync_folder(folder: Path) -> None:
    """Bring the folder's list of names to the disk, where the system can."""
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _delete(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False  # in use, on Windows: it goes with the next sweep
    return True
