"""Speaking instead of typing: the held key, hands-free, and reading aloud, one beside the other.

Knows no chat: it tells what was said, and is told when there is an answer.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from phi_desk.errors import PhiDeskError
from phi_desk.media.sound import Sound
from phi_desk.services.voice.events import Said
from phi_desk.settings.schema import Settings
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.voice.capture import Capture
from phi_desk.ui.voice.hands_free import HandsFreeListener
from phi_desk.ui.voice.player import Player
from phi_desk.ui.voice.reader import Reader
from phi_desk.ui.voice.recorder import VoiceRecorder
from phi_desk.ui.voice.wave import clock

Holding = Literal["", "opening", "listening", "ending"]

WARM_MS = 4_000  # after the window was shown
CUT_OFF = "The microphone went while you spoke; what it heard waits in the question."


class Talking(QObject):
    """Who speaks at the moment: the person with a key, hands-free, the computer, or nobody.

    Attributes:
        holding: what the recorder does for the held key or button.
    """

    spoken = Signal(object, bool)  # Sound, and whether it is to be asked at once
    holding_changed = Signal(str)
    hands_free_changed = Signal(str)  # the state of `HandsFreeListener`
    level_changed = Signal(float)
    elapsed_changed = Signal(float)
    reading_changed = Signal(str)
    told = Signal(str)
    failed = Signal(object)  # PhiDeskError

    def __init__(
        self,
        preferences: Preferences,
        capture: Capture,
        player: Player,
        reader: Reader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.player, self.reader = player, reader
        self.recorder = VoiceRecorder(capture, self)
        self.listener = HandsFreeListener(capture, self)
        self.holding: Holding = ""
        self._is_held = self._busy = self._full = False
        self._listened_with = listened_with(preferences.value)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._settle)
        self._warming = QTimer(self, singleShot=True, interval=WARM_MS)
        self._warming.timeout.connect(capture.warm)
        capture.wanted.connect(reader.stop)  # whoever records, it is the person who speaks now
        capture.wanted.connect(player.pause)
        self._wire()

    @property
    def way(self) -> str:
        """How the key is used: "hold" or "toggle"."""
        return self._preferences.value.voice.talk

    @property
    def longest_s(self) -> float:
        """How long a recording may be."""
        return self._preferences.value.voice.longest_s

    def warm_later(self) -> None:
        """Load what takes long, once the window and the model are there."""
        self._warming.start()

    @Slot()
    def hold(self) -> None:
        """The key or the button was pressed."""
        self._is_held = True
        if self.way == "toggle" and self.recorder.recording:
            self._finish()
        else:
            self._begin()

    @Slot()
    def release(self) -> None:
        """It was let go."""
        self._is_held = False
        if self.way == "hold":
            self._finish()

    @Slot()
    def tap(self) -> None:
        """Pressed by something that cannot hold: once to begin, once more to ask."""
        if self.recorder.recording:
            self._finish()
        else:
            self._begin()

    @Slot()
    def cancel(self) -> None:
        """Throw away what is being recorded, or end hands-free."""
        if self.recorder.recording:
            self.recorder.cancel()
        elif self.listener.on:
            self.listener.switch(False)

    @Slot(bool)
    def switch_hands_free(self, on: bool) -> None:
        """Begin or end hands-free."""
        self._settle()
        self.listener.switch(on)

    def end_listening(self) -> None:
        """Nobody sees any more that it listens: then it does not."""
        self.recorder.cancel()
        if self.listener.on:
            self.listener.switch(False)
            self.told.emit("Hands-free has ended, because you left Ask.")

    def escape(self) -> bool:
        """The person wants an end of it; whether there was anything to end."""
        if self.recorder.recording:
            self.recorder.cancel()
        elif self.reader.key:
            self.reader.stop()
        elif self.player.playing:
            self.player.pause()
        else:
            return False
        return True

    @Slot(str)
    def read(self, answer: str) -> None:
        """Read an answer aloud, or stop where that one is being read."""
        if self.reader.key == answer:
            self.reader.stop()
            return
        self.player.pause()
        if not self.reader.read(answer, answer):
            self.told.emit("There are no words in it to read aloud.")

    def on_busy(self, busy: bool) -> None:
        """An answer is being written, or that is over."""
        self._busy = busy
        if busy:
            self.listener.turn("thinking")
        else:
            self._later.start()

    def on_answered(self, answer: str) -> None:
        """An answer is whole."""
        recording = self.recorder.recording  # nobody talks to somebody who is speaking
        if self._preferences.value.voice.read_aloud and answer.strip() and not recording:
            self.player.pause()
            self.reader.read(answer, answer)

    def on_unasked(self) -> None:
        """What was said could not be asked at once; it lies with the question."""
        self._later.start()

    def close(self) -> None:
        """End listening; nothing more is told."""
        self._later.stop()
        self._warming.stop()
        self.listener.switch(False)
        self.recorder.cancel()

    def _begin(self) -> None:
        if self.recorder.recording:
            return  # it still ends; what comes next begins when it has
        self._full = False
        if self.recorder.start():
            self._show("opening")

    def _finish(self) -> None:
        if self.recorder.recording and self.holding != "ending":
            self._show("ending")
            self.recorder.stop(self._on_clip)

    def _on_clip(self, sound: Sound | None, why: str) -> None:
        if sound is not None:
            self.spoken.emit(sound, not self._full)
        elif why and not self._failed:
            self.told.emit(why)

    def _settle(self) -> None:
        """Tell hands-free whose turn it is."""
        if self._busy:
            self.listener.turn("thinking")
        elif self.reader.key or self.player.playing:
            self.listener.turn("speaking")
        else:
            self.listener.turn("listening")

    @Slot()
    def _on_listening_began(self) -> None:
        if self.holding == "opening":
            self._show("listening")

    @Slot()
    def _on_limit_reached(self) -> None:
        self._full = True
        self.told.emit(
            f"A recording may be {clock(self.longest_s)} long: it ended here, and waits for you "
            "to ask."
        )
        self._finish()

    @Slot(object)
    def _on_recorder_failed(self, error: PhiDeskError) -> None:
        self._failed = True
        self.failed.emit(error)

    @Slot()
    def _on_ended(self) -> None:
        self._failed = False
        again = self.holding == "ending" and self._is_held and self.way == "hold"
        self._show("")
        if again and not self._full:
            self._begin()

    @Slot(object)
    def _on_heard(self, said: Said) -> None:
        if not said.whole:
            self.told.emit(CUT_OFF)
        self.spoken.emit(said.sound, said.whole)

    @Slot(str)
    def _on_reading_changed(self, key: str) -> None:
        if key:
            self.listener.turn("speaking")
        else:
            self._later.start()
        self.reading_changed.emit(key)

    @Slot(bool)
    def _on_playing_changed(self, playing: bool) -> None:
        if playing:
            self.reader.stop()
            self.listener.turn("speaking")
        else:
            self._later.start()

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        before, self._listened_with = self._listened_with, listened_with(settings)
        if before != self._listened_with:
            self.listener.begin_again()
        self.holding_changed.emit(self.holding)  # the words for the way it is used

    def _show(self, holding: Holding) -> None:
        self.holding = holding
        self.holding_changed.emit(holding)

    def _wire(self) -> None:
        self._failed = False
        self.recorder.listening_began.connect(self._on_listening_began)
        self.recorder.level_changed.connect(self.level_changed)
        self.recorder.elapsed_changed.connect(self.elapsed_changed)
        self.recorder.told.connect(self.told)
        self.recorder.limit_reached.connect(self._on_limit_reached)
        self.recorder.failed.connect(self._on_recorder_failed)
        self.recorder.ended.connect(self._on_ended)
        self.listener.state_changed.connect(self.hands_free_changed)
        self.listener.level_changed.connect(self.level_changed)
        self.listener.told.connect(self.told)
        self.listener.failed.connect(self.failed)
        self.listener.heard.connect(self._on_heard)
        self.reader.reading_changed.connect(self._on_reading_changed)
        self.reader.failed.connect(self.failed)
        self.player.playing_changed.connect(self._on_playing_changed)
        self.player.failed.connect(self.failed)
        self._preferences.changed.connect(self._on_settings_changed)


def listened_with(settings: Settings) -> tuple[str | None, float, float]:
    """What of the settings hands-free takes when it begins."""
    voice = settings.voice
    return settings.devices.microphone, voice.hands_free_pause_s, voice.longest_s
