"""Colours: the named ones of the scenes, and pairs of ink and ground that can be told apart."""

from __future__ import annotations

import random
from collections.abc import Iterable

Colour = tuple[int, int, int]  # red, green, blue, 0-255

# The middle of each name; `shade` stays close enough that no two names meet.
NAMED: dict[str, Colour] = {
    "red": (214, 34, 34),
    "orange": (245, 138, 20),
    "yellow": (250, 222, 40),
    "green": (36, 155, 56),
    "blue": (36, 84, 214),
    "purple": (128, 48, 162),
    "pink": (250, 130, 182),
    "brown": (122, 72, 34),
    "black": (22, 22, 22),
    "white": (248, 248, 248),
    "gray": (132, 132, 132),
}


def shade(dice: random.Random, name: str) -> Colour:
    """A colour that goes by `name`."""
    swing = 5 if name in ("black", "white") else 14
    even = dice.randint(-swing, swing) // 2  # lighter or darker as a whole
    if name in ("black", "white", "gray"):
        return _clipped(channel + even for channel in NAMED[name])
    return _clipped(channel + even + dice.randint(-swing, swing) // 2 for channel in NAMED[name])


def nearest_name(colour: Colour) -> str:
    """The name whose middle is nearest."""
    return min(NAMED, key=lambda name: distance(NAMED[name], colour))


def distance(one: Colour, other: Colour) -> float:
    """How different two colours look, 0 to about 765: RGB weighted by the mean red."""
    mean = (one[0] + other[0]) / 2
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    weighed = (2 + mean / 256) * red**2 + 4 * green**2 + (2 + (255 - mean) / 256) * blue**2
    return float(weighed**0.5)


def luminance(colour: Colour) -> float:
    """Relative luminance 0-1 as WCAG 2 defines it."""
    linear = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2: 1 (none) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def any_colour(dice: random.Random) -> Colour:
    """Any colour at all."""
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def near(dice: random.Random, colour: Colour, swing: int) -> Colour:
    """A neighbour of `colour`, each channel at most `swing` away."""
    return _clipped(channel + dice.randint(-swing, swing) for channel in colour)


def pale(dice: random.Random) -> Colour:
    """A light ground: white, off-white or a pastel."""
    if dice.random() < 0.4:
        return _clipped([dice.randint(235, 255)] * 3)
    return dice.randint(205, 255), dice.randint(205, 255), dice.randint(205, 255)


def dark(dice: random.Random) -> Colour:
    """A dark ink: black, nearly black or a deep colour."""
    if dice.random() < 0.5:
        return _clipped([dice.randint(0, 45)] * 3)
    return dice.randint(0, 110), dice.randint(0, 80), dice.randint(0, 130)


def ink_for(dice: random.Random, grounds: tuple[Colour, ...], least: float) -> Colour:
    """An ink whose contrast with every ground is at least `least`, else the best of many."""
    best, best_contrast = (0, 0, 0), 0.0
    for attempt in range(24):
        ink = any_colour(dice) if attempt < 16 else dice.choice(((0, 0, 0), (255, 255, 255)))
        reached = min(contrast(ink, ground) for ground in grounds)
        if reached >= least:
            return ink
        if reached > best_contrast:
            best, best_contrast = ink, reached
    return best


def _clipped(channels: Iterable[int]) -> Colour:
    red, green, blue = (min(255, max(0, int(value))) for value in channels)
    return red, green, blue
