"""How options look: a better title than their name, a unit, words for choices; knows no Qt.

An option that is not here is shown all the same: its title is its name, its control that of its
type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from phi_desk.ui.common.model_words import DEVICES, PRECISIONS

Kind = Literal[
    "plain", "long_words", "keys", "colour", "font", "language", "spoken_language", "folders",
    "offered",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one option looks.

    Attributes:
        title: empty for its name.
        kind: "plain" takes the control of its type; "offered" a list that is filled later.
        unit: stands behind a number.
        step: how far a number goes by one press; 0 for what its type says.
        empty: what an empty value means.
        words: what choices are called.
    """

    title: str = ""
    kind: Kind = "plain"
    unit: str = ""
    step: float = 0.0
    empty: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLook:
    """How a part looks: its title and a sentence on what it is about."""

    title: str
    sentence: str


# In the order of the page; a part that is not here comes at the end, under its name.
PARTS: Mapping[str, PartLook] = {
    "appearance": PartLook(title="Appearance", sentence="How the windows look."),
    "window": PartLook(title="Window", sentence="What the main window does."),
    "model": PartLook(
        title="Model", sentence="Where the model runs and how exactly. More is on the page Models."
    ),
    "answers": PartLook(title="Answers", sentence="How questions are answered."),
    "voice": PartLook(title="Voice", sentence="Speaking to the model, and hearing it."),
    "devices": PartLook(
        title="Sound and camera", sentence="Which devices are used, and whether they work."
    ),
    "live": PartLook(title="Live", sentence="Listening and translating live."),
    "overlay": PartLook(
        title="Overlay", sentence="The window of live text that stays above all others."
    ),
    "reading": PartLook(title="Reading", sentence="Reading pictures, pages and the screen."),
    "hot_keys": PartLook(
        title="Hot keys", sentence="Keys that work in every window, not only in this one."
    ),
    "network": PartLook(title="Network", sentence="What may be fetched."),
    "history": PartLook(
        title="Storage", sentence="What is kept on this computer, and how to get rid of it."
    ),
}

_DEFAULT_DEVICE = "The system's default"

LOOKS: Mapping[tuple[str, str], Look] = {
    ("appearance", "theme"): Look(
        title="Colours", words={"system": "As the system", "light": "Light", "dark": "Dark"}
    ),
    ("appearance", "text_scale"): Look(title="Size of text", unit=" ×", step=0.05),
    ("appearance", "motion"): Look(title="Moving parts"),
    ("window", "tray"): Look(title="Close into the tray"),
    ("window", "welcomed"): Look(title="First start is over"),
    ("model", "device"): Look(words=DEVICES),
    ("model", "precision"): Look(words=PRECISIONS),
    ("model", "adapter"): Look(kind="offered", empty="By the kind of question"),
    ("model", "adapters"): Look(title="Your own adapters", kind="folders"),
    ("model", "load_at_start"): Look(title="Load when the window opens"),
    ("answers", "max_tokens"): Look(title="Longest answer", unit=" tokens", step=128),
    ("answers", "temperature"): Look(step=0.1),
    ("answers", "top_p"): Look(title="Share of likely words", step=0.05),
    ("answers", "max_crops"): Look(title="Fineness of pictures", unit=" parts"),
    ("answers", "system"): Look(title="How it shall behave", kind="long_words"),
    ("answers", "show_numbers"): Look(title="Show numbers"),
    ("voice", "talk"): Look(
        title="Talk key", words={"hold": "Hold to speak", "toggle": "Press to begin and to end"}
    ),
    ("voice", "hands_free_pause_s"): Look(title="Pause that ends a question", unit=" s", step=0.1),
    ("voice", "longest_s"): Look(title="Longest recording", unit=" s", step=10),
    ("voice", "voice"): Look(kind="offered", empty="The system's own"),
    ("voice", "speed"): Look(title="Speed of reading", unit=" ×", step=0.1),
    ("devices", "microphone"): Look(kind="offered", empty=_DEFAULT_DEVICE),
    ("devices", "system_audio"): Look(kind="offered", empty=_DEFAULT_DEVICE),
    ("devices", "camera"): Look(kind="offered", empty="The first one found"),
    ("devices", "speaker"): Look(kind="offered", empty=_DEFAULT_DEVICE),
    ("live", "source"): Look(
        title="Listen to", words={"microphone": "Microphone", "system": "What is played here"}
    ),
    ("live", "language"): Look(
        title="Spoken language", kind="spoken_language", empty="Found out by itself"
    ),
    ("live", "target"): Look(title="Translate to", kind="language", empty="No translation"),
    ("live", "pause_s"): Look(title="Pause that ends a piece", unit=" s", step=0.1),
    ("live", "longest_s"): Look(title="Longest piece", unit=" s", step=1),
    ("live", "keep_sound"): Look(title="Keep the sound, too"),
    ("overlay", "font"): Look(kind="font", empty="The system's own"),
    ("overlay", "size"): Look(title="Size of letters", unit=" px", step=2),
    ("overlay", "text_colour"): Look(title="Words", kind="colour"),
    ("overlay", "unsure_colour"): Look(title="Unsure words", kind="colour"),
    ("overlay", "back_colour"): Look(title="Background", kind="colour"),
    ("overlay", "opacity"): Look(step=0.05),
    ("overlay", "strands"): Look(
        title="Show",
        words={
            "both": "Both languages",
            "transcript": "What was said",
            "translation": "The translation",
        },
    ),
    ("overlay", "docked"): Look(title="Dock it"),
    ("overlay", "x"): Look(title="Left edge", unit=" px", empty="In the middle"),
    ("overlay", "y"): Look(title="Upper edge", unit=" px", empty="Near the bottom"),
    ("overlay", "width"): Look(unit=" px", step=20),
    ("reading", "form"): Look(
        title="Make of a page",
        words={"text": "Plain text", "markdown": "Markdown", "csv": "A table (CSV)"},
    ),
    ("reading", "dpi"): Look(title="Fineness of PDF pages", unit=" dpi", step=10),
    ("reading", "copy"): Look(title="Copy by itself"),
    ("reading", "target_x"): Look(title="Left edge", unit=" px", empty="At the right"),
    ("reading", "target_y"): Look(title="Upper edge", unit=" px", empty="At the bottom"),
    ("reading", "target"): Look(title="Translate to", kind="language", empty="Asked each time"),
    ("hot_keys", "ask_screen"): Look(title="Ask about the screen", kind="keys"),
    ("hot_keys", "push_to_talk"): Look(title="Push to talk", kind="keys"),
    ("hot_keys", "read_region"): Look(title="Read a region", kind="keys"),
    ("hot_keys", "live"): Look(title="Listen live", kind="keys"),
    ("hot_keys", "window"): Look(title="Show the window", kind="keys"),
    ("history", "keep_deleted_days"): Look(title="Keep deleted things", unit=" days"),
    ("network", "offline"): Look(title="Stay offline"),
}
