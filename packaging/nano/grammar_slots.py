"""What patterns draw from: lists of words; numbers, times, dates and prices made on the spot."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from grammar_forms import LANGUAGES, Entry
from grammar_words import MONTHS, WEEKDAYS
from numbers_words import Gender, cardinal, count, digits, ordinal, year


class Slot(Protocol):
    """Draws an entry; `size` is how many different ones there are."""

    @property
    def size(self) -> int: ...

    def draw(self, rng: random.Random) -> Entry: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list."""

    entries: Sequence[Entry]

    @property
    def size(self) -> int:
        return len(self.entries)

    def draw(self, rng: random.Random) -> Entry:
        return self.entries[int(rng.random() * len(self.entries))]


@dataclass(frozen=True, slots=True)
class Made:
    """Made by a function."""

    size: int
    make: Callable[[random.Random], Entry]

    def draw(self, rng: random.Random) -> Entry:
        return self.make(rng)


def _entry(**forms: Callable[[str], str]) -> Entry:
    """An entry from a function of the language for each form ("bare" is the slot's own name)."""
    return Entry(
        {
            code: {"" if name == "bare" else name: form(code) for name, form in forms.items()}
            for code in LANGUAGES
        },
        {},
    )


def numbers(least: int, most: int) -> Made:
    """Bare numbers, as counted."""

    def make(rng: random.Random) -> Entry:
        number = rng.randint(least, most)
        return _entry(bare=lambda code: cardinal(code, number))

    return Made(most - least + 1, make)


def spread(least: int, most: int) -> Made:
    """Bare numbers, short ones as often as long ones."""

    def make(rng: random.Random) -> Entry:
        top = min(most, 10 ** rng.randint(2, 4) - 1)
        number = rng.randint(least, max(least, top))
        return _entry(bare=lambda code: cardinal(code, number))

    return Made(most - least + 1, make)


def digit_strings(least: int, most: int) -> Made:
    """Digits one by one."""

    def make(rng: random.Random) -> Entry:
        text = "".join(rng.choices("0123456789", k=rng.randint(least, most)))
        return _entry(bare=lambda code: digits(code, text))

    return Made(10**most, make)


def counted(things: Sequence[Entry], least: int, most: int) -> Made:
    """Some of a thing: "three keys"; never 101, 201 ... (see `numbers_words.count`)."""

    def make(rng: random.Random) -> Entry:
        thing = things[int(rng.random() * len(things))]
        number = _countable(rng, least, most)
        return _entry(bare=lambda code: counted_words(code, number, thing))

    return Made((most - least + 1) * len(things), make)


def counted_words(code: str, number: int, thing: Entry) -> str:
    """ "twenty-one keys" in one language."""
    gender = cast(Gender, "m" if code == "en" else thing.agree[code])
    return f"{count(code, number, gender)} {thing.forms[code]['pl' if number > 1 else 'sg']}"


def _countable(rng: random.Random, least: int, most: int) -> int:
    number = rng.randint(least, most)
    while number > 100 and number % 100 == 1:
        number = rng.randint(least, most)
    return number


_CURRENCIES = (
    # English, German, French, Spanish: one, many; the gender in French and Spanish
    ("euro euros", "Euro Euro", "euro euros", "euro euros", "m"),
    ("dollar dollars", "Dollar Dollar", "dollar dollars", "dólar dólares", "m"),
    ("franc francs", "Franken Franken", "franc francs", "franco francos", "m"),
)


def prices(most: int, *, least: int = 1) -> Made:
    """ "twelve euros fifty"; amounts of one and above a hundred have no cents."""

    def make(rng: random.Random) -> Entry:
        currency = rng.choices(_CURRENCIES, (6, 2, 2))[0]
        amount = _countable(rng, least, rng.choice((20, min(100, most), most)))
        whole = amount == 1 or amount > 100
        cents = 0 if whole else rng.choice((0, 10, 20, 25, 50, 75, 80, 90, 95, 99))
        return _entry(bare=lambda code: price_words(code, amount, cents, currency))

    return Made(most * 12, make)


def price_words(code: str, amount: int, cents: int, currency: tuple[str, ...]) -> str:
    """A price in words."""
    name = currency[LANGUAGES.index(code)].split()[amount > 1]
    gender = cast(Gender, "n" if code == "de" else currency[4])
    tail = f" {cardinal(code, cents)}" if cents else ""
    if code == "es" and cents:
        tail = f" con{tail}"
    return f"{count(code, amount, gender)} {name}{tail}"


# minutes past the hour, as said with the twelve-hour clock
_MINUTES = (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)


def clock_times() -> Made:
    """ "half past three": bare, and as a statement ("is")."""

    def make(rng: random.Random) -> Entry:
        hour, minute = rng.randint(1, 12), rng.choice((0, 0, 30, *_MINUTES))
        return clock(hour, minute)

    return Made(12 * len(_MINUTES), make)


def clock(hour: int, minute: int) -> Entry:
    """A time on the twelve-hour clock; `minute` is a multiple of five."""
    to = minute > 30
    shown = hour % 12 + 1 if to else hour
    words = {code: _clock_words(code, hour, shown, minute) for code in LANGUAGES}
    spanish = "es" if shown == 1 else "son"
    openings = {"en": "it is", "de": "es ist", "fr": "il est", "es": spanish}
    return _entry(bare=words.__getitem__, **{"is": lambda code: f"{openings[code]} {words[code]}"})


def _clock_words(code: str, hour: int, shown: int, minute: int) -> str:
    distance = 60 - minute if minute > 30 else minute
    name = cardinal(code, shown)
    number = cardinal(code, distance)
    late = minute > 30
    if code == "en":
        number = {15: "quarter", 30: "half"}.get(distance, number)
        return f"{name} o'clock" if not minute else f"{number} {'to' if late else 'past'} {name}"
    if code == "de":
        if minute == 30:
            return f"halb {cardinal('de', hour % 12 + 1)}"
        number = "Viertel" if distance == 15 else number
        word = "vor" if late else "nach"
        return f"{number} {word} {name}" if minute else f"{'ein' if shown == 1 else name} Uhr"
    if code == "fr":
        base = f"{count('fr', shown, 'f')} heure{'s' if shown > 1 else ''}"
        special = {15: "moins le quart" if late else "et quart", 30: "et demie"}
        tail = special.get(distance, f"moins {number}" if late else number)
        return f"{base} {tail}" if minute else base
    base = "la una" if shown == 1 else f"las {name}"
    tail = {15: "cuarto", 30: "media"}.get(distance, number)
    return f"{base} {'menos' if late else 'y'} {tail}" if minute else base


_PARTS = (
    (range(5, 12), ("in the morning", "morgens", "du matin", "de la mañana")),
    (range(1, 6), ("in the afternoon", "nachmittags", "de l'après-midi", "de la tarde")),
    (range(7, 12), ("in the evening", "abends", "du soir", "de la noche")),
)


def times_of_day() -> Made:
    """ "seven o'clock in the evening"."""

    def make(rng: random.Random) -> Entry:
        hours, names = rng.choice(_PARTS)
        part = dict(zip(LANGUAGES, names, strict=True))
        base = clock(rng.choice(hours), rng.choice((0, 0, 15, 30)))
        return _entry(bare=lambda code: f"{base.forms[code]['']} {part[code]}")

    return Made(51, make)


def rail_times() -> Made:
    """The 24-hour clock from 13:10 to 23:59, minutes always said: "fourteen thirty"."""

    def make(rng: random.Random) -> Entry:
        hour, minute = rng.randint(13, 23), rng.randint(10, 59)
        between = {"en": " ", "de": " Uhr ", "fr": " heures ", "es": " y "}
        first = {"es": "las "}

        def words(code: str) -> str:
            spoken = count(code, hour, "f") if code == "fr" else cardinal(code, hour)
            if code == "es":
                spoken = count(code, hour, "f")
            minutes = count(code, minute, "f") if code == "fr" else cardinal(code, minute)
            return f"{first.get(code, '')}{spoken}{between[code]}{minutes}"

        return _entry(bare=words)

    return Made(11 * 50, make)


def half_days() -> Made:
    """ "seven thirty p.m.", elsewhere by the 24-hour clock; no full hours, none after midnight."""

    def make(rng: random.Random) -> Entry:
        hour, minute = rng.randint(1, 23), rng.choice((15, 30, 45, rng.randint(1, 59)))
        words = {code: _half_day_words(code, hour, minute) for code in LANGUAGES}
        return _entry(bare=words.__getitem__)

    return Made(23 * 59, make)


def _half_day_words(code: str, hour: int, minute: int) -> str:
    name = cardinal(code, hour)
    if code == "en":
        early = "oh " if minute < 10 else ""
        name = cardinal(code, (hour - 1) % 12 + 1)
        return f"{name} {early}{cardinal(code, minute)} {'a' if hour < 12 else 'p'}.m."
    if code == "de":
        return f"{'ein' if hour == 1 else name} Uhr {cardinal(code, minute)}"
    if code == "fr":
        unit = "heures" if hour > 1 else "heure"
        return f"{count(code, hour, 'f')} {unit} {count(code, minute, 'f')}"
    early = "cero " if minute < 10 else ""
    article = "la" if hour == 1 else "las"
    return f"{article} {count(code, hour, 'f')} {early}{cardinal(code, minute)}"


def full_hours() -> Made:
    """ "seven o'clock"."""
    return Made(12, lambda rng: clock(rng.randint(1, 12), 0))


_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def dates() -> Made:
    """The third of May: bare (German: am dritten Mai -> "dritten Mai"), "on", and "is"."""

    def make(rng: random.Random) -> Entry:
        month = rng.randrange(12)
        return date(rng.randint(1, _DAYS_OF[month]), month)

    return Made(366, make)


def date(day: int, month: int) -> Entry:
    """A day of the year; `month` counts from 0."""
    name = {code: MONTHS[month].forms[code][""] for code in LANGUAGES}
    french = "premier" if day == 1 else cardinal("fr", day)
    german = ordinal("de", day)
    english = f"the {ordinal('en', day)} of {name['en']}"
    bare = {
        "en": english,
        "de": f"der {german} {name['de']}",
        "fr": f"{french} {name['fr']}",
        "es": f"{cardinal('es', day)} de {name['es']}",
    }
    on = {
        "en": f"on {english}",
        "de": f"am {german}n {name['de']}",
        "fr": f"le {bare['fr']}",
        "es": f"el {bare['es']}",
    }
    short = bare | {
        "en": f"{name['en']} {ordinal('en', day)}",
        "fr": bare["fr"],
    }
    return _entry(
        bare=bare.__getitem__, on=on.__getitem__, le=on.__getitem__, short=short.__getitem__
    )


def years(least: int, most: int) -> Made:
    """Years as they are said."""

    def make(rng: random.Random) -> Entry:
        number = rng.randint(least, most)
        return _entry(bare=lambda code: year(code, number))

    return Made(most - least + 1, make)


def ordinals(most: int) -> Made:
    """First to tenth before a feminine noun, before a masculine one (m), and behind "im" (im)."""

    def make(rng: random.Random) -> Entry:
        number = rng.randint(1, most)
        german = ordinal("de", number)

        def masculine(code: str) -> str:
            word = ordinal(code, number)
            return word[:-1] if code == "es" and number in (1, 3) else word

        return _entry(
            bare=lambda code: ordinal(code, number, "f"),
            m=masculine,
            alone=lambda code: (
                f"der {german.capitalize()}" if code == "de" else ordinal(code, number)
            ),
            im=lambda code: f"{german}n",
        )

    return Made(most, make)


def sums() -> Made:
    """Two small numbers and what they give: forms a, b, plus; all as counted."""

    def make(rng: random.Random) -> Entry:
        a, b = rng.randint(0, 20), rng.randint(0, 20)
        return _entry(
            a=lambda code: cardinal(code, a),
            b=lambda code: cardinal(code, b),
            c=lambda code: cardinal(code, a + b),
        )

    return Made(441, make)


WEEKDAY = Choice(WEEKDAYS)
