"""What is no picture, or no longer one, ends in one clear sentence."""

from __future__ import annotations

import os
import random
import tracemalloc
from pathlib import Path

import pytest
from data_makers.pictures import bomb, encode, odd_picture, pixels, png_of_size
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from phi_desk.errors import InputError
from phi_desk.media.images import picture_from_bytes, read_picture
from phi_desk.media.picture import Picture


def photo(format_name: str = "PNG") -> bytes:
    """An intact file."""
    return encode(pixels(random.Random(3), 300, 200).convert("RGB"), format_name)


def failure(path: Path) -> InputError:
    """The error that reading `path` ends in."""
    with pytest.raises(InputError) as caught:
        read_picture(path)
    error = caught.value
    assert str(path) in error.sentence
    assert error.hint
    assert "\n" not in str(error)
    return error


def test_missing_file(tmp_path: Path) -> None:
    assert "There is no file" in failure(tmp_path / "nothing.png").sentence
    (tmp_path / "file").write_bytes(b"x")
    assert "There is no file" in failure(tmp_path / "file" / "below.png").sentence


def test_folder(tmp_path: Path) -> None:
    assert "is a folder" in failure(tmp_path).sentence


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    assert "is empty" in failure(path).sentence
    with pytest.raises(InputError, match="The picture is empty"):
        picture_from_bytes(b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    assert "not a regular file" in failure(path).sentence


def test_name_that_no_file_can_have() -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_picture(Path("a\0b.png"))
    with pytest.raises(InputError, match="cannot be opened"):
        read_picture(Path("x" * 5000))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_file_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(photo())
    path.chmod(0)
    assert "Permission denied" in failure(path).sentence


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"Dear reader,\nthis is a letter.\n", "PNG or JPEG"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(99), "HEIC"),
        (b"%PDF-1.7\n%more", "phi-desk ocr"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage", "PostScript"),
    ],
)
def test_other_files_are_named(tmp_path: Path, data: bytes, hint: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    error = failure(path)
    assert "is not a picture this program reads" in error.sentence
    assert hint in error.hint


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP", "PPM", "TGA"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_cut_file_is_never_half_a_picture(format_name: str, share: float) -> None:
    data = photo(format_name)
    with pytest.raises(InputError, match="damaged"):
        picture_from_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize("seed", range(40))
def test_bombs_are_refused_before_they_are_decoded(seed: int) -> None:
    made = bomb(random.Random(seed))
    tracemalloc.start()
    with pytest.raises(InputError, match=r"too large: .*megapixels") as caught:
        picture_from_bytes(made.data, made.name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert "100" in caught.value.sentence


def test_the_limit_is_100_megapixels() -> None:
    with pytest.raises(InputError, match="100001 x 1000 pixels"):
        picture_from_bytes(png_of_size(100_001, 1000))
    with pytest.raises(InputError, match="damaged"):  # 100 megapixels would be read, had it data
        picture_from_bytes(png_of_size(100_000, 1000))


def test_slow_decoders_read_less(tmp_path: Path) -> None:
    data = encode(Image.new("RGB", (4000, 3000)), "QOI")
    with pytest.raises(InputError, match=r"12 megapixels; this kind of file is read up to 10"):
        picture_from_bytes(data)


def test_damage_is_told_in_the_details() -> None:
    with pytest.raises(InputError) as caught:
        picture_from_bytes(photo("JPEG")[:900], "holiday.jpg")
    assert caught.value.sentence == "holiday.jpg is damaged or cut short."
    assert caught.value.details[0].startswith("OSError")


def outcome(data: bytes, name: str = "") -> Picture | InputError:
    """What reading ends in; any other exception ends the test."""
    try:
        return picture_from_bytes(data, name)
    except InputError as error:
        return error


@pytest.mark.parametrize("seed", range(300))
def test_odd_files_end_in_a_picture_or_a_sentence(seed: int) -> None:
    made = odd_picture(seed)
    result = outcome(made.data, made.name)
    if made.good is not None:
        assert made.good == isinstance(result, Picture), (made.name, result)
    if isinstance(result, Picture):
        assert result.pixels.ndim == 3
        assert result.pixels.shape[2] == 3
        assert result.pixels.dtype == "uint8"
        assert result.width * result.height > 0
    else:
        assert result.sentence.endswith(".")
        assert result.hint.endswith(".")


MARKS = [photo(name)[:24] for name in ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP", "ICO", "PPM")]


@given(st.sampled_from([*MARKS, b""]), st.binary(max_size=400))
@example(b"", b"\x00" * 18)
@settings(max_examples=200, deadline=2000)
def test_noise_behind_any_mark(mark: bytes, noise: bytes) -> None:
    result = outcome(mark + noise)
    if isinstance(result, Picture):
        assert result.width * result.height <= 100_000_000
    else:
        assert result.sentence
