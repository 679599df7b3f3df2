"""Where pages are dropped while no document is open, and how they shall be read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from phi_desk.settings.schema import Reading
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import IconLabel, button, label, set_state
from phi_desk.ui.common.segmented import Segmented
from phi_desk.ui.common.switch import Switch
from phi_desk.ui.ocr.text_pane import form_choices
from phi_desk.ui.theme import HAIR, HUGE, LARGE, MEDIUM, SMALL, small_font, title_font

FINENESS = (
    (100, "100 dpi · quick"),
    (150, "150 dpi"),
    (200, "200 dpi · usual"),
    (300, "300 dpi · small print"),
    (400, "400 dpi"),
)
LOW = 430  # pixels of height: below it the picture above the words is left out
WIDEST = 720


class DropArea(QWidget):
    """Says what was asked for; the page around it takes what is dropped."""

    files_requested = Signal()
    folder_requested = Signal()
    region_requested = Signal()
    paste_requested = Signal()
    option_changed = Signal(str, object)  # name in the settings' part `reading`, value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QFrame()
        self._box.setObjectName("drop")
        self._box.setAccessibleName("Drop pages here")
        self._icon = IconLabel("drop", QPalette.ColorRole.Accent, 56)
        self.files = button("Choose files…", kind="main", tip="PDFs and pictures (Ctrl+O)")
        self.folder = button("Folder…", tip="Every picture and PDF in a folder (Ctrl+Shift+O)")
        self.region = button("Part of the screen", tip="Cut out what shall be read (Ctrl+Shift+R)")
        self.paste = button("Paste", tip="Read the picture on the clipboard (Ctrl+V)")
        self.form = Segmented("Read as", form_choices())
        self.pages = QLineEdit()
        self.pages.setPlaceholderText("all")
        self.pages.setAccessibleName("Which pages of a document")
        self.pages.setToolTip("Which pages of a document: for example 1-3, 7, 10-")
        self.pages.setClearButtonEnabled(True)
        self.pages.setFixedWidth(130)
        self.dpi = QComboBox()
        self.dpi.setAccessibleName("How finely PDF pages are drawn")
        self.dpi.view().setAccessibleName("How finely PDF pages are drawn")
        self.dpi.setToolTip("How finely the pages of a PDF are drawn for reading")
        for value, words in FINENESS:
            self.dpi.addItem(words, value)
        self.copy = Switch("Copy the text when a document has been read")
        self.target = Switch("Show a small place to drop files above all windows")
        self._lay_out()
        self._wire()

    def show_options(self, options: Reading) -> None:
        """The settings as they are now."""
        self.form.show_value(options.form)
        place = self.dpi.findData(options.dpi)
        if place < 0:
            self.dpi.addItem(f"{options.dpi} dpi", options.dpi)
            place = self.dpi.count() - 1
        self.dpi.blockSignals(True)
        self.dpi.setCurrentIndex(place)
        self.dpi.blockSignals(False)
        for switch, value in ((self.copy, options.copy), (self.target, options.drop_target)):
            switch.blockSignals(True)
            switch.setChecked(value)
            switch.update()
            switch.blockSignals(False)

    def show_dropping(self, dropping: bool) -> None:
        """Something is held above the page."""
        set_state(self._box, "dropping", dropping)

    def draw_icons(self) -> None:
        """Draw the icon in the colours of now."""
        self._icon.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Where there is little room the words are enough."""
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= LOW)

    @Slot(str)
    def _on_form_chosen(self, form: str) -> None:
        self.option_changed.emit("form", form)

    @Slot(int)
    def _on_dpi_chosen(self, place: int) -> None:
        self.option_changed.emit("dpi", int(self.dpi.itemData(place)))

    @Slot(bool)
    def _on_copy_toggled(self, on: bool) -> None:
        self.option_changed.emit("copy", on)

    @Slot(bool)
    def _on_target_toggled(self, on: bool) -> None:
        self.option_changed.emit("drop_target", on)

    def _wire(self) -> None:
        self.files.clicked.connect(self.files_requested)
        self.folder.clicked.connect(self.folder_requested)
        self.region.clicked.connect(self.region_requested)
        self.paste.clicked.connect(self.paste_requested)
        self.form.chosen.connect(self._on_form_chosen)
        self.dpi.currentIndexChanged.connect(self._on_dpi_chosen)
        self.copy.toggled.connect(self._on_copy_toggled)
        self.target.toggled.connect(self._on_target_toggled)

    def _lay_out(self) -> None:
        title = label("Drop pages here to read them", font=title_font(), wrap=True)
        words = label(
            "PDFs, scans, photos, screenshots, whole folders. A picture dragged out of a browser "
            "or pasted works, too. Everything stays on this computer.",
            kind="muted",
            wrap=True,
        )
        for text in (title, words):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=SMALL, centred=True)
        for one in (self.files, self.folder, self.region, self.paste):
            flow.addWidget(one)
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(HUGE, LARGE, HUGE, LARGE)
        inner.setSpacing(MEDIUM)
        inner.addStretch(2)
        inner.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(title)
        inner.addWidget(words)
        inner.addSpacing(SMALL)
        inner.addWidget(buttons)
        inner.addStretch(3)
        column = QVBoxLayout()
        column.setSpacing(LARGE)
        column.addWidget(self._box, 1)
        column.addWidget(self._options())
        row = QHBoxLayout(self)
        row.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        row.addLayout(column)

    def _options(self) -> QWidget:
        options = QWidget()
        flow = FlowLayout(options, spacing=LARGE, centred=True)
        for name, control in (
            ("Read as", self.form),
            ("Pages", self.pages),
            ("PDFs at", self.dpi),
            ("Copy when done", self.copy),
            ("Small drop target", self.target),
        ):
            pair = QWidget()
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(HAIR + 4)
            words = label(name, kind="muted", font=small_font())
            words.setBuddy(control)
            row.addWidget(words)
            row.addWidget(control)
            flow.addWidget(pair)
        return options
