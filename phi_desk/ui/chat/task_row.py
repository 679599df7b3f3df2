"""The row of tasks above the words that are being written; hidden where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from phi_desk.ui.chat.tasks import Task
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.theme import HAIR, SMALL

MOST_RECENT = 3  # languages that were chosen last stand first


class TaskButton(QPushButton):
    """One task; asks for the language where it needs one."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"{task.name}…" if task.languages else task.name)
        self.task = task
        self.setProperty("kind", "task")
        self.setAccessibleName(self.text())
        self.setToolTip(task.words or "Choose the language")
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class TaskRow(QWidget):
    """Says what is to be asked."""

    chosen = Signal(str)  # the words to ask
    text_wanted = Signal(object, object)  # Task, Language: it works on the words of the draft

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tasks")
        self._row = FlowLayout(self, spacing=SMALL)
        self._row.setContentsMargins(0, HAIR, 0, HAIR)
        self._shown: tuple[Task, ...] = ()
        self._recent: list[str] = []  # codes of languages
        self.buttons: list[TaskButton] = []
        self.setVisible(False)

    def show_tasks(self, tasks: Sequence[Task]) -> None:
        """Show exactly these."""
        wanted = tuple(tasks)
        if wanted == self._shown:
            return
        self._shown = wanted
        for old in self.buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = [TaskButton(task) for task in wanted]
        for made in self.buttons:
            made.clicked.connect(self._on_clicked)
            self._row.addWidget(made)
        self.setVisible(bool(wanted))

    def menu_for(self, task: Task) -> QMenu:
        """The languages of a task, those chosen last first."""
        menu = QMenu(self)
        menu.setAccessibleName("Languages")
        ordered = sorted(task.languages, key=self._rank)
        for place, language in enumerate(ordered):
            if place and self._rank(ordered[place - 1]) < len(self._recent) <= self._rank(language):
                menu.addSeparator()
            action = menu.addAction(language.name)
            action.setData((task, language))
            action.setToolTip(language.native)
        menu.triggered.connect(self._on_language_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _rank(self, language: object) -> int:
        code = getattr(language, "code", "")
        return self._recent.index(code) if code in self._recent else len(self._recent)

    @Slot()
    def _on_clicked(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, TaskButton):
            return
        if pressed.task.languages:
            menu = self.menu_for(pressed.task)
            menu.popup(pressed.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        else:
            self.chosen.emit(pressed.task.words)

    @Slot(object)
    def _on_language_chosen(self, action: object) -> None:
        task, language = action.data()  # type: ignore[attr-defined]  # a QAction
        self._recent = [language.code, *(c for c in self._recent if c != language.code)]
        del self._recent[MOST_RECENT:]
        if task.template == "text":
            self.text_wanted.emit(task, language)
        else:
            self.chosen.emit(task.words_in(language))
