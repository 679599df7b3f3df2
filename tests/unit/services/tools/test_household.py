"""The made-up household answers in the forms that the embedded model was trained on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from phi_desk.engine.messages import ToolCall
from phi_desk.services.tools.household import SKIES, TOOLS, Household


def run(name: str, **arguments: Any) -> dict[str, Any]:
    result = Household().run(ToolCall(name, arguments))
    assert result.name == name
    answer: dict[str, Any] = json.loads(result.content)
    return answer


def test_a_light_is_switched() -> None:
    house = Household()
    result = house.run(ToolCall("light", {"room": "kitchen", "state": "on"}))
    assert result.content == '{"room": "kitchen", "state": "on"}'
    assert house.lights == {"kitchen": "on"}


def test_timers_are_kept_and_are_not_endless() -> None:
    house = Household()
    answers = [house.run(ToolCall("timer", {"minutes": n})).content for n in range(1, 10)]
    assert answers[0] == '{"minutes": 1}'
    assert answers[-1] == '{"error": "too many timers"}'
    assert house.timers == list(range(1, 9))


def test_the_weather_is_the_same_for_the_same_city_and_day() -> None:
    first = run("weather", city="Paris", day="tomorrow")
    assert first == run("weather", city="Paris", day="tomorrow")
    assert list(first) == ["city", "day", "sky", "degrees"]
    assert first["sky"] in SKIES
    assert -15 <= first["degrees"] <= 38
    assert run("weather", city="Paris")["day"] == "today"
    days = {json.dumps(run("weather", city="Rome", day=day)) for day in ("today", "Monday", "x")}
    assert len(days) == 3


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("light", {}),
        ("light", {"room": "", "state": "on"}),
        ("light", {"room": "hall", "state": "dim"}),
        ("light", {"room": 3, "state": "on"}),
        ("timer", {"minutes": "ten"}),
        ("timer", {"minutes": True}),
        ("timer", {"minutes": 0}),
        ("weather", {"city": " "}),
        ("weather", {"city": "Rome", "day": 3}),
        ("oven", {"degrees": 200}),
    ],
)
def test_a_call_without_sense_gets_an_error_back(name: str, arguments: dict[str, Any]) -> None:
    assert list(run(name, **arguments)) == ["error"]


def test_every_tool_can_be_run() -> None:
    sensible: dict[str, dict[str, Any]] = {
        "light": {"room": "hall", "state": "off"},
        "timer": {"minutes": 3},
        "weather": {"city": "Rome"},
    }
    for tool in TOOLS:
        assert "error" not in run(tool.name, **sensible[tool.name])
