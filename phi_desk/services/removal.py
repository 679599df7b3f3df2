"""Deletes what a download put on the disk, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from phi_desk.errors import InputError
from phi_desk.model.download.record import RECORD, part_path, read_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a removal did: bytes deleted, and files that stayed because they are not ours."""

    name: str
    deleted: int = 0
    kept: tuple[Path, ...] = ()


def delete_downloaded(name: str, folders: tuple[Path, ...]) -> Removal:
    """Delete the recorded files in `folders`, and the folders that are empty then.

    The record goes last: a removal that is interrupted can be repeated.

    Raises:
        InputError: a file cannot be deleted, for example because it is in use.
    """
    deleted = 0
    kept: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            continue
        try:
            deleted += _delete_recorded(folder)
            kept += sorted(path for path in folder.rglob("*") if not path.is_dir())
        except OSError as failure:
            raise InputError(
                f"{failure.filename or folder} cannot be deleted.",
                "Close the programs that use the model, then try again.",
                (str(failure),),
            ) from failure
    return Removal(name=name, deleted=deleted, kept=tuple(kept))


def _delete_recorded(folder: Path) -> int:
    record = read_record(folder)
    if record is None:
        return 0
    deleted = 0
    for file in record.files:
        for path in (folder / file.path, part_path(folder, file)):
            # A folder below may have been replaced by a link that leads out of ours.
            inside = path.parent.resolve().is_relative_to(folder.resolve())
            if inside and path.is_file():
                deleted += path.stat().st_size
                path.unlink()
    (folder / RECORD).unlink()
    for below in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        _remove_when_empty(below)
    _remove_when_empty(folder)
    return deleted


def _remove_when_empty(folder: Path) -> None:
    if not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()
