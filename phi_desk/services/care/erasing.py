"""Deletes what a person has put into the program; the program goes on being usable."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.services.catalog import Catalog
from phi_desk.storage.place import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What shall go: the history and the logs always, the rest where it is chosen."""

    models: bool = False
    settings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went, and in sentences what could not be deleted."""

    models: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def erase(
    home: Path, storage: Storage, catalog: Catalog, what: Erasure, cancel: CancelToken
) -> Erased:
    """Delete the history with its media, the logs, and what else was chosen.

    A folder that the person added as a model is forgotten, its files are left alone. A model that
    cannot be deleted is reported, and keeps nothing else from being deleted.

    Raises:
        StorageError: the history cannot be deleted, for example because a live session runs.
        Cancelled: by `cancel`, before anything was deleted.
    """
    cancel.raise_if_cancelled()
    storage.erase()
    _clear_logs(home / "logs")
    if what.settings:
        for aside in home.glob("settings.json.broken-*"):
            with suppress(OSError):
                aside.unlink()
    removed: list[str] = []
    kept: list[str] = []
    for entry in catalog.list() if what.models else ():
        if entry.origin not in ("downloaded", "unfinished", "added"):
            continue
        try:
            catalog.remove(entry.name)
            removed.append(entry.name)
        except PhiDeskError as error:
            kept.append(error.sentence)
    return Erased(models=tuple(removed), kept=tuple(kept))


def _clear_logs(folder: Path) -> None:
    """Empty the files: the one that is being written is open, and cannot be deleted everywhere."""
    for file in folder.glob("phi-desk.log*"):
        with suppress(OSError):
            file.open("wb").close()
            if file.suffix != ".log":
                file.unlink()
