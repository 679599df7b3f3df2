"""What the QR codes and barcodes of a page say: words to select and copy; opens no link itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from phi_desk.media.codes import Code
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, MEDIUM, SMALL

HIGHEST = 132  # pixels: about three codes; more are scrolled


class CodeLine(QFrame):
    """One code."""

    open_requested = Signal(str)

    def __init__(self, code: Code) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setAccessibleName(f"{code.kind}: {code.text}")
        self.code = code
        words = label(code.text, wrap=True)
        words.setAccessibleName(f"What the {code.kind} says")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.copy = IconButton("copy", f"Copy what the {code.kind} says", size=16)
        self.copy.clicked.connect(self._on_copy_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(MEDIUM, HAIR, HAIR, HAIR)
        row.setSpacing(SMALL)
        row.addWidget(label(code.kind, kind="badge"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 1)
        if code.is_link:
            go = button("Open…", kind="flat", tip=f"Open {code.text} in the browser")
            go.clicked.connect(self._on_open_clicked)
            row.addWidget(go)
        row.addWidget(self.copy)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text)
        self.copy.show_icon("check")

    @Slot()
    def _on_open_clicked(self) -> None:
        self.open_requested.emit(self.code.text)


class CodesRow(QScrollArea):
    """Hidden while there are none."""

    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Codes on the page")
        self.setMaximumHeight(HIGHEST)
        self.lines: list[CodeLine] = []
        self._codes: tuple[Code, ...] = ()
        inner = QWidget()
        inner.setObjectName("flow")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(HAIR)
        self.setWidget(inner)
        self.hide()

    def show_codes(self, codes: Sequence[Code]) -> None:
        """Show exactly these."""
        if tuple(codes) == self._codes:
            return
        self._codes = tuple(codes)
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [CodeLine(code) for code in codes]
        for line in self.lines:
            line.open_requested.connect(self.open_requested)
            self._column.addWidget(line)
            line.show()  # before its height is asked for
        self.setVisible(bool(self.lines))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Where there is more width, long words need fewer lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self._column.totalHeightForWidth(max(1, self.viewport().width()))
        self.setFixedHeight(max(1, min(HIGHEST, needed + 2)))
