"""Combinations of keys as Qt writes them, and what each system calls their keys; knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.errors import UsageError

MODIFIERS = {"ctrl": "ctrl", "alt": "alt", "shift": "shift", "meta": "meta", "super": "meta"}


@dataclass(frozen=True, slots=True)
class SystemKey:
    """One key: its keysym of X, its virtual key of Windows, its position on a Mac's keyboard."""

    keysym: str
    windows: int | None
    mac: int | None


@dataclass(frozen=True, slots=True)
class Chord:
    """Keys that are pressed together: modifiers, and the one that is pressed last."""

    modifiers: frozenset[str]
    key: str

    @property
    def system(self) -> SystemKey:
        """The key as systems know it."""
        return _KEYS[self.key]


def parse_chord(text: str) -> Chord | None:
    """What Qt writes as `Ctrl+Alt+Space`; None where it is empty.

    Raises:
        UsageError: no key, a key that no system tells us of, or one that would spoil typing.
    """
    words = text.strip()
    if not words:
        return None
    if "," in words.rstrip(",") or words.endswith(",,"):
        raise UsageError(f"“{words}” is a row of keys.", "Choose keys that are pressed together.")
    head, plus, key = words.rpartition("+")
    if plus and not key and head.endswith("+"):  # the key is the plus itself
        head, key = head[:-1], "+"
    names = [part.strip().lower() for part in head.split("+") if part.strip()]
    wrong = [name for name in names if name not in MODIFIERS]
    name = _ALIASES.get(key.strip().lower(), key.strip().lower())
    if wrong or name not in _KEYS:
        raise UsageError(
            f"The keys “{words}” cannot be used in every window.",
            "Choose a letter, a digit or a function key with Ctrl, Alt or the system's key.",
        )
    chord = Chord(frozenset(MODIFIERS[one] for one in names), name)
    if not chord.modifiers - {"shift"} and name not in _ALONE:
        raise UsageError(
            f"“{words}” alone would be missing from every other program.", "Add Ctrl or Alt."
        )
    return chord


_MAC_LETTERS = {
    "a": 0x00, "s": 0x01, "d": 0x02, "f": 0x03, "h": 0x04, "g": 0x05, "z": 0x06, "x": 0x07,
    "c": 0x08, "v": 0x09, "b": 0x0B, "q": 0x0C, "w": 0x0D, "e": 0x0E, "r": 0x0F, "y": 0x10,
    "t": 0x11, "o": 0x1F, "u": 0x20, "i": 0x22, "p": 0x23, "l": 0x25, "j": 0x26, "k": 0x28,
    "n": 0x2D, "m": 0x2E, "1": 0x12, "2": 0x13, "3": 0x14, "4": 0x15, "6": 0x16, "5": 0x17,
    "9": 0x19, "7": 0x1A, "8": 0x1C, "0": 0x1D,
}  # fmt: skip
_MAC_FUNCTION = (
    0x7A, 0x78, 0x63, 0x76, 0x60, 0x61, 0x62, 0x64, 0x65, 0x6D,
    0x67, 0x6F, 0x69, 0x6B, 0x71, 0x6A, 0x40, 0x4F, 0x50, 0x5A,
)  # fmt: skip

_KEYS: dict[str, SystemKey] = {
    "space": SystemKey("space", 0x20, 0x31),
    "tab": SystemKey("Tab", 0x09, 0x30),
    "return": SystemKey("Return", 0x0D, 0x24),
    "enter": SystemKey("KP_Enter", 0x0D, 0x4C),
    "esc": SystemKey("Escape", 0x1B, 0x35),
    "backspace": SystemKey("BackSpace", 0x08, 0x33),
    "del": SystemKey("Delete", 0x2E, 0x75),
    "ins": SystemKey("Insert", 0x2D, None),
    "home": SystemKey("Home", 0x24, 0x73),
    "end": SystemKey("End", 0x23, 0x77),
    "pgup": SystemKey("Prior", 0x21, 0x74),
    "pgdown": SystemKey("Next", 0x22, 0x79),
    "left": SystemKey("Left", 0x25, 0x7B),
    "up": SystemKey("Up", 0x26, 0x7E),
    "right": SystemKey("Right", 0x27, 0x7C),
    "down": SystemKey("Down", 0x28, 0x7D),
    "print": SystemKey("Print", 0x2C, None),
    "pause": SystemKey("Pause", 0x13, None),
    "scrolllock": SystemKey("Scroll_Lock", 0x91, None),
    "menu": SystemKey("Menu", 0x5D, None),
    ";": SystemKey("semicolon", 0xBA, 0x29),
    "=": SystemKey("equal", 0xBB, 0x18),
    "+": SystemKey("plus", 0xBB, 0x18),
    ",": SystemKey("comma", 0xBC, 0x2B),
    "-": SystemKey("minus", 0xBD, 0x1B),
    ".": SystemKey("period", 0xBE, 0x2F),
    "/": SystemKey("slash", 0xBF, 0x2C),
    "`": SystemKey("grave", 0xC0, 0x32),
    "[": SystemKey("bracketleft", 0xDB, 0x21),
    "\\": SystemKey("backslash", 0xDC, 0x2A),
    "]": SystemKey("bracketright", 0xDD, 0x1E),
    "'": SystemKey("apostrophe", 0xDE, 0x27),
    **{c: SystemKey(c, ord(c.upper()), code) for c, code in _MAC_LETTERS.items()},
    **{
        f"f{n}": SystemKey(f"F{n}", 0x6F + n, _MAC_FUNCTION[n - 1] if n <= 20 else None)
        for n in range(1, 25)
    },
}
_ALIASES = {
    "escape": "esc",
    "delete": "del",
    "insert": "ins",
    "page up": "pgup",
    "pageup": "pgup",
    "page down": "pgdown",
    "pagedown": "pgdown",
}
# Nobody types with these, so they may be taken without a modifier.
_ALONE = {"print", "pause", "scrolllock", "menu", *(f"f{n}" for n in range(1, 25))}
