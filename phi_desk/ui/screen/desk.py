"""Everything about the screen in one piece for the window: tool, hot keys, questions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from phi_desk.errors import PhiDeskError
from phi_desk.ui.notices import UNDO_MS, Notice, NoticeBar, notice_of
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen.global_keys import GlobalKeys
from phi_desk.ui.screen.questions import ScreenQuestions
from phi_desk.ui.screen.tool import ScreenTool
from phi_desk.ui.voice.recorder import VoiceRecorder


class ScreenDesk(QObject):
    """Built with the window, started when it is shown.

    Attributes:
        tool: takes pictures of the screen.
        keys: says which hot key was pressed.
        questions: says what is to be asked about the screen.
    """

    noticed = Signal(str)  # a sentence for a person who may not see the window

    def __init__(
        self,
        window: QWidget,
        preferences: Preferences,
        voice: VoiceRecorder,
        notices: NoticeBar,
        *,
        tool: ScreenTool | None = None,
        keys: GlobalKeys | None = None,
    ) -> None:
        super().__init__(window)
        self._notices = notices
        self._waiting: Notice | None = None
        self.tool = tool or ScreenTool(parent=self)
        self.keys = keys or GlobalKeys(preferences, window)
        self.questions = ScreenQuestions(self.tool, voice, preferences, self)
        self.tool.failed.connect(notices.show_error)
        self.tool.waiting.connect(self._on_waiting)
        self.tool.ended.connect(self._on_ended)
        self.keys.failed.connect(notices.show_error)
        self.keys.limited.connect(self._on_limited)
        self.keys.pressed.connect(self._on_pressed)
        self.keys.released.connect(self._on_released)
        self.questions.told.connect(self._on_told)

    def start(self) -> None:
        """Bind the hot keys."""
        self.keys.start()

    def close(self) -> None:
        """No window, key or thread is left."""
        self.questions.close()
        self.tool.close()
        self.keys.close()

    @Slot(str)
    def _on_pressed(self, option: str) -> None:
        if option == "ask_screen":
            self.questions.press()

    @Slot(str)
    def _on_released(self, option: str) -> None:
        if option == "ask_screen":
            self.questions.release()

    @Slot(str)
    def _on_waiting(self, sentence: str) -> None:
        self._on_ended()
        self._waiting = Notice(
            sentence=sentence, action_label="Stop waiting", action=self.tool.cancel
        )
        self._notices.show_notice(self._waiting)
        self.noticed.emit(sentence)

    @Slot()
    def _on_ended(self) -> None:
        if self._waiting is not None:
            self._notices.withdraw(self._waiting)
            self._waiting = None

    @Slot(object)
    def _on_limited(self, error: PhiDeskError) -> None:
        shown = notice_of(error)
        self._notices.show_notice(
            Notice(sentence=shown.sentence, hint=shown.hint, stays_ms=UNDO_MS)
        )

    @Slot(str)
    def _on_told(self, sentence: str) -> None:
        self._notices.show_notice(Notice(sentence=sentence, stays_ms=UNDO_MS))
