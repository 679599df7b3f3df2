"""How far an export or an import is, with a button that stops it; and where files are chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from phi_desk.services.chats.values import Chat
from phi_desk.storage.package import safe_name
from phi_desk.ui.chat.packing import Packed
from phi_desk.ui.common.labels import label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, small_font

# What the system's dialog offers: words, form, suffix.
FORMS = (
    ("Markdown with pictures and recordings (*.zip)", "markdown", ".zip"),
    ("One Markdown file, its media beside it (*.md)", "markdown", ".md"),
    ("JSON with pictures and recordings (*.zip)", "json", ".zip"),
    ("One JSON file, its media beside it (*.json)", "json", ".json"),
)
IMPORTS = "Exported chats (*.zip *.json);;All files (*)"


class PackingStrip(QWidget):
    """Hidden while nothing goes on."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = label(kind="muted", font=small_font())
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._stop = IconButton("close", "Stop", tip="Stop; nothing is left behind", size=14)
        self._stop.clicked.connect(self.cancel_requested)
        words = QHBoxLayout()
        words.addWidget(self._words, 1)
        words.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, HAIR, 0, HAIR)
        column.setSpacing(HAIR)
        column.addLayout(words)
        column.addWidget(self._bar)
        self.setVisible(False)

    def show_packing(self, sentence: str, packed: Packed | None) -> None:
        """How far it is; gone with an empty sentence."""
        self.setVisible(bool(sentence))
        if packed is None or not packed.total:
            self._words.setText(sentence)
            self._bar.setRange(0, 0)
            return
        self._words.setText(f"{sentence} {packed.done:,} of {packed.total:,}")
        self._bar.setRange(0, packed.total)
        self._bar.setValue(packed.done)


class Choosing(QObject):
    """Asks the system where to write, and what to read."""

    export_chosen = Signal(object, object, str)  # Chat or None, Path, form
    import_chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent

    def export(self, chat: Chat | None) -> QFileDialog:
        """Ask where one chat, or all of them, shall be written."""
        name = safe_name(chat.title, "Chat") if chat is not None else "Chats"
        forms = [form for form in FORMS if chat is not None or form[2] != ".md"]
        title = "Export the chat" if chat is not None else "Export all chats"
        dialog = QFileDialog(self._window, title, name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([words for words, _, _ in forms])
        dialog.setDefaultSuffix(forms[0][2])
        dialog.setProperty("chat", chat)
        dialog.filterSelected.connect(self._on_filter_selected)
        dialog.fileSelected.connect(self._on_target_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def read(self) -> QFileDialog:
        """Ask for an export to read."""
        dialog = QFileDialog(self._window, "Import chats", "", IMPORTS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_source_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    @Slot(str)
    def _on_filter_selected(self, words: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix(_form_of(words)[1])

    @Slot(str)
    def _on_target_selected(self, name: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            form, _ = _form_of(dialog.selectedNameFilter())
            self.export_chosen.emit(dialog.property("chat"), Path(name), form)

    @Slot(str)
    def _on_source_selected(self, name: str) -> None:
        self.import_chosen.emit(Path(name))


def show_folder(folder: Path) -> None:
    """Open a folder in the system's own window."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _form_of(words: str) -> tuple[str, str]:
    return next(((form, suffix) for said, form, suffix in FORMS if said == words), FORMS[0][1:])
