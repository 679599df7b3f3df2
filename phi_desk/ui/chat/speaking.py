"""Voice on the page Ask: its buttons, keys and strip joined to who speaks, and to the question."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from phi_desk.media.sound import Sound
from phi_desk.ui.chat.composer import Composer
from phi_desk.ui.chat.presenter import ChatPresenter
from phi_desk.ui.icons import IconButton
from phi_desk.ui.notices import Notice, NoticeBar
from phi_desk.ui.voice.buttons import HANDS_FREE_KEYS, TalkButton, TalkKeys
from phi_desk.ui.voice.strip import VoiceStrip
from phi_desk.ui.voice.talking import Talking

NAME = "Recording"
STAYS_MS = 8_000
WAITS = "An answer is still being written."
TURNS = {
    "opening": ("Hands-free: opening the microphone…", ""),
    "listening": ("Hands-free: speak when you like", ""),
    "hearing": ("Hands-free: hearing you", "A pause asks"),
    "thinking": ("Hands-free: thinking", "It does not listen now"),
    "speaking": ("Hands-free: speaking", "It does not listen to itself; Esc interrupts it"),
    "paused": ("Hands-free: waiting for the recording", ""),
}
HEARS = ("listening", "hearing")
THROW = "Throw the recording away|Throw the recording away (Esc)"
END = f"End hands-free|End hands-free ({HANDS_FREE_KEYS})"


class Speaking(QObject):
    """What is said becomes an attachment, and is asked at once with whatever else is there."""

    read_changed = Signal(str)  # the answer that is read aloud; empty for none

    def __init__(
        self,
        page: QWidget,
        composer: Composer,
        talk: ChatPresenter,
        notices: NoticeBar,
        talking: Talking,
    ) -> None:
        super().__init__(page)
        self._composer, self._talk, self._notices = composer, talk, notices
        self.talking = talking
        self.button = TalkButton()
        self.hands_free = IconButton(
            "hands-free", "Hands-free", tip=f"Talk hands-free: just speak ({HANDS_FREE_KEYS})"
        )
        self.hands_free.setCheckable(True)
        self.strip = VoiceStrip()
        self.keys = TalkKeys(page)
        self._waiting = False  # a recording is to be asked as soon as it lies on the desk
        composer.add_tool(self.button)
        composer.add_tool(self.hands_free)
        composer.add_strip(self.strip)
        talk.on_answered = talking.on_answered
        page.installEventFilter(self)
        self._wire(page)
        self._show()

    @Slot()
    def hold(self) -> None:
        """The key is down."""
        self.talking.hold()

    @Slot()
    def release(self) -> None:
        """The key is up."""
        self.talking.release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """The page is left, or goes into the tray with its window; not when it is minimised."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.talking.end_listening()
        return super().eventFilter(watched, event)

    def escape(self) -> bool:
        """Escape; whether it meant anything here."""
        return self.talking.escape()

    def on_busy(self, busy: bool) -> None:
        """An answer is being written, or that is over."""
        self.talking.on_busy(busy)

    def on_items(self, reading: int) -> None:
        """So many attachments are still being read."""
        if self._waiting and not reading:
            self._waiting = False
            self._ask()

    @Slot(object, bool)
    def _on_spoken(self, sound: Sound, at_once: bool) -> None:
        self._waiting = at_once
        self._talk.add_sound(sound, NAME)
        if not at_once:
            self.talking.on_unasked()

    def _ask(self) -> None:
        if self._talk.busy:
            self._tell_waiting()
        elif self._talk.send(self._composer.text):
            return
        self.talking.on_unasked()

    def _tell_waiting(self) -> None:
        self._notices.show_notice(
            Notice(
                sentence=WAITS,
                hint="Your recording waits with the question; press Enter to ask it then.",
                stays_ms=STAYS_MS,
            )
        )

    @Slot(str)
    def _on_told(self, sentence: str) -> None:
        self._notices.show_notice(Notice(sentence=sentence, stays_ms=STAYS_MS))

    @Slot(str)
    def _on_changed(self, _state: str) -> None:
        self._show()

    def _show(self) -> None:
        """One strip for the held key and for hands-free; the key goes before."""
        self.button.show_way(self.talking.way)
        holding, state = self.talking.holding, self.talking.listener.state
        self.button.setChecked(bool(holding))
        self.hands_free.setChecked(bool(state))
        if holding:
            self._show_holding(holding)
        elif state:
            words, hint = TURNS[state]
            self.strip.show_state(words, hint, cancel=END, listening=state in HEARS)
        else:
            self.strip.end()

    def _show_holding(self, holding: str) -> None:
        if holding == "opening":
            self.strip.show_limit(self.talking.longest_s)
            self.strip.show_state("Opening the microphone…", cancel=THROW, listening=False)
        elif holding == "listening":
            way = "Let go" if self.talking.way == "hold" else "Press again"
            hint = f"{way} to ask, Esc throws it away"
            self.strip.show_state("Listening", hint, cancel=THROW, listening=True)
        else:
            self.strip.show_state("One moment…", cancel=THROW, listening=False)

    @Slot()
    def _on_hands_free_keys(self) -> None:
        self.hands_free.click()

    @Slot(float)
    def _on_elapsed(self, seconds: float) -> None:
        if self.talking.holding == "listening":
            self.strip.show_time(seconds)

    def _wire(self, page: QWidget) -> None:
        talking = self.talking
        for source in (self.button, self.keys):
            source.held.connect(talking.hold)
            source.let_go.connect(talking.release)
        self.button.tapped.connect(talking.tap)
        self.keys.escaped.connect(talking.cancel)
        self.strip.cancel_requested.connect(talking.cancel)
        self.hands_free.clicked.connect(talking.switch_hands_free)
        talking.spoken.connect(self._on_spoken)
        talking.holding_changed.connect(self._on_changed)
        talking.hands_free_changed.connect(self._on_changed)
        talking.level_changed.connect(self.strip.show_level)
        talking.elapsed_changed.connect(self._on_elapsed)
        talking.told.connect(self._on_told)
        talking.failed.connect(self._notices.show_error)
        talking.reading_changed.connect(self.read_changed)
        shortcut = QShortcut(QKeySequence(HANDS_FREE_KEYS), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_hands_free_keys)
