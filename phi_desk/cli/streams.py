"""The standard streams, made fit for any locale, pipe and Ctrl-C; knows no command."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import select
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from phi_desk.cancel import CancelToken

SHOW_CURSOR = b"\x1b[?25h"
WAIT_FOR_PIPE_S = 0.2  # how long an open pipe may stay silent before it is taken for idle


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; what UTF-8 cannot hold is never an error.

    Bytes of a file's name that were no text come out as those bytes, other lone surrogates escaped.

    A stream that was closed before the start swallows what is written.
    """
    codecs.register_error("phi-desk", _unencodable)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (until the exit)
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="phi-desk")


def _unencodable(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.encode("utf-8", "surrogateescape"), error.end
    except UnicodeEncodeError:
        return wrong.encode("ascii", "backslashreplace"), error.end


def silence_stdout() -> None:
    """Let nothing more be written to a pipe whose reader has gone, not even at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def interrupts_go_to(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Let Ctrl-C call `handler` for a while; outside the main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def cancel_on_interrupt(cancel: CancelToken) -> Iterator[None]:
    """The first Ctrl-C sets `cancel`, so that partial work is kept; the second one kills."""

    def on_interrupt(number: int, frame: object) -> None:
        cancel.cancel()
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), SHOW_CURSOR)  # a progress bar hides it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with interrupts_go_to(on_interrupt):
        yield


@contextlib.contextmanager
def _interrupt_at_once() -> Iterator[None]:
    """Let Ctrl-C raise `KeyboardInterrupt`: nothing else ends a read that waits for a pipe."""
    with interrupts_go_to(signal.default_int_handler):
        yield


def read_piped(*, must_speak: bool = True) -> bytes | None:
    """Everything that comes in by stdin; None when it is a terminal, closed, or no pipe or file.

    With `must_speak=False` an open pipe that stays silent counts as None: programs often hand
    down a pipe that nobody writes to, and waiting for it would hang.
    """
    try:
        number = sys.stdin.fileno()
        kind = os.fstat(number).st_mode
    except (AttributeError, ValueError, OSError):  # closed, or replaced by something without one
        return None
    if not (stat.S_ISFIFO(kind) or stat.S_ISREG(kind) or stat.S_ISSOCK(kind)):
        return None
    if not must_speak and not stat.S_ISREG(kind) and not _has_something(number):
        return None
    with _interrupt_at_once():
        return sys.stdin.buffer.read()


def read_all() -> bytes:
    """Everything that comes in by stdin, from a terminal too; nothing when it is closed."""
    if sys.stdin is None or sys.stdin.closed:
        return b""
    with _interrupt_at_once():
        return sys.stdin.buffer.read()


def _has_something(number: int) -> bool:
    if sys.platform == "win32":
        return False  # select takes only sockets there
    ready, _, _ = select.select([number], [], [], WAIT_FOR_PIPE_S)
    return bool(ready)
