"""Cards of the page Models: one for each model, and one for the download of the full model."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from phi_desk.model import published
from phi_desk.model.download.values import PUBLISHED_REPO, DownloadProgress, bytes_in_words
from phi_desk.services.catalog_entry import Entry
from phi_desk.ui.common.download_words import in_words
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.models.presenter import Checking, Paused
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, heading_font, small_font

ORIGINS = {
    "embedded": "came with Phi Desk",
    "downloaded": "downloaded",
    "unfinished": "download paused",
    "added": "your folder",
    "copied": "copied into the folder of models",
}
LAYOUTS = {"published": "Phi-4-multimodal", "native": "Phi-4-multimodal", "phi3": "text only"}


class ModelCard(QFrame):
    """One model; says what was asked for, by its name."""

    use_requested = Signal(str)
    verify_requested = Signal(str)
    stop_requested = Signal()
    remove_requested = Signal(str)

    def __init__(self, entry: Entry, *, used: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(f"Model {entry.name}")
        self._name = entry.name
        name = label(entry.name, font=heading_font())
        facts = " · ".join(
            fact
            for fact in (
                LAYOUTS.get(entry.layout, entry.layout),
                bytes_in_words(entry.size),
                ORIGINS[entry.origin],
            )
            if fact
        )
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(name)
        if used:
            head.addWidget(label("In use", kind="badge"))
        head.addStretch(1)
        state = label(entry.sentence, kind="" if entry.state == "ok" else "danger", wrap=True)
        if entry.state == "ok" and used and entry.origin != "embedded":
            state.hide()  # `setVisible(True)` would show it as a window of its own
        self._needs = label(kind="muted", font=small_font(), wrap=True)
        self._needs.hide()
        self._place = label(str(entry.folder), kind="muted", font=small_font(), wrap=True)
        if entry.origin == "embedded":
            self._place.hide()  # it came with the program, and is nobody's to move
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(f"Checking {entry.name}")
        self._progress.setVisible(False)
        self._checking = button("Check files", tip="Read every weight and look for damage")
        self._checking.setEnabled(entry.origin != "unfinished")
        self._checking.clicked.connect(self._on_check_clicked)
        self._is_checking = False
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        if not used and entry.state == "ok":
            use = button("Use this model", kind="main", tip="Answer with this model from now on")
            use.clicked.connect(self._on_use_clicked)
            foot.addWidget(use)
        foot.addWidget(self._checking)
        foot.addStretch(1)
        if entry.origin in ("added", "downloaded", "unfinished"):
            what = "Forget" if entry.origin == "added" else "Delete"
            remove = IconButton("delete", f"{what} {entry.name}", size=18)
            remove.clicked.connect(self._on_remove_clicked)
            foot.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE - 4, LARGE - 4, LARGE - 4)
        column.setSpacing(HAIR)
        column.addLayout(head)
        column.addWidget(label(facts, kind="muted"))
        column.addWidget(state)
        column.addWidget(self._needs)
        column.addWidget(self._place)
        column.addSpacing(SMALL)
        column.addWidget(self._progress)
        column.addLayout(foot)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    def show_needs(self, sentence: str) -> None:
        """Whether it fits on this machine."""
        self._needs.setText(sentence)
        self._needs.setVisible(bool(sentence))

    def show_checking(self, checking: Checking | None) -> None:
        """How far the check is; None where none is under way."""
        self._is_checking = checking is not None
        self._checking.setText("Stop checking" if checking else "Check files")
        self._checking.setAccessibleName(self._checking.text())
        self._progress.setVisible(checking is not None)
        if checking is not None:
            self._progress.setRange(0, 1000 if checking.total else 0)
            if checking.total:
                self._progress.setValue(1000 * checking.done // checking.total)

    @Slot()
    def _on_use_clicked(self) -> None:
        self.use_requested.emit(self._name)

    @Slot()
    def _on_check_clicked(self) -> None:
        if self._is_checking:
            self.stop_requested.emit()
        else:
            self.verify_requested.emit(self._name)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.remove_requested.emit(self._name)


class DownloadCard(QFrame):
    """The full model: what it needs, whether it fits, and its way here."""

    download_requested = Signal()
    pause_requested = Signal()
    add_requested = Signal()
    welcome_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("The full model")
        self._running = False
        self._fit = label("", wrap=True)
        self._fit.setVisible(False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Download")
        self._words = label(kind="muted", font=small_font(), wrap=True)
        self._go = button("Download", kind="main", tip="Fetch it from Hugging Face")
        self._go.clicked.connect(self._on_go_clicked)
        add = button("I have the files…", tip="Choose the folder that holds config.json (Ctrl+O)")
        add.clicked.connect(self.add_requested)
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addWidget(self._go)
        foot.addWidget(add)
        foot.addStretch(1)
        about = button("First steps", kind="flat", tip="Open the page of the first start again")
        about.clicked.connect(self.welcome_requested)
        foot.addWidget(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE - 4, LARGE - 4, LARGE - 4)
        column.setSpacing(HAIR)
        column.addWidget(label("Phi-4-multimodal, the full model", font=heading_font()))
        column.addWidget(
            label(
                f"5.6 billion parameters, {bytes_in_words(published.TOTAL_BYTES)} to download. It "
                "hears, reads and sees in many languages. Published by Microsoft as "
                f"{PUBLISHED_REPO} under the MIT licence.",
                kind="muted",
                wrap=True,
            )
        )
        column.addWidget(self._fit)
        column.addSpacing(SMALL)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        column.addLayout(foot)
        self.show_download(None, running=False)

    def show_fit(self, sentence: str, fits: bool) -> None:
        """Whether it fits on this machine."""
        self._fit.setText(sentence)
        self._fit.setVisible(bool(sentence))
        self._fit.setProperty("kind", "" if fits else "danger")
        self._fit.style().unpolish(self._fit)
        self._fit.style().polish(self._fit)

    def show_paused(self, paused: Paused | None) -> None:
        """A download that can go on."""
        if self._running:
            return
        self._bar.setVisible(paused is not None)
        self._words.setVisible(paused is not None)
        self._go.setText("Resume" if paused else "Download")
        self._go.setAccessibleName(self._go.text())
        if paused is not None:
            of = f" of {bytes_in_words(paused.total)}" if paused.total else ""
            here = f"{bytes_in_words(paused.done)}{of}"
            self._words.setText(f"Paused · {here} are here and are kept.")
            self._show_share(paused.done, paused.total)

    def show_download(self, progress: DownloadProgress | None, *, running: bool) -> None:
        """How far it is."""
        self._running = running
        self._bar.setVisible(running)
        self._words.setVisible(running)
        self._go.setText("Pause" if running else "Download")
        self._go.setAccessibleName(self._go.text())
        if progress is not None:
            self._show_share(progress.done, progress.total)
            self._words.setText(in_words(progress))

    def _show_share(self, done: int, total: int) -> None:
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(min(1000, 1000 * done // total))

    @Slot()
    def _on_go_clicked(self) -> None:
        if self._running:
            self.pause_requested.emit()
        else:
            self.download_requested.emit()
