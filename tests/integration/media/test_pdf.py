"""PDFs are rendered upright with all that is drawn on them, or end in one clear sentence."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import psutil
import pytest
from data_makers.pdf_writer import Objects, Sheet, make_pdf, text_content

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, InputError, UsageError
from phi_desk.media.pdf import open_document
from phi_desk.media.picture import Picture

CORNER = b"0 80 20 20 re f"  # a black square in the upper left corner of a page of 200 x 100 points


def written(folder: Path, data: bytes) -> Path:
    """`data` as a file."""
    path = folder / "document.pdf"
    path.write_bytes(data)
    return path


def rendered(folder: Path, sheet: Sheet, dpi: float = 72) -> Picture:
    """The one page of a document of this sheet."""
    with open_document(written(folder, make_pdf([sheet]))) as document:
        return document.render(1, dpi)


def failure(path: Path, password: str | None = None) -> str:
    """The sentence that opening ends in."""
    with pytest.raises(InputError) as caught:
        open_document(path, password)
    assert str(path) in caught.value.sentence
    assert caught.value.hint
    return caught.value.sentence


def test_a_page_has_its_size_in_dots(tmp_path: Path) -> None:
    picture = rendered(tmp_path, Sheet(content=CORNER), dpi=200)
    assert (picture.width, picture.height) == (556, 278)  # 200 x 100 points, rounded up
    assert picture.pixels.dtype == np.uint8
    assert (picture.pixels[:54, :54] == 0).all()
    assert (picture.pixels[58:, 58:] == 255).all()


@pytest.mark.parametrize(
    ("turn", "place"),
    [
        (0, (slice(1, 19), slice(1, 19))),
        (90, (slice(1, 19), slice(-19, -1))),
        (180, (slice(-19, -1), slice(-19, -1))),
        (270, (slice(-19, -1), slice(1, 19))),
    ],
)
def test_a_turned_page_comes_as_a_viewer_shows_it(
    tmp_path: Path, turn: int, place: tuple[slice, slice]
) -> None:
    picture = rendered(tmp_path, Sheet(content=CORNER, extra=f"/Rotate {turn}"))
    size = (200, 100) if turn % 180 == 0 else (100, 200)
    assert (picture.width, picture.height) == size
    assert (picture.pixels[place] == 0).all()
    assert (picture.pixels == 0).all(axis=2).sum() == 400


def test_colours_are_rgb(tmp_path: Path) -> None:
    picture = rendered(tmp_path, Sheet(content=b"1 0.5 0 rg 0 0 200 100 re f"))
    assert np.abs(picture.pixels[50, 50].astype(int) - [255, 128, 0]).max() <= 1


def test_annotations_are_drawn(tmp_path: Path) -> None:
    objects = Objects()
    look = objects.add(
        "/Type /XObject /Subtype /Form /BBox [0 0 50 50]", b"1 0 0 rg 0 0 50 50 re f"
    )
    note = objects.add(
        f"<< /Type /Annot /Subtype /Square /Rect [100 20 150 70] /F 4 /AP << /N {look} 0 R >> >>"
    )
    data = make_pdf([Sheet(extra=f"/Annots [{note} 0 R]")], objects=objects)
    with open_document(written(tmp_path, data)) as document:
        picture = document.render(1, 72)
    assert picture.pixels[50, 125].tolist() == [255, 0, 0]
    assert picture.pixels[50, 50].tolist() == [255, 255, 255]


def test_forms_are_drawn_as_filled_in(tmp_path: Path) -> None:
    objects = Objects()
    look = objects.add(
        "/Type /XObject /Subtype /Form /BBox [0 0 50 50]", b"0 0 1 rg 0 0 50 50 re f"
    )
    field = objects.add(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [100 20 150 70] /F 4"
        f" /AP << /N {look} 0 R >> >>"
    )
    sheet = Sheet(extra=f"/Annots [{field} 0 R]")
    catalog = f"/AcroForm << /Fields [{field} 0 R] >>"
    data = make_pdf([sheet], objects=objects, catalog=catalog)
    with open_document(written(tmp_path, data)) as document:
        picture = document.render(1, 72)
    assert picture.pixels[50, 125, 2] == 255
    assert picture.pixels[50, 125, 0] < 200


def test_text_is_drawn(tmp_path: Path) -> None:
    picture = rendered(tmp_path, Sheet(content=text_content("Hello", size=30)))
    assert 300 < (picture.pixels < 128).all(axis=2).sum() < 5000


@pytest.mark.parametrize(
    "box",
    ["0 0 1000000 1000000", "0 0 14400 14400", "0 0 1000000 1", "0 0 1 1000000", "0 0 1e10 1e10"],
)
def test_an_absurd_size_is_rendered_smaller(tmp_path: Path, box: str) -> None:
    picture = rendered(tmp_path, Sheet(box=box), dpi=300)
    assert 0 < picture.width * picture.height < 40_100_000
    assert max(picture.width, picture.height) <= 30_000


@pytest.mark.parametrize("box", ["0 0 0.01 0.01", "0 0 0 0", "", "nan nan nan nan", "100 100 0 0"])
def test_a_tiny_or_broken_size_is_still_a_page(tmp_path: Path, box: str) -> None:
    picture = rendered(tmp_path, Sheet(box=box))
    assert picture.width > 0
    assert picture.height > 0


def test_encrypted_needs_its_password(tmp_path: Path) -> None:
    path = written(tmp_path, make_pdf([Sheet(content=CORNER)], user_password="secret"))
    assert "is encrypted and needs a password" in failure(path)
    assert "is encrypted and needs a password" in failure(path, "")
    assert "The password does not open" in failure(path, "wrong")
    assert "The password does not open" in failure(path, "пароль \ud800")
    for password in ("secret", "owner"):
        with open_document(path, password) as document:
            assert (document.render(1, 72).pixels[:19, :19] == 0).all()


def test_encrypted_without_a_password_opens(tmp_path: Path) -> None:
    path = written(tmp_path, make_pdf([Sheet(content=CORNER)], user_password=""))
    with open_document(path) as document:
        assert (document.render(1, 72).pixels[:19, :19] == 0).all()


def test_no_pages(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(make_pdf([Sheet()], user_password="secret"))
    failure(locked)  # PDFium remembers this error, and must not tell it of the next document
    assert "has no pages" in failure(written(tmp_path, make_pdf([])))


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.4\n" + bytes(500), b"no document"])
def test_damaged(tmp_path: Path, data: bytes) -> None:
    assert "is damaged and cannot be read as a PDF" in failure(written(tmp_path, data))


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    assert "There is no file" in failure(tmp_path / "nothing.pdf")
    assert "is empty" in failure(written(tmp_path, b""))
    assert "is a folder" in failure(tmp_path)


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    data = make_pdf([Sheet(content=CORNER)]).replace(b"/Count 1", b"/Count 2")
    with open_document(written(tmp_path, data)) as document:
        assert document.pages == 2
        document.render(1)
        with pytest.raises(InputError, match=r"Page 2 of .* is damaged"):
            document.render(2)


def test_a_repairable_file_is_read(tmp_path: Path) -> None:
    """With a table of objects that points nowhere: any viewer opens it."""
    data = bytes(100) + make_pdf([Sheet(content=CORNER)]).replace(b"0000000", b"0000009")
    with open_document(written(tmp_path, data)) as document:
        assert (document.render(1, 72).pixels[:19, :19] == 0).all()


@pytest.mark.parametrize("number", [0, -1, 2])
def test_pages_outside_are_refused(tmp_path: Path, number: int) -> None:
    with (
        open_document(written(tmp_path, make_pdf([Sheet()]))) as document,
        pytest.raises(UsageError, match=f"no page {number}"),
    ):
        document.render(number)


@pytest.mark.parametrize("dpi", [0, -1, 1201, float("nan"), float("inf")])
def test_odd_resolutions_are_refused(tmp_path: Path, dpi: float) -> None:
    with (
        open_document(written(tmp_path, make_pdf([Sheet()]))) as document,
        pytest.raises(UsageError, match="dots per inch"),
    ):
        document.render(1, dpi)


def test_the_file_is_given_back(tmp_path: Path) -> None:
    path = written(tmp_path, make_pdf([Sheet()]))
    with open_document(path) as document:
        document.render(1)
    document.close()
    assert str(path) not in {file.path for file in psutil.Process().open_files()}


class AfterLooks(CancelToken):
    """A token that somebody sets after it was looked at a few times."""

    looks = 20

    @property
    def cancelled(self) -> bool:
        self.looks -= 1
        if self.looks < 0:
            self.cancel()
        return super().cancelled


def test_rendering_stops_in_the_middle(tmp_path: Path) -> None:
    content = b"".join(b"%d %d 3 3 re f\n" % (n % 190, n % 90) for n in range(20_000))
    cancel = AfterLooks()
    with (
        open_document(written(tmp_path, make_pdf([Sheet(content=content)]))) as document,
        pytest.raises(Cancelled),
    ):
        document.render(1, cancel=cancel)
    assert -10 < cancel.looks < 0  # and not one look for each of the 20,000 squares


def test_threads_may_render_at_once(tmp_path: Path) -> None:
    sheets = [Sheet(content=b"%d 0 20 20 re f" % (20 * number)) for number in range(8)]
    path = written(tmp_path, make_pdf(sheets))
    found: dict[int, int] = {}

    def render(number: int) -> None:
        with open_document(path) as document:
            pixels = document.render(number, 72).pixels
        found[number] = int(np.argmax((pixels[90] == 0).all(axis=1)))

    threads = [threading.Thread(target=render, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: 20 * (number - 1) for number in range(1, 9)}
