"""One window a home folder: a second start hands its files to the first and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER = b"ok\n"
WAIT_MS = 1500  # a busy first window answers within a frame; one that hangs is not waited for
LONGEST_CALL = 1 << 20  # bytes


def place_of(home: Path) -> str:
    """The name of the meeting point for a home folder; short, as systems demand."""
    return "phi-desk-" + hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:20]


def hand_over(home: Path, files: Sequence[Path]) -> bool:
    """Ask the window that is open to come forward with `files`; false where none is open."""
    socket = QLocalSocket()
    socket.connectToServer(place_of(home))
    if not socket.waitForConnected(WAIT_MS):
        return False
    words = json.dumps({"files": [str(path.absolute()) for path in files]})
    socket.write(words.encode() + b"\n")
    answered = socket.waitForBytesWritten(WAIT_MS) and socket.waitForReadyRead(WAIT_MS)
    answer = bytes(socket.readAll().data()) if answered else b""
    socket.disconnectFromServer()
    return answer == ANSWER


class FirstInstance(QObject):
    """Listens for later starts."""

    called = Signal(object)  # tuple[Path, ...]

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: dict[QLocalSocket, bytes] = {}
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        name = place_of(home)
        self.listening = self._server.listen(name)
        if not self.listening:  # left behind by a window that was killed: nobody answered on it
            QLocalServer.removeServer(name)
            self.listening = self._server.listen(name)

    def close(self) -> None:
        """Let later starts be the first."""
        self._server.close()

    @Slot()
    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(self._on_ready_read)
            socket.disconnected.connect(self._on_disconnected)

    @Slot()
    def _on_ready_read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        if len(self._heard[socket]) > LONGEST_CALL:
            socket.abort()
        elif self._heard[socket].endswith(b"\n"):
            files = _files_of(self._heard[socket])
            if files is None:
                socket.abort()
                return
            socket.write(ANSWER)
            self.called.emit(files)

    @Slot()
    def _on_disconnected(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._heard.pop(socket, None)
            socket.deleteLater()


def _files_of(call: bytes) -> tuple[Path, ...] | None:
    """The files of a call; None where it is no call of ours."""
    try:
        names = json.loads(call)["files"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(Path(name) for name in names)
