"""What SQLite and the disk say, in sentences; knows no table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phi_desk.errors import PhiDeskError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_REFUSED = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_AUTH,
}


class StorageError(PhiDeskError):
    """What the person keeps (chats, live sessions, pages) cannot be read or written."""


class NotFoundError(StorageError):
    """A chat, a session or a page that is asked for is not there, or is deleted."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, so that no second try helps."""
    return _primary(error) in _DAMAGED


def is_broken_index(error: sqlite3.Error) -> bool:
    """Whether only a search index is broken, which can be built anew from the tables."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """Raise `StorageError` for what can happen to a database at any moment; `path` is its file."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # a fault of ours: it belongs into the log
    except sqlite3.Error as error:
        raise _told(error, path) from error
    except OSError as error:
        raise unusable(error, path) from error


def unusable(error: OSError, path: Path) -> StorageError:
    """What the system says about a file or a folder of ours."""
    place = error.filename or path
    return StorageError(
        f"“{place}” cannot be used: {error.strerror or error}.",
        "Check the permissions and the free space, or choose another place with --home.",
        (str(error),),
    )


def _primary(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF  # the rest says more of the same


def _told(error: sqlite3.Error, path: Path) -> StorageError:
    details = (f"{path}: {error}",)
    code = _primary(error)
    if code in _BUSY:
        return StorageError(
            "Another program is writing to the stored chats, and it takes long.",
            "Try again; close other Phi Desk windows if it stays so.",
            details,
        )
    if code in _DAMAGED:
        return StorageError(
            f"The database “{path}” is damaged.",
            "Start Phi Desk again: it sets the file aside, and nothing in it is deleted.",
            details,
        )
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            f"The disk that holds “{path.parent}” is full.",
            "Free some space, then try again.",
            details,
        )
    if code in _REFUSED:
        return StorageError(
            f"The database “{path}” cannot be opened for writing.",
            "Check the permissions of the file and its folder, or choose another --home.",
            details,
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return StorageError(
            "What should be stored does not fit what is there any more.",
            "It was probably deleted in another window: open it again.",
            details,
        )
    return StorageError(
        f"The database “{path}” cannot be read or written.",
        "Check the disk; `phi-desk doctor` says more.",
        details,
    )
