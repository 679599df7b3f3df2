"""Human recordings of digits, numbers, days, months and times, for measuring only, never to learn.

They are the prompts of Debian's asterisk-core-sounds packages (CC-BY-SA 3.0: English and Spanish
spoken by Allison Smith, French by June Wallack). `recordings` gives each word by itself, `joined`
plays several in a row, as the telephone system for which they were made does.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numbers_words import cardinal
from numpy.typing import NDArray
from speaking import trimmed

from phi_desk.errors import InputError
from phi_desk.media.sound import WIDE_BAND

LANGUAGES = ("en", "es", "fr")
_SOUNDS = Path("/usr/share/asterisk/sounds")
_LISTS = Path("/usr/share/doc")
_CHOSEN = re.compile(r"digits/(\d+|day-\d|mon-\d+|h-\d+|today|tomorrow|yesterday|hundred|thousand)")
_NUMBER = re.compile(r"digits/(\d+)")
# The lists leave out accents and mistake a few words; what is heard is this.
_HEARD: Mapping[str, Mapping[str, str]] = {
    "en": {"h-40": "fortieth"},
    "es": {
        "10": "diez",
        "day-3": "miércoles",
        "day-6": "sábado",
        "tomorrow": "mañana",
        "h-7": "séptimo",
        "h-10": "décimo",
        "h-11": "undécimo",
        "h-12": "duodécimo",
        "h-20": "vigésimo",
        "h-30": "trigésimo",
        "hundred": "cien",
        **{f"h-{n}": f"décimo {w}" for n, w in ((13, "tercero"), (14, "cuarto"), (15, "quinto"))},
        **{f"h-{n}": f"décimo {w}" for n, w in ((16, "sexto"), (17, "séptimo"), (18, "octavo"))},
        "h-19": "décimo noveno",
    },
    "fr": {"h-16": "seizième", "h-80": "quatre-vingtième"},
}
_PAUSES = (0.02, 0.12)  # s between two words
_LEVEL = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A clip of a person: `text` as the corpus writes it; float32 at 16 kHz, trimmed."""

    kind: str  # "number", "day", "month", "ordinal", "word"; joined also "time", "date"
    language: str
    text: str
    samples: NDArray[np.float32]


def recordings(language: str) -> list[Recording]:
    """Every chosen word by itself, about 70 a language.

    Raises:
        InputError: the recordings are not installed, or there are none in `language`.
    """
    texts = written(language)
    names = sorted(name for name in texts if _CHOSEN.fullmatch(name) and _has(language, name))
    return [
        Recording(_kind(name), language, _sentence(texts[name]), _sound(language, name))
        for name in names
    ]


def joined(language: str, seed: int, count: int) -> list[Recording]:
    """`count` numbers, times and dates put together from single words, pauses between them.

    Raises:
        InputError: as `recordings`.
    """
    written(language)
    rng = np.random.default_rng([seed, 0xA5])
    makers = tuple(_MAKERS[language])
    return [_joined(language, makers[index % len(makers)], rng) for index in range(count)]


def _joined(language: str, maker: _Maker, rng: np.random.Generator) -> Recording:
    kind, text, names = maker(rng)
    parts: list[NDArray[np.float32]] = []
    for name in names:
        if parts:
            parts.append(np.zeros(int(WIDE_BAND * rng.uniform(*_PAUSES)), dtype=np.float32))
        parts.append(_sound(language, name))
    return Recording(kind, language, _sentence(text), np.concatenate(parts))


def _missing(language: str) -> InputError:
    return InputError(
        f"The human recordings in {language} are not installed.",
        f"Install them with: apt install asterisk-core-sounds-{language}-g722"
        f" asterisk-core-sounds-{language}; there are English, Spanish and French ones.",
    )


@cache
def written(language: str) -> Mapping[str, str]:
    """What each recording says, by its name, from the list that comes with it."""
    name = f"asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz"
    if language not in LANGUAGES or not (_LISTS / name).is_file():
        raise _missing(language)
    lines = gzip.decompress((_LISTS / name).read_bytes()).decode("utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith(";"))
    written = {key.strip(): text.strip().lower() for key, text in pairs}
    for key in list(written):
        if number := _NUMBER.fullmatch(key):  # one spelling of numbers everywhere
            written[key] = cardinal(language, int(number[1]))
    return written | {f"digits/{key}": text for key, text in _HEARD[language].items()}


def _has(language: str, name: str) -> bool:
    return _path(language, name).is_file()


def _path(language: str, name: str) -> Path:
    return _SOUNDS / language / f"{name}.g722"


@cache
def _sound(language: str, name: str) -> NDArray[np.float32]:
    """One recording, trimmed, peak 0.7."""
    import av

    try:
        with av.open(str(_path(language, name)), format="g722") as container:
            frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    except (OSError, av.FFmpegError) as error:
        raise _missing(language) from error
    samples = trimmed(np.concatenate(frames).astype(np.float32) / np.float32(32768.0))
    return samples * np.float32(_LEVEL / np.abs(samples).max(initial=1e-6))


def _kind(name: str) -> str:
    rest = name.removeprefix("digits/")
    kinds = {"day": "day", "mon": "month", "h": "ordinal"}
    if rest.isdigit() or rest in ("hundred", "thousand"):
        return "number"
    return kinds.get(rest.split("-")[0], "word")


# English days and months have capitals, Spanish and French ones have none.
_CAPITALS = re.compile(
    r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)\b"
)


def _sentence(text: str) -> str:
    """A capital and a full stop, as in the corpus."""
    text = _CAPITALS.sub(lambda found: found[0].capitalize(), text)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


# What is played for a number, a time and a date in each language.

_Made = tuple[str, str, list[str]]  # kind, what is said, the names of the recordings
_Maker = Callable[[np.random.Generator], _Made]


def _digit(*numbers: int) -> list[str]:
    return [f"digits/{number}" for number in numbers]


def _english_number(number: int) -> list[str]:
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            whole, rest = divmod(number, size)
            after = _english_number(rest) if rest else []
            return [*_english_number(whole), f"digits/{name}", *after]
    if number <= 20 or number % 10 == 0:
        return _digit(number)
    return _digit(number - number % 10, number % 10)


def _spanish_number(number: int) -> list[str]:
    if number >= 1000:
        whole, rest = divmod(number, 1000)
        front = _spanish_number(whole) if whole > 1 else []
        return [*front, "digits/thousand", *(_spanish_number(rest) if rest else [])]
    if number == 100:
        return ["digits/hundred"]
    if number > 100:
        whole, rest = divmod(number, 100)
        front = ["digits/100-and"] if whole == 1 else _digit(whole * 100)
        return front + (_spanish_number(rest) if rest else [])
    if number < 30 or number % 10 == 0:
        return _digit(number)
    return [*_digit(number - number % 10), "digits/and", *_digit(number % 10)]


def _french_number(number: int) -> list[str]:
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            whole, rest = divmod(number, size)
            front = _french_number(whole) if whole > 1 else []
            return [*front, f"digits/{name}", *(_french_number(rest) if rest else [])]
    tens = number - number % 20 if number >= 60 else number - number % 10
    if number <= 16 or number in (17, 18, 19, 70, 90) or number == tens:
        return _digit(number)
    link = ["vm-and"] if number - tens in (1, 11) and tens < 80 else []
    return [*_digit(tens), *link, *_digit(number - tens)]


_NUMBERS = {"en": _english_number, "es": _spanish_number, "fr": _french_number}


def number_names(language: str, number: int) -> list[str]:
    """The recordings to play for a number of 0 to 9999."""
    return _NUMBERS[language](number)


def _number(language: str, least: int, most: int) -> _Maker:
    def make(rng: np.random.Generator) -> _Made:
        number = int(rng.integers(least, most + 1))
        return "number", cardinal(language, number), _NUMBERS[language](number)

    return make


def _digits(language: str) -> _Maker:
    def make(rng: np.random.Generator) -> _Made:
        chosen = [int(digit) for digit in rng.integers(0, 10, rng.integers(3, 6))]
        return "number", " ".join(cardinal(language, d) for d in chosen), _digit(*chosen)

    return make


def _time(language: str) -> _Maker:
    def make(rng: np.random.Generator) -> _Made:
        hour, minute = int(rng.integers(2, 13)), int(rng.integers(2, 12)) * 5
        said = [cardinal(language, n) for n in (hour, minute)]
        names = _NUMBERS[language](minute)
        if language == "es":
            return "time", f"a las {said[0]} {said[1]}", ["digits/at", *_digit(hour), *names]
        if language == "fr":
            return "time", f"{said[0]} heures {said[1]}", [*_digit(hour), "hours", *names]
        half = str(rng.choice(["a", "p"]))
        text = f"{said[0]} {said[1]} {half}.m."
        return "time", text, [*_digit(hour), *names, f"digits/{half}-m"]

    return make


def _date(language: str) -> _Maker:
    def make(rng: np.random.Generator) -> _Made:
        weekday, month, day = (int(rng.integers(n)) for n in (7, 12, 30))
        texts = written(language)
        names = [f"digits/day-{weekday}", f"digits/mon-{month}"]
        week, moon = (texts[name] for name in names)
        number = day + 2  # the first is not counted but named in French and Spanish
        played = _NUMBERS[language](number)
        if language == "es":
            text = f"{week} {cardinal('es', number)} de {moon}"
            return "date", text, [names[0], *played, "digits/es-de", names[1]]
        if language == "fr":
            return "date", f"{week} {cardinal('fr', number)} {moon}", [names[0], *played, names[1]]
        tens = number - number % 10 if number > 20 and number % 10 else 0
        last = f"digits/h-{number - tens}"
        ordinal = f"{cardinal('en', tens)}-{texts[last]}" if tens else texts[last]
        return "date", f"{week}, {moon} {ordinal}", [*names, *(_digit(tens) if tens else []), last]

    return make


_MAKERS: Mapping[str, tuple[_Maker, ...]] = {
    language: (
        _number(language, 21, 99),
        _number(language, 101, 9999),
        _digits(language),
        _time(language),
        _date(language),
    )
    for language in LANGUAGES
}


def everything(seed: int, count: int) -> Iterator[Recording]:
    """The single words and `count` joined ones of each language."""
    for language in LANGUAGES:
        yield from recordings(language)
        yield from joined(language, seed, count)
