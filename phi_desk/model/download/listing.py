"""What a repository holds, read from the hub's answer; decides which files a model needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from phi_desk.errors import CheckpointError, NetworkError
from phi_desk.model.download.values import PUBLISHED_REPO, PUBLISHED_REVISION, DownloadRequest

# Never *.py: nothing that is downloaded is ever run.
_WANTED = (
    "*.json",
    "*.safetensors",
    "*.jinja",
    "merges.txt",
    "tokenizer.model",
    "LICENSE*",
)
_ADAPTERS = ("*-lora/adapter_config.json", "*-lora/adapter_model.safetensors")
_SAFE = re.compile(r"[A-Za-z0-9_][\w.+-]*(/[A-Za-z0-9_][\w.+-]*)*", re.ASCII)
_HEX = re.compile(r"[0-9a-f]+")
_STRANGE = "The hub's answer is not understood"
_STRANGE_HINT = "A login page of the network may stand in between: open a web page and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file of the repository: its size in bytes and what its content must hash to.

    `digest` is "sha256:HEX" for large files, "git-sha1:HEX" (git's blob hash) for small ones, and
    empty where the hub names none.
    """

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of one commit that the model needs, small ones first."""

    commit: str
    files: tuple[RemoteFile, ...]

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def read_listing(answer: object, request: DownloadRequest) -> Listing:
    """Read the decoded JSON of `/api/models/REPO/revision/REV?blobs=true`.

    Raises:
        NetworkError: it is no such answer, or it names files outside the folder.
        CheckpointError: the repository holds no safetensors weights.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("siblings"), list):
        raise NetworkError(f"{_STRANGE}.", _STRANGE_HINT)
    commit = answer.get("sha")
    if not isinstance(commit, str) or not re.fullmatch("[0-9a-f]{40}", commit):
        raise NetworkError(f"{_STRANGE}: it names no commit.", _STRANGE_HINT)
    if re.fullmatch("[0-9a-f]{40}", request.revision) and commit != request.revision:
        raise NetworkError(
            f"The hub answered with commit {commit[:8]} instead of {request.revision[:8]}.",
            "Try again later, or set HF_ENDPOINT back to the original hub.",
        )
    named = [_remote_file(entry) for entry in answer["siblings"]]
    adapters = _wants_adapters(request)
    wanted = [file for file in named if file is not None and _is_wanted(file.path, adapters)]
    if not any(file.path.endswith(".safetensors") for file in wanted):
        raise CheckpointError(
            f"{request.repo} holds no weights in the safetensors format.",
            "Name another repository with --repo, or another revision with --revision.",
        )
    for file in wanted:
        if not _SAFE.fullmatch(file.path):
            raise NetworkError(f"{_STRANGE}: it names a file “{file.path}”.", _STRANGE_HINT)
    return Listing(commit=commit, files=tuple(sorted(wanted, key=lambda file: file.size)))


def _wants_adapters(request: DownloadRequest) -> bool:
    if request.adapters is not None:
        return request.adapters
    # The published shards hold both LoRAs; the native conversions keep them in folders only.
    published = request.repo == PUBLISHED_REPO
    return not (published and request.revision in ("main", PUBLISHED_REVISION))


def _is_wanted(path: str, adapters: bool) -> bool:
    if "/" not in path:
        return any(fnmatchcase(path, pattern) for pattern in _WANTED)
    return adapters and any(fnmatchcase(path, p) and path.count("/") == 1 for p in _ADAPTERS)


def _remote_file(entry: object) -> RemoteFile | None:
    """One entry; None for what is no file with a size (it is then not wanted either)."""
    if not isinstance(entry, dict) or not isinstance(entry.get("rfilename"), str):
        raise NetworkError(f"{_STRANGE}: an entry has no name.", _STRANGE_HINT)
    lfs: Any = entry.get("lfs")
    size: Any = lfs.get("size") if isinstance(lfs, dict) else entry.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        if _is_wanted(entry["rfilename"], adapters=True):
            raise NetworkError(f"{_STRANGE}: “{entry['rfilename']}” has no size.", _STRANGE_HINT)
        return None
    return RemoteFile(path=entry["rfilename"], size=size, digest=_digest(entry, lfs))


def _digest(entry: dict[str, Any], lfs: object) -> str:
    if isinstance(lfs, dict):
        sha256 = lfs.get("sha256")
        return f"sha256:{sha256}" if _is_hex(sha256, 64) else ""
    blob = entry.get("blobId")
    return f"git-sha1:{blob}" if _is_hex(blob, 40) else ""


def _is_hex(text: object, length: int) -> bool:
    return isinstance(text, str) and len(text) == length and bool(_HEX.fullmatch(text))
