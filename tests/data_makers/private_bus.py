"""A session bus of a test's own, with a portal on it that does what the test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

TESTS = Path(__file__).resolve().parents[1]


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address, as `DBUS_SESSION_BUS_ADDRESS` wants it."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as daemon:
        try:
            assert daemon.stdout is not None
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


class PortalProcess:
    """The fake portal, as the test sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.next()  # it is ready

    def next(self) -> dict[str, Any]:
        """What it was asked next; waits for it."""
        line = _pipe(self._process.stdout).readline()
        assert line, "the fake portal died"
        found: dict[str, Any] = json.loads(line)
        return found

    def does(self, words: str) -> None:
        """Press or release a shortcut."""
        stream = _pipe(self._process.stdin)
        stream.write(words + "\n")
        stream.flush()

    def asked(self) -> list[dict[str, Any]]:
        """End it, and return everything that was asked and not read yet."""
        _pipe(self._process.stdin).close()
        return [json.loads(line) for line in _pipe(self._process.stdout)]


@contextmanager
def portal(address: str, **task: object) -> Iterator[PortalProcess]:
    """A portal on a bus; `task` as `fake_portal.py` takes it."""
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(
        [sys.executable, "-m", "data_makers.fake_portal", json.dumps(task)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=TESTS.parent,
    ) as process:
        try:
            yield PortalProcess(process)
        finally:
            process.terminate()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
