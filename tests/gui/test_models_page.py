"""The page Models, with a catalogue on disk and a download that is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers import tiny_checkpoint
from data_makers.person import Person
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import ModelNotFoundError, NetworkError
from phi_desk.model.download.values import DownloadProgress, DownloadRequest
from phi_desk.ui.models.page import ModelsPage

Enter = Callable[..., Person]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return tiny_checkpoint.make(tmp_path / "tiny")


def page_of(person: Person) -> ModelsPage:
    person.desktop.window.open_page("Models")
    person.waits_for(lambda: person.desktop.disk.idle)
    return person.desktop.models


def test_without_a_model_a_sentence_stands_there(enter: Enter) -> None:
    page = page_of(enter(FakeEngine()))
    if page.cards:
        pytest.skip("the embedded model is there")
    assert page.empty.isVisible()


def test_a_folder_is_added_used_checked_and_forgotten(
    enter: Enter, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tiny))
    chosen: list[str] = []
    page.model_chosen.disconnect()
    page.model_chosen.connect(chosen.append)
    page.choose_folder()
    person.waits_for(lambda: "tiny" in page.cards)
    assert "“tiny” is known now" in person.notice
    page.presenter.use("tiny")
    person.waits_for(lambda: chosen == ["tiny"])
    person.waits_for(lambda: person.desktop.disk.idle)
    person.click(page.cards["tiny"]._checking)
    person.waits_for(lambda: person.desktop.network.idle and "“tiny”:" in person.notice)
    page._on_remove_requested("tiny")
    (box,) = page.findChildren(QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).parent()
    box.accepted.emit()
    box.close()
    person.waits_for(lambda: "tiny" not in page.cards)
    assert (tiny / "config.json").exists()


def test_a_damaged_model_is_told(enter: Enter, tiny: Path, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    page.presenter.add(tiny)
    person.waits_for(lambda: "tiny" in page.cards)
    weights = next(tiny.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-100])
    person.click(page.cards["tiny"]._checking)
    person.waits_for(lambda: person.desktop.network.idle)
    current = person.desktop.window.notices.current
    assert current is not None
    assert current.error


def test_a_folder_without_a_model_is_refused_in_words(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    (tmp_path / "empty").mkdir()
    page.presenter.add(tmp_path / "empty")
    person.waits_for(lambda: person.notice)
    assert "config.json" in person.notice + person.desktop.window.notices._hint.text()


def test_a_download_shows_how_far_it_is_pauses_and_goes_on(enter: Enter) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    seen: list[DownloadRequest] = []

    def fetch(
        request: DownloadRequest, say: Callable[[DownloadProgress], None], cancel: CancelToken
    ) -> Path:
        seen.append(request)
        say(
            DownloadProgress(
                phase="fetch",
                done=3_000_000_000,
                total=12_000_000_000,
                speed=5e6,
                seconds_left=1800,
            )
        )
        cancel.wait(20)
        cancel.raise_if_cancelled()
        return request.folder

    page.presenter._fetch = fetch
    go = page.download._go
    person.click(go)
    person.waits_for(lambda: "3.0 GB of 12.0 GB" in page.download._words.text())
    assert "about 30 minutes left" in page.download._words.text()
    assert page.download._bar.value() == 250
    assert go.accessibleName() == "Pause"
    person.click(go)
    person.waits_for(lambda: go.accessibleName() != "Pause")
    assert person.notice == ""
    person.click(go)
    person.waits_for(lambda: len(seen) == 2)
    person.click(go)
    person.waits_for(lambda: go.accessibleName() != "Pause")


def test_a_download_that_fails_says_why(enter: Enter) -> None:
    person = enter(FakeEngine())
    page = page_of(person)

    def fetch(*_: object) -> Path:
        raise NetworkError("The server cannot be reached.", "Check the connection.")

    page.presenter._fetch = fetch
    person.click(page.download._go)
    person.waits_for(lambda: person.notice == "The server cannot be reached.")
    assert page.download._go.accessibleName() in ("Download", "Resume")


def test_the_page_says_what_fits(enter: Enter) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    person.waits_for(lambda: person.desktop.model.idle)
    person.waits_for(lambda: "GB" in page.download._fit.text())


def test_a_model_named_on_the_command_line_is_the_one_in_use(
    qtbot: QtBot, tiny: Path, tmp_path: Path
) -> None:
    person = Person(qtbot, tmp_path / "home", FakeEngine, model=str(tiny))
    page = page_of(person)
    person.waits_for(lambda: page.empty.text() == f"In use now: {tiny}")
    assert person.desktop._how().model == "tiny"
    person.leaves()


def test_without_a_model_the_notice_leads_to_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    def missing() -> FakeEngine:
        raise ModelNotFoundError("There is no model yet.", "Use the command line.")

    person = Person(qtbot, tmp_path / "home", missing)
    person.asks("Hello?")
    person.waits_for(lambda: person.ask.composer.text == "Hello?")
    notices = person.desktop.window.notices
    person.waits_for(lambda: notices.current is not None and notices.current.action is not None)
    person.click(notices._act)
    assert person.desktop.window.page == "Models"
    person.leaves()
