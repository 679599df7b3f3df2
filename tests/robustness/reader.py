"""What a reader is for these tests: it takes a file and gives a result, or says what is wrong.

Files come in two ways: made from a seed by a maker that knows the format, and by Hypothesis, which
spoils valid ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from data_makers import odd_places
from hypothesis import strategies as st

Outcome = Literal["read", "refused"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file to read.

    Attributes:
        what: a word on what it is, for a report.
        must: the only right outcome; None where both are right.
    """

    path: Path
    what: str
    must: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader and the files for it.

    Attributes:
        make: writes the file of a seed below a folder that is empty.
        valid: makes what `examples` starts from, once, below a folder.
        examples: a strategy of (file name, content) or whatever `write` takes; None: there are
            only made files.
        write: writes an example below a folder that is empty.
        modules: what a first read imports; no file shall be blamed for the seconds of that.
        read: reads; what it returns is a few words on the result. Raises `PhiDeskError`, and
            `AssertionError` where a result is wrong in itself.
    """

    name: str
    make: Callable[[int, Path], Case]
    valid: Callable[[Path], Any]
    examples: Callable[[Any], st.SearchStrategy[Any]] | None
    write: Callable[[Any, Any, Path], Path]
    read: Callable[[Path], str]
    modules: tuple[str, ...]


Spoilt = tuple[str, bytes]  # a file's name and its content


def write_spoilt(valid: object, example: Spoilt, folder: Path) -> Path:
    """Write an example that is a name and bytes."""
    name, data = example
    path = folder / name
    path.write_bytes(data)
    return path


def with_odd_places(
    make: Callable[[int, Path], Case], name: str, *, empty: Outcome = "refused"
) -> Callable[[int, Path], Case]:
    """`make`, whose first seeds are folders, pipes, devices and locked files named `name`.

    `empty` is what must become of a file without bytes; the others must be refused.
    """
    kinds = sorted(odd_places.KINDS)

    def make_any(seed: int, folder: Path) -> Case:
        if seed >= len(kinds):
            return make(seed, folder)
        path = odd_places.place(kinds[seed], folder / name)
        must = empty if kinds[seed] == "no bytes" else "refused"
        return Case(path=path, what=kinds[seed], must=must)

    return make_any


def noise_of(folder: Path, kind: str, start: str) -> Path:
    """Where a process keeps what its reader writes to the terminal."""
    return folder / f"noise-{kind}-{Path(start).name}.txt"
