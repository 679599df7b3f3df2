"""Reads any file of pages: a PDF, a TIFF of many frames, or a plain picture as its one page.

What a file is, its first bytes say, never its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from phi_desk.cancel import CancelToken
from phi_desk.media.images import decoded, decoding, open_image
from phi_desk.media.incoming import HEAD_BYTES, kind_of, open_input
from phi_desk.media.page_ranges import parse_pages
from phi_desk.media.pdf import DEFAULT_DPI, open_document
from phi_desk.media.picture import Picture

_SUBFILE_TYPE = 254  # TIFF tag; bit 0 a smaller copy of another frame, bit 2 a mask


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document: its number from 1, how many the document has, and its pixels."""

    number: int
    total: int
    picture: Picture


def read_pages(
    path: Path,
    pages: str | None = None,
    dpi: float = DEFAULT_DPI,
    password: str | None = None,
    *,
    cancel: CancelToken | None = None,
) -> Iterator[Page]:
    """The pages of a file one by one, so that one page at a time is in memory.

    Args:
        path: a PDF, a TIFF, or any picture.
        pages: which ones, as in `parse_pages`; None for all.
        dpi: how finely a PDF is rendered; a picture has its own pixels.
        password: of an encrypted PDF.
        cancel: stops the reading within and between pages.

    Raises (at the first page, or at the one that is damaged):
        UsageError: `pages` or `dpi` is wrong.
        InputError: no file, neither picture nor PDF, damaged, or encrypted without the password.
        Cancelled: `cancel` was set.
    """
    with open_input(path) as file:
        is_pdf = kind_of(file.read(HEAD_BYTES)) == "pdf"
    if is_pdf:
        yield from _pages_of_pdf(path, pages, dpi, password, cancel)
    else:
        yield from _pages_of_picture(path, pages, cancel)


def _pages_of_pdf(
    path: Path, pages: str | None, dpi: float, password: str | None, cancel: CancelToken | None
) -> Iterator[Page]:
    with open_document(path, password) as document:
        for number in _chosen(pages, document.pages):
            if cancel is not None:
                cancel.raise_if_cancelled()
            picture = document.render(number, dpi, cancel=cancel)
            yield Page(number, document.pages, picture)


def _pages_of_picture(path: Path, pages: str | None, cancel: CancelToken | None) -> Iterator[Page]:
    name = str(path)
    with open_input(path, cancel) as file, open_image(file, name) as image:
        with decoding(name):
            frames = _page_frames(image)
        for number in _chosen(pages, len(frames)):
            page_name = name if len(frames) == 1 else f"Page {number} of {name}"
            with decoding(page_name):
                if image.tell() != frames[number - 1]:  # some formats of one frame cannot seek
                    image.seek(frames[number - 1])
            yield Page(number, len(frames), decoded(image, page_name, cancel))


def _chosen(pages: str | None, total: int) -> tuple[int, ...]:
    return tuple(range(1, total + 1)) if pages is None else parse_pages(pages, total)


def _page_frames(image: Image.Image) -> list[int]:
    """Which frames are pages: of a TIFF all but thumbnails and masks, else the first alone."""
    if image.format != "TIFF":
        return [0]
    frames = []
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        subfile = getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0)
        if not (isinstance(subfile, int) and subfile & 0b101):
            frames.append(frame)
    image.seek(0)
    return frames or [0]
