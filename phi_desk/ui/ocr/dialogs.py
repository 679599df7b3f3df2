"""What the page Read asks the person in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from phi_desk.services.history.pages.export import PageForm
from phi_desk.storage.package import safe_name
from phi_desk.ui.ocr.sayings import EXPORTS, export_target

FILES = (
    "Pages (*.pdf *.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.avif *.jp2);;All files (*)"
)


def choose_files(parent: QWidget) -> tuple[Path, ...]:
    """Files to read; none where the person changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Files to read", "", FILES)
    return tuple(map(Path, names))


def choose_folder(parent: QWidget) -> tuple[Path, ...]:
    """A folder to read, as `choose_files`."""
    name = QFileDialog.getExistingDirectory(parent, "Folder to read")
    return (Path(name),) if name else ()


def choose_export(parent: QWidget, name: str) -> tuple[Path, PageForm] | None:
    """Where to write a document, and how; the system asks before a file is replaced."""
    proposed = f"{safe_name(Path(name).stem, 'Pages')}.txt"
    target, chosen = QFileDialog.getSaveFileName(
        parent, "Export", proposed, ";;".join(EXPORTS.values())
    )
    return export_target(Path(target), chosen) if target else None


def ask_password(parent: QWidget, name: str, wrong: bool, then: Callable[[str], None]) -> None:
    """The password of a document; `then` is not called where the person changed their mind."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Password")
    again = "That is not the password. " if wrong else ""
    dialog.setLabelText(f"{again}“{name}” is encrypted. Its password:")
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    dialog.textValueSelected.connect(then)
    dialog.open()


def ask_before_losing(parent: QWidget, then: Callable[[], None]) -> None:
    """Reading again takes changes away that were made by hand."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Read again")
    box.setText("Read it again, and lose the changes you made to the text?")
    box.addButton("Read again", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.accepted.connect(then)
    box.open()
