"""The one calm place where errors are shown: a sentence, what to do, and the details to copy."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.common.labels import IconLabel, button, label, set_state
from phi_desk.ui.icons import IconButton
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL

logger = logging.getLogger(__name__)

UNDO_MS = 10_000  # long enough to read the sentence twice and to reach the button
MOST_WAITING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell: `action` with its label is offered beside the sentence.

    `stays_ms` of 0 stays until it is dismissed.
    """

    sentence: str
    hint: str = ""
    details: tuple[str, ...] = ()
    error: bool = False
    action_label: str = ""
    action: Callable[[], None] | None = None
    stays_ms: int = 0


def notice_of(error: PhiDeskError) -> Notice:
    """An error as it is shown."""
    return Notice(sentence=error.sentence, hint=error.hint, details=error.details, error=True)


class NoticeBar(QFrame):
    """Shows one notice at a time, the newest first; those before come back when it is dismissed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName("Notice")
        self._waiting: deque[Notice] = deque(maxlen=MOST_WAITING)
        self._current: Notice | None = None
        self._instead: dict[type[PhiDeskError], Notice] = {}
        self._icon = IconLabel("info", QPalette.ColorRole.Accent, 20)
        self._sentence = label(wrap=True)
        self._hint = label(kind="muted", wrap=True)
        self._act = button("Undo", kind="flat")
        self._details = button("Copy details", kind="flat", tip="Copy what a developer would ask")
        self._dismiss = IconButton("close", "Dismiss this notice")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        self._act.clicked.connect(self._on_act_clicked)
        self._details.clicked.connect(self._on_details_clicked)
        self._dismiss.clicked.connect(self.dismiss)
        self._lay_out()
        self.hide()

    @property
    def current(self) -> Notice | None:
        """What is shown now."""
        return self._current

    @Slot(object)
    def show_error(self, error: PhiDeskError) -> None:
        """Tell about a failure; what the person stopped is none."""
        if not isinstance(error, Cancelled):
            logger.info("shown: %s", error)
            self.show_notice(self._instead.get(type(error)) or notice_of(error))

    def answer(self, kind: type[PhiDeskError], notice: Notice) -> None:
        """Show `notice` for every error of a kind that the window itself can mend."""
        self._instead[kind] = notice

    def show_notice(self, notice: Notice) -> None:
        """Tell something; the same thing is not told twice in a row."""
        current = self._current
        if current is not None and current.stays_ms == 0 and current != notice:
            self._waiting.append(current)
        self._show(notice)

    @Slot()
    def dismiss(self) -> None:
        """Take away what is shown; what was there before it comes back."""
        self._timer.stop()
        self._current = None
        if self._waiting:
            self._show(self._waiting.pop())
        else:
            self.hide()

    def withdraw(self, notice: Notice) -> None:
        """Take back one notice, shown or waiting."""
        if notice in self._waiting:
            self._waiting.remove(notice)
        if self._current == notice:
            self.dismiss()

    def draw_icons(self) -> None:
        """Draw the icon in the colours of now."""
        self._icon.draw()

    def _show(self, notice: Notice) -> None:
        self._current = notice
        self._sentence.setText(notice.sentence)
        self._hint.setText(notice.hint)
        self._hint.setVisible(bool(notice.hint))
        self._act.setText(notice.action_label)
        self._act.setAccessibleName(notice.action_label)
        self._act.setVisible(notice.action is not None)
        self._details.setText("Copy details")
        self._details.setVisible(bool(notice.details))
        role = QPalette.ColorRole
        if notice.error:
            self._icon.show_icon("warning", role.BrightText)
        else:
            self._icon.show_icon("info", role.Accent)
        set_state(self, "error", notice.error)
        self._timer.stop()
        if notice.stays_ms:
            self._timer.start(notice.stays_ms)
        self.setAccessibleDescription(f"{notice.sentence} {notice.hint}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(LARGE, SMALL, MEDIUM, SMALL)
        row.setSpacing(MEDIUM)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._act)
        row.addWidget(self._details)
        row.addSpacing(HAIR)
        row.addWidget(self._dismiss)

    @Slot()
    def _on_act_clicked(self) -> None:
        notice = self._current
        self.dismiss()
        if notice is not None and notice.action is not None:
            notice.action()

    @Slot()
    def _on_details_clicked(self) -> None:
        if self._current is not None:
            lines = (self._current.sentence, self._current.hint, *self._current.details)
            QGuiApplication.clipboard().setText("\n".join(line for line in lines if line))
            self._details.setText("Copied")
