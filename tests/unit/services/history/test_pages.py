"""Recognised pages are kept one by one, edited, found, and exported."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers.asking import picture

from phi_desk.errors import UsageError
from phi_desk.media.images import read_picture
from phi_desk.media.picture import Picture
from phi_desk.services.history.pages.export import PageForm, export_pages, pages_text
from phi_desk.services.history.pages.store import PageStore
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage

TABLE = "| a | b |\n|---|---|\n| 1 | x, y |"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(tmp_path / "home") as storage:
        yield storage


@pytest.fixture
def store(storage: Storage) -> PageStore:
    return PageStore(storage)


def text(store: PageStore, form: PageForm, *documents: int) -> str:
    return pages_text([(store.get(d), store.pages(d)) for d in documents], form)


def test_finished_pages_are_kept_as_they_come(store: PageStore) -> None:
    document = store.begin("Bericht März.pdf", 3)
    store.add(document.id, 1, "text", "Page one", reason="length")
    store.add(document.id, 3, "text", "", reason=None)
    document = store.get(document.id)
    assert (document.name, document.total, document.kept) == ("Bericht März.pdf", 3, 2)
    one, three = store.pages(document.id)
    assert (one.number, one.text, one.reason, one.edited) == (1, "Page one", "length", None)
    assert (three.number, three.text, three.reason, three.picture) == (3, "", None, None)


def test_edited_and_taken_back(store: PageStore) -> None:
    document = store.begin("a.png")
    page = store.add(document.id, 1, "text", "Helo world")
    page = store.edit(page.id, "Hello world")
    assert (page.text, page.read, page.edited) == ("Hello world", "Helo world", "Hello world")
    assert store.search("helo") == ()
    assert store.search("hello")[0].page == page.id
    assert store.edit(page.id, "").text == ""
    page = store.edit(page.id, None)
    assert (page.text, page.edited) == ("Helo world", None)
    assert store.search("helo")


def test_read_again_replaces_the_same_form_only(store: PageStore) -> None:
    document = store.begin("a.png")
    first = store.add(document.id, 1, "text", "wrong")
    store.edit(first.id, "mine")
    store.add(document.id, 1, "markdown", "# title")
    again = store.add(document.id, 1, "text", "right")
    assert (again.id, again.text, again.edited) == (first.id, "right", None)
    assert [page.form for page in store.pages(document.id)] == ["text", "markdown"]
    assert store.get(document.id).kept == 1
    assert store.search("wrong") == store.search("mine") == ()


def test_the_look_of_a_page_is_kept(store: PageStore, tmp_path: Path) -> None:
    source = picture(1).source
    assert isinstance(source, Picture)
    document = store.begin("a.png")
    page = store.add(document.id, 1, "text", "x", picture=source)
    assert page.picture is not None
    assert (read_picture(page.picture).pixels == source.pixels).all()
    page = store.add(document.id, 1, "text", "y")
    assert page.picture is not None
    (tmp_path / "b.png").write_bytes(page.picture.read_bytes())
    other = store.add(document.id, 2, "text", "z", picture=tmp_path / "b.png")
    assert other.picture == page.picture
    store.delete(document.id)
    assert store.storage.purge(older_than_s=0) == 1


def test_names_and_words_are_found_the_newest_first(store: PageStore) -> None:
    one, two = store.begin("zebra.pdf"), store.begin("other.pdf")
    store.add(one.id, 1, "text", "a zebra")
    store.add(two.id, 7, "text", "two zebras")
    hits = store.search("ZEBRA")
    assert [(hit.document.name, hit.number) for hit in hits] == [
        ("zebra.pdf", None),
        ("other.pdf", 7),
        ("zebra.pdf", 1),
    ]
    assert store.search("") == ()


def test_deleted_and_brought_back(store: PageStore) -> None:
    document = store.begin("a.png")
    store.add(document.id, 1, "text", "words")
    store.delete(document.id)
    assert store.list() == ()
    assert store.search("words") == ()
    with pytest.raises(NotFoundError):
        store.pages(document.id)
    store.add(document.id, 2, "text", "a page that was still being read")
    assert store.restore(document.id).kept == 2
    for wrong in (0, -1, 99, 2**80):
        with pytest.raises(NotFoundError):
            store.get(wrong)
        with pytest.raises(NotFoundError):
            store.page(wrong)
        with pytest.raises(NotFoundError):
            store.add(wrong, 1, "text", "x")


def test_one_page_is_exported_as_it_is(store: PageStore) -> None:
    document = store.begin("a.png")
    store.edit(store.add(document.id, 1, "markdown", "# Wrong").id, "# Title\n\n" + TABLE)
    assert text(store, "md", document.id) == f"# Title\n\n{TABLE}\n"
    assert text(store, "txt", document.id) == f"# Title\n\n{TABLE}\n"
    assert text(store, "csv", document.id) == 'a,b\n1,"x, y"\n'


def test_several_pages_are_told_apart(store: PageStore) -> None:
    document = store.begin("a--b.pdf", 2)
    store.add(document.id, 2, "text", "second")
    store.add(document.id, 1, "text", "first\n")
    assert text(store, "txt", document.id) == (
        "== a--b.pdf, page 1 ==\n\nfirst\n\n== a--b.pdf, page 2 ==\n\nsecond\n"
    )
    assert text(store, "md", document.id) == (
        "<!-- a- -b.pdf, page 1 -->\n\nfirst\n\n<!-- a- -b.pdf, page 2 -->\n\nsecond\n"
    )


def test_the_form_that_suits_is_taken(store: PageStore) -> None:
    document = store.begin("a.png")
    store.add(document.id, 1, "text", "plain")
    store.add(document.id, 1, "csv", "a,b\n1,2\n")
    assert text(store, "csv", document.id) == "a,b\n1,2\n"
    assert text(store, "txt", document.id) == "plain\n"
    assert text(store, "md", document.id) == "plain\n"


def test_tables_of_several_pages_are_csv_that_reads_back(store: PageStore) -> None:
    document = store.begin("a.pdf", 2)
    store.add(document.id, 1, "markdown", TABLE)
    store.add(document.id, 2, "csv", "c,d\n")
    rows = list(csv.reader(io.StringIO(text(store, "csv", document.id))))
    assert rows == [["a", "b"], ["1", "x, y"], [], ["c", "d"]]


def test_json_has_everything(store: PageStore) -> None:
    one, two = store.begin("a.pdf"), store.begin("b.pdf")
    store.edit(store.add(one.id, 1, "text", "read").id, "edited")
    document = json.loads(text(store, "json", one.id, two.id))
    assert [d["name"] for d in document["documents"]] == ["a.pdf", "b.pdf"]
    (page,) = document["documents"][0]["pages"]
    assert (page["text"], page["read"], page["edited"]) == ("edited", "read", True)


def test_written_to_a_file_once(store: PageStore, tmp_path: Path) -> None:
    document = store.begin("a.png")
    store.add(document.id, 1, "text", "größe")
    export_pages(store, [document.id], tmp_path / "out" / "a.txt", "txt")
    assert (tmp_path / "out" / "a.txt").read_bytes() == "größe\n".encode()
    with pytest.raises(UsageError):
        export_pages(store, [document.id], tmp_path / "out" / "a.txt", "txt")
    with pytest.raises(UsageError):
        export_pages(store, [document.id], tmp_path / "a.doc", "doc")  # type: ignore[arg-type]
