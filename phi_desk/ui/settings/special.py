"""Controls for options that mean something: colours, fonts, languages, keys, devices, folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontDatabase,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
)

from phi_desk.engine.languages import LANGUAGES
from phi_desk.ui.common.labels import button
from phi_desk.ui.icons import IconButton
from phi_desk.ui.settings.controls import ChoiceControl, Control
from phi_desk.ui.settings.options import Option
from phi_desk.ui.theme import SMALL

LOST = " (not connected)"
MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
             Qt.Key.Key_AltGr, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R)  # fmt: skip
HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
LISTS_ROWS = 3
PATCH = 18  # pixels


class ColourControl(Control):
    """A colour, with its value and a patch of it."""

    def __init__(self, option: Option) -> None:
        self._press = QPushButton()
        super().__init__(option, self._press)
        self._value = str(option.default)
        self._press.setCursor(Qt.CursorShape.PointingHandCursor)
        self._press.clicked.connect(self._on_clicked)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        self._value = str(value)
        self._press.setIcon(_patch(self._value))
        self._press.setText(f" {self._value}")

    @Slot()
    def _on_clicked(self) -> None:
        dialog = QColorDialog(QColor(self._value), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.option.title)
        dialog.colorSelected.connect(self._on_selected)
        dialog.open()

    @Slot(QColor)
    def _on_selected(self, colour: QColor) -> None:
        self.value_changed.emit(colour.name())


def _patch(colour: str) -> QIcon:
    """A patch of a colour, with a rim that white and black can be seen by."""
    patch = QPixmap(QSize(PATCH, PATCH))
    patch.fill(Qt.GlobalColor.transparent)
    painter = QPainter(patch)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QApplication.palette().color(QPalette.ColorRole.PlaceholderText))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(1, 1, PATCH - 2, PATCH - 2, 4, 4)
    painter.end()
    return QIcon(patch)


def font_control(option: Option) -> ChoiceControl:
    """The fonts of this system."""
    families = [
        name for name in QFontDatabase.families() if not QFontDatabase.isPrivateFamily(name)
    ]
    choices = [("", option.look.empty), *((name, name) for name in families)]
    return ChoiceControl(option, choices, lost=" (not installed)")


def language_control(option: Option) -> ChoiceControl:
    """The languages of the model: all of them, or those that it understands in sound."""
    spoken = option.control == "spoken_language"
    known = [one for one in LANGUAGES if one.spoken or not spoken]
    words = [
        (one.code, one.name if one.name == one.native else f"{one.name} · {one.native}")
        for one in known
    ]
    return ChoiceControl(option, [("", option.look.empty), *words])


class OfferedControl(ChoiceControl):
    """A list that is filled by what is there, such as devices; what is gone can still be seen."""

    def __init__(self, option: Option) -> None:
        super().__init__(option, [(option.default, option.look.empty)], lost=LOST)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Take what there is now."""
        self.combo.set_choices([(self.option.default, self.option.look.empty), *choices])


class KeysControl(Control):
    """Keys that are pressed to be taken."""

    recording_changed = Signal(bool)

    def __init__(self, option: Option) -> None:
        self._press = _KeyButton(option.title)
        super().__init__(option, self._press)
        self._clear = IconButton("close", f"No keys for {option.title}", size=16)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addWidget(self._clear)
        self._clear.clicked.connect(self._on_clear_clicked)
        self._press.taken.connect(self._on_taken)
        self._press.recording_changed.connect(self.recording_changed)

    def show_value(self, value: object) -> None:
        """See `Control`."""
        self._press.show_keys(str(value))
        self._clear.setEnabled(bool(value))

    @Slot(str)
    def _on_taken(self, keys: str) -> None:
        self.value_changed.emit(keys)

    @Slot()
    def _on_clear_clicked(self) -> None:
        self.value_changed.emit("")


class _KeyButton(QPushButton):
    """Takes the next combination after it was pressed; Escape leaves it as it was."""

    taken = Signal(str)
    recording_changed = Signal(bool)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._keys = ""
        self._recording = False
        self.clicked.connect(self._on_clicked)

    def show_keys(self, keys: str) -> None:
        """Show these."""
        self._keys = keys
        if not self._recording:
            self._say()

    def event(self, event: QEvent) -> bool:
        """While it records, no shortcut and no tab takes the keys away."""
        if self._recording and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Take the combination, once it has a key that is no modifier."""
        if not self._recording:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key in MODIFIERS:
            held = QKeySequence(event.modifiers().value).toString(_NATIVE).rstrip("+")
            self.setText(f"{held} + …" if held else "Press the keys…")
            return
        plain = not event.modifiers() & HELD
        if plain and key == Qt.Key.Key_Escape:
            self._end()
        elif plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._end("")
        elif plain and not Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
            self.setText("Hold Ctrl, Alt or Super with it…")  # alone it could not be typed any more
        else:
            self._end(QKeySequence(event.keyCombination()).toString(_PORTABLE))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """Whoever goes elsewhere has changed their mind."""
        if self._recording:
            self._end()
        super().focusOutEvent(event)

    def _end(self, keys: str | None = None) -> None:
        self._recording = False
        self._say()
        self.recording_changed.emit(False)
        if keys is not None and keys != self._keys:
            self.taken.emit(keys)

    def _say(self) -> None:
        words = QKeySequence(self._keys, _PORTABLE).toString(_NATIVE)
        self.setText(words or "None")
        self.setAccessibleName(f"{self._title}: {words or 'none'}")

    @Slot()
    def _on_clicked(self) -> None:
        self._recording = True
        self.setText("Press the keys…")
        self.setFocus()
        self.recording_changed.emit(True)


_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText


class FoldersControl(Control):
    """A list of folders; one more is chosen in the system's own dialog."""

    folder_chosen = Signal(object)  # Path

    def __init__(self, option: Option) -> None:
        self._list = QListWidget()
        super().__init__(option, self._list)
        self._list.setObjectName("framed")
        self._list.setFixedHeight(
            LISTS_ROWS * (self._list.fontMetrics().lineSpacing() + 2 * SMALL) + SMALL
        )
        self._add = button("Add a folder…", tip=f"Add a folder to “{option.title}”")
        self._remove = IconButton("delete", "Take the chosen folder off the list", size=18)
        self._add.clicked.connect(self._on_add_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)
        self._list.itemSelectionChanged.connect(self._on_selected)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        for one in (self._add, self._remove):
            layout.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def folders(self) -> tuple[str, ...]:
        """What is in the list."""
        return tuple(self._list.item(row).text() for row in range(self._list.count()))

    def show_value(self, value: object) -> None:
        """See `Control`."""
        folders = [str(one) for one in value] if isinstance(value, tuple) else []
        if tuple(folders) != self.folders:
            self._list.clear()
            self._list.addItems(folders)
        self._on_selected()

    @Slot()
    def _on_add_clicked(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.option.title)
        if name:
            self.folder_chosen.emit(Path(name))

    @Slot()
    def _on_remove_clicked(self) -> None:
        row = self._list.currentRow()
        kept = tuple(one for at, one in enumerate(self.folders) if at != row)
        self.value_changed.emit(kept)

    @Slot()
    def _on_selected(self) -> None:
        self._remove.setEnabled(self._list.currentRow() >= 0)
