"""The page Models, with a catalogue on disk and a download that is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers import tiny_checkpoint
from data_makers.person import Person, application
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from phi_desk.app.wiring import App
from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import ModelNotFoundError, NetworkError
from phi_desk.model.download.values import DownloadProgress, DownloadRequest
from phi_desk.services.embedded import HONEST
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop
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
    notices = person.desktop.window.notices
    person.waits_for(lambda: notices.current is not None and notices.current.action is not None)
    person.click(notices._act)
    assert person.desktop.window.page == "Models"
    person.leaves()


def test_how_it_runs_is_chosen_here_and_comes_with_the_next_loading(enter: Enter) -> None:
    opened: list[int] = []
    engine = FakeEngine()
    person = enter(engine)
    page = page_of(person)
    person.desktop._given_opener = lambda _p, _c: opened.append(1) or FakeEngine()  # type: ignore[func-returns-value]
    assert page.run.badge.text() == "Loaded"
    assert page.run.load.isHidden()
    precision = page.run.precision
    precision.setCurrentIndex(precision.values.index("int8"))
    precision.activated.emit(precision.currentIndex())
    assert person.desktop.preferences.value.model.precision == "int8"
    assert page.run.stale.isVisibleTo(page)
    assert "loaded again" in person.notice
    person.click(page.run.load)
    person.waits_for(lambda: opened == [1] and not page.run.stale.isVisibleTo(page))
    person.waits_for(lambda: page.run.badge.text() == "Loaded")
    assert engine.closed


def test_the_model_is_unloaded_and_loaded_by_hand(enter: Enter) -> None:
    engine = FakeEngine()
    person = enter(engine)
    page = page_of(person)
    person.click(page.run.unload)
    person.waits_for(lambda: page.run.badge.text() == "Not loaded")
    assert engine.closed
    assert "not loaded" in person.desktop.window.status.sentence
    person.click(page.run.load)
    person.waits_for(lambda: page.run.badge.text() == "Loaded")


def test_a_question_loads_what_was_unloaded(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Here I am."))
    person.click(page_of(person).run.unload)
    person.waits_for(lambda: person.desktop.model.status.state == "asleep")
    person.desktop.window.open_page("Ask")
    person.asks("Hello?")
    person.waits_for(lambda: person.answers == ["Here I am."])
    person.waits_for_the_answer()


def test_it_is_not_loaded_at_the_start_where_that_was_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text(
        '{"schema": 1, "window": {"welcomed": true}, "model": {"load_at_start": false}}'
    )
    desktop = Desktop(App(home, EngineOptions()), application(), lambda _p, _c: FakeEngine())
    desktop.show()
    qtbot.waitUntil(lambda: "first question" in desktop.window.status.sentence, timeout=10_000)
    qtbot.waitUntil(lambda: "GB" in desktop.models.download._fit.text(), timeout=60_000)
    assert desktop.model.status.state == "asleep"
    desktop.window.close()
    desktop.close()
    desktop.window.deleteLater()
    desktop.deleteLater()


def test_an_installed_model_says_what_it_needs_here(enter: Enter, tiny: Path) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    page.presenter.add(tiny)
    person.waits_for(lambda: "tiny" in page.cards)
    page.refresh()
    person.qtbot.waitUntil(lambda: "It fits" in page.cards["tiny"]._needs.text(), timeout=60_000)
    person.waits_for(lambda: "best here" in [one.text() for one in page.run.findChildren(QLabel)])


def test_an_adapter_is_checked_added_chosen_and_forgotten(
    enter: Enter, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny_checkpoint.native_config()
    mine = tiny_checkpoint.make_adapter(tmp_path / "my-voice", config, 3, seed=5)
    person = enter(FakeEngine())
    page = page_of(person)
    page.presenter.add(tiny)
    person.waits_for(lambda: "tiny" in page.cards)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mine))
    person.click(page.adapters.add)
    person.qtbot.waitUntil(lambda: str(mine) in page.adapters.rows, timeout=60_000)
    assert person.desktop.preferences.value.model.adapters == (str(mine),)
    said = " ".join(one.text() for one in page.adapters.rows[str(mine)].findChildren(QLabel))
    assert "takes the place of speech" in said
    person.click(page.adapters.add)
    person.waits_for(lambda: "in the list already" in person.notice)
    remove = page.adapters.rows[str(mine)].findChildren(QAbstractButton)[0]
    person.click(remove)
    person.waits_for(lambda: not page.adapters.rows)
    left = person.desktop.preferences.value.model
    assert not left.adapters
    assert mine.is_dir()


def test_a_folder_that_is_no_adapter_is_refused_in_words(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    person.click(page.adapters.add)
    person.waits_for(lambda: "adapter_config.json" in person.notice)
    person.waits_for(page.adapters.add.isEnabled)
    assert page.adapters.none.isVisibleTo(page)


def test_a_finished_download_can_be_used_at_once(enter: Enter, tiny: Path) -> None:
    person = enter(FakeEngine())
    page = page_of(person)
    used: list[str] = []
    page.presenter._on_chosen = used.append

    def fetch(request: DownloadRequest, *_: object) -> Path:
        request.models.mkdir(parents=True, exist_ok=True)
        target = request.folder
        tiny.rename(target)
        return target

    page.presenter._fetch = fetch
    person.click(page.download._go)
    person.waits_for(lambda: "is here" in person.notice)
    person.click(person.desktop.window.notices._act)
    person.waits_for(lambda: used == ["Phi-4-multimodal-instruct"])


def test_while_the_demo_answers_the_window_says_so(
    enter: Enter, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phi_desk.services.embedded.embedded_folder", lambda: tiny)
    person = enter(FakeEngine())
    person.desktop.models.presenter.add(tiny)
    page = page_of(person)
    page.presenter.use("tiny")
    note = person.desktop.window.status._note
    person.waits_for(lambda: note.text() == HONEST and note.isVisible())
    page.presenter.remove("tiny")
    person.waits_for(lambda: note.text() == "" or "nano" in page.cards)
