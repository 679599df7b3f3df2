"""The note that lies in a downloaded folder: which files we put there, and which are checked.

It makes a broken-off download resumable, and lets a removal delete exactly our own files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from phi_desk.model.download.listing import Listing, RemoteFile
from phi_desk.paths import read_regular, write_atomically

RECORD = ".phi-desk-download.json"
PART = ".part"
_SCHEMA = 1
_LARGEST = 2**24  # bytes; a repository of a hundred thousand files


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadRecord:
    """Where a folder's files come from; `checked` are the paths whose content was verified."""

    repo: str
    revision: str
    commit: str
    files: tuple[RemoteFile, ...]
    checked: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """Bytes of all files when the download is complete."""
        return sum(file.size for file in self.files)

    @property
    def complete(self) -> bool:
        """Whether every file has arrived and was verified."""
        return all(file.path in self.checked for file in self.files)

    def with_checked(self, path: str) -> DownloadRecord:
        """The same with one more file verified."""
        return replace(self, checked=self.checked | {path})

    def matches(self, listing: Listing) -> bool:
        """Whether it speaks of the same files with the same content."""
        return self.commit == listing.commit and set(self.files) == set(listing.files)

    def save(self, folder: Path) -> None:
        """Write it into `folder`, atomically."""
        files = [{"path": f.path, "size": f.size, "digest": f.digest} for f in self.files]
        content: dict[str, Any] = {
            "schema": _SCHEMA,
            "repo": self.repo,
            "revision": self.revision,
            "commit": self.commit,
            "files": files,
            "checked": sorted(self.checked),
        }
        write_atomically(folder / RECORD, (json.dumps(content, indent=1) + "\n").encode())


def read_record(folder: Path) -> DownloadRecord | None:
    """The record in `folder`; None where there is none or where it cannot be understood.

    Without it nothing is known to be ours: no file is trusted and none is deleted.
    """
    try:
        content = json.loads(read_regular(folder / RECORD, _LARGEST))
        if content["schema"] != _SCHEMA:
            return None
        return DownloadRecord(
            repo=str(content["repo"]),
            revision=str(content["revision"]),
            commit=str(content["commit"]),
            files=tuple(_file(entry) for entry in content["files"]),
            checked=frozenset(str(path) for path in content["checked"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def part_path(folder: Path, file: RemoteFile) -> Path:
    """Where a file's bytes gather; its name holds the digest, so that no revisions mix."""
    tag = (file.digest.partition(":")[2] or str(file.size))[:12]
    return folder / f"{file.path}.{tag}{PART}"


def _file(entry: dict[str, Any]) -> RemoteFile:
    path, size, digest = entry["path"], entry["size"], entry["digest"]
    inside = Path(path)
    if not isinstance(size, int) or inside.is_absolute() or ".." in inside.parts:
        raise ValueError(path)
    if "\0" in path.encode().decode():  # UnicodeEncodeError, a ValueError: half a character
        raise ValueError(path)
    return RemoteFile(path=str(path), size=size, digest=str(digest))
