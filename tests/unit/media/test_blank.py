"""A blank page is told from one with a single short word on it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from phi_desk.media.blank import is_blank
from phi_desk.media.picture import Picture

Pixels = NDArray[np.uint8]
EIGHT_POINTS = 8 * 200 / 72  # pixels at 200 dpi
A4 = (1654, 2339)


def page(word: str = "", ink: str = "black", paper: int = 255) -> Pixels:
    """An A4 page at 200 dpi with one word in 8-point type, or with none."""
    image = Image.new("RGB", A4, (paper,) * 3)
    font = ImageFont.load_default(EIGHT_POINTS)
    ImageDraw.Draw(image).text((701, 1103), word, fill=ink, font=font)
    return np.asarray(image)


def noisy(pixels: Pixels, deviation: float, *, coarse: int = 1) -> Pixels:
    """With grey noise of this standard deviation in grains of `coarse` pixels."""
    rows, columns = (-(-side // coarse) for side in pixels.shape[:2])
    grain = np.random.default_rng(5).normal(0, deviation, (rows, columns))
    grain = grain.repeat(coarse, 0).repeat(coarse, 1)[: pixels.shape[0], : pixels.shape[1]]
    return np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8)


def as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    """After a trip through a JPEG file."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def shaded(pixels: Pixels, levels: int) -> Pixels:
    """Darker by `levels` towards the right edge."""
    shade = np.linspace(0, levels, pixels.shape[1])[None, :, None]
    return np.clip(pixels - shade, 0, 255).astype(np.uint8)


BLANK = {
    "white": page(),
    "black": page(paper=0),
    "one pixel": np.full((1, 1, 3), 40, np.uint8),
    "thin": np.full((20000, 1, 3), 255, np.uint8),
    "noise": noisy(page(paper=240), 5),
    "strong noise": noisy(page(paper=230), 8),
    "grain": noisy(page(paper=235), 3, coarse=3),
    "jpeg": as_jpeg(noisy(page(paper=235), 4), 30),
    "shade": noisy(shaded(page(paper=240), 25), 3),
}
WRITTEN = {
    "word": page("ok"),
    "one letter": page("I"),
    "grey": page("ok", "#969696"),
    "light grey": page("ok", "#ebebeb"),
    "yellow": page("ok", "#ffff00"),
    "white on black": page("ok", "white", 0),
    "noise": noisy(page("ok", paper=230), 8),
    "grey in noise": noisy(page("ok", "#969696", 235), 5),
    "grain": noisy(page("ok", paper=235), 4, coarse=3),
    "jpeg": as_jpeg(page("ok"), 10),
    "noisy jpeg": as_jpeg(noisy(page("ok", paper=235), 5), 40),
    "shade": noisy(shaded(page("ok", paper=240), 25), 3),
    "two pixels": np.array([[[0] * 3, [255] * 3]], np.uint8),
    "smooth ramp": shaded(page(), 200),
    "texture": noisy(page(paper=128), 40),
}


@pytest.mark.parametrize("name", BLANK)
def test_blank(name: str) -> None:
    assert is_blank(Picture(BLANK[name]))


@pytest.mark.parametrize("name", WRITTEN)
def test_not_blank(name: str) -> None:
    assert not is_blank(Picture(WRITTEN[name]))


@pytest.mark.parametrize("x", [0, 1, 2, 3, 1640, 1645])
@pytest.mark.parametrize("y", [0, 3, 2324])
def test_a_letter_counts_wherever_it_stands(x: int, y: int) -> None:
    pixels = page().copy()
    pixels[y : y + 14, x : x + 2] = 0
    assert not is_blank(Picture(pixels))


def test_small_pictures_are_looked_at_pixel_by_pixel() -> None:
    pixels = np.full((30, 30, 3), 255, np.uint8)
    assert is_blank(Picture(pixels))
    pixels[17, 11] = 100
    assert not is_blank(Picture(pixels))
