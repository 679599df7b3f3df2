"""Colours, spaces and letters of the window, light and dark with the system; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from phi_desk.paths import resources_folder
from phi_desk.ui.style_sheet import SHEET

# Spaces in device-independent pixels: each about half again as wide as the one before.
HAIR, SMALL, MEDIUM, LARGE, HUGE = 4, 8, 12, 20, 32
READING_WIDTH = 760  # about 90 letters a line, the most that reads well
Choice = Literal["system", "light", "dark"]
_OWN_FONT = Qt.WidgetAttribute.WA_SetFont
SMALLEST_TEXT = 10.0  # points: below it a system font is not read with ease


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One set of colours by what they are for. `muted` on every ground has a contrast above 4.5."""

    window: str
    side: str
    surface: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    danger: str
    warning_ground: str
    error_ground: str


LIGHT = Colours(
    window="#ffffff",
    side="#f5f6f8",
    surface="#ffffff",
    raised="#f1f3f6",
    hover="#e8ebf0",
    line="#dfe3e9",
    text="#1c1f26",
    muted="#5f6673",
    accent="#2f62d9",
    on_accent="#ffffff",
    accent_soft="#e4ecfd",
    danger="#b3261e",
    warning_ground="#f3f6fd",
    error_ground="#fdf1f0",
)
DARK = Colours(
    window="#191b20",
    side="#14161a",
    surface="#20232a",
    raised="#272b33",
    hover="#30353f",
    line="#363b46",
    text="#e9ebef",
    muted="#a3a9b5",
    accent="#86a9ff",
    on_accent="#10131a",
    accent_soft="#27345a",
    danger="#ff9a91",
    warning_ground="#222a3d",
    error_ground="#3a2626",
)


class Theme(QObject):
    """Dresses the application, again whenever the system turns light or dark."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: Choice = "system"
        self._scale = 1.0
        self.motion = True
        app.setStyle("Fusion")
        app.setFont(body_font())
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._dress()

    @property
    def colours(self) -> Colours:
        """The set in use."""
        if self._choice == "system":
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._choice == "dark"
        return DARK if dark else LIGHT

    def choose(self, choice: Choice) -> None:
        """Follow the system, or the person's own choice; at once."""
        if choice != self._choice:
            self._choice = choice
            self._on_scheme_changed()

    def choose_scale(self, scale: float) -> None:
        """Make all text so many times as large as the system's; at once, everywhere."""
        times, self._scale = scale / self._scale, scale
        if times != 1:
            self._dress(times)
            self.changed.emit()

    def choose_motion(self, motion: bool) -> None:
        """Whether things may move when they appear."""
        self.motion = motion
        for effect in (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo,
                       Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeMenu,
                       Qt.UIEffect.UI_FadeTooltip):  # fmt: skip
            self._app.setEffectEnabled(effect, motion)

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self, times: float = 1.0) -> None:
        """Put on palette, font and style sheet, with fonts `times` as large as now.

        A new style sheet gives every widget back the font that it had under its first one, so
        fonts that were set by hand are set once more.
        """
        colours = self.colours
        own = [one for one in self._app.allWidgets() if one.testAttribute(_OWN_FONT)]
        sizes = [one.font().pointSizeF() for one in own]
        self._app.setPalette(palette_of(colours))
        if times != 1:
            self._app.setFont(body_font(self._scale))
        self._app.setStyleSheet(sheet_of(colours))
        for widget, size in zip(own, sizes, strict=True):
            font = widget.font()
            if size > 0 and font.pointSizeF() != size * times:
                font.setPointSizeF(size * times)
                widget.setFont(font)


def palette_of(colours: Colours) -> QPalette:
    """The colours in the places where Qt looks for them; icons and documents take them there."""
    palette = QPalette()
    role = QPalette.ColorRole
    for place, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.side),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.accent),
        (role.Accent, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Light, colours.hover),
        (role.Midlight, colours.raised),
        (role.Mid, colours.line),
        (role.Dark, colours.line),
        (role.Shadow, colours.line),
    ):
        palette.setColor(place, QColor(colour))
    for place in (role.Text, role.WindowText, role.ButtonText):
        faded = QColor(colours.muted)
        faded.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, place, faded)
    return palette


def sheet_of(colours: Colours) -> str:
    """The style sheet in these colours."""
    values = {name: getattr(colours, name) for name in Colours.__slots__}
    themes = (resources_folder() / "themes").as_posix()  # pictures of parts that Qt draws
    return Template(SHEET).substitute(values, themes=themes)


def body_font(scale: float = 1.0) -> QFont:
    """The system's own font, not smaller than can be read, so many times as large."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(max(SMALLEST_TEXT, font.pointSizeF()) * scale)
    return font


def sized(times: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of the text, `times` as large."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * times)
    font.setWeight(weight)
    return font


def small_font() -> QFont:
    """For what stands beside the text."""
    return sized(0.9)


def title_font() -> QFont:
    """For the name of a page."""
    return sized(1.5, QFont.Weight.DemiBold)


def heading_font() -> QFont:
    """For the name of a part."""
    return sized(1.1, QFont.Weight.DemiBold)


def code_font() -> QFont:
    """For code: every letter as wide as the next."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QApplication.font().pointSizeF() * 0.95)
    return font
