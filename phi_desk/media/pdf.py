"""Renders the pages of a PDF, one at a time; knows no model and no other kind of document."""

from __future__ import annotations

import math
import os
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, UsageError
from phi_desk.media.incoming import check_input
from phi_desk.media.picture import Picture

POINTS_PER_INCH = 72
DEFAULT_DPI = 200  # 8-point type is about 11 pixels high in its small letters
MAX_DPI = 1200
MAX_PIXELS = 40_000_000  # of one rendered page; 300 dpi fit on A1
MAX_SIDE = 30_000  # pixels

# PDFium keeps global state: one call at a time in the whole process, whatever the document.
_pdfium = threading.RLock()


class PasswordError(InputError):
    """It opens with a password only, or with another one than was given."""


class Document:
    """An open PDF; close it, or use it in a `with`. Pages count from 1.

    Attributes:
        pages: how many pages it has, at least 1.
    """

    def __init__(self, path: Path, document: Any) -> None:
        self._path = path
        self._document = document
        with _pdfium:
            self.pages: int = len(document)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back; may be called twice."""
        with _pdfium:
            self._document.close()

    def render(
        self, page_number: int, dpi: float = DEFAULT_DPI, *, cancel: CancelToken | None = None
    ) -> Picture:
        """One page as pixels on white: upright, with its annotations and filled-in forms.

        A page too large for `MAX_PIXELS` or `MAX_SIDE` is rendered at fewer dots per inch.

        Raises:
            UsageError: there is no such page, or `dpi` is out of range.
            InputError: the page is damaged.
            Cancelled: `cancel` was set.
        """
        import pypdfium2

        if not 1 <= page_number <= self.pages:
            raise UsageError(f"{self._path} has no page {page_number}: it has {self.pages}.")
        if not 1 <= dpi <= MAX_DPI:
            raise UsageError(f"Pages are rendered at 1 to {MAX_DPI} dots per inch, not {dpi}.")
        name = f"Page {page_number} of {self._path}"
        with _pdfium:
            try:
                page = self._document[page_number - 1]
            except pypdfium2.PdfiumError as error:
                raise _damaged(name, str(error)) from error
            try:
                return _rendered(page, dpi, name, cancel or CancelToken())
            finally:
                page.close()


def open_document(path: Path, password: str | None = None) -> Document:
    """Open a PDF.

    Raises:
        InputError: no file, no PDF, a damaged or empty one, or one that needs (another) password.
    """
    import pypdfium2

    check_input(path)
    with _pdfium:
        document = pypdfium2.PdfDocument(_loaded(path, password))
        with suppress(pypdfium2.PdfiumError):  # without its form fields a page is still a page
            document.init_forms()
        return Document(path, document)


def _loaded(path: Path, password: str | None) -> Any:
    """PDFium's own handle, of at least one page.

    `PdfDocument(path)` asks PDFium for its last error where a document has no pages; that error may
    be one of an earlier document, so it would say "password" where none is needed.
    """
    import pypdfium2.raw as pdfium

    secret = password.encode("utf-8", "replace") if password else None
    handle = pdfium.FPDF_LoadDocument(os.fsencode(path), secret)
    if not handle:
        raise _not_opened(path, pdfium.FPDF_GetLastError(), password)
    if pdfium.FPDF_GetPageCount(handle) < 1:
        pdfium.FPDF_CloseDocument(handle)
        raise InputError(f"{path} has no pages.", "Choose another file.")
    return handle


def _not_opened(path: Path, code: int, password: str | None) -> InputError:
    import pypdfium2.raw as pdfium

    if code == pdfium.FPDF_ERR_PASSWORD and password:
        return PasswordError(f"The password does not open {path}.", "Check the password.")
    if code == pdfium.FPDF_ERR_PASSWORD:
        return PasswordError(
            f"{path} is encrypted and needs a password.",
            "Give the password, or save a copy without one.",
        )
    if code == pdfium.FPDF_ERR_SECURITY:
        return InputError(
            f"{path} is encrypted in a way this program does not know.",
            "Open it in another program and save a copy without encryption.",
        )
    return _damaged(str(path), f"PDFium error {code}")


def _damaged(name: str, detail: str) -> InputError:
    return InputError(
        f"{name} is damaged and cannot be read as a PDF.", "Get the file again.", (detail,)
    )


def _rendered(page: Any, dpi: float, name: str, cancel: CancelToken) -> Picture:
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise InputError(f"{name} has no size.", "Save the PDF again with another program.")
    scale = _scale(width, height, dpi)
    try:
        return Picture(_raster(page, math.ceil(width * scale), math.ceil(height * scale), cancel))
    except MemoryError as error:
        raise InputError(
            f"{name} does not fit into the free memory.", "Close other programs, or lower the dpi."
        ) from error


def _scale(width: float, height: float, dpi: float) -> float:
    """Pixels a point for a page of this size in points, within the limits."""
    return min(
        dpi / POINTS_PER_INCH,
        math.sqrt(MAX_PIXELS / (width * height)),
        MAX_SIDE / max(width, height),
    )


def _raster(page: Any, width: int, height: int, cancel: CancelToken) -> NDArray[np.uint8]:
    """The page as RGB pixels `[height, width, 3]`.

    PDFium asks between the objects of a page whether to pause; that is where cancelling works.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    bitmap = pypdfium2.PdfBitmap.new_native(
        width, height, pdfium.FPDFBitmap_BGR, rev_byteorder=True
    )
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        pause = pdfium.IFSDK_PAUSE(version=1)
        pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _: cancel.cancelled)
        where = (0, 0, width, height, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER)
        pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, *where, pause)
        pdfium.FPDF_RenderPage_Close(page)
        cancel.raise_if_cancelled()
        if page.formenv:
            pdfium.FPDF_FFLDraw(page.formenv, bitmap, page, *where)
        return np.array(bitmap.to_numpy())
    finally:
        bitmap.close()
