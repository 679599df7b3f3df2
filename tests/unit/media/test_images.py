"""Pictures of every kind become upright RGB pixels on white."""

from __future__ import annotations

import io
import random
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from data_makers.pictures import FORMATS, encode, in_mode, pixels
from numpy.typing import NDArray
from PIL import Image

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled
from phi_desk.media.images import picture_from_bytes, read_picture
from phi_desk.media.quiet import quiet

LOSSY = {"JPEG", "WEBP", "AVIF", "GIF", "BLP"}
EVERY = [(name, mode) for name, modes in FORMATS.items() for mode in modes]


def opaque(width: int = 60, height: int = 40) -> Image.Image:
    """A picture with structure, no alpha."""
    return pixels(random.Random(7), width, height).convert("RGB")


def read(image: Image.Image, format_name: str = "PNG", **options: object) -> NDArray[np.int64]:
    """The pixels of `image` after it went through a file in memory."""
    return picture_from_bytes(encode(image, format_name, **options)).pixels.astype(int)


@pytest.mark.parametrize(("format_name", "mode"), EVERY)
def test_every_format_and_mode_shows_the_same_picture(format_name: str, mode: str) -> None:
    image = in_mode(opaque(128, 128).convert("RGBA"), mode)
    wanted = opaque(128, 128)
    if mode in ("L", "LA", "I;16", "I", "F"):
        wanted = wanted.convert("L")
    elif mode == "1":
        wanted = image.convert("L")
    elif mode == "P":
        wanted = image.convert("RGB")
    got = read(image, format_name)
    if format_name == "ICNS":  # Pillow writes every size of an icon, and reads the largest
        wanted = wanted.resize((1024, 1024), Image.Resampling.BICUBIC)
    assert got.shape == (wanted.height, wanted.width, 3)
    difference = np.abs(got - np.asarray(wanted.convert("RGB")).astype(int))
    limit = 12 if format_name in LOSSY else 6 if mode in ("LAB", "YCbCr", "CMYK") else 1
    assert difference.mean() <= limit


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_honoured(format_name: str, orientation: int) -> None:
    """The corner that the orientation calls top left comes out top left."""
    upright = np.full((64, 96, 3), 255, np.uint8)
    upright[:32, :32] = 0  # black top left
    upright[:32, -32:] = 128  # grey top right
    undo = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: np.rot90(upright.transpose(1, 0, 2), 2),
        8: np.rot90(upright, -1),
    }
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation]))
    exif = Image.Exif()
    exif[274] = orientation
    got = read(stored, format_name, exif=exif)
    assert got.shape == upright.shape
    assert np.abs(got - upright.astype(int)).mean() < 4


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_orientation_out_of_range_is_ignored(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    assert np.array_equal(read(opaque(), "PNG", exif=exif), np.asarray(opaque()))


def half_transparent(mode: str) -> Image.Image:
    """Red (or dark) pixels: left wholly transparent, middle half, right opaque."""
    array = np.zeros((4, 30, 4), np.uint8)
    array[..., 0] = 200
    array[:, 10:20, 3] = 128
    array[:, 20:, 3] = 255
    return Image.fromarray(array, "RGBA").convert(mode)


@pytest.mark.parametrize(
    ("mode", "format_name"),
    [("RGBA", "PNG"), ("RGBA", "TIFF"), ("RGBA", "WEBP"), ("LA", "PNG"), ("LA", "TIFF")],
)
def test_transparency_is_laid_on_white(mode: str, format_name: str) -> None:
    options = {"lossless": True} if format_name == "WEBP" else {}
    got = read(half_transparent(mode), format_name, **options)
    assert (got[:, :10] == 255).all()
    full = got[0, 29]
    assert np.abs(got[0, 15] - (full + 255) / 2).max() <= 1
    assert full[0] == (200 if mode == "RGBA" else 60)


@pytest.mark.parametrize("transparency", [0, bytes([0, 255, 128])])
def test_palette_transparency_is_laid_on_white(transparency: int | bytes) -> None:
    image = Image.new("P", (30, 4))
    image.putpalette([200, 0, 0, 0, 200, 0, 0, 0, 200])
    for index in range(3):
        image.paste(index, (index * 10, 0, index * 10 + 10, 4))
    got = read(image, "PNG", transparency=transparency)
    assert got[0, 5].tolist() == [255, 255, 255]
    assert got[0, 15].tolist() == [0, 200, 0]
    half = [0, 0, 200] if transparency == 0 else [127, 127, 227]
    assert np.abs(got[0, 25] - half).max() <= 1


@pytest.mark.parametrize(("mode", "key"), [("L", 60), ("RGB", (200, 0, 0))])
def test_a_transparent_colour_becomes_white(mode: str, key: object) -> None:
    image = Image.new("RGB", (10, 4), (200, 0, 0)).convert(mode)
    image.paste("black", (5, 0, 10, 4))
    got = read(image, "PNG", transparency=key)
    assert (got[:, :5] == 255).all()
    assert (got[:, 5:] == 0).all()


def numbers(values: NDArray[np.generic], format_name: str, **options: object) -> list[int]:
    """The grey levels of one row of numbers after it went through a file."""
    levels: list[int] = read(Image.fromarray(values[None]), format_name, **options)[
        0, :, 0
    ].tolist()
    return levels


def test_sixteen_bits_of_png_are_scaled_by_257() -> None:
    row = np.array([0, 256, 257, 32896, 65535], np.uint16)
    assert numbers(row, "PNG") == [0, 1, 1, 128, 255]


@pytest.mark.parametrize("white", [255, 4095, 65535])
def test_numbers_of_tiff_fill_the_narrowest_usual_range(white: int) -> None:
    row = np.array([0, white // 2, white], np.uint16)
    assert numbers(row, "TIFF") == [0, 127, 255]
    assert numbers(row.astype(np.int32), "TIFF") == [0, 127, 255]


def test_numbers_beyond_every_usual_range_are_stretched() -> None:
    assert numbers(np.array([-1000, 0, 1000], np.int32), "TIFF") == [0, 128, 255]
    assert numbers(np.array([1000, 1500, 3000], np.float32), "TIFF") == [0, 64, 255]


def test_the_smallest_number_may_be_white() -> None:
    row = np.array([0, 32768, 65535], np.uint16)
    assert numbers(row, "TIFF", tiffinfo={262: 0}) == [255, 127, 0]


def test_floats_of_tiff() -> None:
    assert numbers(np.array([0, 0.5, 1], np.float32), "TIFF") == [0, 128, 255]
    assert numbers(np.array([0, 128, 255], np.float32), "TIFF") == [0, 128, 255]
    odd = np.array([np.nan, 0.5, np.inf, -np.inf, 1], np.float32)
    assert numbers(odd, "TIFF") == [0, 128, 255, 0, 255]
    assert numbers(np.full(3, np.nan, np.float32), "TIFF") == [0, 0, 0]


@pytest.mark.parametrize("format_name", ["GIF", "PNG", "WEBP", "TIFF"])
def test_a_moving_picture_gives_its_first_frame(format_name: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("black", "white", "black")]
    got = read(frames[0], format_name, save_all=True, append_images=frames[1:])
    assert got.shape == (10, 20, 3)
    assert got.max() == 0


def test_a_picture_of_95_megapixels_is_read(tmp_path: Path) -> None:
    """More than Pillow's own limit, of which nobody hears."""
    path = tmp_path / "large.png"
    Image.new("1", (9750, 9750), 1).save(path)
    picture = read_picture(path)
    assert (picture.width, picture.height) == (9750, 9750)
    assert picture.pixels[::999, ::999].min() == 255


def test_reading_a_file_is_reading_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a picture.jpg"
    path.write_bytes(encode(opaque(), "JPEG"))
    assert np.array_equal(read_picture(path).pixels, picture_from_bytes(path.read_bytes()).pixels)


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(encode(opaque(), "PNG"))
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_picture(path, cancel=cancel)


class AfterReads(CancelToken):
    """A token that somebody sets after the file was read a few times."""

    def __init__(self, reads: int) -> None:
        super().__init__()
        self.reads = reads

    def raise_if_cancelled(self) -> None:
        self.reads -= 1
        if self.reads == 0:
            self.cancel()
        super().raise_if_cancelled()


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
def test_decoding_stops_in_the_middle(tmp_path: Path, format_name: str) -> None:
    path = tmp_path / "noise"
    noise = np.random.default_rng(0).integers(0, 256, (1000, 1000, 3), dtype=np.uint8)
    path.write_bytes(encode(Image.fromarray(noise), format_name))
    cancel = AfterReads(3)
    with pytest.raises(Cancelled):
        read_picture(path, cancel=cancel)


def test_warnings_of_others_survive_reading() -> None:
    before = list(warnings.filters)
    data = encode(opaque(400, 300), "PNG")
    threads = [threading.Thread(target=picture_from_bytes, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before


def test_overlapping_quiet_blocks_restore_the_first_filters() -> None:
    before = list(warnings.filters)
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    warnings.warn("nobody hears this", UserWarning, stacklevel=1)
    second.__exit__(None, None, None)
    assert warnings.filters == before
    with pytest.raises(UserWarning):
        warnings.warn("heard again", UserWarning, stacklevel=1)


def test_a_stream_of_pillow_is_not_left_open(tmp_path: Path) -> None:
    """A picture file can be replaced or deleted as soon as it has been read (Windows)."""
    path = tmp_path / "picture.gif"
    path.write_bytes(encode(opaque(), "GIF"))
    picture = read_picture(path)
    path.unlink()
    assert io.BytesIO(picture.pixels.tobytes()).getbuffer().nbytes == 60 * 40 * 3
