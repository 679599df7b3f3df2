"""What a download is asked for and what it reports; knows no network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from phi_desk.errors import UsageError

PUBLISHED_REPO = "microsoft/Phi-4-multimodal-instruct"
# The commit of `main` whose files this program was checked against (last changed 2025-12-10).
PUBLISHED_REVISION = "93f923e1a7727d1c4f446756212d9d3e8fcc5d81"

Phase = Literal["list", "fetch", "check", "wait", "done"]

_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How long a download fights for a file before it gives up.

    `tries` failures in a row without a new byte end it; the first wait is `first_wait_s` and
    doubles each time; a server may ask for a longer wait, up to `longest_wait_s`.
    """

    tries: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 300.0
    connect_s: float = 10.0
    silence_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadRequest:
    """Which files, from where, to where.

    Attributes:
        models: the folder that holds a folder for every downloaded model.
        name: the new folder's name; empty: the repository's own.
        repo, revision: "organisation/name" and a branch, tag, `refs/pr/N` or commit.
        adapters: also the LoRA folders; None: unless the shards are known to hold the adapters.
        endpoint: the hub's address; empty: `HF_ENDPOINT`, else huggingface.co.
        offline: refuse to use the network; None: as `HF_HUB_OFFLINE` says.

    Raises:
        UsageError: a name that no hub or no file system would take.
    """

    models: Path
    name: str = ""
    repo: str = PUBLISHED_REPO
    revision: str = PUBLISHED_REVISION
    adapters: bool | None = None
    endpoint: str = ""
    offline: bool | None = None
    retries: Retries = field(default_factory=Retries)

    def __post_init__(self) -> None:
        if not _REPO.fullmatch(self.repo) or ".." in self.repo:
            raise UsageError(
                f"“{self.repo}” is not the name of a repository.",
                "Name it as ORGANISATION/MODEL, for example " + PUBLISHED_REPO + ".",
            )
        if not _REVISION.fullmatch(self.revision) or ".." in self.revision:
            raise UsageError(
                f"“{self.revision}” is not a revision.",
                "Name a branch, a tag, refs/pr/NUMBER or a commit.",
            )
        check_name(self.folder_name)

    @property
    def folder_name(self) -> str:
        """The name of the model's folder."""
        return self.name or self.repo.rsplit("/", 1)[1]

    @property
    def folder(self) -> Path:
        """Where the finished model lies."""
        return self.models / self.folder_name


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadProgress:
    """How far a download is; every number of bytes counts from the first byte of the file(s).

    Attributes:
        phase: "list" asks what there is, "fetch" transfers, "check" computes a checksum, "wait"
            sits out a pause before the next try, "done" is the last report.
        file: the file at hand; `file_done` of `file_total` bytes are transferred (or checked).
        done, total: bytes over all files, those kept from an earlier run included.
        speed: bytes a second over the last seconds; None when nothing has been measured.
        seconds_left: at that speed; None when unknown.
        note: a sentence when something is unusual, else empty.
    """

    phase: Phase
    file: str = ""
    file_done: int = 0
    file_total: int = 0
    done: int = 0
    total: int = 0
    speed: float | None = None
    seconds_left: float | None = None
    note: str = ""


def check_name(name: str) -> None:
    """Accept what can be a folder's name on every system.

    Raises:
        UsageError: otherwise.
    """
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or name.endswith("."):
        raise UsageError(
            f"“{name}” cannot be the name of a model.",
            "Use letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
        )


def bytes_in_words(count: float) -> str:
    """A size as people read it, in decimal units: 11.2 GB, 340 MB, 12 kB."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            value = count / size
            return f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"
    return f"{count:.0f} bytes"
