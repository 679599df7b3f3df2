"""QR codes and barcodes are read out of pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from phi_desk.media.codes import read_codes
from phi_desk.media.picture import Picture

Pixels = NDArray[np.uint8]
# The bars of the digits in the left half, and which of two kinds each is by the first digit.
_LEFT = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
_KINDS = (
    *("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG"),
    *("LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"),
)


def paper(width: int = 900, height: int = 700) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def put(sheet: Pixels, code: Pixels, x: int, y: int) -> None:
    sheet[y : y + code.shape[0], x : x + code.shape[1]] = code[..., None]


def qr(text: str, size: int = 5) -> Pixels:
    code: Pixels = np.asarray(cv2.QRCodeEncoder.create().encode(text), np.uint8)
    large: Pixels = np.kron(code, np.ones((size, size), np.uint8)).astype(np.uint8)
    return large


def ean13(digits: str, width: int = 3, height: int = 90) -> Pixels:
    """The bars of GS1's general specifications, section 5.2."""
    flip = str.maketrans("01", "10")
    left = "".join(
        _LEFT[int(d)] if kind == "L" else _LEFT[int(d)].translate(flip)[::-1]
        for d, kind in zip(digits[1:7], _KINDS[int(digits[0])], strict=True)
    )
    right = "".join(_LEFT[int(d)].translate(flip) for d in digits[7:])
    bits = f"101{left}01010{right}101"
    row = np.array([0 if bit == "1" else 255 for bit in bits], np.uint8).repeat(width)
    return np.tile(row, (height, 1))


def test_several_codes_from_top_to_bottom_each_once() -> None:
    sheet = paper()
    put(sheet, qr("https://example.org/a?b=1"), 80, 420)
    put(sheet, qr("Grüße aus Köln"), 480, 60)
    put(sheet, qr("Grüße aus Köln"), 480, 420)
    codes = read_codes(Picture(sheet))
    assert [(c.kind, c.text) for c in codes] == [
        ("QR code", "Grüße aus Köln"),
        ("QR code", "https://example.org/a?b=1"),
    ]
    assert [c.is_link for c in codes] == [False, True]
    xs = [x for x, _ in codes[1].corners]
    assert 60 < min(xs) < max(xs) < 320


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_turned(turn: int) -> None:
    sheet = paper(500, 500)
    put(sheet, qr("turned"), 150, 150)
    assert [c.text for c in read_codes(Picture(np.rot90(sheet, turn)))] == ["turned"]


def test_a_barcode() -> None:
    sheet = paper()
    put(sheet, ean13("4006381333931"), 200, 200)
    (code,) = read_codes(Picture(sheet))
    assert (code.kind, code.text) == ("EAN-13", "4006381333931")


def test_a_code_on_a_very_large_picture_is_where_it_says() -> None:
    sheet = paper(6000, 3000)
    put(sheet, qr("large", 20), 4000, 1000)
    (code,) = read_codes(Picture(sheet))
    assert code.text == "large"
    assert all(3900 < x < 5000 and 900 < y < 2000 for x, y in code.corners)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (20, 20), (300, 300)])
def test_nothing_is_found_where_nothing_is(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
    assert read_codes(Picture(noise)) == ()
