"""What settings do to the open window: colours, letters, the tray, how the model is loaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from phi_desk.settings.schema import Model, Settings
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.shell.window import MainWindow
from phi_desk.ui.theme import Theme
from phi_desk.ui.tray import Tray


class Effects(QObject):
    """Makes the parts of the window follow the settings.

    `model_changed` is told when the model is to be loaded in another way than it was.
    """

    model_changed = Signal()

    def __init__(
        self,
        preferences: Preferences,
        theme: Theme,
        window: MainWindow,
        tray: Callable[[], Tray],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._theme = theme
        self._tray = tray
        self._shown: Settings | None = None
        window.stays = self._stays
        preferences.changed.connect(self._on_changed)
        self._on_changed(preferences.value)

    @Slot(object)
    def _on_changed(self, settings: Settings) -> None:
        before, self._shown = self._shown, settings
        look = settings.appearance
        if before is None or before.appearance.theme != look.theme:
            self._theme.choose(look.theme)
        if before is None or before.appearance.text_scale != look.text_scale:
            self._theme.choose_scale(look.text_scale)
        if before is None or before.appearance.motion != look.motion:
            self._theme.choose_motion(look.motion)
        if before is not None and _loading(before.model) != _loading(settings.model):
            self.model_changed.emit()

    def _stays(self) -> bool:
        """Whether closing only hides the window: only where there is a way back to it."""
        return self._preferences.value.window.tray and self._tray().there


def _loading(model: Model) -> tuple[object, ...]:
    """What cannot change without loading again."""
    return (model.device, model.precision, model.adapters)
