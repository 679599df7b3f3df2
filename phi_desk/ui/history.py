"""Opens the stored history on first use, on whichever lane asks first; knows no widget."""

from __future__ import annotations

import threading
from pathlib import Path

from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage


class History:
    """The chats under one home folder, opened late: it reads and may repair files."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._opening = threading.Lock()
        self._store: ChatStore | None = None

    def chats(self) -> ChatStore:
        """The store; not for the thread that paints.

        Raises:
            StorageError: it cannot be opened.
        """
        with self._opening:
            if self._store is None:
                self._home.mkdir(parents=True, exist_ok=True)
                self._store = ChatStore(Storage(self._home))
            return self._store

    @property
    def notice(self) -> str:
        """A sentence where a damaged file was set aside, else empty."""
        return self._store.storage.notice if self._store is not None else ""

    def close(self) -> None:
        """Let go of the files, after the lanes have ended."""
        with self._opening:
            store, self._store = self._store, None
        if store is not None:
            store.storage.close()
