"""Words, figures and codes as printed on signs, tickets and bills; knows no picture."""

from __future__ import annotations

import random

import grammar_nouns as g
import grammar_words as w
from grammar_forms import LANGUAGES, Entry

SIGNS = (
    "EXIT", "Exit", "Ausgang", "Sortie", "Salida", "Entrance", "Eingang", "Entrée", "Entrada",
    "OPEN", "CLOSED", "Offen", "Geschlossen", "Ouvert", "Fermé", "Abierto", "Cerrado", "STOP",
    "PUSH", "PULL", "Drücken", "Ziehen", "Poussez", "Tirez", "Empuje", "Tire", "TAXI", "WC",
    "Toilets", "Toiletten", "Toilettes", "Servicios", "No smoking", "Rauchen verboten",
    "Défense de fumer", "Prohibido fumar", "Information", "Información", "Tickets", "Fahrkarten",
    "Billets", "Billetes", "SALE", "Lift", "Aufzug", "Ascenseur", "Ascensor", "Private", "Danger",
    "Reserved", "Reserviert", "Réservé", "Reservado", "Total", "Menu", "Wi-Fi", "Room", "Gate",
    "Platform", "Gleis", "Voie", "Andén", "Kasse", "Caisse", "Caja", "Welcome", "Willkommen",
    "Bienvenue", "Bienvenidos",
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_NOUNS: tuple[Entry, ...] = (
    *g.PLACES, *g.ROOMS, *g.THINGS, *g.DRINKS, *g.DISHES, *g.FOODS, *g.LIQUIDS, *g.FRUITS,
    *g.DOCUMENTS, *g.MACHINES, *g.OPENABLE, *g.EVENTS, *g.TRAVELS,
)  # fmt: skip
_NAMED: tuple[Entry, ...] = (*w.CITIES, *w.COUNTRIES, *w.NAMES, *w.WEEKDAYS, *w.MONTHS)


def printed(rng: random.Random) -> str:
    """One string of at most about 60 characters."""
    make = rng.choices(_MAKERS, _WEIGHTS)[0]
    return make(rng)


def _word(rng: random.Random) -> str:
    code = rng.choice(LANGUAGES)
    if rng.random() < 0.3:
        text = rng.choice(_NAMED).forms[code][""]
    else:
        text = rng.choice(_NOUNS).forms[code][rng.choice(("sg", "sg", "pl", "the"))]
    return _cased(rng, text)


def _cased(rng: random.Random, text: str) -> str:
    style = rng.random()
    if style < 0.25:
        return text.upper().replace("ẞ", "SS")
    return text[0].upper() + text[1:] if style < 0.6 else text


def _words(rng: random.Random) -> str:
    return " ".join(_word(rng) for _ in range(rng.randint(2, 3)))


def _sign(rng: random.Random) -> str:
    sign = rng.choice(SIGNS)
    return f"{sign} {rng.randint(1, 99)}" if rng.random() < 0.3 else sign


def _number(rng: random.Random) -> str:
    return str(rng.randrange(10 ** rng.randint(1, 6)))


def _price(rng: random.Random) -> str:
    amount = rng.randrange(10 ** rng.randint(3, 5)) / 100
    return rng.choice(
        (f"{amount:.2f} €", f"€{amount:.2f}", f"{amount:.2f} EUR".replace(".", ","),
         f"${amount:.2f}", f"£{amount:.2f}", f"{amount:.2f}", f"{amount:.2f} €".replace(".", ","))
    )  # fmt: skip


def _item(rng: random.Random) -> str:
    """A line of a bill."""
    item = rng.choice((*g.DRINKS, *g.DISHES, *g.FRUITS, *g.THINGS)).forms[rng.choice(LANGUAGES)]
    name = item["sg"][0].upper() + item["sg"][1:]
    front = f"{rng.randint(1, 9)} x " if rng.random() < 0.4 else ""
    return f"{front}{name} {_price(rng)}"


def _time(rng: random.Random) -> str:
    def clock() -> str:
        return f"{rng.randrange(24):02d}:{rng.choice((0, 15, 30, 45, rng.randrange(60))):02d}"

    return rng.choice((clock, lambda: f"{clock()} - {clock()}", lambda: f"{clock()} Uhr"))()


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randrange(12), rng.randint(1990, 2039)
    name = w.MONTHS[month].forms[rng.choice(LANGUAGES)][""]
    return rng.choice(
        (f"{day:02d}.{month + 1:02d}.{year}", f"{day}/{month + 1}/{year}", f"{day} {name} {year}",
         f"{year}-{month + 1:02d}-{day:02d}")
    )  # fmt: skip


def _code(rng: random.Random) -> str:
    def letters(count: int) -> str:
        return "".join(rng.choices(_LETTERS, k=count))

    number = rng.randrange(10 ** rng.randint(2, 4))
    return rng.choice(
        (f"{letters(2)}-{number}", f"{letters(1)}{number}", f"{letters(3)} {number}",
         f"{letters(2)}{number}{letters(1)}", f"No. {number}",
         f"Tel. 0{rng.randint(30, 99)} {number}",
         "".join(rng.choices(_LETTERS + "23456789", k=rng.randint(4, 8))))
    )  # fmt: skip


def _place_number(rng: random.Random) -> str:
    name = rng.choice(("Room", "Gate", "Platform", "Zimmer", "Gleis", "Chambre", "Voie", "Andén",
                       "Bus", "Line", "Page", "Seite", "Linie"))  # fmt: skip
    return f"{name} {rng.randint(1, 399)}"


_MAKERS = (
    _word, _words, _sign, _number, _price, _item, _time, _date, _code, _place_number,
)  # fmt: skip
_WEIGHTS = (20, 12, 8, 8, 8, 8, 5, 5, 5, 4)
