"""Controls for the plain types of options; each shows a value and tells a new one."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from phi_desk.ui.common.combo import Choices, Combo
from phi_desk.ui.common.switch import Switch
from phi_desk.ui.settings.options import Option
from phi_desk.ui.theme import SMALL
from phi_desk.ui.throttle import Pause

WIDE = 240  # pixels of a control beside its words
WIDEST_NUMBER = 1_000_000_000  # what is out of range is said by the settings, not cut off here
TYPING_MS = 700  # a text is taken when nobody has typed for so long, or when it is left


class Control(QWidget):
    """One control: `field` is the part of it that has the keyboard."""

    value_changed = Signal(object)

    def __init__(self, option: Option, field: QWidget) -> None:
        super().__init__()
        self.option = option
        self.field = field
        field.setAccessibleName(option.title)
        field.setAccessibleDescription(option.sentence)
        field.setToolTip(option.sentence)
        self.setFocusProxy(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        row.addWidget(field, 1)

    def show_value(self, value: object) -> None:
        """Show what the option is now; tells nobody."""
        raise NotImplementedError


class SwitchControl(Control):
    """On or off."""

    def __init__(self, option: Option) -> None:
        self._switch = Switch(option.title)
        super().__init__(option, self._switch)
        self._switch.clicked.connect(self._on_clicked)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        self._switch.setChecked(bool(value))

    @Slot()
    def _on_clicked(self) -> None:
        self.value_changed.emit(self._switch.isChecked())


class ChoiceControl(Control):
    """One of several values; what is kept and not among them is shown, too."""

    def __init__(self, option: Option, choices: Choices | None = None, lost: str = "") -> None:
        self.combo = Combo(
            option.title, choices if choices is not None else option.choices, lost=lost
        )
        super().__init__(option, self.combo)
        self.combo.chosen.connect(self.value_changed)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        self.combo.show_value(value)


class _QuietSpin(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        event.ignore()


class _QuietDoubleSpin(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        event.ignore()


class WholeControl(Control):
    """A whole number."""

    def __init__(self, option: Option) -> None:
        self._spin = _QuietSpin()
        super().__init__(option, self._spin)
        self._spin.setRange(-WIDEST_NUMBER, WIDEST_NUMBER)
        self._spin.setSingleStep(round(option.look.step) or 1)
        self._spin.setSuffix(option.look.unit)
        self._spin.lineEdit().setTextMargins(SMALL - 2, 0, 0, 0)
        self._spin.setKeyboardTracking(False)
        self._spin.valueChanged.connect(self._on_changed)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        with QSignalBlocker(self._spin):
            self._spin.setValue(value if isinstance(value, int) else 0)

    @Slot(int)
    def _on_changed(self, value: int) -> None:
        self.value_changed.emit(value)


class NumberControl(Control):
    """A number with parts."""

    def __init__(self, option: Option) -> None:
        self._spin = _QuietDoubleSpin()
        super().__init__(option, self._spin)
        self._spin.setRange(-WIDEST_NUMBER, WIDEST_NUMBER)
        self._spin.setDecimals(2)
        self._spin.setSingleStep(option.look.step or 0.1)
        self._spin.setSuffix(option.look.unit)
        self._spin.lineEdit().setTextMargins(SMALL - 2, 0, 0, 0)
        self._spin.setKeyboardTracking(False)
        self._spin.valueChanged.connect(self._on_changed)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        number = float(value) if isinstance(value, int | float) else 0.0
        if round(number, 2) != self._spin.value():  # more decimals than shown are not lost
            with QSignalBlocker(self._spin):
                self._spin.setValue(number)

    @Slot(float)
    def _on_changed(self, value: float) -> None:
        self.value_changed.emit(round(value, 2))


class WordsControl(Control):
    """A line of text; a whole number or nothing, where the option is one."""

    def __init__(self, option: Option) -> None:
        self._line = QLineEdit()
        super().__init__(option, self._line)
        self._line.setPlaceholderText(option.look.empty)
        self._line.setClearButtonEnabled(option.control == "perhaps_whole")
        self._value: object = option.default
        self._line.editingFinished.connect(self._on_finished)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        self._value = value
        words = "" if value is None else str(value)
        if words != self._line.text():
            self._line.setText(words)

    @Slot()
    def _on_finished(self) -> None:
        value = self._entered()
        if value != self._value:
            self.value_changed.emit(value)

    def _entered(self) -> object:
        words = self._line.text().strip()
        if self.option.control == "perhaps_whole":
            try:
                return int(words)
            except ValueError:
                self._line.setText("")
                return None
        return words or (None if self.option.optional else "")


class LongWordsControl(Control):
    """Several lines of text."""

    def __init__(self, option: Option) -> None:
        self._edit = QPlainTextEdit()
        super().__init__(option, self._edit)
        self._edit.setObjectName("framed")
        self._edit.setTabChangesFocus(True)
        self._edit.setPlaceholderText(option.look.empty)
        self._edit.setFixedHeight(4 * self._edit.fontMetrics().lineSpacing() + 3 * SMALL)
        self._later = Pause(self._tell, self, TYPING_MS)
        self._edit.textChanged.connect(self._later.request)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        if str(value) != self._edit.toPlainText():
            with QSignalBlocker(self._edit):
                self._edit.setPlainText(str(value))

    def flush(self) -> None:
        """Tell at once what was typed last."""
        self._later.flush()

    def _tell(self) -> None:
        self.value_changed.emit(self._edit.toPlainText())
