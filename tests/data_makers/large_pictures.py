"""Pictures with a side of 20,000 pixels that are really there, up to the most that is read."""

from __future__ import annotations

import random

from PIL import Image

from data_makers.pictures import OddFile, encode, extension

EVERY_LARGE = 40  # one picture in so many of the set is a large one: each takes up to a second

_SHAPES = ((20_000, 5_000), (5_000, 20_000), (20_000, 2), (20_000, 1_000), (10_000, 10_000))
_TOO_LARGE = ((20_000, 20_000), (20_000, 5_001))
_KINDS = (
    ("PNG", "1"), ("PNG", "L"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"),
    ("TIFF", "1"), ("TIFF", "L"), ("TIFF", "F"), ("TIFF", "I"), ("JPEG", "L"), ("JPEG", "RGB"),
    ("GIF", "P"), ("WEBP", "RGB"),
)  # fmt: skip
_MOST_BYTES = 200_000_000  # of pixels in one file of the modes below: making them takes long
_BYTES = {"RGBA": 4, "F": 4, "I": 4}


def large_picture(number: int) -> OddFile:
    """The large picture of that number: whole, or of one row more than is read, or turned."""
    random_ = random.Random(number)
    format_name, mode = _KINDS[number % len(_KINDS)]
    size = random_.choice(_SHAPES if number % 5 else _TOO_LARGE)
    if format_name == "WEBP":
        size = min(size[0], 16_383), min(size[1], 16_383)  # the most WebP can say
    while size[0] * size[1] * _BYTES.get(mode, 0) > _MOST_BYTES:
        size = size[0], size[1] // 2
    image = Image.new(mode, size, 0 if mode in ("I;16", "I", "F") else "white")
    options: dict[str, object] = {}
    if format_name in ("JPEG", "PNG") and random_.random() < 0.5:
        exif = Image.Exif()
        exif[274] = random_.choice((3, 6, 8))
        options["exif"] = exif
    if format_name == "TIFF":
        options["compression"] = "tiff_deflate"
    data = encode(image, format_name, **options)
    name = f"large-{mode.replace(';', '')}-{size[0]}x{size[1]}.{extension(format_name)}"
    return OddFile(name=name, data=data, good=size[0] * size[1] <= 100_000_000)
