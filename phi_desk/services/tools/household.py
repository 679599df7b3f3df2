"""A made-up household to show tool calls with: no lamp, clock or weather station is behind it.

The embedded model was trained on exactly these tools and on results of exactly this form.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from phi_desk.engine.messages import Tool, ToolCall, ToolResult

MADE_UP: Final = "The light, the timer and the weather are made up: nothing is switched on."

LIGHT: Final = Tool(
    "light",
    "Turns the light in a room on or off.",
    {
        "room": {"description": "The room.", "type": "str"},
        "state": {"description": "on or off", "type": "str"},
    },
)
TIMER: Final = Tool(
    "timer", "Sets a timer.", {"minutes": {"description": "How long.", "type": "int"}}
)
WEATHER: Final = Tool(
    "weather",
    "Tells the weather in a city.",
    {
        "city": {"description": "The city.", "type": "str"},
        "day": {"description": "The day.", "type": "str", "default": "today"},
    },
)
TOOLS: Final = (LIGHT, TIMER, WEATHER)
SKIES: Final = ("sunny", "cloudy", "rainy", "windy", "foggy", "stormy", "snowy", "clear")
COLDEST, WARMEST = -15, 38  # degrees
MOST_TIMERS = 8


class Household:
    """Answers calls as a real household would, from nothing but its own memory.

    Attributes:
        lights: what each room's light was set to.
        timers: the minutes of every timer set.
    """

    def __init__(self) -> None:
        self.lights: dict[str, str] = {}
        self.timers: list[int] = []
        self._tools: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
            "light": self._light,
            "timer": self._timer,
            "weather": self._weather,
        }

    def run(self, call: ToolCall) -> ToolResult:
        """What the tool answers; a call that makes no sense gets an "error" back, as JSON too."""
        tool = self._tools.get(call.name)
        answer = tool(call.arguments) if tool else {"error": "no such tool"}
        return ToolResult(call.name, json.dumps(answer))

    def _light(self, arguments: Mapping[str, Any]) -> dict[str, object]:
        room, state = arguments.get("room"), arguments.get("state")
        if not isinstance(room, str) or not room.strip():
            return {"error": "no such room"}
        if state not in ("on", "off"):
            return {"error": "the light does not answer"}
        self.lights[room] = state
        return {"room": room, "state": state}

    def _timer(self, arguments: Mapping[str, Any]) -> dict[str, object]:
        minutes = arguments.get("minutes")
        if type(minutes) is not int or minutes < 1:
            return {"error": "the timer needs whole minutes"}
        if len(self.timers) >= MOST_TIMERS:
            return {"error": "too many timers"}
        self.timers.append(minutes)
        return {"minutes": minutes}

    def _weather(self, arguments: Mapping[str, Any]) -> dict[str, object]:
        """The same for the same city and day."""
        city, day = arguments.get("city"), arguments.get("day", "today")
        if not isinstance(city, str) or not city.strip():
            return {"error": "no such city"}
        if not isinstance(day, str) or not day.strip():
            return {"error": "unknown day"}
        chance = zlib.crc32(f"{city} {day}".encode())
        sky = SKIES[chance % len(SKIES)]
        degrees = COLDEST + chance // len(SKIES) % (WARMEST - COLDEST + 1)
        return {"city": city, "day": day, "sky": sky, "degrees": degrees}
