"""The page of the first start: one friendly page, then never again unless it is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import IconLabel, button, label
from phi_desk.ui.first_start.presenter import LOOKING, Fetching, FirstStartPresenter
from phi_desk.ui.icons import app_icon
from phi_desk.ui.running import WorkRunner
from phi_desk.ui.theme import HAIR, HUGE, LARGE, MEDIUM, SMALL, heading_font, sized, small_font

WIDTH = 620
STEPS = 1000
JOBS = (
    ("ask", "Ask", "with words, pictures, your voice, or about what is on the screen."),
    ("live", "Live", "listen and translate while somebody speaks."),
    ("read", "Read", "the text of pictures, papers and any part of the screen."),
)
LATER = "A model that runs on another computer cannot be used yet; that comes later."


class FirstStartPage(QWidget):
    """The view of `FirstStartPresenter`; says what was chosen."""

    download_requested = Signal()
    pause_requested = Signal()
    folder_chosen = Signal(object)  # Path
    finished = Signal()  # the person goes on with what there is

    def __init__(self, home: Path, disk: WorkRunner) -> None:
        self._icons: list[IconLabel] = []
        super().__init__()
        self.setObjectName("page")
        self.presenter = FirstStartPresenter(self, home, disk)
        self._running = False
        self.demo = label(wrap=True)
        self.disk = label(wrap=True)
        self.memory = label(LOOKING, wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Download")
        self.bar.hide()
        self.words = label(kind="muted", font=small_font(), wrap=True)
        self.words.hide()
        self.go = button("Download", kind="main", tip="Fetch the full model from Hugging Face")
        self.have = button("I have the files…", tip="Choose the folder that holds config.json")
        self.keep = button("Keep the demo", tip="Go on with what is there; Models can do the rest")
        self.go.clicked.connect(self._on_go_clicked)
        self.have.clicked.connect(self._on_have_clicked)
        self.keep.clicked.connect(self.finished)
        self._lay_out()
        self.first: QWidget = self.go

    def refresh(self) -> None:
        """Look at the machine again."""
        self.presenter.refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the icons in the colours of now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for icon in self._icons:
                icon.draw()

    # As FirstStartView.

    def show_demo(self, sentence: str, has_demo: bool) -> None:
        """See `FirstStartView`."""
        self.demo.setText(sentence)
        self.keep.setText("Keep the demo" if has_demo else "Not now")
        self.keep.setAccessibleName(self.keep.text())

    def show_disk(self, sentence: str, enough: bool) -> None:
        """See `FirstStartView`."""
        _dress(self.disk, sentence, good=enough)

    def show_memory(self, sentence: str, fits: bool) -> None:
        """See `FirstStartView`."""
        _dress(self.memory, sentence, good=fits)

    def show_fetching(self, fetching: Fetching) -> None:
        """See `FirstStartView`."""
        self._running = fetching.running
        self.go.setText(fetching.button)
        self.go.setAccessibleName(fetching.button)
        self.bar.setVisible(fetching.running or fetching.share is not None)
        self.bar.setRange(0, 0 if fetching.share is None else STEPS)
        if fetching.share is not None:
            self.bar.setValue(round(STEPS * fetching.share))
        self.words.setText(fetching.words)
        self.words.setVisible(bool(fetching.words))

    @Slot()
    def _on_go_clicked(self) -> None:
        if self._running:
            self.pause_requested.emit()
        else:
            self.download_requested.emit()

    @Slot()
    def _on_have_clicked(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "The folder that holds config.json")
        if name:
            self.folder_chosen.emit(Path(name))

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(QSize(72, 72), self.devicePixelRatioF()))
        column.addWidget(picture)
        column.addWidget(label("Welcome to Phi Desk", font=sized(1.9)))
        column.addWidget(
            label("It answers on this computer. What you ask, show and say stays here.", wrap=True)
        )
        column.addWidget(self._jobs())
        column.addWidget(self.demo)
        column.addSpacing(SMALL)
        column.addWidget(self._card())
        column.addWidget(label(LATER, kind="muted", font=small_font(), wrap=True))
        column.addStretch(1)
        flow = QWidget()
        flow.setObjectName("flow")
        row = QHBoxLayout(flow)
        row.setContentsMargins(HUGE, HUGE + LARGE, HUGE, LARGE)
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("First steps")
        area.setWidget(flow)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _jobs(self) -> QWidget:
        jobs = QWidget()
        grid = QGridLayout(jobs)
        grid.setContentsMargins(0, SMALL, 0, SMALL)
        grid.setHorizontalSpacing(MEDIUM)
        grid.setVerticalSpacing(SMALL)
        grid.setColumnStretch(2, 1)
        for row, (icon, name, words) in enumerate(JOBS):
            drawn = IconLabel(icon, QPalette.ColorRole.Accent, 22)
            self._icons.append(drawn)
            grid.addWidget(drawn, row, 0)
            grid.addWidget(label(name, font=heading_font()), row, 1)
            grid.addWidget(label(words, kind="muted", wrap=True), row, 2)
        return jobs

    def _card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        actions = QWidget()
        flow = FlowLayout(actions, spacing=SMALL)
        for one in (self.go, self.have, self.keep):
            flow.addWidget(one)
        column = QVBoxLayout(card)
        column.setContentsMargins(LARGE, LARGE - 4, LARGE, LARGE - 4)
        column.setSpacing(HAIR)
        column.addWidget(label("The full model", font=heading_font()))
        column.addWidget(
            label(
                "Phi-4-multimodal, published by Microsoft under the MIT licence: it sees, hears "
                "and writes in many languages.",
                kind="muted",
                wrap=True,
            )
        )
        column.addSpacing(SMALL)
        column.addWidget(self.disk)
        column.addWidget(self.memory)
        column.addSpacing(SMALL)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        column.addSpacing(HAIR)
        column.addWidget(actions)
        return card


def _dress(said: QLabel, sentence: str, *, good: bool) -> None:
    said.setText(sentence)
    said.setProperty("kind", "" if good else "danger")
    said.style().unpolish(said)
    said.style().polish(said)
