"""One model of the catalogue as a person sees it: layout, size, state; knows no other model."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from phi_desk.errors import CheckpointError, ModelNotFoundError
from phi_desk.model.download.record import read_record
from phi_desk.model.download.values import bytes_in_words
from phi_desk.services.embedded import HONEST

Origin = Literal["downloaded", "unfinished", "added", "copied", "embedded"]
State = Literal["ok", "missing", "damaged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A model as the person sees it.

    Attributes:
        origin: "downloaded" or "unfinished" by us, "added" by path, "copied" into the folder of
            models by hand, or "embedded": it came with the program.
        layout: "published", "native" or "phi3"; empty where the files do not tell.
        size: bytes on disk.
        state: "missing" when the folder or files of it are not there, "damaged" when they cannot
            be used; `sentence` says in words how things stand.
        default: whether it is the person's chosen model.
    """

    name: str
    folder: Path
    origin: Origin
    layout: str
    size: int
    state: State
    sentence: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where a model lies and how it came there."""

    folder: Path
    origin: Origin


def read_layout(folder: Path) -> str:
    """The layout of the whole checkpoint in `folder`, from its files' headers: milliseconds.

    Raises:
        CheckpointError, ModelNotFoundError: it cannot be used, with the reason.
    """
    from phi_desk.model.verify import verify

    report = verify(folder)
    if not report.ok or report.spec is None:
        raise CheckpointError(report.sentence, report.hint, report.details)
    return report.spec.layout


def look(name: str, known: Known, read: Callable[[Path], str], *, default: bool) -> Entry:
    """Look at a model's folder; `read` tells its layout or raises why it cannot be used."""
    layout, state, sentence = _state(known, read)
    return Entry(
        name=name,
        folder=known.folder,
        origin=known.origin,
        layout=layout,
        size=_size(known.folder),
        state=state,
        sentence=sentence,
        default=default,
    )


def is_folder(path: Path) -> bool:
    """Whether it is one; false also for what no file system takes as a name."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


def _state(known: Known, read: Callable[[Path], str]) -> tuple[str, State, str]:
    if not is_folder(known.folder):
        return "", "missing", f"The folder {known.folder} is not there."
    if known.origin == "unfinished":
        return "", "missing", _unfinished(known.folder)
    sentence = HONEST if known.origin == "embedded" else "Ready to use."
    try:
        return read(known.folder), "ok", sentence
    except ModelNotFoundError as error:
        return "", "missing", error.sentence
    except CheckpointError as error:
        return "", "damaged", error.sentence


def _unfinished(folder: Path) -> str:
    record = read_record(folder)
    there = bytes_in_words(_size(folder))
    of = f" of {bytes_in_words(record.total)}" if record else ""
    return f"The download is not finished: {there}{of} are there."


def _size(folder: Path) -> int:
    """Bytes of all files below; links to files count as the files, as a hub's cache has them."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except OSError:
                continue  # it went away, or the link leads nowhere
    return total
