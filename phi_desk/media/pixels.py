"""Turns an image that Pillow has decoded into upright RGB pixels; knows no file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from phi_desk.media.picture import Picture

_NUMBER_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
_PHOTOMETRIC = 262  # TIFF tag; 0 says that the smallest number is white

# How to turn a picture upright, by its EXIF orientation (CIPA DC-008, tag 274).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright_picture(image: Image.Image) -> Picture:
    """The pixels of a loaded image: upright, on white where transparent, 8 bits a channel.

    Raises whatever Pillow raises for an image that it cannot convert.
    """
    turn = _TURNS.get(_orientation(image))
    flat = _flat(image)
    if turn is not None:
        flat = flat.transpose(turn)
    return Picture(np.asarray(flat))


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none or where the EXIF block is broken."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 (Pillow parses untrusted binary here; the picture is fine)
        return 1
    return value if isinstance(value, int) else 1


def _flat(image: Image.Image) -> Image.Image:
    """The image in mode RGB, without transparency."""
    if image.mode in _NUMBER_MODES:
        return Image.fromarray(_grey_of_numbers(image)).convert("RGB")
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    if image.mode == "LAB":
        profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, *profiles, outputMode="RGB")
        assert converted is not None  # None only for inPlace=True
        return converted
    return image if image.mode == "RGB" else image.convert("RGB")  # convert() would copy


def _on_white(image: Image.Image) -> Image.Image:
    """An RGBA image laid on white paper, as a person sees it in a document."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _grey_of_numbers(image: Image.Image) -> NDArray[np.uint8]:
    """Whole numbers or floats as grey levels `[height, width]`."""
    values = np.asarray(image)
    low, high = _range_of(values, image.format)
    scaled = values.astype(np.float32)
    np.nan_to_num(scaled, copy=False, nan=low, posinf=high, neginf=low)
    scaled -= np.float32(low)
    scaled *= np.float32(255 / (high - low)) if high > low else 0
    grey = np.rint(scaled.clip(0, 255, out=scaled), out=scaled).astype(np.uint8)
    tags: Any = getattr(image, "tag_v2", {})
    return np.invert(grey) if tags.get(_PHOTOMETRIC) == 0 else grey


def _range_of(values: NDArray[Any], format_name: str | None) -> tuple[float, float]:
    """Which numbers mean black and white.

    PNG, PNM and JPEG 2000 define white as 65535 (Pillow scales the latter two to it). TIFF leaves
    it open, and cameras and scanners store 8 or 12 bits in 16: white is then the end of the
    narrowest of these ranges that holds all values. Floats are 0..1 by custom, or 0..255. Where
    no custom fits, the values' own range is stretched.
    """
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    whites: tuple[float, ...] = (65535.0,)
    if values.dtype.kind == "f":
        whites = (1.0, 255.0)
    elif format_name == "TIFF":
        whites = (255.0, 4095.0, 65535.0)
    for white in whites:
        if low >= 0 and high <= white:
            return 0.0, white
    return low, high
