"""Opens the database file: whole, ours and of this version, or set aside; knows no table's use."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from phi_desk.storage.failures import StorageError, is_damage
from phi_desk.storage.schema import APPLICATION_ID, Migration, migrate, version_of

OLDEST_SQLITE = (3, 37, 0)  # strict tables; the trigram index came with 3.34
WAIT_S = 5.0  # for another program that writes
OPENING_WAIT_S = 60.0  # for another program that opens, and perhaps checks a large file
COMPANIONS = ("-wal", "-shm")  # files of SQLite beside a database


def connect(path: Path, *, reader: bool = False) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time; transactions are begun by hand."""
    connection = sqlite3.connect(
        path, timeout=WAIT_S, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # deleted words leave the file, too
        connection.execute("PRAGMA fullfsync = ON")  # macOS: plain fsync does not reach the disk
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        if reader:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_whole(
    path: Path, migrations: tuple[Migration, ...]
) -> tuple[sqlite3.Connection, Path | None]:
    """The database at `path`, made or brought to this version; where a damaged one lies now.

    One program at a time is in here: two that start together make one database.

    Raises:
        StorageError: another program's file, or a newer version's; sqlite3.Error and OSError for
            what the disk says.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            f"This Python carries SQLite {sqlite3.sqlite_version}, which is too old.",
            "Use a Python with SQLite 3.37 or newer.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        try:
            return _open(path, migrations), None
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        aside = set_aside(path)
        return _open(path, migrations), aside


def set_aside(path: Path) -> Path:
    """Rename a damaged database, and the files that belong to it; where it lies now."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for companion in COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(aside.with_name(aside.name + companion))
    return aside


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(path.with_name(f".{path.name}.opening"), timeout=OPENING_WAIT_S):
            yield
    except Timeout as error:
        raise StorageError(
            "Another Phi Desk is opening the stored chats, and it takes long.", "Try again."
        ) from error


def _open(path: Path, migrations: tuple[Migration, ...]) -> sqlite3.Connection:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # for nobody else
    connection = connect(path)
    try:
        _check_owner(connection, path, migrations)
        connection.execute("PRAGMA journal_mode = WAL")
        _check_pages(connection)
        migrate(connection, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_owner(
    connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...]
) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise StorageError(
            f"“{path}” is a database of another program.",
            "Move it away, or choose another place with --home.",
        )
    version, newest = version_of(connection), migrations[-1].number
    if version > newest:
        raise StorageError(
            f"“{path}” was written by a newer version of Phi Desk "
            f"(version {version}, this one knows {newest}).",
            "Use that version, or choose another place with --home. Nothing was changed.",
        )


def _check_pages(connection: sqlite3.Connection) -> None:
    """Raise a database error with the code of damage when a page of the file is not in order."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        damage = sqlite3.DatabaseError(str(verdict))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage
