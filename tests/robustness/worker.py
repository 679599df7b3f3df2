"""A process that reads one odd file after the other and says of each how it ended.

`python -m robustness.worker READER KIND START COUNT FOLDER LIMIT_S`: KIND is "made" (seeds START
to START + COUNT), "spoilt" (COUNT examples of Hypothesis, whose seed is START) or "again" (START is
a file that was kept). Each file gives two JSON lines on stdout: one before it is read, so that a
crash or a hang has a name, and one after.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import logging
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from data_makers.odd_places import forget_privileges
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed

from phi_desk.errors import PhiDeskError
from robustness.reader import Case, Reader, noise_of
from robustness.table import BY_NAME

MOST_MEMORY = 2 * 2**30  # bytes that reading one file may add to the process
GUARD = 6 * 2**30  # bytes of address space more than at the start: keeps the machine safe
LONGEST_SENTENCE = 700  # letters, of which a path may take 300


def main(words: list[str]) -> None:
    """Read everything the line names."""
    name, kind, start, count, place, limit = words
    warnings.simplefilter("error")
    folder = Path(place)
    noise = noise_of(folder, kind, start).open("w+b")
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(noise.fileno(), 1)  # a reader that writes to the terminal is a fault too
    os.dup2(noise.fileno(), 2)
    logging.getLogger("phi_desk").addHandler(logging.NullHandler())  # the log is no terminal
    forget_privileges()
    reader = BY_NAME[name]
    for module in reader.modules:
        importlib.import_module(module)
    reading = Reading(reader, folder, report, noise, float(limit))
    if kind == "made":
        throw_made(reading, int(start), int(count))
    elif kind == "spoilt":
        throw_spoilt(reading, int(start), int(count))
    else:
        reading.read(f"{kind} {start}", Case(path=Path(start), what="a kept file"), None)
    report.close()


def throw_made(reading: Reading, start: int, count: int) -> None:
    """The files of the seeds `start` to `start + count`."""
    for seed in range(start, start + count):
        reading.one(f"made {seed}", partial(reading.reader.make, seed))


def throw_spoilt(reading: Reading, start: int, count: int) -> None:
    """`count` files that Hypothesis spoils."""
    reader = reading.reader
    assert reader.examples is not None
    valid = reader.valid(reading.folder)
    number = 0

    @hypothesis_seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # every file counts: a failing one is kept, not made smaller
        suppress_health_check=list(HealthCheck),
    )
    @given(reader.examples(valid))
    def throw(example: Any) -> None:
        nonlocal number
        number += 1

        def write(folder: Path) -> Case:
            path = reader.write(valid, example, folder)
            return Case(path=path, what=f"spoilt {path.name}")

        reading.one(f"spoilt {start}/{number}", write)

    throw()


class Reading:
    """Reads files one by one and reports on each."""

    def __init__(
        self, reader: Reader, folder: Path, report: IO[str], noise: IO[bytes], limit_s: float
    ) -> None:
        self.reader = reader
        self.folder = folder
        self._report = report
        self._noise = noise
        self._limit_s = limit_s
        most = _memory("VmSize") + GUARD
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def one(self, label: str, make: Callable[[Path], Case]) -> None:
        """Make a file, read it and report; the file is kept only when that was not as it must."""
        own = Path(
            tempfile.mkdtemp(dir=self.folder, prefix=label.replace(" ", "-").replace("/", "-"))
        )
        self.read(label, make(own), own)

    def read(self, label: str, case: Case, own: Path | None) -> None:
        """Read a file and report; then `own`, its folder, is deleted, if nothing was wrong."""
        self._tell(begin=label, what=case.what, path=str(case.path))
        heard = self._noise.seek(0, os.SEEK_END)
        before = _memory("VmRSS")
        _forget_peak()
        started = time.monotonic()
        faulthandler.dump_traceback_later(self._limit_s, exit=True, file=self._noise)
        outcome, words = self._read(case)
        faulthandler.cancel_dump_traceback_later()
        seconds = time.monotonic() - started
        grown = _memory("VmHWM") - before
        gc.collect(0)
        fault = _fault_of(case, outcome, words) or self._fault_beside(heard, grown)
        self._tell(
            end=label, outcome=outcome, words=words, seconds=seconds, grown=grown, fault=fault
        )
        if own is not None and not fault:
            _delete(own)

    def _read(self, case: Case) -> tuple[str, str]:
        try:
            return "read", self.reader.read(case.path)
        except PhiDeskError as error:
            return "refused", f"{error.sentence} | {error.hint}"
        except BaseException as error:  # noqa: BLE001 (a Rust panic is no Exception)
            import traceback

            return "failed", f"{error!r}\n{''.join(traceback.format_tb(error.__traceback__)[-6:])}"

    def _fault_beside(self, heard: int, grown: int) -> str:
        self._noise.seek(heard)
        said = self._noise.read(2000).decode("utf-8", "replace")
        if said.strip():
            return f"it wrote to the terminal: {said}"
        if grown > MOST_MEMORY:
            return f"it took {grown / 2**30:.1f} GB of memory"
        return ""

    def _tell(self, **values: Any) -> None:
        self._report.write(json.dumps(values) + "\n")
        self._report.flush()


def _fault_of(case: Case, outcome: str, words: str) -> str:
    if outcome == "failed":
        return words
    if case.must not in (None, outcome):
        return f"it was {outcome}, and must have been {case.must}: {words}"
    if outcome == "refused":
        sentence, _, hint = words.partition(" | ")
        if not sentence.strip().endswith((".", "!", "?")) or not hint.strip():
            return f"no sentence, or no hint: {words}"
        if len(words) > LONGEST_SENTENCE + len(str(case.path)):
            return f"too long for a person: {words}"
    return ""


def _memory(field: str) -> int:
    """Bytes, from this process's own status."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # VmHWM starts again from VmRSS


def _delete(folder: Path) -> None:
    """Delete a folder in which some may be locked."""
    folder.chmod(0o700)
    for inside in folder.iterdir():
        if inside.is_dir() and not inside.is_symlink():
            _delete(inside)
        else:
            inside.unlink()
    folder.rmdir()


if __name__ == "__main__":
    main(sys.argv[1:])
