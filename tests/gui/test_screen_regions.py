"""Regions of real screens of different scale, drawn with a real mouse, pixel by pixel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from data_makers.x_server import Monitor, x_server

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)
TESTS = Path(__file__).resolve().parents[1]


def drag(x0: int, y0: int, x1: int, y1: int) -> list[str]:
    """What xdotool does to drag from one pixel to another."""
    return [
        *("mousemove", str(x0), str(y0), "mousedown", "1", "sleep", "0.1"),
        *("mousemove", str((x0 + x1) // 2), str((y0 + y1) // 2), "sleep", "0.1"),
        *("mousemove", str(x1), str(y1), "sleep", "0.1", "mouseup", "1"),
    ]


def cut(monitors: list[Monitor], cases: list[list[str]]) -> dict[str, Any]:
    """What came out of a program that cuts the screens of an X server."""
    width = max(one.x + one.width for one in monitors)
    height = max(one.y + one.height for one in monitors)
    task = {
        "monitors": [{name: getattr(one, name) for name in Monitor.__slots__} for one in monitors],
        "cases": cases,
    }
    with x_server(width, height) as display:
        environment = dict(os.environ)
        environment.pop("WAYLAND_DISPLAY", None)
        environment |= {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCREEN_SCALE_FACTORS": ";".join(f"{one.name}={one.scale}" for one in monitors),
            "PYTHONPATH": str(TESTS),
        }
        done = subprocess.run(
            [sys.executable, "-m", "data_makers.cutting", json.dumps(task)],
            env=environment,
            cwd=TESTS.parent,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def region(x: int, y: int, width: int, height: int) -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height, "same": True}


def test_regions_of_two_screens_of_scale_1_and_2_are_exact() -> None:
    left = Monitor("LEFT", 0, 0, 800, 600, 1)
    right = Monitor("RIGHT", 800, 0, 1600, 1200, 2)
    found = cut(
        [left, right],
        [
            drag(101, 53, 417, 333),
            drag(417, 333, 101, 53),
            drag(1133, 77, 2001, 1002),
            drag(700, 500, 1500, 900),
            drag(1500, 900, 2399, 1199),
            ["mousemove", "1000", "1000", "click", "1"],
            ["mousemove", "10", "10", "click", "1"],
            ["mousemove", "10", "10", "key", "Escape"],
            ["mousemove", "10", "10", "click", "3"],
            ["screen", "mousemove", "2000", "50"],
            ["screen", "mousemove", "799", "50"],
        ],
    )
    assert found["screens"] == [["LEFT", 1, 0, 0, 800, 600], ["RIGHT", 2, 800, 0, 800, 600]]
    assert found["results"] == [
        region(101, 53, 317, 281),
        region(101, 53, 317, 281),
        region(1133, 77, 869, 926),
        region(700, 500, 100, 100),  # it ends where its screen ends
        region(1500, 900, 900, 300),
        region(800, 0, 1600, 1200),
        region(0, 0, 800, 600),
        {"cancelled": True},
        {"cancelled": True},
        region(800, 0, 1600, 1200),
        region(0, 0, 800, 600),
    ]


def test_regions_are_exact_at_broken_scales_and_beside_each_other() -> None:
    upper = Monitor("UPPER", 0, 0, 1201, 901, 1.5)
    lower = Monitor("LOWER", 300, 901, 1000, 500, 1.25)
    found = cut(
        [upper, lower],
        [
            drag(100, 101, 611, 477),
            drag(1000, 800, 1200, 900),
            drag(301, 902, 833, 1397),
            ["mousemove", "600", "1000", "click", "1"],
            ["mousemove", "600", "10", "click", "1"],
        ],
    )
    assert found["results"] == [
        region(100, 101, 512, 377),
        region(1000, 800, 201, 101),
        region(301, 902, 533, 496),
        region(300, 901, 1000, 500),
        region(0, 0, 1201, 901),
    ]


def test_arrow_keys_correct_a_region_pixel_by_pixel() -> None:
    one = Monitor("ONE", 0, 0, 800, 600, 2)
    kept = ["keydown", "shift", *drag(200, 100, 399, 299), "keyup", "shift"]
    keys = ["key", "Left", "key", "Down", "key", "ctrl+Right", "key", "shift+Left"]
    found = cut([one], [[*kept, *keys, "key", "Return"], ["mousemove", "5", "5", "key", "Return"]])
    assert found["results"] == [region(209, 101, 199, 200), region(0, 0, 800, 600)]
