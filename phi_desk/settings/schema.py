"""Every option there is, in parts that check themselves; knows no file and no window."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Literal

from phi_desk.engine.messages import Options
from phi_desk.errors import UsageError
from phi_desk.services.engines import EngineOptions
from phi_desk.services.live.options import LiveOptions
from phi_desk.settings.fields import option, options_of

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """How the windows look."""

    theme: Literal["system", "light", "dark"] = option("system", "Light or dark colours.")
    text_scale: float = option(1.0, "How large text is, beside the system's own scale.")
    motion: bool = option(True, "Whether things may move when they appear.")

    def __post_init__(self) -> None:
        _within("The size of text", self.text_scale, 0.75, 2.5)


@dataclass(frozen=True, kw_only=True)
class Window:
    """What the main window does; where it was lies in window.ini."""

    tray: bool = option(False, "Closing the window leaves Phi Desk in the system tray.")
    welcomed: bool = option(False, "Whether the page of the first start has been seen.")


@dataclass(frozen=True, kw_only=True)
class Model:
    """Where the model runs, and how exactly; which one it is, the catalogue knows."""

    device: Literal["auto", "cpu", "cuda", "mps"] = option("auto", "What computes the answers.")
    precision: Literal["auto", "fp32", "bf16", "fp16", "int8", "int4"] = option(
        "auto", "How exactly it computes; less exact takes less memory."
    )
    adapter: str = option("auto", "The adapter; by the kind of the question with auto.")
    adapters: tuple[str, ...] = option((), "Folders of your own adapters.")
    load_at_start: bool = option(True, "Load the model when the window opens.")

    def engine_options(self, typed: EngineOptions | None = None) -> EngineOptions:
        """The same as the engine takes it; what was typed on the command line goes before."""
        typed = typed or EngineOptions()
        return EngineOptions(
            model=typed.model,
            device=self.device if typed.device == "auto" else typed.device,
            precision=self.precision if typed.precision == "auto" else typed.precision,
            adapters=typed.adapters or tuple(map(Path, self.adapters)),
        )


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How questions are answered."""

    max_tokens: int = option(4096, "The most tokens an answer may have.")
    temperature: float = option(0.0, "0 always takes the likeliest word; more varies.")
    top_p: float = option(1.0, "Choose among this share of likely words.")
    max_crops: int = option(36, "How finely pictures are looked at, in parts of 448 pixels.")
    system: str = option("", "How the model shall behave in new chats.")
    show_numbers: bool = option(False, "Show speed and adapter below every answer.")

    def __post_init__(self) -> None:
        self.options()

    def options(self) -> Options:
        """The same as the engine takes it. Raises `UsageError` for a value out of its range."""
        return Options(
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            max_crops=self.max_crops,
        )


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Speaking to the model, and hearing it."""

    talk: Literal["hold", "toggle"] = option("hold", "Record while the key is held, or from one "
                                             "press to the next.")  # fmt: skip
    hands_free_pause_s: float = option(0.9, "A silence this long ends a question, in seconds.")
    longest_s: float = option(120.0, "The longest question that is recorded, in seconds.")
    read_aloud: bool = option(False, "Read every answer aloud.")
    voice: str = option("", "The voice that reads; the system's own where it is empty.")
    speed: float = option(1.0, "How fast it reads.")

    def __post_init__(self) -> None:
        _within("The pause", self.hands_free_pause_s, 0.3, 5)
        _within("The longest recording", self.longest_s, 5, 1800)
        _within("The speed of reading", self.speed, 0.25, 4)


@dataclass(frozen=True, kw_only=True)
class Live:
    """Listening and translating live."""

    source: Literal["microphone", "system"] = option("microphone", "What is listened to.")
    language: str = option("", "The language that is spoken; found out where it is empty.")
    target: str = option("", "The language to translate to; none where it is empty.")
    pause_s: float = option(0.6, "A silence this long ends a piece of speech, in seconds.")
    longest_s: float = option(20.0, "The longest piece of speech, in seconds.")
    keep_sessions: bool = option(True, "Keep what was heard in the history.")
    keep_sound: bool = option(False, "Keep the sound beside the words.")

    def __post_init__(self) -> None:
        self.options()

    def options(self) -> LiveOptions:
        """The same as the service takes it. Raises `UsageError` where it makes no segments."""
        return LiveOptions(pause_s=self.pause_s, longest_s=self.longest_s)


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """The window of live text above all others."""

    font: str = option("", "The font; the system's own where it is empty.")
    size: int = option(28, "The height of the letters, in pixels.")
    text_colour: str = option("#ffffff", "The colour of the words.")
    unsure_colour: str = option("#b8c4d0", "The colour of words that may still change.")
    back_colour: str = option("#101418", "The colour behind the words.")
    opacity: float = option(0.82, "How much of the screen behind is covered.")
    lines: int = option(2, "How many lines are shown.")
    strands: Literal["both", "transcript", "translation"] = option("both", "What is shown.")
    click_through: bool = option(False, "Clicks go to the window behind it.")
    docked: bool = option(False, "Show it in the main window instead of above the others.")
    x: int | None = option(None, "The left edge; at the lower middle where it is empty.")
    y: int | None = option(None, "The upper edge; at the lower middle where it is empty.")
    width: int = option(900, "The width.")

    def __post_init__(self) -> None:
        _within("The size of the overlay's letters", self.size, 8, 200)
        _within("The opacity of the overlay", self.opacity, 0.1, 1)
        _within("The number of the overlay's lines", self.lines, 1, 12)
        _within("The width of the overlay", self.width, 200, 32_000)
        for colour in (self.text_colour, self.unsure_colour, self.back_colour):
            if not _COLOUR.fullmatch(colour):
                raise UsageError(f"{colour!r} is no colour.", "Write it as #rrggbb.")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Reading pages and pictures."""

    form: Literal["text", "markdown", "csv"] = option("text", "What is made of a page.")
    dpi: int = option(200, "How finely the pages of a PDF are drawn.")
    copy: bool = option(True, "Copy the text as soon as a document has been read.")
    keep_pages: bool = option(True, "Keep what was read in the history.")
    keep_pictures: bool = option(True, "Keep how the pages look beside their text.")
    drop_target: bool = option(False, "Show a small place to drop files above all windows.")
    target_x: int | None = option(None, "Its left edge; at the lower right where it is empty.")
    target_y: int | None = option(None, "Its upper edge; at the lower right where it is empty.")
    target: str = option("", "The language that pages are translated to; asked where it is empty.")

    def __post_init__(self) -> None:
        _within("The fineness of pages", self.dpi, 50, 600)


@dataclass(frozen=True, kw_only=True)
class Devices:
    """Which of several devices; the system's default where it is empty."""

    microphone: str | None = option(None, "The microphone.")
    system_audio: str | None = option(None, "The output whose sound is listened to.")
    camera: str | None = option(None, "The camera.")
    speaker: str | None = option(None, "Where answers are read aloud.")


@dataclass(frozen=True, kw_only=True)
class HotKeys:
    """Keys that work in every window, as Qt writes them; none where it is empty."""

    ask_screen: str = option("Ctrl+Alt+Space", "Hold it and speak: ask about the screen.")
    push_to_talk: str = option("Ctrl+Alt+T", "Hold it and speak: ask by voice.")
    read_region: str = option("Ctrl+Alt+R", "Read a region of the screen.")
    live: str = option("Ctrl+Alt+L", "Start or stop listening live.")
    window: str = option("Ctrl+Alt+P", "Show the window.")

    def conflicts(self) -> tuple[tuple[str, str], ...]:
        """Pairs of options that have the same keys."""
        keys = {one.name: _pressed(getattr(self, one.name)) for one in options_of(self)}
        return tuple((a, b) for a, b in combinations(keys, 2) if keys[a] and keys[a] == keys[b])


@dataclass(frozen=True, kw_only=True)
class History:
    """What is kept."""

    keep_deleted_days: int = option(30, "How many days what was deleted can be brought back.")

    def __post_init__(self) -> None:
        _within("The days that deleted things are kept", self.keep_deleted_days, 0, 3650)


@dataclass(frozen=True, kw_only=True)
class Network:
    """What may be fetched."""

    offline: bool = option(False, "Refuse every connection, downloads of models too.")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a person chose."""

    appearance: Appearance = field(default_factory=Appearance)
    window: Window = field(default_factory=Window)
    model: Model = field(default_factory=Model)
    answers: Answers = field(default_factory=Answers)
    voice: Voice = field(default_factory=Voice)
    live: Live = field(default_factory=Live)
    overlay: Overlay = field(default_factory=Overlay)
    reading: Reading = field(default_factory=Reading)
    devices: Devices = field(default_factory=Devices)
    hot_keys: HotKeys = field(default_factory=HotKeys)
    history: History = field(default_factory=History)
    network: Network = field(default_factory=Network)


def _within(what: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise UsageError(f"{what} must lie between {lowest:g} and {highest:g}.")


def _pressed(keys: str) -> frozenset[str]:
    """The keys of a combination, whatever their order and case."""
    return frozenset(key.strip().lower() for key in keys.split("+") if key.strip())
