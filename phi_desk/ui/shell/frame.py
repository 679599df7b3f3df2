"""The window before its pages are there: in its place, its colours and its letters; no page.

It imports little, so that it can be shown while the rest is imported.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from phi_desk.ui.lane import Lane
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.shell.places import Places
from phi_desk.ui.shell.window import MainWindow
from phi_desk.ui.theme import Theme


class Frame:
    """What the window stands in."""

    def __init__(self, home: Path, application: QApplication) -> None:
        self.disk = Lane("disk lane")
        self.preferences = Preferences(home, self.disk)
        look = self.preferences.value.appearance
        self.theme = Theme(application)
        self.theme.choose(look.theme)
        self.theme.choose_scale(look.text_scale)
        self.window = MainWindow(Places(home))
