"""What is done to the history once after a start; knows no window."""

from __future__ import annotations

from collections.abc import Callable

from phi_desk.cancel import CancelToken
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.storage.place import Storage

DAY_S = 86_400.0


def tidy(storage: Storage, keep_deleted_days: int, cancel: CancelToken) -> tuple[int, int]:
    """Take in recordings of sessions that were cut off, and let go of what was deleted long ago.

    How many recordings, and how many files went.

    Raises:
        StorageError: the database cannot be written.
        Cancelled: by `cancel`, between the two.
    """
    recovered = SessionStore(storage).recover_recordings()
    cancel.raise_if_cancelled()
    return recovered, storage.purge(keep_deleted_days * DAY_S)


def empty_bin(storage: Callable[[], Storage]) -> int:
    """Let go for good of everything that was deleted; how many files went with it.

    Raises:
        StorageError: the database cannot be written.
    """
    return storage().purge(0.0)
