"""What is kept, the bin, and deleting everything, from the page Settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from data_makers.asking import picture
from data_makers.person import Person
from data_makers.talks import Talk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from phi_desk.engine.fake import FakeEngine
from phi_desk.services.chats.store import ChatStore
from phi_desk.settings.schema import Settings
from phi_desk.ui.settings.storage_panel import EraseDialog, StoragePanel

Enter = Callable[..., Person]


@pytest.fixture
def person(enter: Enter) -> Person:
    person = enter(FakeEngine())
    person.desktop.window.open_page("Settings")
    person.waits_for(lambda: person.desktop.settings.cards)
    return person


def press(person: Person, widget: QWidget) -> None:
    """Click on something on the page, which is scrolled to it first."""
    person.desktop.settings._area.ensureWidgetVisible(widget)
    person.waits_for(lambda: widget.isVisible() and widget.height() > 8)
    person.click(widget)


def fill(person: Person) -> None:
    store = ChatStore(person.desktop.history.storage())
    Talk(store, store.create().id).ask("unmistakable secret", picture(1), answer="a reply")


def storage_panel(person: Person) -> StoragePanel:
    person.desktop.settings.open_group("history")
    panel = person.desktop.settings.extras["history"]
    assert isinstance(panel, StoragePanel)
    person.waits_for(lambda: panel.sentence.text())
    return panel


def texts(panel: StoragePanel) -> list[str]:
    items = [panel.lines.itemAt(at) for at in range(panel.lines.count())]
    shown = [item.widget() for item in items if item is not None]
    return [one.text() for one in shown if isinstance(one, QLabel)]


def test_storage_tells_what_is_kept_and_where(person: Person) -> None:
    fill(person)
    panel = storage_panel(person)
    panel.presenter.refresh()
    person.waits_for(lambda: texts(panel)[1] == "1")
    assert panel.place.text() == str(person.desktop._app.home)
    assert "are free on this disk" in panel.sentence.text()


def test_the_bin_is_emptied_at_once(person: Person) -> None:
    fill(person)
    store = ChatStore(person.desktop.history.storage())
    store.delete(store.list()[0].id)
    panel = storage_panel(person)
    panel.presenter.refresh()
    person.waits_for(panel.bin.isEnabled)
    assert panel.bin.text() == "Empty the bin (1)"
    press(person, panel.bin)
    person.waits_for(lambda: person.notice == "The bin is empty.")
    person.waits_for(lambda: not panel.bin.isEnabled())


def test_all_data_is_deleted_after_one_clear_question_and_the_window_goes_on(
    person: Person,
) -> None:
    desktop = person.desktop
    desktop.window.open_page("Ask")
    person.asks("unmistakable secret?")
    person.waits_for_the_answer()
    person.waits_for(lambda: person.titles)
    desktop.window.open_page("Settings")
    desktop.preferences.change("answers", max_tokens=77)
    panel = storage_panel(person)
    press(person, panel.all)
    (dialog,) = desktop.window.findChildren(EraseDialog)
    assert not dialog.models.isChecked()
    dialog.settings.setChecked(True)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    person.waits_for(lambda: "Everything was deleted." in person.notice)
    home = desktop._app.home
    desktop.preferences.flush()
    kept = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert b"unmistakable" not in kept
    assert desktop.preferences.value.answers == Settings().answers
    assert desktop.preferences.value.window.welcomed
    person.waits_for(lambda: person.titles == [])
    desktop.window.open_page("Ask")
    person.asks("Are you still there?")
    person.waits_for_the_answer()
    person.waits_for(lambda: len(person.titles) == 1)


def test_the_question_before_deleting_can_be_left(person: Person) -> None:
    fill(person)
    panel = storage_panel(person)
    press(person, panel.all)
    (dialog,) = person.desktop.window.findChildren(EraseDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(ChatStore(person.desktop.history.storage()).list()) == 1
