"""Fixtures of the tests with a window: offscreen, and nothing of it may be left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from data_makers.person import Person, application
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phi_desk.engine.base import Engine

Enter = Callable[..., Person]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """No thread and no window outlives its test."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 30  # a sound driver that finds no server takes its time
    while left := [t for t in set(threading.enumerate()) - before if t.is_alive()]:
        assert time.monotonic() < until, f"threads were left running: {left}"
        time.sleep(0.01)
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        shown = [widget for widget in application().topLevelWidgets() if widget.isVisible()]
        assert not shown, f"windows were left open: {shown}"


@pytest.fixture
def enter(qtbot: QtBot, tmp_path: Path) -> Iterator[Enter]:
    """Opens a window with the engine that is given; closes all of them at the end."""
    people: list[Person] = []

    def come(engine: Engine, home: str = "home") -> Person:
        people.append(Person(qtbot, tmp_path / home, lambda: engine))
        return people[-1]

    yield come
    for person in people:
        person.leaves()
