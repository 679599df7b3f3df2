"""Pages of PDFs, TIFFs and pictures alike, told apart by content, one at a time."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import psutil
import pytest
from data_makers.pdf_writer import Sheet, make_pdf, text_content
from data_makers.pdfs import odd_pdf
from data_makers.pictures import encode, odd_picture, pixels
from PIL import Image

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, InputError, UsageError
from phi_desk.media.documents import Page, read_pages


def tiff(frames: int, **options: object) -> bytes:
    """A TIFF whose frames have the widths 10, 20, 30..."""
    images = [Image.new("RGB", (10 * number, 8), "red") for number in range(1, frames + 1)]
    return encode(images[0], "TIFF", save_all=True, append_images=images[1:], **options)


def pdf(pages: int) -> bytes:
    """A PDF whose pages have the widths 10, 20, 30... points."""
    return make_pdf([Sheet(box=f"0 0 {10 * number} 8") for number in range(1, pages + 1)])


def shape(pages: list[Page]) -> list[tuple[int, int, int]]:
    """Number, total and width of each page."""
    return [(page.number, page.total, page.picture.width) for page in pages]


@pytest.mark.parametrize("make", [pdf, tiff])
@pytest.mark.parametrize("name", ["right.pdf", "wrong.png", "none"])
def test_all_pages(tmp_path: Path, make: type, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(make(3))
    assert shape(list(read_pages(path, dpi=72))) == [(1, 3, 10), (2, 3, 20), (3, 3, 30)]


@pytest.mark.parametrize("make", [pdf, tiff])
def test_chosen_pages(tmp_path: Path, make: type) -> None:
    path = tmp_path / "document"
    path.write_bytes(make(5))
    assert shape(list(read_pages(path, "4-,2", 72))) == [(4, 5, 40), (5, 5, 50), (2, 5, 20)]
    with pytest.raises(UsageError, match="There is no page 6: the document has 5 pages"):
        next(read_pages(path, "2-6"))


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_picture_is_one_page(tmp_path: Path, format_name: str) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(encode(pixels(random.Random(1), 30, 20).convert("RGB"), format_name))
    assert shape(list(read_pages(path))) == [(1, 1, 30)]
    assert shape(list(read_pages(path, "1-"))) == [(1, 1, 30)]


def test_a_moving_picture_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    path.write_bytes(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    (page,) = read_pages(path)
    assert (page.total, page.picture.pixels[0, 0].tolist()) == (1, [255, 0, 0])


def test_thumbnails_in_a_tiff_are_no_pages(tmp_path: Path) -> None:
    """A scanner's file: the scan, then a smaller copy of it, marked as such."""
    scan = Image.new("L", (60, 40), 200)
    small = Image.new("L", (6, 4), 200)
    small.encoderinfo = {"tiffinfo": {254: 1}}
    path = tmp_path / "scan.tif"
    path.write_bytes(encode(scan, "TIFF", save_all=True, append_images=[small, scan]))
    assert shape(list(read_pages(path))) == [(1, 2, 60), (2, 2, 60)]
    scan.encoderinfo = {"tiffinfo": {254: 0}}
    path.write_bytes(encode(small, "TIFF", tiffinfo={254: 1}, save_all=True, append_images=[scan]))
    assert shape(list(read_pages(path))) == [(1, 1, 60)]


def test_pages_before_a_damaged_one_are_read(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    frames = [
        Image.fromarray(generator.integers(0, 256, (64, 64), dtype=np.uint8)) for _ in range(2)
    ]
    data = encode(
        frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw"
    )
    path = tmp_path / "scan.tif"
    broken = bytearray(data)
    half = len(data) // 2
    broken[half + 400 : half + 3000] = bytes(2600)
    path.write_bytes(broken)
    pages = read_pages(path)
    assert np.array_equal(next(pages).picture.pixels[..., 0], np.asarray(frames[0]))
    with pytest.raises(InputError, match=r"Page 2 of .* is damaged"):
        next(pages)


def test_a_password_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(make_pdf([Sheet(content=text_content("x"))], user_password="secret"))
    with pytest.raises(InputError, match="needs a password"):
        next(read_pages(path))
    assert len(list(read_pages(path, password="secret"))) == 1


def test_neither_picture_nor_pdf(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"Dear reader\n")
    with pytest.raises(InputError, match="is not a picture this program reads"):
        next(read_pages(path))


@pytest.mark.parametrize("make", [pdf, tiff])
def test_reading_stops_between_pages(tmp_path: Path, make: type) -> None:
    path = tmp_path / "document"
    path.write_bytes(make(3))
    cancel = CancelToken()
    pages = read_pages(path, cancel=cancel)
    next(pages)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(pages)


@pytest.mark.parametrize("make", [pdf, tiff])
def test_stopping_early_gives_the_file_back(tmp_path: Path, make: type) -> None:
    path = tmp_path / "document"
    path.write_bytes(make(3))
    pages = read_pages(path)
    next(pages)
    pages.close()  # type: ignore[attr-defined]
    assert str(path) not in {file.path for file in psutil.Process().open_files()}


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """60 pages of 11.6 MB each."""
    sheets = [Sheet(content=text_content(f"Page {n}"), box="0 0 595 842") for n in range(60)]
    path = tmp_path / "long.pdf"
    path.write_bytes(make_pdf(sheets))
    process = psutil.Process()
    sizes = [process.memory_info().rss for _ in read_pages(path)]
    assert len(sizes) == 60
    assert sizes[-1] - sizes[9] < 50_000_000


def ended(path: Path) -> int | InputError:
    """How many pages reading gives, or the error it ends in; any other exception ends the test."""
    try:
        return sum(page.picture.width > 0 for page in read_pages(path, dpi=72))
    except InputError as error:
        return error


@pytest.mark.parametrize("seed", range(200))
def test_odd_pdfs_end_in_pages_or_a_sentence(tmp_path: Path, seed: int) -> None:
    made = odd_pdf(seed)
    path = tmp_path / made.name
    path.write_bytes(made.data)
    result = ended(path)
    if made.good is not None:
        assert made.good == isinstance(result, int), (made.name, result)
    if isinstance(result, InputError):
        assert result.sentence.endswith(".")
        assert result.hint.endswith(".")


@pytest.mark.parametrize("seed", range(100))
def test_odd_pictures_end_in_pages_or_a_sentence(tmp_path: Path, seed: int) -> None:
    made = odd_picture(seed)
    path = tmp_path / made.name
    path.write_bytes(made.data)
    result = ended(path)
    if made.good is not None:
        assert made.good == isinstance(result, int), (made.name, result)
