"""What to listen to, in which languages, and start, pause, stop; says what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from phi_desk.engine.languages import LANGUAGES, SPOKEN, Language
from phi_desk.services.live.events import Level
from phi_desk.settings.schema import Settings
from phi_desk.ui.common.flow_layout import FlowLayout
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import icon
from phi_desk.ui.live.meter import LevelMeter
from phi_desk.ui.live.script import clock
from phi_desk.ui.live.values import SourceKind, State
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, sized, small_font

FILES = (
    "Sound and video (*.wav *.flac *.ogg *.oga *.opus *.mp3 *.m4a *.aac *.mp4 *.webm *.mkv *.mov)"
    ";;All files (*)"
)
DEFAULT_MICROPHONE = "Microphone (system default)"
SYSTEM = "What this computer plays"
CHOOSE_FILE = "A file…"
READY = "Ready to listen."
Choice = tuple[str, str]  # the kind of a source, and which one
STOP_TIP = "Stop listening; what was heard is finished first (Ctrl+Return)"
GIVE_UP_TIP = "Do not wait for what was heard and is not understood yet"


class Controls(QFrame):
    """Shows how things stand, and says what was pressed."""

    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    source_changed = Signal(str, str)  # the kind, and the device
    language_changed = Signal(str)
    target_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Listening")
        self.file: Path | None = None
        self._phase = "idle"
        self._devices: tuple[tuple[str, str], ...] = ()
        self._chosen: Choice = ("microphone", "")
        self.source = _choice("Source", "What is listened to")
        self.language = _choice(
            "Language that is spoken",
            "The model hears by itself which language is spoken. Choosing it labels the text and "
            "leaves out a translation into the same language.",
        )
        self.target = _choice("Translate to", "The language of the translation")
        self.start = button("Start", kind="main", tip="Start listening (Ctrl+Return)")
        self.pause = button("Pause", tip="Hear nothing for a while (Ctrl+Shift+P)")
        self.stop = button("Stop", tip=STOP_TIP)
        self.meter = LevelMeter()
        self.time = label(kind="muted", font=small_font())
        self.time.setAccessibleName("Time")
        self.sentence = label(wrap=True)
        self.sentence.setAccessibleName("State of listening")
        self.lag = label(kind="muted", wrap=True, font=small_font())
        self.lag.setAccessibleName("How far behind")
        self._fill_languages()
        self._fill_sources()
        self._lay_out()
        self._wire()
        self.show_state(State())

    @property
    def chosen(self) -> Choice:
        """The kind of the source and, of several devices, which one."""
        return self._chosen

    @property
    def kind(self) -> SourceKind:
        """What kind of source is chosen."""
        kind = self._chosen[0]
        return "file" if kind == "file" else "system" if kind == "system" else "microphone"

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen elsewhere, or the last time."""
        live, devices = settings.live, settings.devices
        _select(self.language, live.language)
        _select(self.target, live.target)
        if self._chosen[0] != "file":
            device = devices.microphone or "" if live.source == "microphone" else ""
            self._choose((live.source, device))

    def show_devices(self, microphones: Sequence[tuple[str, str]]) -> None:
        """These can be chosen: what settings keep of each, and its name."""
        self._devices = tuple(microphones)
        self._fill_sources()

    def choose_file(self, path: Path) -> None:
        """Listen to a file next."""
        self.file = path
        self._chosen = ("file", "")
        self._fill_sources()

    def show_state(self, state: State) -> None:
        """Offer what can be done now."""
        self._phase = state.phase
        idle, finishing = state.phase == "idle", state.phase == "finishing"
        for choice in (self.source, self.language, self.target):
            choice.setEnabled(idle)
        self.start.setVisible(idle)
        self.pause.setVisible(state.phase in ("listening", "paused"))
        paused = state.phase == "paused"
        _say(self.pause, "Go On" if paused else "Pause", self.pause.toolTip())
        self.stop.setVisible(not idle)
        if finishing:
            _say(self.stop, "Give Up the Rest", GIVE_UP_TIP)
        else:
            _say(self.stop, "Stop", STOP_TIP)
        source = f"{state.source}: " if state.source and not finishing and not idle else ""
        self.sentence.setText(f"{source}{state.sentence or READY}")
        self.draw_icons()

    def show_level(self, level: Level | None) -> None:
        """How loud it is."""
        self.meter.show_level(level)

    def show_time(self, seconds: float, total_s: float | None) -> None:
        """How long it has lasted."""
        total = f" of {clock(total_s)}" if total_s is not None else ""
        self.time.setText(f"{clock(seconds)}{total}")

    def show_lag(self, sentence: str, *, behind: bool) -> None:
        """How far behind, and why; heavier when the model makes it so."""
        self.lag.setText(sentence)
        font = small_font()
        font.setBold(behind)
        self.lag.setFont(font)

    def draw_icons(self) -> None:
        """Draw the icons in the colours of now."""
        role = self.palette().ColorRole
        for made, name, colour in (
            (self.start, "record", role.HighlightedText),
            (self.pause, "record" if self._phase == "paused" else "pause", role.ButtonText),
            (self.stop, "stop", role.ButtonText),
        ):
            made.setIcon(icon(name, self.palette().color(colour)))

    @Slot()
    def ask_for_file(self) -> None:
        """Let the person choose a file."""
        name, _ = QFileDialog.getOpenFileName(self, "Listen to a file", "", FILES)
        if name:
            self.choose_file(Path(name))
        else:
            self._fill_sources()

    @Slot(int)
    def _on_source_activated(self, place: int) -> None:
        kind, device = self.source.itemData(place)
        if kind == "choose":
            self.ask_for_file()
            return
        self._chosen = (kind, device)
        if kind != "file":
            self.source_changed.emit(kind, device)

    @Slot(int)
    def _on_language_activated(self, place: int) -> None:
        self.language_changed.emit(self.language.itemData(place))

    @Slot(int)
    def _on_target_activated(self, place: int) -> None:
        self.target_changed.emit(self.target.itemData(place))

    def _choose(self, choice: Choice) -> None:
        if choice != self._chosen:
            self._chosen = choice
            self._fill_sources()

    def _fill_sources(self) -> None:
        """The list as it is now; what is chosen stays, also when it is unplugged."""
        choice = self.source
        choice.clear()
        choice.addItem(DEFAULT_MICROPHONE, ("microphone", ""))
        for value, words in self._devices:
            choice.addItem(words, ("microphone", value))
        kind, device = self._chosen
        if kind == "microphone" and device and device not in dict(self._devices):
            choice.addItem(f"{device} (not connected)", ("microphone", device))
        choice.insertSeparator(choice.count())
        choice.addItem(SYSTEM, ("system", ""))
        if self.file is not None:
            choice.addItem(self.file.name, ("file", ""))
        choice.addItem(CHOOSE_FILE, ("choose", ""))
        for place in range(choice.count()):
            if choice.itemData(place) == self._chosen:
                choice.setCurrentIndex(place)

    def _fill_languages(self) -> None:
        self.language.addItem("Any language", "")
        self.target.addItem("No translation", "")
        for choice, languages in ((self.language, SPOKEN), (self.target, LANGUAGES)):
            for language in sorted(languages, key=_name):
                choice.addItem(language.name, language.code)

    def _wire(self) -> None:
        self.start.clicked.connect(self.start_requested)
        self.pause.clicked.connect(self.pause_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.source.activated.connect(self._on_source_activated)
        self.language.activated.connect(self._on_language_activated)
        self.target.activated.connect(self._on_target_activated)

    def _lay_out(self) -> None:
        for made in (self.start, self.pause, self.stop):
            made.setFont(sized(1.1))
            made.setMinimumHeight(44)
            made.setMinimumWidth(116)
            made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        choices = FlowLayout(spacing=MEDIUM)
        for words, choice in (
            ("Listen to", self.source),
            ("Spoken", self.language),
            ("Translate to", self.target),
        ):
            choices.addWidget(_named(words, choice))
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        for made in (self.start, self.pause, self.stop):
            buttons.addWidget(made)
        beside = QHBoxLayout()
        beside.setSpacing(MEDIUM)
        beside.addWidget(self.meter, 1)
        beside.addWidget(self.time)
        told = QVBoxLayout()
        told.setSpacing(HAIR)
        told.addLayout(beside)
        told.addWidget(self.sentence)
        told.addWidget(self.lag)
        row = QHBoxLayout()
        row.setSpacing(LARGE)
        row.addLayout(buttons)
        row.addLayout(told, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, MEDIUM, LARGE, MEDIUM)
        column.setSpacing(MEDIUM)
        column.addLayout(choices)
        column.addLayout(row)


def _choice(name: str, tip: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.view().setAccessibleName(name)
    made.setToolTip(tip)
    made.setMinimumContentsLength(20)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def _named(words: str, choice: QComboBox) -> QWidget:
    """A choice with its name above it."""
    made = QWidget()
    name = QLabel(words)
    name.setProperty("kind", "muted")
    name.setFont(small_font())
    name.setBuddy(choice)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(choice)
    return made


def _name(language: Language) -> str:
    return language.name


def _select(choice: QComboBox, value: str) -> None:
    place = choice.findData(value)
    choice.setCurrentIndex(max(0, place))


def _say(made: QWidget, words: str, tip: str) -> None:
    made.setText(words)  # type: ignore[attr-defined]
    made.setAccessibleName(words)
    made.setToolTip(tip)
