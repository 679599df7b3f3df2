"""Opens the stored history on first use, on whichever lane asks first; knows no widget."""

from __future__ import annotations

import threading
from pathlib import Path

from phi_desk.services.chats.store import ChatStore
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.storage.place import Storage


class History:
    """All that is kept under one home folder, opened late: that reads and may repair files.

    No method but `notice` and `close` is for the thread that paints.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._opening = threading.Lock()
        self._storage: Storage | None = None

    def storage(self) -> Storage:
        """The one storage of all that is kept.

        Raises:
            StorageError: it cannot be opened.
        """
        with self._opening:
            if self._storage is None:
                self._home.mkdir(parents=True, exist_ok=True)
                self._storage = Storage(self._home)
            return self._storage

    def chats(self) -> ChatStore:
        """The chats. Raises `StorageError`."""
        return ChatStore(self.storage())

    def sessions(self) -> SessionStore:
        """The live sessions. Raises `StorageError`."""
        return SessionStore(self.storage())

    def pages(self) -> PageStore:
        """The recognised pages. Raises `StorageError`."""
        return PageStore(self.storage())

    @property
    def notice(self) -> str:
        """A sentence where a damaged file was set aside, else empty."""
        return self._storage.notice if self._storage is not None else ""

    def close(self) -> None:
        """Let go of the files, after the lanes have ended."""
        with self._opening:
            storage, self._storage = self._storage, None
        if storage is not None:
            storage.close()
