"""What can be given to the page Read, and what is found, renamed and exported in its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.read_page import a_pdf
from data_makers.read_window import ReadWindow, drop, engine_of_all, mime_of, written
from PIL import Image as Pillow
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from phi_desk.engine.base import Engine

Open = Callable[..., ReadWindow]
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    windows: list[ReadWindow] = []

    def come(engine: Engine | None = None, home: str = "home") -> ReadWindow:
        windows.append(ReadWindow(qtbot, tmp_path / home, engine or engine_of_all()))
        return windows[-1]

    yield come
    for window in windows:
        window.leaves()


def test_a_pasted_picture_is_read(opened: Open) -> None:
    window = opened()
    QGuiApplication.clipboard().setImage(written())
    window.presses("Ctrl+V")
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    assert window.names == ["Pasted picture"]
    assert QGuiApplication.clipboard().text().startswith("The fox")


def test_a_picture_is_pasted_over_the_text_of_another(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 1)]))
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()
    editor = window.page.document.text.plain
    editor.setFocus()
    QGuiApplication.clipboard().setText("words ")
    window.presses("Ctrl+V", editor)
    assert window.text.startswith("words The fox")
    QGuiApplication.clipboard().setImage(written())
    window.presses("Ctrl+V", editor)
    window.waits_for(lambda: "Pasted picture" in window.names)
    window.waits_until_all_is_done()


def test_a_picture_out_of_a_browser_is_read_and_an_address_is_not_fetched(opened: Open) -> None:
    window = opened()
    drop(window.page, mime_of(urls=[DOT]))
    window.waits_for(lambda: len(window.states) == 1)
    window.waits_until_all_is_done()
    drop(window.page, mime_of(urls=["https://example.org/a.png"]))
    assert window.notice == "Phi Desk does not fetch anything from the web by itself."
    drop(window.page, mime_of(text="only words"))
    assert window.notice == "These are words already."
    drop(window.page, mime_of(image=written()))
    window.waits_for(lambda: "Dropped picture" in window.names)
    window.waits_until_all_is_done()


def test_a_folder_and_several_files_are_read_in_a_row(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in (1, 2, 10):
        pixels = np.full((60, 80, 3), 255, np.uint8)
        pixels[10:30, 10:60] = 0
        Pillow.fromarray(pixels).save(folder / f"page {number}.png")
    window = opened()
    drop(window.page, mime_of([folder, a_pdf(tmp_path, 1), tmp_path / "none.pdf"]))
    window.waits_for(lambda: len(window.names) == 4)
    window.waits_until_all_is_done()
    assert sorted(window.names) == ["page 1.png", "page 10.png", "page 2.png", "report.pdf"]
    assert "There is no file" in window.notice


def test_chosen_files_with_a_range_of_pages(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_pdf(tmp_path, 6)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    window = opened()
    QTest.keyClicks(window.page.area.pages, "2, 5-")
    window.click(window.page.area.files)
    window.waits_for(lambda: window.states == ["read"] * 3)
    window.waits_until_all_is_done()
    assert window.details[0].startswith("3 of 6 pages")


def test_a_password_is_asked_for(opened: Open, tmp_path: Path) -> None:
    from data_makers.pdf_writer import Sheet, make_pdf, text_content

    path = tmp_path / "locked.pdf"
    path.write_bytes(make_pdf([Sheet(content=text_content("Hidden"))], user_password="secret"))
    window = opened()
    drop(window.page, mime_of([path]))
    window.waits_for(lambda: window.page.findChildren(QInputDialog))
    (dialog,) = window.page.findChildren(QInputDialog)
    dialog.setTextValue("secret")
    dialog.accept()
    window.waits_for(lambda: window.states == ["read"])
    window.waits_until_all_is_done()


def test_found_renamed_deleted_and_brought_back(opened: Open, tmp_path: Path) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 1, "one.pdf"), a_pdf(tmp_path, 1, "two.pdf")]))
    window.waits_for(lambda: len(window.names) == 2)
    window.waits_until_all_is_done()
    QTest.keyClicks(window.page.list.field, "one")
    window.waits_for(lambda: window.names == ["one.pdf"])
    window.page.list.field.clear()
    window.waits_for(lambda: len(window.names) == 2)
    row = window.names.index("two.pdf")
    window.opens_line(row)
    window.waits_until_all_is_done()
    QTest.keyClick(window.page.list.lines, Qt.Key.Key_F2)
    (dialog,) = window.page.findChildren(QInputDialog)
    dialog.setTextValue("Second")
    dialog.accept()
    window.waits_for(lambda: "Second" in window.names)
    window.waits_until_all_is_done()
    window.opens_line(window.names.index("Second"))
    QTest.keyClick(window.page.list.lines, Qt.Key.Key_Delete)
    window.waits_for(lambda: window.names == ["one.pdf"])
    window.waits_for(lambda: window.notice == "“Second” was deleted.")
    window.click(window.notices._act)
    window.waits_for(lambda: len(window.names) == 2)
    window.waits_until_all_is_done()


def test_exported_from_the_list(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened()
    drop(window.page, mime_of([a_pdf(tmp_path, 2)]))
    window.waits_for(lambda: window.states == ["read", "read"])
    window.waits_until_all_is_done()
    target = tmp_path / "out.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "Text (*.txt)"))
    window.presses("Ctrl+S")
    window.waits_for(target.exists)
    window.waits_until_all_is_done()
    assert "== report.pdf, page 2 ==" in target.read_text("utf-8")
    assert window.notice == f"Written to {target}."
