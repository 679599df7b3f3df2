"""One option on the page: its title and sentence, its control, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.settings.controls import WIDE
from phi_desk.ui.settings.making import BELOW, control_of
from phi_desk.ui.settings.options import Option
from phi_desk.ui.theme import MEDIUM, SMALL, sized, small_font

LINE = 18  # pixels of a line of text as the widths here were chosen
LEAST_WORDS = 200  # pixels that the words beside a control need


class OptionRow(QWidget):
    """The view of an `Option`; tells a new value, and that the old default is wanted."""

    value_changed = Signal(object, object)  # Key, the value
    reset_requested = Signal(object)  # Key

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option
        self._arranged: tuple[bool, int] | None = None  # below the words, how wide
        self._grid = QGridLayout(self)
        self.control = control_of(option)
        self.title = label(option.title, wrap=True, font=sized(1.0, QFont.Weight.Medium))
        self.title.setBuddy(self.control.field)
        self.sentence = label(option.sentence, kind="muted", font=small_font(), wrap=True)
        self.wrong = label(kind="danger", font=small_font(), wrap=True)
        self.wrong.hide()
        self.reset = IconButton(
            "undo",
            f"Back to the default: {option.title}",
            tip="Back to how it was delivered",
            size=16,
        )
        keeps = self.reset.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # so that nothing moves when it comes
        self.reset.setSizePolicy(keeps)
        self.control.value_changed.connect(self._on_value_changed)
        self.reset.clicked.connect(self._on_reset_clicked)
        self._lay_out()

    def show_value(self, value: object, *, is_default: bool) -> None:
        """What the option is now."""
        self.control.show_value(value)
        self.reset.setVisible(not is_default)

    def show_wrong(self, sentence: str) -> None:
        """What is wrong with what was entered; empty when nothing is."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        said = f"{self.option.sentence} {sentence}".strip()
        self.control.field.setAccessibleDescription(said)
        if sentence:
            self.reset.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Where there is no room beside the words, the control stands below them."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _arrange(self) -> None:
        letters = max(1.0, self.fontMetrics().height() / LINE)
        wide = round(WIDE * letters)
        below = self.option.control in BELOW or (
            self.option.control != "switch" and self.width() < wide + letters * LEAST_WORDS
        )
        if (below, wide) == self._arranged:
            return
        self._arranged = (below, wide)
        self._grid.removeWidget(self.control)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self.option.control in BELOW:
            self._grid.addWidget(self.control, 1, 0, 1, 3)
            return
        if self.option.control != "switch":
            self.control.setFixedWidth(wide)
        if below:
            self._grid.addWidget(self.control, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self.control, 0, 1, middle | Qt.AlignmentFlag.AlignRight)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        words.addWidget(self.wrong)
        self._grid.setContentsMargins(0, SMALL, 0, SMALL)
        self._grid.setHorizontalSpacing(MEDIUM)
        self._grid.setVerticalSpacing(SMALL)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(words, 0, 0)
        self._grid.addWidget(self.reset, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        self._arrange()

    @Slot(object)
    def _on_value_changed(self, value: object) -> None:
        self.value_changed.emit(self.option.key, value)

    @Slot()
    def _on_reset_clicked(self) -> None:
        self.reset_requested.emit(self.option.key)
