"""Imported by every Python that starts with this folder on its path: writes down what connects.

An audit hook sees each call that Python makes to the sockets of the system, whichever module makes
it, and cannot be taken away again. Connections inside the machine by a socket file are let through.
"""

import contextlib
import os
import socket
import sys

_WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
            "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")  # fmt: skip


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _WATCHED:
        return
    first = arguments[0] if arguments else None
    if isinstance(first, socket.socket) and first.family == getattr(socket, "AF_UNIX", None):
        return
    with contextlib.suppress(OSError):
        note = os.open(os.environ["ATTEMPTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(note, f"{event} {arguments!r} by {sys.argv!r}\n".encode())
        os.close(note)
    raise ConnectionRefusedError(f"the network is shut: {event}")


sys.addaudithook(_watch)
