"""What an empty chat shows: what can be done here, and tasks that are one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.engine import tasks as prompts
from phi_desk.engine.languages import find_language
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.theme import HUGE, LARGE, MEDIUM, SMALL, title_font

# Button, the words it puts into the composer, whether files are needed.
TASKS = (
    ("Describe a picture", prompts.describe_image(), True),
    ("Read the text in a picture", prompts.read_text(), True),
    ("Explain a chart", prompts.explain_chart(), True),
    ("Compare two pictures", prompts.compare_images(), True),
    ("Summarise a recording", prompts.summarise_audio(), True),
    ("Translate a text", prompts.translate_text("", find_language("en")), False),
)
TASKS_WIDTH = 560


class Welcome(QWidget):
    """Says which task was chosen."""

    task_chosen = Signal(str, bool)  # the words; whether files are to be attached

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = label("What would you like to know?", font=title_font())
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = label(
            "Write a question, or drop pictures and recordings. Everything stays on this computer.",
            kind="muted",
            wrap=True,
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        tasks = QWidget()
        tasks.setMaximumWidth(TASKS_WIDTH)
        flow = FlowLayout(tasks, spacing=SMALL, centred=True)
        for name, task, files in TASKS:
            made = button(name, tip=task.strip())
            made.setObjectName(task)
            made.setProperty("files", files)
            made.clicked.connect(self._on_clicked)
            flow.addWidget(made)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(tasks, 1000)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(HUGE, LARGE, HUGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addStretch(3)
        column.addWidget(title)
        column.addWidget(words)
        column.addSpacing(LARGE)
        column.addLayout(middle)
        column.addStretch(4)

    @Slot()
    def _on_clicked(self) -> None:
        chosen = self.sender()
        if chosen is not None:
            self.task_chosen.emit(chosen.objectName(), bool(chosen.property("files")))
