"""The folder in which a download gathers, next to the place where it lands in one step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phi_desk.errors import DoesNotFitError, InputError
from phi_desk.model.download.listing import Listing, RemoteFile
from phi_desk.model.download.record import PART, DownloadRecord, part_path, read_record
from phi_desk.model.download.values import DownloadRequest, bytes_in_words

# Left free on the disk: a full disk stops the whole computer, not only the download.
MARGIN = 256_000_000
_SUFFIX = ".partial"


def staging_folder(models: Path, name: str) -> Path:
    """Where the model of that name gathers while it is downloaded."""
    return models / f".{name}{_SUFFIX}"


def unfinished_names(models: Path) -> tuple[str, ...]:
    """The names of the models whose download was begun and is not finished."""
    try:
        found = sorted(path.name for path in models.glob(f".?*{_SUFFIX}") if path.is_dir())
    except OSError:
        return ()
    return tuple(name[1 : -len(_SUFFIX)] for name in found)


class Staging:
    """The files of one listing on their way; knows no network."""

    def __init__(self, request: DownloadRequest, listing: Listing) -> None:
        self._request = request
        self._listing = listing
        self._folder = staging_folder(request.models, request.folder_name)
        self._old = old = read_record(self._folder)
        self._record = DownloadRecord(
            repo=request.repo,
            revision=request.revision,
            commit=listing.commit,
            files=listing.files,
            checked=frozenset(f.path for f in listing.files if _was_checked(old, f)),
        )

    def open(self) -> None:
        """Make the folder, free of another revision's files, and write down what it is for."""
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {file.path for file in self._listing.files}
        for file in self._old.files if self._old else ():
            if file.path not in kept:
                self.path(file).unlink(missing_ok=True)
        self._record.save(self._folder)

    def path(self, file: RemoteFile) -> Path:
        """Where the whole file lies."""
        return self._folder / file.path

    def unverified(self, file: RemoteFile) -> Path:
        """Where its bytes gather; a whole file that nobody has verified counts as such bytes."""
        part, whole = part_path(self._folder, file), self.path(file)
        if whole.exists():
            whole.replace(part)
        return part

    def is_checked(self, file: RemoteFile) -> bool:
        """Whether it arrived and was verified, in this run or an earlier one."""
        path = self.path(file)
        there = path.is_file() and path.stat().st_size == file.size
        return there and file.path in self._record.checked

    def accept(self, file: RemoteFile) -> None:
        """The partial file is verified: give it its name and remember that."""
        part_path(self._folder, file).replace(self.path(file))
        self._record = self._record.with_checked(file.path)
        self._record.save(self._folder)

    def on_disk(self) -> dict[str, int]:
        """Bytes of every file that need not be fetched again."""
        return {file.path: self._bytes_there(file) for file in self._listing.files}

    def check_space(self) -> None:
        """Refuse before the first byte what the disk cannot hold.

        Raises:
            DoesNotFitError: with the numbers.
        """
        missing = self._listing.total - sum(self.on_disk().values())
        if not missing:
            return
        free = shutil.disk_usage(_existing(self._folder)).free
        if missing + MARGIN <= free:
            return
        lacking = bytes_in_words(missing + MARGIN - free)
        raise DoesNotFitError(
            f"The download still needs {bytes_in_words(missing)} on the disk of "
            f"{self._request.models}; {bytes_in_words(free)} are free and "
            f"{bytes_in_words(MARGIN)} of them should stay so.",
            f"Free {lacking}, or choose another disk with --home.",
        )

    def land(self) -> Path:
        """Move the complete folder to its place, in one step.

        Raises:
            InputError: something lies there already.
        """
        for stale in self._folder.rglob(f"*{PART}"):
            stale.unlink()
        target = self._request.folder
        if target.exists():
            raise InputError(
                f"{target} has come into being during the download.",
                "Move it away and run the same command again; nothing is fetched twice.",
            )
        self._folder.rename(target)
        return target

    def _bytes_there(self, file: RemoteFile) -> int:
        for path in (self.path(file), part_path(self._folder, file)):
            if path.is_file() and path.stat().st_size <= file.size:
                return path.stat().st_size
        return 0


@contextmanager
def only_one(models: Path, name: str) -> Iterator[None]:
    """Keep a second program from writing the same files.

    Raises:
        InputError: one is at it already.
    """
    import filelock

    models.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(models / f".{name}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as failure:
        raise InputError(
            f"“{name}” is being downloaded by another Phi Desk.",
            "Wait for it, or stop it first.",
        ) from failure
    try:
        yield
    finally:
        lock.release()


def _was_checked(old: DownloadRecord | None, file: RemoteFile) -> bool:
    return old is not None and file.path in old.checked and file in old.files


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
