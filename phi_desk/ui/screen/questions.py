"""Joins the frozen screen, the recorder and the bubble into questions about the screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from phi_desk.errors import PhiDeskError
from phi_desk.media.sound import Sound
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.screen.asking import Asking
from phi_desk.ui.screen.bubble import RecordingBubble
from phi_desk.ui.screen.shots import ScreenShot, pointer_place
from phi_desk.ui.screen.tool import ScreenTool, screen_of
from phi_desk.ui.voice.recorder import VoiceRecorder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScreenQuestion:
    """A picture of the screen and what was said about it; `send` is false without a voice."""

    picture: QImage
    sound: Sound | None
    send: bool


class ScreenQuestions(QObject):
    """Told of the hot key; says what is to be asked. The `AskingView` of its presenter."""

    asked = Signal(object)  # ScreenQuestion
    told = Signal(str)

    def __init__(
        self,
        tool: ScreenTool,
        voice: VoiceRecorder,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tool, self._voice, self._preferences = tool, voice, preferences
        self._why = ""  # what the recorder said last
        self.bubble = RecordingBubble()
        self.asking = Asking[ScreenShot](self, tool.freeze, voice, self._ask, self._toggle)
        voice.listening_began.connect(self.bubble.show_listening)
        voice.level_changed.connect(self.bubble.show_level)
        voice.elapsed_changed.connect(self.bubble.show_time)
        voice.limit_reached.connect(self._on_limit_reached)
        voice.failed.connect(self._on_voice_failed)
        tool.failed.connect(self._on_screen_failed)
        self.bubble.cancel_requested.connect(self._on_cancel_requested)

    @Slot()
    def press(self) -> None:
        """The key goes down."""
        self._why = ""
        self.asking.press()

    @Slot()
    def release(self) -> None:
        """It goes up."""
        self.asking.release()

    def close(self) -> None:
        """Ask nothing; no window is left."""
        self.asking.cancel()
        self.bubble.close()
        self.bubble.deleteLater()

    # As AskingView.

    def show_recording(self) -> None:
        """See `AskingView`."""
        screen = self._tool.screen_at(pointer_place())
        self.bubble.open(screen, toggled=self._toggle())

    def hide_recording(self) -> None:
        """See `AskingView`."""
        self.bubble.hide()

    def tell(self, sentence: str) -> None:
        """See `AskingView`."""
        known = self._why and self._why in sentence
        self.told.emit(sentence if known else f"{self._why} {sentence}".strip())

    def _ask(self, shot: ScreenShot, sound: Sound | None, send: bool) -> None:
        self.asked.emit(ScreenQuestion(picture=screen_of(shot), sound=sound, send=send))

    def _toggle(self) -> bool:
        return self._preferences.value.voice.talk == "toggle"

    @Slot()
    def _on_limit_reached(self) -> None:
        self.asking.full()

    @Slot(object)
    def _on_voice_failed(self, error: PhiDeskError) -> None:
        self._why = error.sentence

    @Slot(object)
    def _on_screen_failed(self, error: PhiDeskError) -> None:
        del error  # told by the tool itself
        self.asking.no_screen()

    @Slot()
    def _on_cancel_requested(self) -> None:
        self.asking.cancel()
