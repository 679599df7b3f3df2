"""Where the pages of a document come from, read and drawn one at a time; knows no model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError
from phi_desk.media.documents import Page, read_pages
from phi_desk.media.images import picture_from_bytes
from phi_desk.media.incoming import HEAD_BYTES, kind_of, open_input
from phi_desk.media.pdf import DEFAULT_DPI, MAX_DPI, open_document
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.pages import Document, count_pages

GLANCE_DPI = 12  # draws a page of any usual size in a moment, to learn its shape


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A file, or a picture that was pasted.

    Attributes:
        content: the file, or the bytes of a picture file: packed it takes a tenth of its pixels.
        name: what people know it by.
        dpi: how finely the pages of a PDF are drawn for reading.
        password: of an encrypted PDF.
    """

    content: Path | bytes
    name: str
    dpi: float = DEFAULT_DPI
    password: str | None = None

    def count(self, cancel: CancelToken) -> int:
        """How many pages it has. Raises `InputError`, `Cancelled`."""
        if isinstance(self.content, bytes):
            return 1
        return count_pages(Document(path=self.content, password=self.password), cancel)

    def page(self, number: int, cancel: CancelToken) -> Page:
        """One page as it is read.

        Raises:
            InputError: it is damaged, or the file is not there any more.
            Cancelled: the person stopped it.
        """
        cancel.raise_if_cancelled()
        if isinstance(self.content, bytes):
            return Page(1, 1, picture_from_bytes(self.content, self.name))
        pages = read_pages(self.content, str(number), self.dpi, self.password, cancel=cancel)
        for page in pages:
            return page
        raise InputError(f"Page {number} of {self.name} cannot be read.")

    def drawn(self, number: int, side: int, cancel: CancelToken) -> Picture:
        """One page to be looked at, its longer side about `side` pixels. Raises as `page` does."""
        if isinstance(self.content, bytes) or not self._is_pdf():
            return shrunk(self.page(number, cancel).picture, side)
        with open_document(self.content, self.password) as document:
            glance = document.render(number, GLANCE_DPI, cancel=cancel)
            dpi = GLANCE_DPI * side / max(glance.width, glance.height)
            if dpi <= GLANCE_DPI:
                return shrunk(glance, side)
            return shrunk(document.render(number, min(dpi, MAX_DPI), cancel=cancel), side)

    def _is_pdf(self) -> bool:
        assert isinstance(self.content, Path)
        with open_input(self.content) as file:
            return kind_of(file.read(HEAD_BYTES)) == "pdf"


def shrunk(picture: Picture, side: int) -> Picture:
    """The same picture, its longer side at most `side` pixels."""
    import numpy as np
    from PIL import Image

    if max(picture.width, picture.height) <= side:
        return picture
    image = Image.fromarray(picture.pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(np.array(image))
