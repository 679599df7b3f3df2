"""The slim bar at the left: one button a page, About at its foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL, small_font

WIDTH = 76


class Navigation(QWidget):
    """Says which page was chosen."""

    page_chosen = Signal(str)
    about_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._buttons: dict[str, IconButton] = {}
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._about = IconButton("info", "About Phi Desk", tip="Versions and licences (F1)")
        self._about.clicked.connect(self.about_requested)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SMALL, MEDIUM, SMALL, MEDIUM)
        self._column.setSpacing(HAIR)
        self._column.addStretch(1)
        self._column.addWidget(self._about, 0, Qt.AlignmentFlag.AlignHCenter)

    def add(self, name: str, icon_name: str, keys: str) -> None:
        """A button for one more page."""
        made = IconButton(icon_name, name, tip=f"{name} ({keys})", size=22)
        made.setObjectName(name)
        made.setText(name)
        made.setFont(small_font())
        made.setProperty("kind", "rail")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setCheckable(True)
        made.clicked.connect(self._on_clicked)
        self._group.addButton(made)
        self._column.insertWidget(len(self._buttons), made)
        self._buttons[name] = made
        self._fit()

    def show_none(self) -> None:
        """Mark no page: one is open that is none of these."""
        self._group.setExclusive(False)
        for made in self._buttons.values():
            made.setChecked(False)
        self._group.setExclusive(True)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._fit)  # once the buttons have theirs

    @Slot()
    def _fit(self) -> None:
        width = WIDTH
        for made in self._buttons.values():
            width = max(width, made.fontMetrics().horizontalAdvance(made.text()) + 4 * SMALL)
        self.setFixedWidth(width)
        for made in self._buttons.values():
            height = max(56, made.iconSize().height() + made.fontMetrics().height() + 2 * MEDIUM)
            made.setFixedSize(QSize(width - 2 * SMALL, height))

    def show_page(self, name: str) -> None:
        """Mark the page that is open."""
        self._buttons[name].setChecked(True)

    @Slot()
    def _on_clicked(self) -> None:
        chosen = self._group.checkedButton()
        if chosen is not None:
            self.page_chosen.emit(chosen.objectName())
