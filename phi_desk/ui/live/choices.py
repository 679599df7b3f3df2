"""Joins the choices of the page Live to the settings, and says what is wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from phi_desk.ui.live.controls import Controls
from phi_desk.ui.live.values import Wanted
from phi_desk.ui.preferences import Preferences


class Choices(QObject):
    """What is chosen on the page is kept, and what is changed elsewhere is shown."""

    def __init__(self, controls: Controls, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._controls = controls
        self._preferences = preferences
        controls.source_changed.connect(self._on_source_changed)
        controls.language_changed.connect(self._on_language_changed)
        controls.target_changed.connect(self._on_target_changed)
        preferences.changed.connect(self._on_preferences_changed)
        controls.show_settings(preferences.value)

    @property
    def wanted(self) -> Wanted:
        """What would be listened to now."""
        settings = self._preferences.value
        kind, device = self._controls.chosen
        if kind == "system":
            device = settings.devices.system_audio or ""
        return Wanted(
            kind=self._controls.kind,
            device=device,
            file=self._controls.file,
            language=settings.live.language,
            target=settings.live.target,
            options=settings.live.options(),
            keep=settings.live.keep_sessions,
            keep_sound=settings.live.keep_sound,
        )

    @Slot(str, str)
    def _on_source_changed(self, kind: str, device: str) -> None:
        self._preferences.change("live", source=kind)
        if kind == "microphone":
            self._preferences.change("devices", microphone=device or None)

    @Slot(str)
    def _on_language_changed(self, language: str) -> None:
        self._preferences.change("live", language=language)

    @Slot(str)
    def _on_target_changed(self, target: str) -> None:
        self._preferences.change("live", target=target)

    @Slot(object)
    def _on_preferences_changed(self, _settings: object) -> None:
        self._controls.show_settings(self._preferences.value)
