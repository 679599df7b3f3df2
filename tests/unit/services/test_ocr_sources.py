"""Pages are counted, read and drawn out of files and pasted pictures; texts are translated."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from data_makers.read_page import a_pdf
from PIL import Image as Pillow

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, TextDelta
from phi_desk.engine.fake import FakeEngine, Rule, asks, question_of
from phi_desk.engine.languages import find_language
from phi_desk.errors import Cancelled, InputError
from phi_desk.services.ocr.gathering import Found, NotFound, Wanted, gather
from phi_desk.services.ocr.sources import Source
from phi_desk.services.ocr.translation import parts_of, translate

GO = CancelToken()


def tiff(folder: Path, frames: int) -> Path:
    images = [Pillow.new("RGB", (60, 40), (n, n, n)) for n in range(frames)]
    path = folder / "scan.tif"
    images[0].save(path, save_all=True, append_images=images[1:])
    return path


def test_pages_are_counted(tmp_path: Path) -> None:
    assert Source(content=a_pdf(tmp_path, 7), name="a").count(GO) == 7
    assert Source(content=tiff(tmp_path, 3), name="b").count(GO) == 3
    Pillow.new("RGB", (4, 4)).save(tmp_path / "c.png")
    assert Source(content=tmp_path / "c.png", name="c").count(GO) == 1
    with pytest.raises(InputError):
        Source(content=tmp_path / "none.pdf", name="d").count(GO)


def test_a_page_is_read_at_its_fineness_and_drawn_at_a_size(tmp_path: Path) -> None:
    source = Source(content=a_pdf(tmp_path, 2), name="a", dpi=72)
    page = source.page(2, GO)
    assert (page.number, page.total, page.picture.width) == (2, 2, 595)
    for side in (40, 132, 1900):
        drawn = source.drawn(1, side, GO)
        assert abs(max(drawn.width, drawn.height) - side) <= side * 0.04
    assert Source(content=tiff(tmp_path, 3), name="b").page(3, GO).picture.pixels[0, 0, 0] == 2


def test_a_pasted_picture_is_a_page(tmp_path: Path) -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (300, 100), "red").save(file, "PNG")
    source = Source(content=file.getvalue(), name="Pasted")
    assert source.count(GO) == 1
    assert source.page(1, GO).picture.width == 300
    assert source.drawn(1, 150, GO).width == 150


def test_cancelled_before_it_begins(tmp_path: Path) -> None:
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        Source(content=a_pdf(tmp_path, 1), name="a").page(1, stopped)


def test_one_page_ignores_which_pages_are_wanted(tmp_path: Path) -> None:
    Pillow.new("RGB", (4, 4)).save(tmp_path / "c.png")
    found = list(gather([a_pdf(tmp_path, 5), tmp_path / "c.png"], Wanted(pages="2-"), GO))
    assert [one.pages for one in found if isinstance(one, Found)] == [(2, 3, 4, 5), (1,)]
    (wrong,) = gather([tmp_path / "report.pdf"], Wanted(pages="x"), GO)
    assert isinstance(wrong, NotFound)


def test_long_texts_are_translated_in_parts_of_whole_paragraphs() -> None:
    paragraphs = [f"Paragraph {n}. " + "word " * 100 for n in range(8)]
    parts = parts_of("\n\n".join(paragraphs))
    assert len(parts) > 1
    assert all(len(part) <= 1800 for part in parts)
    assert "".join("".join(parts).split()) == "".join("".join(paragraphs).split())
    engine = FakeEngine(otherwise="Absatz.")
    *deltas, finished = translate("\n\n".join(paragraphs), find_language("German"), engine, GO)
    assert isinstance(finished, Finished)
    assert finished.text == "\n\n".join(["Absatz."] * len(parts))
    assert "".join(d.text for d in deltas if isinstance(d, TextDelta)) == finished.text
    assert "German" in question_of(engine.requests[0])


def test_a_paragraph_without_an_end_is_cut_somewhere() -> None:
    parts = parts_of("x" * 4000)
    assert "".join(parts) == "x" * 4000
    assert max(map(len, parts)) <= 1800


def test_a_translation_that_is_stopped_says_so() -> None:
    stop = CancelToken()
    engine = FakeEngine(Rule(asks("Translate"), "eins zwei drei"))
    events = translate("text", find_language("German"), engine, stop)
    next(events)
    stop.cancel()
    *_, last = events
    assert isinstance(last, Finished)
    assert last.reason == "cancelled"
