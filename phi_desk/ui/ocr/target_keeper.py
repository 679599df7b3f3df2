"""Shows the small drop target as the settings say, and remembers where it stands."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal, Slot

from phi_desk.settings.schema import Settings
from phi_desk.ui.notices import Notice, NoticeBar
from phi_desk.ui.ocr.drop_target import ON_WAYLAND, DropTarget, is_wayland
from phi_desk.ui.preferences import Preferences


class TargetKeeper(QObject):
    """Does nothing before `begin`: the main window is seen first."""

    shown_changed = Signal(bool)

    def __init__(self, preferences: Preferences, notices: NoticeBar, parent: QObject) -> None:
        super().__init__(parent)
        self._preferences, self._notices = preferences, notices
        self._begun = self._told = False
        self.window = DropTarget()
        self.window.moved.connect(self._on_moved)
        self.window.closed.connect(self._on_closed)
        preferences.changed.connect(self._on_settings_changed)

    @property
    def shown(self) -> bool:
        """Whether it is wanted."""
        return self._preferences.value.reading.drop_target

    def begin(self) -> None:
        """Show it, where it is wanted."""
        self._begun = True
        self._on_settings_changed(self._preferences.value)

    @Slot(bool)
    def want(self, shown: bool) -> None:
        """Show it, or do not."""
        self._preferences.change("reading", drop_target=shown)

    def close(self) -> None:
        """The program ends; whether it is wanted stays as it is."""
        self.window.closed.disconnect(self._on_closed)
        self.window.close()

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        wanted = settings.reading.drop_target
        if not self._begun or wanted == self.window.isVisible():
            return
        if wanted:
            self.window.place(settings.reading.target_x, settings.reading.target_y)
            self.window.show()
            if is_wayland() and not self._told:
                self._told = True
                self._notices.show_notice(Notice(sentence=ON_WAYLAND))
        else:
            self.window.hide()
        self.shown_changed.emit(wanted)

    @Slot(object)
    def _on_moved(self, place: QPoint) -> None:
        self._preferences.change("reading", target_x=place.x(), target_y=place.y())

    @Slot()
    def _on_closed(self) -> None:
        self.want(False)
        self.shown_changed.emit(False)
