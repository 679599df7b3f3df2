"""Short English texts of phrasebook matter, and their summary in one sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence

import grammar_nouns as g
import grammar_words as w
from grammar_forms import Entry
from grammar_patterns import capitalised
from grammar_slots import clock_times, counted_words, dates, prices
from text_example import TextExample, user

from phi_desk.engine import tasks


def summary_example(rng: random.Random) -> TextExample:
    """A text of three to five sentences with the app's own prompt."""
    text, answer = rng.choice((_journey, _meeting, _meal, _way))(rng)
    return TextExample((user(tasks.summarise_text(text)),), (), answer, "summary")


def _journey(rng: random.Random) -> tuple[str, str]:
    vehicle, city = _of(rng, g.TRAVELS), _of(rng, w.CITIES, "")
    time, price = clock_times().draw(rng).forms["en"][""], prices(200).draw(rng).forms["en"][""]
    when, name = _of(rng, w.DAYS, ""), _of(rng, w.NAMES, "")
    lines = [
        f"{name} is going to {city} {when}.",
        f"The {vehicle} to {city} leaves at {time}.",
        f"The ticket costs {price}.",
    ]
    extra = [_closing(rng), f"{name} must buy {_of(rng, g.THINGS, 'a')}."]
    return _told(rng, lines, extra), (
        f"{name} is going to {city} {when} by {vehicle}; it leaves at {time} and costs {price}."
    )


def _meeting(rng: random.Random) -> tuple[str, str]:
    event, room = _of(rng, g.EVENTS, "the"), _of(rng, g.ROOMS, "the")
    date = dates().draw(rng).forms["en"]["on"]
    time, name = clock_times().draw(rng).forms["en"][""], _of(rng, w.NAMES, "")
    document = _of(rng, g.DOCUMENTS, "the")
    lines = [
        capitalised(f"{event} is {date}."),
        f"It begins at {time} in {room}.",
        f"{name} must bring {document}.",
    ]
    answer = f"{event} is {date} at {time} in {room}; {name} brings {document}."
    return _told(rng, lines, [_closing(rng)]), capitalised(answer)


def _meal(rng: random.Random) -> tuple[str, str]:
    place, name = _of(rng, (g.PLACES[8], g.PLACES[2]), "the"), _of(rng, w.NAMES, "")
    dish, drink = _of(rng, g.DISHES, "a"), _of(rng, g.DRINKS, "a")
    price = prices(90).draw(rng).forms["en"][""]
    lines = [
        f"{name} is in {place}.",
        f"{name} would like {dish} and {drink}.",
        f"The bill is {price}.",
    ]
    answer = f"{name} has {dish} and {drink} in {place} for {price}."
    return _told(rng, lines, [_closing(rng)]), answer


def _way(rng: random.Random) -> tuple[str, str]:
    one, other = (place.forms["en"]["the"] for place in rng.sample(g.PLACES, 2))
    minutes = counted_words("en", rng.randint(2, 40), g.MINUTE)
    side = rng.choice(("left", "right"))
    lines = [
        f"How do I get to {one}?",
        f"Go straight ahead to {other}, then turn {side}.",
        f"It is {minutes} away on foot.",
    ]
    answer = f"{one} is {minutes} away: straight ahead to {other}, then {side}."
    return _told(rng, lines, ["Thank you very much."]), capitalised(answer)


def _of(rng: random.Random, entries: Sequence[Entry], form: str = "sg") -> str:
    return rng.choice(entries).forms["en"][form]


def _closing(rng: random.Random) -> str:
    return rng.choice(("It is raining.", "The sun is shining.", "Everything is fine.",
                       "That is right.", "It is windy."))  # fmt: skip


def _told(rng: random.Random, lines: list[str], extra: list[str]) -> str:
    """The lines in their order, at times with a line that does not matter."""
    if rng.random() < 0.5:
        lines.insert(rng.randint(1, len(lines)), rng.choice(extra))
    return " ".join(lines)
