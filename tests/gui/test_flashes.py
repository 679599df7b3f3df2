"""Nothing but the window is shown as a window while it is filled and used."""

from __future__ import annotations

from collections.abc import Callable

from data_makers.person import Person, application
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from phi_desk.engine.fake import FakeEngine

Enter = Callable[..., Person]


class _Windows(QObject):
    """Remembers what is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        shown = event.type() == QEvent.Type.Show
        if shown and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_nothing_flashes_as_a_window_of_its_own(enter: Enter) -> None:
    """A part that is shown before it lies in the window takes the focus from it for a moment."""
    windows = _Windows()
    application().installEventFilter(windows)
    person = enter(FakeEngine(otherwise="Yes."))
    for page in person.desktop.window.page_names:
        person.desktop.window.open_page(page)
    person.desktop.window.open_page("Ask")
    person.asks("Is it so?")
    person.waits_for_the_answer()
    person.waits_for(lambda: person.desktop.disk.idle)
    application().removeEventFilter(windows)
    assert windows.seen == ["MainWindow"]
    assert person.desktop.window.isActiveWindow()
