"""Asks how a session shall be written, and where to; writes nothing itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from phi_desk.services.history.sessions.export import SessionForm
from phi_desk.services.history.sessions.values import Session
from phi_desk.storage.package import safe_name
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.live.values import Export
from phi_desk.ui.theme import LARGE, MEDIUM, SMALL

FORMS: tuple[tuple[SessionForm, str], ...] = (
    ("txt", "Text (TXT)"),
    ("srt", "Subtitles (SRT)"),
    ("vtt", "Subtitles for the web (VTT)"),
    ("json", "Data (JSON)"),
)
STRANDS = (
    ("both", "Words and translation"),
    ("transcript", "Words only"),
    ("translation", "Translation only"),
)


class ExportDialog(QDialog):
    """Shown for one session."""

    export_requested = Signal(object)  # Export

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(f"Export “{session.title}”")
        self.form = QComboBox()
        self.form.setAccessibleName("Format")
        self.form.view().setAccessibleName("Formats")
        for form, words in FORMS:
            self.form.addItem(words, form)
        self.strands = QComboBox()
        self.strands.setAccessibleName("What is written")
        self.strands.view().setAccessibleName("What can be written")
        for strands, words in STRANDS:
            self.strands.addItem(words, strands)
        self.strands.setEnabled(bool(session.target))
        self.times = QCheckBox("Begin every line with its time")
        self.recording = QCheckBox("Put the recording beside it")
        self.recording.setEnabled(session.recording is not None)
        if session.recording is None:
            self.recording.setText("The sound of this session was not kept")
        self._lay_out()
        self.form.currentIndexChanged.connect(self._on_form_changed)

    @property
    def export(self) -> Export:
        """What is chosen; the target has no place yet."""
        form: SessionForm = self.form.currentData()
        strands = self.strands.currentData()
        return Export(
            session=self._session.id,
            target=Path(f"{safe_name(self._session.title, 'Session')}.{form}"),
            form=form,
            transcript=strands != "translation",
            translation=strands != "transcript",
            times=self.times.isChecked() and form == "txt",
            recording=self.recording.isChecked(),
        )

    def save_to(self, target: Path) -> None:
        """The person has chosen the place."""
        chosen = self.export
        wanted = f".{chosen.form}"
        if target.suffix.lower() not in (wanted, ".zip"):
            target = target.with_name(target.name + wanted)
        self.export_requested.emit(
            Export(
                session=chosen.session,
                target=target,
                form=chosen.form,
                transcript=chosen.transcript,
                translation=chosen.translation,
                times=chosen.times,
                recording=chosen.recording,
            )
        )
        self.accept()

    @Slot()
    def _on_save_clicked(self) -> None:
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = self.export
        proposed = Path(places[0] if places else ".") / chosen.target.name
        kinds = f"{self.form.currentText()} (*.{chosen.form});;Both in one file (*.zip)"
        name, _ = QFileDialog.getSaveFileName(self, "Export the session", str(proposed), kinds)
        if name:
            self.save_to(Path(name))

    @Slot(int)
    def _on_form_changed(self, _place: int) -> None:
        self.times.setEnabled(self.form.currentData() == "txt")

    def _lay_out(self) -> None:
        save = button("Save As…", kind="main")
        save.setDefault(True)
        save.clicked.connect(self._on_save_clicked)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        for words, choice in (("Format", self.form), ("What is written", self.strands)):
            column.addWidget(label(words, kind="muted"))
            column.addWidget(choice)
        column.addWidget(self.times)
        column.addWidget(self.recording)
        column.addStretch(1)
        column.addLayout(foot)
        self.setMinimumWidth(380)
