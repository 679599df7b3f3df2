"""Throws odd files at a reader in processes of their own, so that a crash is only a finding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from robustness.reader import noise_of

LONGEST_S = 10.0  # that reading one file may take on a machine that does nothing else
BATCH = 250  # files a process
TESTS = Path(__file__).resolve().parents[1]


@dataclass(kw_only=True)
class Tally:
    """What became of the files thrown at one reader."""

    reader: str
    limit_s: float = LONGEST_S
    read: int = 0
    refused: int = 0
    longest_s: float = 0.0
    most_bytes: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were thrown."""
        return self.read + self.refused + len(self.faults)


def throw_at(
    reader: str,
    made: int,
    spoilt: int,
    folder: Path,
    *,
    first: int = 0,
    longest_s: float = LONGEST_S,
) -> Tally:
    """Throw `made` files made from seeds (from `first` on) and `spoilt` ones of Hypothesis."""
    tally = Tally(reader=reader, limit_s=longest_s)
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for start, count in _batches(first, made):
        while count > 0:
            done = _batch(tally, "made", start, count, folder)
            start, count = start + done, count - done
    missing, batch = spoilt, first
    while missing > 0 and batch < first + 20 + 2 * spoilt // BATCH:
        missing -= _batch(tally, "spoilt", batch, min(missing, BATCH), folder)
        batch += 1
    tally.seconds = time.monotonic() - started
    return tally


def _batches(first: int, files: int) -> Iterator[tuple[int, int]]:
    for start in range(first, first + files, BATCH):
        yield start, min(BATCH, first + files - start)


def _batch(tally: Tally, kind: str, start: int, count: int, folder: Path) -> int:
    """One process; how many files it got through, the one that ended it included."""
    ran = _worker(tally, kind, str(start), count, folder)
    for ended, begun in ran.files:
        _count(tally, ended, begun)
    if ran.broke_off is None:
        assert ran.code == 0, f"the process ended with {ran.code} between two files: {ran.noise}"
        return len(ran.files)
    if "Timeout (" in ran.noise:  # a machine that stood still for a while looks the same
        again = _worker(tally, "again", ran.broke_off["path"], 1, folder)
        if again.broke_off is None and again.code == 0:
            _count(tally, again.files[0][0], ran.broke_off)
            return len(ran.files) + 1
    tally.faults.append(f"{_named(ran.broke_off)} ended its process ({ran.code}): {ran.noise}")
    return len(ran.files) + 1


@dataclass(frozen=True, kw_only=True)
class _Ran:
    """What a process said: of each file its end and its beginning, and a file without an end."""

    files: list[tuple[dict[str, Any], dict[str, Any]]]
    broke_off: dict[str, Any] | None
    code: int
    noise: str


def _worker(tally: Tally, kind: str, start: str, count: int, folder: Path) -> _Ran:
    load = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # others slow it down as well
    words = [tally.reader, kind, start, str(count), str(folder), str(tally.limit_s * load)]
    paths = f"{TESTS}{os.pathsep}{TESTS.parent}"
    ran = subprocess.run(
        [sys.executable, "-m", "robustness.worker", *words],
        cwd=TESTS,
        env=os.environ | {"PYTHONPATH": paths, "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
    )
    files: list[tuple[dict[str, Any], dict[str, Any]]] = []
    begun: dict[str, Any] | None = None
    for line in ran.stdout.splitlines():
        event = json.loads(line)
        if "begin" in event:
            begun = event
        else:
            files.append((event, begun or {}))
            begun = None
    noise = noise_of(folder, kind, start).read_text("utf-8", "replace")[-3000:]
    return _Ran(files=files, broke_off=begun, code=ran.returncode, noise=noise)


def _count(tally: Tally, ended: dict[str, Any], begun: dict[str, Any]) -> None:
    tally.longest_s = max(tally.longest_s, ended["seconds"])
    tally.most_bytes = max(tally.most_bytes, ended["grown"])
    if ended["fault"]:
        tally.faults.append(f"{_named(begun)}: {ended['fault']}")
    elif ended["outcome"] == "read":
        tally.read += 1
    else:
        tally.refused += 1


def _named(begun: dict[str, Any]) -> str:
    return f"{begun['begin']} ({begun['what']}, {begun['path']})"
