"""Requests for the three demo tools: the right call, and the sentence after the tool's result."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import grammar_nouns as g
import grammar_words as w
from grammar_forms import spaced
from numbers_words import cardinal
from text_example import TextExample, assistant, user

from phi_desk.engine.messages import Message, Tool, ToolCall, ToolResult
from phi_desk.services.tools.household import (
    COLDEST,
    LIGHT,
    SKIES,
    TIMER,
    TOOLS,
    WARMEST,
    WEATHER,
)

__all__ = ["NO_TOOL", "TOOLS", "call_text", "told", "tool_example", "unoffered_wish"]

NO_TOOL: Final = "I have no tool for that."
ERRORS: Final = (
    "no such room", "no such city", "no connection", "the light does not answer",
    "too many timers", "the service is busy", "unknown day",
)  # fmt: skip

ROOMS: Final = (
    *(room.forms["en"]["sg"] for room in g.ROOMS), "hall", "dining room", "attic", "balcony",
    "meeting room", "hallway",
)  # fmt: skip
DAYS: Final = ("today", "tomorrow", *(day.forms["en"][""] for day in w.WEEKDAYS))
_MORE_CITIES = spaced(
    "Oslo Stockholm Helsinki Copenhagen Warsaw Athens Budapest Zurich Florence Naples Venice Turin "
    "Porto Bilbao Malaga Granada Toulouse Nice Lille Nantes Strasbourg Dresden Leipzig Stuttgart "
    "Bremen Salzburg Graz Basel Bern Antwerp Ghent Rotterdam Utrecht Edinburgh Glasgow Leeds "
    "Manchester Oxford Cambridge Bristol Cork Tokyo Sydney Toronto Chicago Boston Seattle Denver "
    "Cairo Delhi Mumbai Lima Nairobi Istanbul Moscow Kyiv Riga Vilnius Tallinn Zagreb Sofia"
)
CITIES: Final = (*(city.forms["en"][""] for city in w.CITIES), *_MORE_CITIES)

_ON = (
    "Turn on the light in the {r}", "Turn the light on in the {r}", "Switch on the {r} light",
    "Switch the light in the {r} on", "Light on in the {r}", "Make it bright in the {r}",
    "I need light in the {r}", "It is too dark in the {r}", "Put the {r} light on",
    "Turn on the {r} light", "Turn the {r} light on", "Lights on in the {r}",
    "Switch on the light in the {r}",
)  # fmt: skip
_OFF = (
    "Turn off the light in the {r}", "Turn the light off in the {r}", "Switch off the {r} light",
    "Switch the light in the {r} off", "Light off in the {r}", "Make it dark in the {r}",
    "I need no light in the {r}", "It is too bright in the {r}", "Put the {r} light off",
    "Turn off the {r} light", "Turn the {r} light off", "Lights off in the {r}",
    "Switch off the light in the {r}",
)  # fmt: skip
_BOTH_ROOMS = (
    "Turn {s} the light in the {r} and the {q}",
    "Switch {s} the {r} light and the {q} light",
)
_TIMER = (
    "Set a timer for {t}", "Set the timer to {t}", "Start a timer of {t}", "Timer for {t}",
    "Wake me up in {t}", "Remind me in {t}", "Tell me when {t} are over", "Count down {t}",
    "Ring in {t}", "I need a timer for {t}", "Set a {t} timer", "Give me {t}",
    "Let me know in {t}", "Call me in {t}",
)  # fmt: skip
_WEATHER = (
    "What is the weather like in {c} {d}?", "How is the weather in {c} {d}?",
    "What will the weather be in {c} {d}?", "Weather in {c} {d}", "Will it rain in {c} {d}?",
    "Is it sunny in {c} {d}?", "Tell me the weather in {c} {d}",
    "Do I need an umbrella in {c} {d}?",
    "How warm is it in {c} {d}?", "Is it cold in {c} {d}?", "What is the weather in {c} {d}?",
    "Will it be warm in {c} {d}?", "The weather {d} in {c}, please", "Will it snow in {c} {d}?",
    "What is the weather {d} in {c}?", "I am going to {c} {d}, how is the weather?",
)  # fmt: skip
_OPENERS = ("", "", "", "", "Please ", "Hello, ", "Can you ", "Could you please ", "Now ")
_CAN_FOLLOW = ("Turn", "Switch", "Set", "Start", "Wake", "Remind", "Tell", "Put", "Make", "Ring",
               "Give", "Let", "Count", "Call")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for, the calls that do it, and how each call may end."""

    text: str
    calls: tuple[ToolCall, ...]
    tool: Tool


def call_text(*calls: ToolCall) -> str:
    """Calls as the model writes them."""
    listed = [{"name": call.name, "arguments": dict(call.arguments)} for call in calls]
    return f"<|tool_call|>{json.dumps(listed, ensure_ascii=False)}<|/tool_call|>"


def tool_example(rng: random.Random) -> TextExample:
    """A request with tools: a call, the sentence after its result, or that no tool fits."""
    wish = rng.choice(_WISHES)(rng)
    offered = _offered(rng, wish.tool)
    chance = rng.random()
    if chance < 0.08:
        others = tuple(tool for tool in offered if tool is not wish.tool)
        if others:
            return TextExample((user(wish.text),), others, NO_TOOL, "tool")
    earlier = _earlier(rng) if rng.random() < 0.15 else ()
    if chance < 0.65:
        answer = call_text(*wish.calls)
        return TextExample((*earlier, user(wish.text)), offered, answer, "tool")
    results, answer = _finished(rng, wish)
    called = Message("assistant", wish.calls)
    return TextExample((*earlier, user(wish.text), called, *results), offered, answer, "tool")


def _offered(rng: random.Random, needed: Tool) -> tuple[Tool, ...]:
    """All three in the usual order as a rule; at times fewer, or in another order."""
    if rng.random() < 0.7:
        return TOOLS
    others = [tool for tool in TOOLS if tool is not needed and rng.random() < 0.6]
    offered = [needed, *others]
    rng.shuffle(offered)
    return tuple(offered)


def _earlier(rng: random.Random) -> tuple[Message, ...]:
    """A whole exchange before the request."""
    wish = rng.choice(_WISHES)(rng)
    results, answer = _finished(rng, wish)
    return (user(wish.text), Message("assistant", wish.calls), *results, assistant(answer))


def _finished(rng: random.Random, wish: Wish) -> tuple[tuple[Message, ...], str]:
    """What the tools answer, and what the model says then."""
    answered = [_answered(rng, call) for call in wish.calls]
    results = tuple(
        ToolResult(call.name, content)
        for call, (content, _) in zip(wish.calls, answered, strict=True)
    )
    return (Message("tool", results),), " ".join(sentence for _, sentence in answered)


def _spoken(rng: random.Random, text: str) -> str:
    """The request with a polite opening or without, with its sign at the end or without."""
    if text.startswith(_CAN_FOLLOW):
        opener = rng.choice(_OPENERS)
        if opener:
            text = opener + text[0].lower() + text[1:]
        if opener in ("Can you ", "Could you please "):
            return text + "?"
    text = " ".join(text.split()).replace(" ?", "?")
    if text.endswith("?"):
        return text if rng.random() < 0.9 else text[:-1]
    return text + rng.choice((".", ".", "", ", please.", "!"))


def _light(rng: random.Random) -> Wish:
    state = rng.choice(("on", "off"))
    room = rng.choice(ROOMS)
    if rng.random() < 0.12:
        other = rng.choice([name for name in ROOMS if name != room])
        text = rng.choice(_BOTH_ROOMS).format(s=state, r=room, q=other)
        calls = tuple(ToolCall("light", {"room": name, "state": state}) for name in (room, other))
        return Wish(_spoken(rng, text), calls, LIGHT)
    text = rng.choice(_ON if state == "on" else _OFF).format(r=room)
    return Wish(_spoken(rng, text), (ToolCall("light", {"room": room, "state": state}),), LIGHT)


_LENGTHS = {
    "half an hour": 30, "an hour": 60, "a quarter of an hour": 15, "two hours": 120,
    "one hour": 60, "a minute": 1, "three hours": 180,
}  # fmt: skip


def _timer(rng: random.Random) -> Wish:
    text = rng.choice(_TIMER)
    minutes = rng.randint(2, 99)
    if "a {t} timer" in text:
        text = text.format(t=f"{minutes} minute")
    elif rng.random() < 0.15:
        words = rng.choice(tuple(_LENGTHS))
        minutes, text = _LENGTHS[words], text.format(t=words)
    else:
        number = str(minutes) if rng.random() < 0.5 else cardinal("en", minutes)
        text = text.format(t=f"{number} minutes")
    return Wish(_spoken(rng, text), (ToolCall("timer", {"minutes": minutes}),), TIMER)


def _weather(rng: random.Random) -> Wish:
    city, day = rng.choice(CITIES), rng.choice(DAYS)
    said = "" if day == "today" and rng.random() < 0.6 else day
    said = f"on {said}" if said[:1].isupper() else said
    text = rng.choice(_WEATHER).format(c=city, d=said).replace("  ", " ")
    return Wish(_spoken(rng, text), (ToolCall("weather", {"city": city, "day": day}),), WEATHER)


_WISHES: tuple[Callable[[random.Random], Wish], ...] = (_light, _timer, _weather)


def told(name: str, result: Mapping[str, Any]) -> str:
    """The sentence after a tool's result."""
    if "error" in result:
        return f"That did not work: {result['error']}."
    if name == "light":
        return f"The light in the {result['room']} is {result['state']}."
    if name == "timer":
        unit = "minute" if result["minutes"] == 1 else "minutes"
        return f"The timer is set for {result['minutes']} {unit}."
    day = result["day"]
    verb = "is" if day == "today" else "will be"
    when = f"on {day}" if day[0].isupper() else day
    return f"It {verb} {result['sky']} in {result['city']} {when}, {result['degrees']} degrees."


def _answered(rng: random.Random, call: ToolCall) -> tuple[str, str]:
    """What a tool answers, at times an error, and the sentence after it."""
    result: dict[str, Any] = dict(call.arguments)
    if rng.random() < 0.1:
        result = {"error": rng.choice(ERRORS)}
    elif call.name == "weather":
        result |= {"sky": rng.choice(SKIES), "degrees": rng.randint(COLDEST, WARMEST)}
    return json.dumps(result), told(call.name, result)


def unoffered_wish(rng: random.Random) -> str:
    """A request for a tool, for conversations that offer none."""
    return rng.choice(_WISHES)(rng).text
