"""Finds the documents in what somebody dropped: files and folders; reads none of them whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError, UsageError
from phi_desk.media.page_ranges import parse_pages
from phi_desk.services.ocr.sources import Source

MOST_FILES = 2000  # of one folder: more are a mistake sooner than a wish
_PICTURES = "png jpg jpeg jpe webp gif bmp tif tiff avif jp2 pnm pgm ppm pbm qoi tga heic heif"
SUFFIXES = frozenset(f".{ending}" for ending in ("pdf", *_PICTURES.split()))
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How documents shall be read: which pages (all where it is empty), and how finely."""

    pages: str = ""
    dpi: float = 200
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A document: its pages that shall be read, of `total`."""

    source: Source
    total: int
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """A file that cannot be read, and why."""

    path: Path
    error: PhiDeskError


def gather(
    paths: Iterable[Path], wanted: Wanted, cancel: CancelToken
) -> Iterator[Found | NotFound]:
    """The documents in order; those in folders by name, files that are no documents left out.

    Raises:
        Cancelled: the person stopped it.
    """
    for path in paths:
        try:
            files = files_in(path, cancel) if path.is_dir() else [path]
        except (PhiDeskError, OSError) as error:
            yield NotFound(path=path, error=_in_words(path, error))
            continue
        for file in files:
            cancel.raise_if_cancelled()
            source = Source(content=file, name=file.name, dpi=wanted.dpi, password=wanted.password)
            yield look_at(source, wanted, cancel, file)


def look_at(source: Source, wanted: Wanted, cancel: CancelToken, path: Path) -> Found | NotFound:
    """How many pages it has, and which of them are wanted; a single page is always wanted."""
    try:
        total = source.count(cancel)
        spec = wanted.pages.strip()
        pages = parse_pages(spec, total) if spec and total > 1 else tuple(range(1, total + 1))
    except PhiDeskError as error:
        return NotFound(path=path, error=error)
    return Found(source=source, total=total, pages=pages)


def files_in(folder: Path, cancel: CancelToken) -> list[Path]:
    """The documents in a folder and below it, in the order in which people count.

    Raises:
        UsageError: there are none, or far too many.
        OSError: the folder cannot be read.
    """
    files: list[Path] = []
    for path in folder.rglob("*"):
        cancel.raise_if_cancelled()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            files.append(path)
        if len(files) > MOST_FILES:
            raise UsageError(
                f"{folder} holds more than {MOST_FILES:,} documents.", "Choose a folder within it."
            )
    if not files:
        raise UsageError(
            f"There is no picture and no PDF in {folder}.", "Choose another folder, or files."
        )
    return sorted(files, key=lambda path: _order(str(path.relative_to(folder))))


def _order(name: str) -> list[tuple[int, int, str]]:
    """Page 2 before page 10."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part.casefold())
        for part in _DIGITS.split(name)
        if part
    ]


def _in_words(path: Path, error: PhiDeskError | OSError) -> PhiDeskError:
    if isinstance(error, PhiDeskError):
        return error
    return UsageError(
        f"The folder {path} cannot be read: {error.strerror or error}.", "Check its permissions."
    )
