"""What happens to a picture on its way to the eye: blur, grain, grey scans, JPEG."""

from __future__ import annotations

import io
import random
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_GRAIN_SIDE = 1024


def blurred(dice: random.Random, image: Image.Image, most: float) -> Image.Image:
    """Out of focus by up to `most` pixels, or scaled down and up again."""
    if dice.random() < 0.6:
        return image.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, most)))
    share = 1 / dice.uniform(1.1, 1 + most)
    small = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image.resize(small, Image.Resampling.BILINEAR).resize(
        image.size, Image.Resampling.BILINEAR
    )


def grained(dice: random.Random, image: Image.Image, most: float) -> Image.Image:
    """With sensor noise of a standard deviation of up to `most` (of 255)."""
    strength = dice.uniform(0.15, 1) * most
    top, left = dice.randrange(_GRAIN_SIDE - image.height), dice.randrange(512)
    grain = _grain()[top : top + image.height, left : left + image.width]
    if dice.random() < 0.4:
        grain = grain[:, :, :1]  # grey grain
    pixels = np.asarray(image, np.int16) + (grain.astype(np.float32) * (strength / 40)).astype(
        np.int16
    )
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def scanned(image: Image.Image) -> Image.Image:
    """As a grey scan, still with three channels."""
    return image.convert("L").convert("RGB")


def as_jpeg(image: Image.Image, quality: int, *, fine_colour: bool) -> bytes:
    """JPEG bytes; `fine_colour` keeps the colours at full resolution."""
    coded = io.BytesIO()
    image.save(coded, "JPEG", quality=quality, subsampling=0 if fine_colour else 2)
    return coded.getvalue()


def as_png(image: Image.Image) -> bytes:
    """PNG bytes, quickly rather than small: for flat pictures, which are small anyhow."""
    coded = io.BytesIO()
    image.save(coded, "PNG", compress_level=3)
    return coded.getvalue()


def decoded(coded: bytes) -> NDArray[np.uint8]:
    """Pixels `[height, width, 3]` of what `as_jpeg` or `as_png` gave."""
    with Image.open(io.BytesIO(coded)) as image:
        return np.array(image.convert("RGB"))


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.int8]:
    """Noise `[1024, 1536, 3]` of a standard deviation of 40."""
    noise = np.random.default_rng(7).normal(0, 40, (_GRAIN_SIDE, 1536, 3))
    return noise.clip(-127, 127).astype(np.int8)
