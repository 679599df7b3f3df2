"""Reads picture files of any format Pillow knows into pixels; knows no model and no window."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError
from phi_desk.media.incoming import HEAD_BYTES, Kind, kind_of, open_input
from phi_desk.media.picture import Picture
from phi_desk.media.pixels import upright_picture
from phi_desk.media.quiet import quiet

MAX_PIXELS = 100_000_000
# Some rare formats (QOI, PNM with odd maxima, text PNM) are decoded by Python code in Pillow, at
# about 1 s a megapixel (measured, one 2.x GHz core): a larger picture would look like a hang.
MAX_PIXELS_SLOW = 10_000_000

# Pillow documents OSError, SyntaxError and ValueError. Of 20,000 cut, flipped and shuffled files
# some raised RuntimeError too; the rest is what its Python decoders may meet in odd data.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
)

_ANOTHER_FORMAT = "Save it as PNG or JPEG and try again."
_HINTS: dict[Kind, str] = {
    "svg": "SVG is a drawing, not pixels: export it as PNG and try again.",
    "heic": "It is a HEIC photo: export it as JPEG and try again.",
    "eps": "It is a PostScript file: convert it to PDF or PNG and try again.",
    "pdf": "It is a PDF: its pages are read as a document, by `phi-desk ocr`.",
}


def read_picture(path: Path, *, cancel: CancelToken | None = None) -> Picture:
    """Read a picture file: the first frame, upright, on white where it is transparent.

    Raises:
        InputError: no file, no picture, a damaged or cut one, or more than 100 megapixels.
        Cancelled: `cancel` was set.
    """
    with open_input(path, cancel) as file:
        return _read(file, str(path), cancel)


def picture_from_bytes(data: bytes, name: str = "") -> Picture:
    """Read a picture from memory, as `read_picture` does; `name` is what an error calls it."""
    if not data:
        raise InputError(f"{name or 'The picture'} is empty.", _ANOTHER_FORMAT)
    return _read(io.BytesIO(data), name or "The picture", None)


def _read(file: BinaryIO, name: str, cancel: CancelToken | None) -> Picture:
    with open_image(file, name) as image:
        return decoded(image, name, cancel)


def open_image(file: BinaryIO, name: str) -> Image.Image:
    """The image in `file`: its header read, its pixels not; use it in a `with`.

    Raises:
        InputError: no picture, or a header that cannot be read.
    """
    kind = kind_of(file.read(HEAD_BYTES))
    with decoding(name, kind):
        return Image.open(file, formats=_formats())


def decoded(image: Image.Image, name: str, cancel: CancelToken | None = None) -> Picture:
    """The pixels of the current frame of an open image.

    Raises:
        InputError: it has too many pixels, or is damaged.
        Cancelled: `cancel` was set.
    """
    with decoding(name):
        _check_size(image, name)
        image.load()
        _check_size(image, name)  # an icon may turn out larger than its header said
        if cancel is not None:
            cancel.raise_if_cancelled()
        return upright_picture(image)


@contextmanager
def decoding(name: str, kind: Kind = "picture") -> Iterator[None]:
    """Turn whatever Pillow raises in the block into an `InputError`; its warnings are dropped."""
    try:
        with quiet():
            yield
    except UnidentifiedImageError as error:
        raise _not_read(name, kind) from error
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))
        raise _too_large(name, int(pixels[0]) if pixels else 2 * MAX_PIXELS) from error
    except MemoryError as error:
        raise InputError(
            f"{name} does not fit into the free memory.", "Close other programs, or shrink it."
        ) from error
    except BROKEN as error:
        raise _damaged(name, error) from error


def _formats() -> tuple[str, ...]:
    """Every format but EPS: that one starts Ghostscript, and a picture must start no program."""
    Image.init()
    return tuple(name for name in Image.OPEN if name != "EPS")


def _check_size(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise _too_large(name, pixels, f"{image.width} x {image.height} pixels, ")
    slow = any(str(tile[0]) in Image.DECODERS for tile in getattr(image, "tile", ()))
    if slow and pixels > MAX_PIXELS_SLOW:
        raise InputError(
            f"{name} has {pixels / 1e6:.0f} megapixels; this kind of file is read up to"
            f" {MAX_PIXELS_SLOW // 1_000_000}.",
            _ANOTHER_FORMAT,
        )


def _too_large(name: str, pixels: int, size: str = "") -> InputError:
    return InputError(
        f"{name} is too large: {size}{pixels / 1e6:,.0f} megapixels, and up to"
        f" {MAX_PIXELS // 1_000_000} are read.",
        "Make it smaller, or cut out the part you need.",
    )


def _not_read(name: str, kind: Kind) -> InputError:
    if kind == "picture":
        return InputError(f"{name} is damaged: its header cannot be read.", "Get the file again.")
    return InputError(
        f"{name} is not a picture this program reads.", _HINTS.get(kind, _ANOTHER_FORMAT)
    )


def _damaged(name: str, error: Exception) -> InputError:
    detail = f"{type(error).__name__}: {error}"
    return InputError(f"{name} is damaged or cut short.", "Get the file again.", (detail,))
