"""Numbers, prices, times and codes as they are printed; knows no words and no layout."""

from __future__ import annotations

import random

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, as on tickets
_SHAPES = (
    "LDDDD", "LLDDD", "LL-DDDD", "DDDD-LL", "LDLDLD", "LLLDDD", "DDL-DDD", "L-DDD-L", "LDD",
    "DDDDDDD", "DDD DDD DDD", "LL DD LLL",
)  # fmt: skip


def number(dice: random.Random) -> str:
    """A number of one to six digits, sometimes grouped, with a decimal or in percent."""
    value = dice.randrange(10 ** dice.choice((1, 2, 2, 3, 3, 4, 4, 5, 6)))
    form = dice.random()
    if form < 0.08:
        return f"{value % 101}%"
    if form < 0.16 and value >= 1000:
        return f"{value:,}"
    if form < 0.2:
        return f"{value % 1000}.{dice.randrange(10)}"
    return str(value)


def price(dice: random.Random) -> str:
    """An amount in euros, dollars or pounds, in the ways of several countries."""
    whole = dice.randrange(10 ** dice.choice((1, 2, 2, 2, 3)))
    cents = dice.choice((0, 50, 99, 95, dice.randrange(100), dice.randrange(100)))
    form = dice.randrange(6)
    if form == 0:
        return f"{whole},{cents:02d} €"
    if form == 1:
        return f"€{whole}.{cents:02d}"
    if form == 2:
        return f"${whole}.{cents:02d}"
    if form == 3:
        return f"£{whole}.{cents:02d}"
    return f"{whole}.{cents:02d}" if form == 4 else f"{whole},{cents:02d}"


def moment(dice: random.Random) -> str:
    """A time of day or a date."""
    hour, minute = dice.randrange(24), dice.choice((0, 15, 30, 45, dice.randrange(60)))
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(1990, 2035)
    forms = (
        f"{hour}:{minute:02d}",
        f"{hour:02d}:{minute:02d}",
        f"{hour % 12 or 12}:{minute:02d} {'am' if hour < 12 else 'pm'}",
        f"{day:02d}.{month:02d}.{year}",
        f"{day}/{month}/{year}",
        f"{year}-{month:02d}-{day:02d}",
    )
    return dice.choice(forms)


def code(dice: random.Random, most: int = 99) -> str:
    """Letters and digits without meaning, at most `most` (3 or more), as on tickets and parcels."""
    shape = dice.choice([shape for shape in _SHAPES if len(shape) <= most])
    return "".join(
        dice.choice(LETTERS) if mark == "L" else str(dice.randrange(10)) if mark == "D" else mark
        for mark in shape
    )


def figure(dice: random.Random, most: int = 99) -> str:
    """A number, a price, a time or a date of at most `most` characters (1 or more)."""
    while True:
        text = dice.choice((number, number, price, price, moment))(dice)
        if len(text) <= most:
            return text
