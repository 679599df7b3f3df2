"""The page of the first start: once, honest, and a way to every choice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers import tiny_checkpoint
from data_makers.person import Person
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import ModelNotFoundError
from phi_desk.model.download.values import DownloadProgress, DownloadRequest
from phi_desk.services.embedded import HONEST
from phi_desk.ui.first_start.page import FirstStartPage
from phi_desk.ui.first_start.presenter import WITHOUT_DEMO
from phi_desk.ui.housekeeping import FIRST_STEPS

Come = Callable[..., Person]


@pytest.fixture
def come(qtbot: QtBot, tmp_path: Path) -> Iterator[Come]:
    """Somebody who was never here."""
    people: list[Person] = []

    def come(engine: Callable[[], FakeEngine] = FakeEngine, home: str = "home") -> Person:
        people.append(Person(qtbot, tmp_path / home, engine, welcomed=False))
        return people[-1]

    yield come
    for person in people:
        person.leaves()


def page(person: Person) -> FirstStartPage:
    return person.desktop.house.first_start


def test_a_new_person_is_welcomed_once(come: Come) -> None:
    person = come()
    assert person.desktop.window.page == FIRST_STEPS
    person.waits_for(lambda: "are free" in page(person).disk.text())
    person.click(page(person).keep)
    assert person.desktop.window.page == "Ask"
    person.leaves()
    assert come().desktop.window.page == "Ask"


def test_who_goes_elsewhere_was_welcomed_too(come: Come) -> None:
    person = come()
    person.click(person.desktop.window.navigation._buttons["Models"])
    assert person.desktop.window.page == "Models"
    assert person.desktop.preferences.value.window.welcomed
    person.leaves()
    assert come().desktop.window.page == "Models"


@pytest.mark.parametrize("has_demo", [True, False])
def test_it_says_honestly_what_works_now(come: Come, has_demo: bool) -> None:
    person = come()
    page(person).presenter._has_demo = lambda: has_demo
    page(person).refresh()
    expected = HONEST if has_demo else WITHOUT_DEMO
    person.waits_for(lambda: expected in page(person).demo.text())
    assert page(person).keep.text() == ("Keep the demo" if has_demo else "Not now")


def test_it_says_what_the_full_model_needs_and_whether_it_fits(come: Come) -> None:
    person = come()
    person.waits_for(lambda: "of the disk" in page(person).disk.text())
    person.waits_for(lambda: "of memory" in page(person).memory.text())
    assert "are free" in page(person).memory.text()


def test_without_any_model_it_finds_out_what_fits_all_the_same(
    come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> FakeEngine:
        raise ModelNotFoundError("There is no model yet.")

    person = come(missing)
    assert person.desktop.window.page == FIRST_STEPS
    person.qtbot.waitUntil(lambda: "of memory" in page(person).memory.text(), timeout=60_000)


def test_a_download_is_begun_paused_and_resumed_from_here(come: Come) -> None:
    person = come()
    begun: list[DownloadRequest] = []

    def fetch(
        request: DownloadRequest, say: Callable[[DownloadProgress], None], cancel: CancelToken
    ) -> Path:
        begun.append(request)
        say(DownloadProgress(phase="fetch", done=3 * 10**9, total=12 * 10**9, speed=4e6))
        staging = request.models / f".{request.folder_name}.partial"
        staging.mkdir(parents=True, exist_ok=True)
        (staging / "part").write_bytes(b"x" * 1000)
        cancel.wait(30)
        cancel.raise_if_cancelled()
        return request.folder

    person.desktop.models.presenter._fetch = fetch
    person.click(page(person).go)
    person.waits_for(lambda: "3.0 GB of 12.0 GB" in page(person).words.text())
    assert "4.0 MB a second" in page(person).words.text()
    assert page(person).go.text() == "Pause"
    assert page(person).bar.value() == 250
    person.click(page(person).go)
    person.waits_for(lambda: page(person).go.text() == "Resume")
    person.waits_for(lambda: "kept" in page(person).words.text())
    assert "kept" in person.desktop.models.download._words.text()
    person.click(page(person).go)
    person.waits_for(lambda: len(begun) == 2)
    person.click(page(person).go)
    person.waits_for(lambda: page(person).go.text() == "Resume")


def test_a_folder_with_the_files_is_checked_and_used(
    come: Come, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = come()
    used: list[str] = []
    person.desktop.models.model_chosen.connect(used.append)
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    person.click(page(person).have)
    person.waits_for(lambda: person.notice)
    assert person.desktop.window.page == FIRST_STEPS
    tiny = tiny_checkpoint.make(tmp_path / "tiny")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tiny))
    monkeypatch.setattr(person.desktop, "_opener", lambda _name: lambda _p, _c: FakeEngine())
    person.click(page(person).have)
    person.waits_for(lambda: used == ["tiny"])
    assert person.desktop.window.page == "Ask"
    assert json.loads((tmp_path / "home" / "models.json").read_text())["default"] == "tiny"


def test_it_is_opened_again_from_models(come: Come) -> None:
    person = come()
    person.click(page(person).keep)
    person.desktop.window.open_page("Models")
    about = next(
        button
        for button in person.desktop.models.download.findChildren(QAbstractButton)
        if button.accessibleName() == "First steps"
    )
    person.click(about)
    assert person.desktop.window.page == FIRST_STEPS


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(come: Come, theme: str) -> None:
    person = come()
    person.desktop.preferences.change("appearance", theme=theme)
    person.waits_for(lambda: page(person).demo.text())
    image = page(person).grab().toImage()
    ground = image.pixelColor(8, image.height() - 8).lightness()
    assert (ground > 200) is (theme == "light")
    demo = page(person).demo
    words = page(person).grab(QRect(demo.mapTo(page(person), QPoint()), demo.size())).toImage()
    ink = [
        words.pixelColor(x, y).lightness()
        for x in range(words.width())
        for y in range(0, words.height(), 2)
    ]
    assert max(ink) - min(ink) > 150


def test_everything_on_it_has_a_name_and_is_reached_by_keyboard(come: Come) -> None:
    person = come()
    for button in page(person).findChildren(QAbstractButton):
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy()
