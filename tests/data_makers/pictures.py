"""Makes odd and broken picture files from a seed; every file is the same for the same seed."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

Random = random.Random


@dataclass(frozen=True, kw_only=True)
class OddFile:
    """A file to throw at a reader.

    Attributes:
        name: what it is, with the extension it shall have on disk.
        data: its bytes.
        good: whether a reader must succeed; None where both outcomes are right.
    """

    name: str
    data: bytes
    good: bool | None


# format -> modes that Pillow writes in it, and options
FORMATS: dict[str, tuple[str, ...]] = {
    "PNG": ("1", "L", "LA", "I;16", "P", "RGB", "RGBA"),
    "JPEG": ("L", "RGB", "CMYK"),
    "TIFF": ("1", "L", "LA", "I;16", "I", "F", "P", "RGB", "RGBA", "CMYK", "LAB", "YCbCr"),
    "GIF": ("1", "L", "P", "RGB"),
    "WEBP": ("L", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "ICO": ("L", "RGB", "RGBA"),
    "PPM": ("1", "L", "I;16", "RGB", "F"),
    "TGA": ("L", "LA", "P", "RGB", "RGBA"),
    "JPEG2000": ("L", "LA", "I;16", "RGB", "RGBA"),
    "AVIF": ("RGB", "RGBA"),
    "PCX": ("1", "L", "P", "RGB"),
    "SGI": ("L", "RGB", "RGBA"),
    "QOI": ("RGB", "RGBA"),
    "DDS": ("L", "RGB", "RGBA"),
    "ICNS": ("RGBA",),
    "MSP": ("1",),
    "SPIDER": ("F",),
    "XBM": ("1",),
    "BLP": ("P",),
}
EXTENSIONS = {"JPEG": "jpg", "TIFF": "tif", "JPEG2000": "jp2"}


def pixels(random_: Random, width: int, height: int) -> Image.Image:
    """A smooth RGBA picture with some hard edges, so that every codec has work to do."""
    generator = np.random.default_rng(random_.getrandbits(32))
    small = generator.integers(0, 256, (4, 4, 4), dtype=np.uint8)
    image = Image.fromarray(small, "RGBA").resize((width, height), Image.Resampling.BILINEAR)
    box = (0, 0, max(1, width // 3), max(1, height // 3))
    image.paste((0, 0, 0, 255), box)
    return image


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """An RGBA image in any mode of `FORMATS`."""
    if mode in ("I;16", "I", "F"):
        numbers = np.asarray(image.convert("L")).astype(np.float64) / 255
        if mode == "F":
            return Image.fromarray(numbers.astype(np.float32))
        kind: type[Any] = np.uint16 if mode == "I;16" else np.int32
        return Image.fromarray((numbers * 65535).astype(kind))
    if mode in ("RGBA", "LA"):
        return image.convert(mode)
    if mode == "LAB":
        from PIL import ImageCms

        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(
            image.convert("RGB"), profiles[0], profiles[1], outputMode="LAB"
        )
        assert converted is not None
        return converted
    return image.convert("RGB").convert(mode)


def encode(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """The bytes of `image` in one of the `FORMATS`."""
    if format_name == "ICNS":
        image = image.resize((128, 128))
    stream = io.BytesIO()
    image.save(stream, format_name, **options)
    return stream.getvalue()


def extension(format_name: str) -> str:
    """The usual extension of a format, without the dot."""
    return EXTENSIONS.get(format_name, format_name.lower())


def _whole(random_: Random) -> OddFile:
    """An intact file of any format and mode."""
    format_name = random_.choice(sorted(FORMATS))
    mode = random_.choice(FORMATS[format_name])
    side = 256 if format_name == "ICO" else 400
    size = random_.randint(16, side), random_.randint(16, side)
    data = encode(in_mode(pixels(random_, *size), mode), format_name)
    name = f"{mode.replace(';', '')}-{size[0]}x{size[1]}.{extension(format_name)}"
    return OddFile(name=name, data=data, good=True)


def _oriented(random_: Random) -> OddFile:
    """A photo with an EXIF orientation, right or out of range."""
    orientation = random_.choice((1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 65535))
    exif = Image.Exif()
    exif[274] = orientation
    format_name = random_.choice(("JPEG", "PNG", "TIFF", "WEBP"))
    data = encode(pixels(random_, 60, 40).convert("RGB"), format_name, exif=exif)
    name = f"orientation-{orientation}.{extension(format_name)}"
    return OddFile(name=name, data=data, good=True)


def _broken_exif(random_: Random) -> OddFile:
    """A JPEG whose EXIF block is noise behind the right mark."""
    noise = b"Exif\x00\x00" + random_.choice((b"II*\x00", b"MM\x00*", b"")) + random_.randbytes(90)
    data = encode(pixels(random_, 50, 30).convert("RGB"), "JPEG")
    block = b"\xff\xe1" + struct.pack(">H", len(noise) + 2) + noise
    return OddFile(name="broken-exif.jpg", data=data[:2] + block + data[2:], good=True)


def _animated(random_: Random) -> OddFile:
    """A moving picture."""
    format_name = random_.choice(("GIF", "WEBP", "PNG", "TIFF"))
    frames = [pixels(random_, 40, 30) for _ in range(random_.randint(2, 5))]
    data = encode(frames[0], format_name, save_all=True, append_images=frames[1:])
    return OddFile(name=f"animated.{extension(format_name)}", data=data, good=True)


def _thin(random_: Random) -> OddFile:
    """One pixel, or one pixel in one direction."""
    size = random_.choice(((1, 1), (1, 20000), (20000, 1), (3, 9000), (1, 2), (2, 1)))
    format_name = random_.choice(("PNG", "TIFF", "BMP", "JPEG", "PPM"))
    data = encode(pixels(random_, *size).convert("RGB"), format_name)
    name = f"thin-{size[0]}x{size[1]}.{extension(format_name)}"
    return OddFile(name=name, data=data, good=True)


def _cut(random_: Random) -> OddFile:
    """A file that ends too soon."""
    whole = _whole(random_)
    end = random_.randrange(1, len(whole.data))
    return OddFile(name=f"cut-at-{end}-{whole.name}", data=whole.data[:end], good=None)


def _flipped(random_: Random) -> OddFile:
    """A file with some flipped bits."""
    whole = _whole(random_)
    data = bytearray(whole.data)
    for _ in range(random_.choice((1, 3, 30))):
        within = min(len(data), 200) if random_.random() < 0.5 else len(data)
        data[random_.randrange(within)] ^= 1 << random_.randrange(8)
    return OddFile(name=f"flipped-{whole.name}", data=bytes(data), good=None)


def _shuffled(random_: Random) -> OddFile:
    """A file with a stretch cut out, doubled or overwritten."""
    whole = _whole(random_)
    start = random_.randrange(len(whole.data))
    end = min(len(whole.data), start + random_.randint(1, 300))
    middle = random_.choice((b"", whole.data[start:end] * 2, random_.randbytes(end - start)))
    data = whole.data[:start] + middle + whole.data[end:]
    return OddFile(name=f"shuffled-{whole.name}", data=data or b"\x00", good=None)


def _wrong_extension(random_: Random) -> OddFile:
    """An intact file that calls itself something else."""
    whole = _whole(random_)
    ending = random_.choice(("pdf", "txt", "png", "jpg", "wav", "", "tif", "heic"))
    return OddFile(
        name=f"misnamed-{whole.name.rpartition('.')[0]}.{ending}", data=whole.data, good=True
    )


def png_of_size(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that declares a size in its header, whatever its data holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(data)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def bomb(random_: Random) -> OddFile:
    """A small file that declares more than 100 megapixels."""
    side = random_.choice((10_001, 12_000, 30_000, 65_000, 2_000_000_000))
    little = min(side, 65_000)
    made: dict[str, bytes] = {
        "png": png_of_size(side, side),
        "bmp": b"BM" + struct.pack("<IIIIiiHHIIIIII", 999, 0, 54, 40, side, side, 1, 24, *[0] * 6),
        "gif": b"GIF89a" + struct.pack("<HHBBB", little, little, 0, 0, 0) + b"," + bytes(20),
        "ppm": b"P6 %d %d 255\n" % (side, side),
        "pgm": b"P2 %d %d 255\n1 2 3" % (side, side),
        "qoi": b"qoif" + struct.pack(">IIBB", side, side, 3, 0) + b"\xfd" * 50,
        "tga": struct.pack("<BBBHHBHHHHBB", 0, 0, 10, 0, 0, 0, 0, 0, little, little, 24, 0)
        + bytes(9),
    }
    ending = random_.choice(sorted(made))
    return OddFile(name=f"bomb-{side}.{ending}", data=made[ending], good=False)


def _no_picture(random_: Random) -> OddFile:
    """Something else altogether."""
    choices = {
        "empty.png": b"",
        "text.png": b"This is a letter, not a picture.\n" * 20,
        "noise.jpg": random_.randbytes(random_.randint(1, 4000)),
        "zeros.tga": bytes(random_.randint(1, 4000)),
        "drawing.svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "photo.heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + random_.randbytes(200),
        "page.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "mark-only.png": b"\x89PNG\r\n\x1a\n",
        "mark-only.jpg": b"\xff\xd8\xff",
        "mark-only.tif": b"II*\x00" + random_.randbytes(20),
        "page.html": b"<!doctype html><html><body>404</body></html>",
    }
    name = random_.choice(sorted(choices))
    return OddFile(name=name, data=choices[name], good=None if name == "noise.jpg" else False)


def _looped_tiff(random_: Random) -> OddFile:
    """A TIFF whose directory names itself as the next one."""
    data = bytearray(encode(pixels(random_, 20, 20).convert("L"), "TIFF"))
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    struct.pack_into("<I", data, start + 2 + entries * 12, start)
    return OddFile(name="looped.tif", data=bytes(data), good=True)


MAKERS: tuple[Callable[[Random], OddFile], ...] = (
    _whole,
    _whole,
    _oriented,
    _broken_exif,
    _animated,
    _thin,
    _cut,
    _cut,
    _flipped,
    _flipped,
    _shuffled,
    _wrong_extension,
    bomb,
    _no_picture,
    _looped_tiff,
)


def odd_picture(seed: int) -> OddFile:
    """The odd picture file of `seed`."""
    random_ = Random(seed)
    return random_.choice(MAKERS)(random_)
