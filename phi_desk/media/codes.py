"""Reads QR codes and barcodes in a picture; knows no page and opens no link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from phi_desk.media.picture import Picture

LONGEST_SIDE = 4000  # pixels: finer ones are looked at coarser, or a poster would take seconds
SMALLEST_SIDE = 21  # pixels: the modules of the smallest QR code
LONGEST_TEXT = 8000  # letters: more than the largest QR code holds
# Of 84 drawn EAN-13 codes of all sizes 23 are found at the first alone, 51 at all of these.
BAR_SIZES = (1.0, 0.7, 0.5, 0.35, 0.25)
_BARCODES = {
    "EAN_8": "EAN-8",
    "EAN_13": "EAN-13",
    "UPC_A": "UPC-A",
    "UPC_E": "UPC-E",
    "UPC_EAN_EXTENSION": "EAN",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What one code says.

    Attributes:
        kind: what it is, as people name it: "QR code", "EAN-13".
        text: what it holds, as it stands there.
        corners: of the code in pixels of the picture, `x, y` four times.
    """

    kind: str
    text: str
    corners: tuple[tuple[float, float], ...]

    @property
    def is_link(self) -> bool:
        """Whether it is an address of the web."""
        return self.text.lower().startswith(("http://", "https://"))


def read_codes(picture: Picture) -> tuple[Code, ...]:
    """The codes from top to bottom, each text once; none where nothing can be read."""
    import cv2

    pixels = picture.pixels
    scale = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return ()
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if scale < 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found: dict[str, Code] = {}
    for kind, text, corners in _found(grey):
        places = tuple((float(x) / scale, float(y) / scale) for x, y in corners)
        found.setdefault(text, Code(kind=kind, text=text[:LONGEST_TEXT], corners=places))
    return tuple(sorted(found.values(), key=lambda code: code.corners[0][::-1]))


def _found(grey: Any) -> Iterator[tuple[str, str, Any]]:
    """Kind, text and corners of every code."""
    yield from _squares(grey)
    yield from _bars(grey)


def _squares(grey: Any) -> Iterator[tuple[str, str, Any]]:
    """QR codes. OpenCV fails with an error of its own on some odd pictures."""
    import cv2

    try:
        _ok, texts, corners, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(grey)
    except (cv2.error, UnicodeDecodeError):
        return
    places = () if corners is None else corners
    for text, place in zip(texts, places, strict=False):
        if text:
            yield "QR code", text, place


def _bars(grey: Any) -> Iterator[tuple[str, str, Any]]:
    """Barcodes, looked for at several sizes: OpenCV finds bars of some widths only."""
    import cv2

    detector = cv2.barcode.BarcodeDetector()
    for size in BAR_SIZES:
        small = cv2.resize(grey, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
        try:
            _ok, texts, kinds, corners = detector.detectAndDecodeWithType(
                cv2.GaussianBlur(small, (3, 3), 0)
            )
        except cv2.error:
            continue
        places = () if corners is None else corners
        for text, kind, place in zip(texts, kinds, places, strict=False):
            if text:
                yield _BARCODES.get(kind, "Barcode"), text, place / size
