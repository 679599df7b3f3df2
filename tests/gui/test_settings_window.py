"""Closing into the tray, and ending for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from data_makers.person import Person
from PySide6.QtGui import QCloseEvent

from phi_desk.engine.fake import FakeEngine

Enter = Callable[..., Person]


@pytest.fixture
def person(enter: Enter) -> Person:
    return enter(FakeEngine())


def test_closing_hides_the_window_where_there_is_a_tray(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, tray = person.desktop.window, person.desktop.tray
    monkeypatch.setattr(type(tray), "there", property(lambda _self: True))
    closed: list[int] = []
    window.closed.connect(lambda: closed.append(1))
    person.desktop.preferences.change("window", tray=True)
    window.close()
    assert not window.isVisible()
    assert closed == []
    tray.window_requested.emit()
    assert window.isVisible()
    person.asks("Still there?")
    window.leave()
    assert closed == [1]


def test_without_a_tray_closing_ends_it(person: Person) -> None:
    person.desktop.preferences.change("window", tray=True)
    closed: list[int] = []
    person.desktop.window.closed.connect(lambda: closed.append(1))
    person.desktop.window.close()
    assert closed == [1]


def test_a_session_that_ends_is_not_held_up(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(person.desktop.tray), "there", property(lambda _self: True))
    person.desktop.preferences.change("window", tray=True)
    person.desktop.window.let_session_end(None)  # type: ignore[arg-type]
    event = QCloseEvent()
    person.desktop.window.closeEvent(event)
    assert event.isAccepted()


def test_the_tray_offers_switches(person: Person) -> None:
    action = person.desktop.tray.add_switch("Show the overlay")
    toggled: list[bool] = []
    action.toggled.connect(toggled.append)
    action.trigger()
    assert toggled == [True]
    assert action in person.desktop.tray.menu.actions()
