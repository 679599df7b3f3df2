"""Where the captions are shown: above all windows, or docked where the system forbids that."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.settings.schema import Overlay as Look
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.live.captions import CaptionsView
from phi_desk.ui.live.overlay_window import OverlayWindow
from phi_desk.ui.live.values import Captions
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font

WAYLAND = "On Wayland no program may place a window above the others, so the captions stand here."


class Dock(QFrame):
    """The captions as a strip of the main window."""

    hide_requested = Signal()
    float_requested = Signal()

    def __init__(self, look: Look, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Docked captions")
        self.captions = CaptionsView(look)
        self.reason = label(reason, kind="muted", font=small_font(), wrap=True)
        self.reason.setVisible(bool(reason))
        hide = IconButton("close", "Hide the captions")
        hide.clicked.connect(self.hide_requested)
        self.float = button("Show above All Windows", kind="flat", tip="As a window of its own")
        self.float.clicked.connect(self.float_requested)
        if reason:
            self.float.hide()  # `setVisible(True)` would show it as a window of its own
        below = QHBoxLayout()
        below.setSpacing(SMALL)
        below.addWidget(self.reason, 1)
        below.addStretch(0)
        below.addWidget(self.float)
        below.addWidget(hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, MEDIUM, HAIR)
        column.setSpacing(HAIR)
        column.addWidget(self.captions)
        column.addLayout(below)
        self.hide()


class Overlay(QObject):
    """Shows and hides the captions; keeps their look and place in the settings.

    Attributes:
        dock: to be put into the main window.
        docked_only: whether this system has no place above other windows for us.
    """

    shown_changed = Signal(bool)
    click_through_changed = Signal(bool)
    copy_requested = Signal()
    options_requested = Signal()

    def __init__(
        self, preferences: Preferences, parent: QObject, platform: str | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.docked_only = (platform or QGuiApplication.platformName()).startswith("wayland")
        self._shown = False
        self._translated = False
        self._captions = Captions()
        look = preferences.value.overlay
        self._look = look
        self.dock = Dock(look, WAYLAND if self.docked_only else "")
        self.dock.hide_requested.connect(self.hide)
        self.dock.float_requested.connect(self._on_float_requested)
        self.window: OverlayWindow | None = None
        preferences.changed.connect(self._on_preferences_changed)

    @property
    def shown(self) -> bool:
        """Whether the captions are to be seen."""
        return self._shown

    @property
    def floating(self) -> bool:
        """Whether they float above other windows when they are shown."""
        return not (self.docked_only or self._look.docked)

    @property
    def text(self) -> str:
        """The words that are shown."""
        view = self.dock.captions
        return view.text

    @Slot()
    def show(self) -> None:
        """Show them where they belong."""
        self._show(True)

    @Slot()
    def hide(self) -> None:
        """Take them away."""
        self._show(False)

    def set_click_through(self, through: bool) -> None:
        """Whether clicks go to what is behind."""
        self._preferences.change("overlay", click_through=through)

    def expect(self, *, translated: bool) -> None:
        """A session begins, with or without a translation."""
        self._translated = translated
        for view in self._views():
            view.expect(translated=translated)

    def show_captions(self, captions: Captions) -> None:
        """The newest words."""
        self._captions = captions
        for view in self._views():
            view.show_captions(captions)

    def close(self) -> None:
        """Take everything away for good."""
        self._shown = False
        self.dock.hide()
        window, self.window = self.window, None
        if window is not None:
            window.hide()
            window.deleteLater()

    def _views(self) -> tuple[CaptionsView, ...]:
        window = self.window
        return (self.dock.captions,) if window is None else (self.dock.captions, window)

    def _show(self, shown: bool) -> None:
        changed, self._shown = shown != self._shown, shown
        if shown and self.floating:
            window = self.window or self._make()
            if not window.isVisible():
                window.put()
                window.show()
                window.raise_()
        elif self.window is not None:
            self.window.hide()
        self.dock.setVisible(shown and not self.floating)
        if changed:
            self.shown_changed.emit(shown)

    def _make(self) -> OverlayWindow:
        window = self.window = OverlayWindow(self._look)
        window.expect(translated=self._translated)
        window.show_captions(self._captions)
        window.changed.connect(self._on_changed)
        window.placed.connect(self._on_placed)
        window.hide_requested.connect(self.hide)
        window.copy_requested.connect(self.copy_requested)
        window.options_requested.connect(self.options_requested)
        return window

    @Slot(str, object)
    def _on_changed(self, name: str, value: object) -> None:
        self._preferences.change("overlay", **{name: value})

    @Slot(object)
    def _on_placed(self, place: QRect) -> None:
        self._preferences.change("overlay", x=place.x(), y=place.y(), width=place.width())

    @Slot()
    def _on_float_requested(self) -> None:
        self._preferences.change("overlay", docked=False)

    @Slot(object)
    def _on_preferences_changed(self, _settings: object) -> None:
        look, before = self._preferences.value.overlay, self._look
        if look == before:
            return
        self._look = look
        for view in self._views():
            view.dress(look)
        if self._shown and look.docked != before.docked:
            self._show(True)
        window = self.window
        if window is not None and window.isVisible() and look.x is not None:
            self._on_placed(window.geometry())  # more lines have moved its upper edge
        if look.click_through != before.click_through:
            self.click_through_changed.emit(look.click_through)
