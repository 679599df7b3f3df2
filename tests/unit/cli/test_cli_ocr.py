"""`phi-desk ocr`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.command_lines import Desk

from phi_desk.engine.fake import FakeEngine, Reply, Rule, asks
from phi_desk.errors import ContextError, InputError
from phi_desk.media.pdf import Document

Maker = Callable[..., Path]


def counting(*replies: str) -> Rule:
    """Answers request after request."""
    left = iter(replies)
    return Rule(lambda _: True, lambda _: next(left))


def test_a_picture(desk: Desk, picture: Maker) -> None:
    engine = FakeEngine(otherwise=" HELLO\nWORLD \n")
    ran = desk.run("ocr", picture(), engine=engine)
    assert (ran.code, ran.out, ran.err) == (0, "HELLO\nWORLD\n", "")
    ran = desk.run("ocr", "--json", picture(), engine=engine)
    (page,) = ran.named("page")
    assert (page["number"], page["total"], page["text"]) == (1, 1, "HELLO\nWORLD")
    assert ran.finished["text"] == "HELLO\nWORLD"
    assert ran.finished["adapter"] == "vision"


def test_blank_pages_are_empty_and_not_shown_to_the_model(desk: Desk, pdf: Maker) -> None:
    engine = FakeEngine(counting("one", "three"))
    ran = desk.run("ocr", "--json", pdf("ONE", "", "THREE"), engine=engine)
    assert [(page["number"], page["text"]) for page in ran.named("page")] == [
        (1, "one"),
        (2, ""),
        (3, "three"),
    ]
    assert len(engine.requests) == 2
    assert ran.finished["text"] == "one\n\nthree"
    plain = desk.run("ocr", pdf("ONE", "", "THREE"), engine=FakeEngine(counting("one", "three")))
    assert plain.out == "one\n\nthree\n"


def test_chosen_pages(desk: Desk, pdf: Maker) -> None:
    engine = FakeEngine(counting("two", "three"))
    ran = desk.run("ocr", "--json", "--pages", "2-3", pdf("ONE", "TWO", "THREE"), engine=engine)
    assert [page["number"] for page in ran.named("page")] == [2, 3]
    wrong = desk.run("ocr", "--pages", "4", pdf("ONE"))
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)


def test_a_damaged_page_does_not_lose_the_others(
    desk: Desk, pdf: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = Document.render

    def failing(self: Document, page_number: int, *args: object, **kwargs: object) -> object:
        if page_number in (1, 3):
            raise InputError(f"Page {page_number} is damaged.")
        return render(self, page_number, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Document, "render", failing)
    engine = FakeEngine(counting("two", "four"))
    ran = desk.run("ocr", "--json", pdf("ONE", "TWO", "THREE", "FOUR"), engine=engine)
    assert ran.code == 1
    assert [page["number"] for page in ran.named("page")] == [2, 4]
    assert [(error["number"], error["sentence"]) for error in ran.named("error")] == [
        (1, "Page 1 is damaged."),
        (3, "Page 3 is damaged."),
    ]
    assert ran.finished["text"] == "two\n\nfour"


def test_a_page_too_large_for_the_model_does_not_lose_the_others(desk: Desk, pdf: Maker) -> None:
    replies: Iterator[Reply] = iter(["one", ContextError("Too long.")])
    ran = desk.run(
        "ocr",
        "--format",
        "json",
        pdf("ONE", "TWO"),
        engine=FakeEngine(Rule(lambda _: True, lambda _: next(replies))),
    )
    assert ran.code == 1
    pages = json.loads(ran.out)["pages"]
    assert pages[0]["text"] == "one"
    assert pages[1] == {"number": 2, "total": 2, "error": "Too long."}


def test_csv_from_markdown_is_valid_csv(desk: Desk, picture: Maker) -> None:
    table = '```markdown\n| Name | Price |\n|---|---:|\n| Nut "M4", steel | 1,50 |\n| Bolt |\n```'
    engine = FakeEngine(Rule(asks("to CSV"), table))
    ran = desk.run("ocr", "--format", "csv", picture(), engine=engine)
    rows = list(csv.reader(ran.out.splitlines()))
    assert rows == [["Name", "Price"], ['Nut "M4", steel', "1,50"], ["Bolt", ""]]


def test_fences_are_taken_off(desk: Desk, picture: Maker) -> None:
    engine = FakeEngine(otherwise="```markdown\n# Title\n\ntext\n```")
    for name in ("markdown", "text"):
        assert (
            desk.run("ocr", "--format", name, picture(), engine=engine).out == "# Title\n\ntext\n"
        )


def test_several_files_and_a_broken_one(desk: Desk, picture: Maker, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nno")
    files = [picture("a.png"), broken, picture("b.png")]
    ran = desk.run("ocr", *files, engine=FakeEngine(counting("one", "two")))
    assert ran.code == 1
    assert ran.out == f"== {files[0]} ==\none\n\n== {files[1]} ==\n\n== {files[2]} ==\ntwo\n"
    assert ran.err.count("\n") == 1


def test_nothing_is_loaded_for_a_file_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    ran = desk.run("ocr", tmp_path / "none.pdf")
    assert ran.code == 1
    assert "none.pdf" in ran.err
