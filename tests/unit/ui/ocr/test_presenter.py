"""What a person does on the page Read, without a window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_makers.pdf_writer import Sheet as PdfSheet
from data_makers.pdf_writer import make_pdf, text_content
from data_makers.read_page import Line, Screen, a_pdf
from PIL import Image as Pillow

from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.errors import InputError
from phi_desk.media.picture import Picture
from phi_desk.services.history.pages.store import PageStore
from phi_desk.settings.schema import Reading
from phi_desk.storage.place import Storage
from phi_desk.ui.ocr.list_presenter import DocumentList
from phi_desk.ui.ocr.presenter import ReadPresenter
from phi_desk.ui.ocr.values import DocumentLine

TABLE = "| Item | Price |\n|---|---|\n| Pears, green | 2.50 |"


def engine() -> FakeEngine:
    return FakeEngine(
        Rule(asks("CSV"), "Item,Price\nPears,2.50\n"),
        Rule(asks("Markdown"), f"# Title\n\n{TABLE}"),
        Rule(asks("Translate"), "Guten Tag."),
        otherwise="Good day.",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    with Storage(tmp_path / "home") as storage:
        yield PageStore(storage)


class Desk:
    """Presenters, lanes and view."""

    def __init__(self, store: PageStore, **options: Any) -> None:
        self.view = Screen()
        self.options = Reading(**{"dpi": 50, **options})
        self.engine = engine()
        self.disk, self.drawing, self.model = Line(), Line(), Line(self.engine)
        lanes = (self.disk, self.drawing)
        self.reader = ReadPresenter(
            self.view, lambda: store, self.model, lanes, lambda: self.options
        )
        self.list = DocumentList(self.view, self.reader, lambda: store, self.disk)
        self.view.on_changed = self.list.papers_changed

    @property
    def names(self) -> list[str]:
        return [line.name for line in self.view.lines]

    @property
    def open_name(self) -> str:
        return self.view.paper.name if self.view.paper is not None else ""

    @property
    def translated(self) -> tuple[str, str, bool] | None:
        made = self.view.translation
        return (made.language, made.text, made.busy) if made is not None else None

    def line(self, name: str) -> DocumentLine:
        return next(line for line in self.view.lines if line.name == name)


@pytest.fixture
def desk(store: PageStore) -> Desk:
    return Desk(store)


def a_picture(folder: Path, name: str = "scan.png") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((120, 160, 3), 255, np.uint8)
    pixels[30:60, 20:120] = 0
    Pillow.fromarray(pixels).save(path)
    return path


def test_folders_are_read_in_the_order_in_which_people_count(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    for name in ("page 10.png", "page 2.png", "sub/page 3.jpg", ".hidden/x.png"):
        a_picture(folder, name)
    (folder / "notes.txt").write_text("no page")
    desk.reader.add_files([folder])
    assert [paper.name for paper in desk.reader.papers.values()] == ["page 2.png"]  # it is shown
    assert sorted(desk.names) == ["page 10.png", "page 2.png", "page 3.jpg"]
    assert len(desk.engine.requests) == 3


def test_what_cannot_be_read_is_said_once(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    desk.reader.add_files([tmp_path / "a.txt"])
    assert "is not a picture" in desk.view.errors[-1].sentence
    desk.reader.add_files([tmp_path / "a.txt", a_picture(tmp_path), tmp_path / "missing.pdf"])
    (_, error) = desk.view.errors
    assert error.sentence == "2 of 3 files could not be read."
    assert len(error.details) == 2
    desk.reader.add_files([tmp_path / "b.png"])  # looks like a picture until it is decoded
    assert desk.view.said[-1] == ("b.png", "failed")
    assert len(desk.view.errors) == 2


def test_an_empty_folder_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    desk.reader.add_files([tmp_path / "nothing"])
    assert "no picture and no PDF" in desk.view.errors[-1].sentence


def test_a_password_is_asked_for_until_it_is_right(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    sheet = PdfSheet(content=text_content("Hidden"))
    path.write_bytes(make_pdf([sheet], user_password="secret"))
    desk.reader.add_files([path])
    name, wrong, then = desk.view.passwords[-1]
    assert (name, wrong) == ("locked.pdf", False)
    then("guess")
    assert desk.view.passwords[-1][1]
    desk.view.passwords[-1][2]("secret")
    assert len(desk.view.passwords) == 2
    assert desk.view.states == ["read"]
    assert desk.view.picture is not None  # it is drawn with its password, too
    assert desk.view.errors == []


def test_pixels_are_read_kept_and_can_be_asked_about(
    desk: Desk, store: PageStore, tmp_path: Path
) -> None:
    picture = Picture(np.random.default_rng(0).integers(0, 255, (80, 90, 3), np.uint8))
    desk.reader.add_picture(lambda: picture, "Pasted picture")
    assert desk.view.copied == [("Good day.", "text")]
    (document,) = store.list()
    assert store.pages(document.id)[0].picture is not None
    desk.reader.ask()
    (asked,) = desk.view.asked
    assert asked.name == "Pasted picture"
    assert asked.make is not None
    assert (asked.make().pixels == picture.pixels).all()


def test_another_form_is_offered_and_read_on_demand(
    desk: Desk, store: PageStore, tmp_path: Path
) -> None:
    desk.reader.add_files([a_picture(tmp_path)])
    desk.reader.show_form("markdown")
    assert desk.view.sheet is not None
    assert (desk.view.sheet.source_form, desk.view.sheet.text) == ("text", "Good day.")
    assert len(desk.engine.requests) == 1  # looking costs nothing
    desk.reader.read_again("markdown")
    assert desk.view.sheet.source_form == "markdown"
    assert desk.view.sheet.text.startswith("# Title")
    desk.reader.show_form("csv")  # out of the Markdown, without the model
    assert desk.view.sheet.text == 'Item,Price\n"Pears, green",2.50\n'
    desk.reader.show_form("text")
    assert desk.view.sheet.text == "Good day."
    (document,) = store.list()
    assert [page.form for page in store.pages(document.id)] == ["text", "markdown"]


def test_changes_are_kept_in_the_history(desk: Desk, store: PageStore, tmp_path: Path) -> None:
    desk.reader.add_files([a_picture(tmp_path)])
    desk.reader.edit("text", "Good day, all.")
    assert desk.reader.edited
    desk.reader.copy()
    assert desk.view.copied[-1] == ("Good day, all.", "text")
    desk.reader.editing.save()
    (document,) = store.list()
    (page,) = store.pages(document.id)
    assert (page.read, page.edited) == ("Good day.", "Good day, all.")
    desk.reader.edit("text", "Good day.")  # as it was read: no change any more
    desk.reader.show_form("markdown")  # saves by itself
    assert store.pages(document.id)[0].edited is None


def test_a_table_made_of_markdown_is_kept_as_a_table_when_it_is_changed(
    store: PageStore, tmp_path: Path
) -> None:
    desk = Desk(store, form="markdown")
    desk.reader.add_files([a_picture(tmp_path)])
    desk.reader.show_form("csv")
    desk.reader.edit("csv", "Item,Price\nPears,3.00\n")
    desk.reader.editing.flush()  # as at the end of the program
    markdown, table = store.pages(store.list()[0].id)
    assert markdown.edited is None
    assert table.form == "csv"
    assert table.text == "Item,Price\nPears,3.00\n"
    assert '"Pears, green"' in table.read


def test_a_page_is_translated_beside_its_text(desk: Desk, tmp_path: Path) -> None:
    desk.reader.add_files([a_pdf(tmp_path, 2)])
    desk.reader.translate("German")
    made = ("German", "Guten Tag.", False)
    seen = [desk.translated]
    for action in (
        partial(desk.reader.step, -1),
        partial(desk.reader.step, 1),  # it belongs to its page
        desk.reader.close_translation,
    ):
        action()
        seen.append(desk.translated)
    assert seen == [made, None, made, None]


def test_words_are_found_on_other_pages(desk: Desk, tmp_path: Path) -> None:
    replies = iter(["one fox", "nothing", "a FOX too"])
    desk.engine._rules = (Rule(lambda _: True, lambda _: next(replies)),)
    desk.reader.add_files([a_pdf(tmp_path, 3)])
    desk.reader.show(0)
    assert desk.reader.place_with("fox", 1) == 2
    assert desk.reader.place_with("nothing", -1) == 1
    assert desk.reader.place_with("wolf", 1) is None


def test_qr_codes_are_said_and_copied_where_there_are_no_words(desk: Desk, tmp_path: Path) -> None:
    import cv2

    code = cv2.QRCodeEncoder.create().encode("https://example.org/x")
    pixels = np.pad(np.kron(code, np.ones((6, 6), np.uint8)), 40, constant_values=255)
    desk.engine._rules = (Rule(lambda _: True, ""),)
    desk.reader.add_picture(lambda: Picture(np.stack([pixels] * 3, axis=2)), "Code")
    assert [code.text for code in desk.view.codes] == ["https://example.org/x"]
    assert desk.view.sheet is not None
    assert desk.view.sheet.codes[0].is_link
    assert desk.view.copied == [("https://example.org/x", "text")]


def test_the_history_is_found_again_opened_and_read_again(store: PageStore, tmp_path: Path) -> None:
    before = Desk(store)
    before.reader.add_files([a_pdf(tmp_path, 2)])
    desk = Desk(store)  # another start of the program
    desk.list.refresh()
    assert desk.names == ["report.pdf"]
    assert desk.view.lines[0].detail.startswith("2 pages · today")
    desk.list.search("good")
    assert [(line.page, line.found) for line in desk.view.lines] == [
        (2, "Good day."),
        (1, "Good day."),
    ]
    line = desk.view.lines[0]
    assert line.kept is not None
    desk.reader.open_kept(line.kept, line.page)
    assert desk.view.sheet is not None
    assert (desk.view.sheet.number, desk.view.sheet.text) == (2, "Good day.")
    assert desk.view.picture is not None
    (tmp_path / "report.pdf").unlink()  # the pictures of the pages were kept
    desk.reader.read_again("csv")
    assert desk.view.sheet.text == "Item,Price\nPears,2.50\n"
    assert [p.form for p in store.pages(line.kept)] == ["text", "text", "csv"]


def test_without_its_picture_a_kept_page_says_so(store: PageStore, tmp_path: Path) -> None:
    Desk(store, keep_pictures=False).reader.add_files([a_picture(tmp_path)])
    desk = Desk(store)
    desk.reader.open_kept(store.list()[0].id)
    assert desk.view.picture is None
    assert desk.view.picture_words == "How this page looks was not kept."
    assert desk.view.sheet is not None
    assert not desk.view.sheet.can_read
    desk.reader.ask()
    assert desk.view.asked[0].make is None
    assert desk.view.asked[0].text == "Good day."


def test_renamed_deleted_and_brought_back(desk: Desk, store: PageStore, tmp_path: Path) -> None:
    desk.reader.add_files([a_picture(tmp_path, "one.png")])
    desk.reader.add_files([a_picture(tmp_path, "two.png")])
    desk.list.rename(desk.line("two.png"), "Second")
    assert sorted(desk.names) == ["Second", "one.png"]
    assert store.list()[0].name == "Second"
    assert desk.open_name == "Second"
    desk.list.delete([desk.line("Second"), desk.line("one.png")])
    assert desk.names == []
    assert desk.open_name == ""  # it was open
    (sentence, undo) = desk.view.undo[-1]
    assert sentence == "2 documents were deleted."
    undo()
    assert sorted(desk.names) == ["Second", "one.png"]


def test_what_is_not_in_the_history_can_be_deleted_and_exported(
    store: PageStore, tmp_path: Path
) -> None:
    desk = Desk(store, keep_pages=False)
    desk.reader.add_files([a_picture(tmp_path)])
    line = desk.line("scan.png")
    assert line.detail == "1 page · not kept"
    desk.list.export([line], tmp_path / "out.json", "json")
    exported = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert exported["documents"][0]["pages"][0]["text"] == "Good day."
    desk.list.search("day")
    assert desk.names == ["scan.png"]
    desk.list.search("")
    desk.list.delete([line])
    assert desk.names == []
    desk.view.undo[-1][1]()
    assert desk.names == ["scan.png"]


@pytest.mark.parametrize(
    ("form", "ending", "expected"),
    [
        ("txt", "txt", "== report.pdf, page 1 ==\n\nGood day.\n\n== report.pdf, page 2 =="),
        ("md", "md", "<!-- report.pdf, page 1 -->\n\nGood day."),
        ("csv", "csv", "Good day.\n\nGood day."),
        ("json", "json", '"read": "Good day."'),
    ],
)
def test_exported(desk: Desk, tmp_path: Path, form: Any, ending: str, expected: str) -> None:
    desk.reader.add_files([a_pdf(tmp_path, 2)])
    target = tmp_path / f"out.{ending}"
    target.write_text("old")  # the system asked whether it may be replaced
    desk.list.export([desk.line("report.pdf")], target, form)
    assert expected in target.read_text("utf-8")
    assert desk.view.exported == [f"Written to {target}."]


def test_an_export_that_cannot_be_written_is_said(desk: Desk, tmp_path: Path) -> None:
    desk.reader.add_files([a_picture(tmp_path)])
    (tmp_path / "file").write_text("in the way")
    desk.list.export([desk.line("scan.png")], tmp_path / "file" / "out.txt", "txt")
    assert isinstance(desk.view.errors[-1], InputError)


def test_all_data_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    desk.reader.add_files([a_picture(tmp_path)])
    desk.reader.forget_everything()
    assert desk.reader.papers == {}
    assert desk.view.paper is None


def test_small_pictures_are_drawn_the_last_asked_first(desk: Desk, tmp_path: Path) -> None:
    desk.reader.add_files([a_pdf(tmp_path, 3)])
    (paper,) = desk.reader.papers.values()
    drawn: list[int] = []
    desk.reader.glances.on_drawn = lambda _number, place, _pixels: drawn.append(place)
    desk.drawing.hold = True
    for place in (0, 1, 2):
        assert desk.reader.glances.ask(paper, place) is None
    desk.drawing.go_on()
    assert drawn == [0, 2, 1]  # the first had begun
    pixels = desk.reader.glances.ask(paper, 2)
    assert pixels is not None
    assert max(pixels.shape) == 132
