"""The part of the page Settings that shows what is kept, and deletes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.errors import PhiDeskError
from phi_desk.model.download.values import bytes_in_words
from phi_desk.services.care.erasing import Erasure
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.notices import Notice, NoticeBar
from phi_desk.ui.settings.storage_presenter import Line, StoragePresenter, StorageView
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, heading_font, small_font

SAID_MS = 8_000
MakePresenter = Callable[[StorageView], StoragePresenter]


class StoragePanel(QWidget):
    """The view of `StoragePresenter`."""

    def __init__(self, make: MakePresenter, notices: NoticeBar) -> None:
        super().__init__()
        self.setAccessibleDescription("How much is kept, the folder, the bin, delete all data")
        self._notices = notices
        self._place = Path()
        self.presenter = make(self)
        self.lines = QGridLayout()
        self.sentence = label(kind="muted", font=small_font(), wrap=True)
        self.place = label(kind="muted", font=small_font(), wrap=True)
        self.busy = label(kind="muted", font=small_font())
        self.folder = button("Open the folder", tip="Show where it lies, in the file manager")
        self.bin = button("Empty the bin", tip="Delete for good what can still be brought back")
        self.all = button("Delete all data…", tip="Delete every chat, session and page")
        self.bin.setEnabled(False)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.bin.clicked.connect(self._on_bin_clicked)
        self.all.clicked.connect(self._on_all_clicked)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Count when it is seen."""
        super().showEvent(event)
        self.presenter.refresh()

    # As StorageView.

    def show_use(self, lines: tuple[Line, ...], place: Path, sentence: str) -> None:
        """See `StorageView`."""
        self._place = place
        self.place.setText(str(place))
        self.sentence.setText(sentence)
        while (item := self.lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for row, (what, count, size) in enumerate(lines):
            self.lines.addWidget(label(what), row, 0)
            self.lines.addWidget(label(count, kind="muted"), row, 1)
            self.lines.addWidget(label(size, kind="muted"), row, 2, Qt.AlignmentFlag.AlignRight)

    def show_bin(self, count: int) -> None:
        """See `StorageView`."""
        self.bin.setEnabled(count > 0)
        self.bin.setText(f"Empty the bin ({count})" if count else "Empty the bin")

    def show_busy(self, sentence: str) -> None:
        """See `StorageView`."""
        self.busy.setText(sentence)
        self.all.setEnabled(not sentence)
        if sentence:
            self.bin.setEnabled(False)

    def say(self, sentence: str) -> None:
        """See `StorageView`."""
        self._notices.show_notice(Notice(sentence=sentence, stays_ms=SAID_MS))

    def tell(self, error: PhiDeskError) -> None:
        """See `StorageView`."""
        self._notices.show_error(error)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._place))):
            self.say(f"No file manager opened. The folder is {self._place}.")

    @Slot()
    def _on_bin_clicked(self) -> None:
        self.presenter.empty_bin()

    @Slot()
    def _on_all_clicked(self) -> None:
        dialog = EraseDialog(self.window(), self.presenter.models_size)
        dialog.erase_requested.connect(self.presenter.delete_all)
        dialog.open()

    def _lay_out(self) -> None:
        self.lines.setColumnStretch(0, 1)
        self.lines.setHorizontalSpacing(LARGE)
        self.lines.setVerticalSpacing(HAIR)
        actions = QWidget()
        flow = FlowLayout(actions, spacing=SMALL)
        for one in (self.folder, self.bin, self.all, self.busy):
            flow.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, MEDIUM, 0, 0)
        column.setSpacing(SMALL)
        column.addLayout(self.lines)
        column.addWidget(self.sentence)
        column.addWidget(self.place)
        column.addSpacing(HAIR)
        column.addWidget(actions)


class EraseDialog(QDialog):
    """Asks once, clearly, before everything goes."""

    erase_requested = Signal(object)  # Erasure

    def __init__(self, parent: QWidget, models_size: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Delete all data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        size = f" ({bytes_in_words(models_size)})" if models_size else ""
        self.models = QCheckBox(f"Delete the downloaded models, too{size}")
        self.settings = QCheckBox("Set everything on this page back to how it was delivered")
        go = button("Delete everything", kind="danger")
        stay = button("Cancel", kind="main")
        go.clicked.connect(self._on_go_clicked)
        stay.clicked.connect(self.reject)
        stay.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addStretch(1)
        foot.addWidget(go)
        foot.addWidget(stay)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addWidget(label("Delete every chat, live session and page?", font=heading_font()))
        column.addWidget(
            label(
                "Everything you asked, said and read is deleted from this computer for good: the "
                "words, the pictures, the recordings, the bin and the logs. It cannot be brought "
                "back. Models of your own folders are forgotten with the models, their files stay.",
                wrap=True,
            )
        )
        column.addWidget(self.models)
        column.addWidget(self.settings)
        column.addLayout(foot)
        self.setMinimumWidth(460)
        self.go = go

    @Slot()
    def _on_go_clicked(self) -> None:
        what = Erasure(models=self.models.isChecked(), settings=self.settings.isChecked())
        self.accept()
        self.erase_requested.emit(what)
