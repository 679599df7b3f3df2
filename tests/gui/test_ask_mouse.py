"""Files are dragged onto the page Ask by a real mouse, out of another program."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from data_makers import read_process
from data_makers.x_server import x_server
from PIL import Image as Pillow

ROOT = Path(__file__).parents[2]
MAKERS = ROOT / "tests" / "data_makers"
LONG_S = 90.0
START = (read_process.FILES[0] + 100, read_process.FILES[1] + 100)

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs an X server and a hand: apt install xvfb xdotool",
)


class Program:
    """A process with a window, and the lines that it says."""

    def __init__(self, display: str, home: Path, program: str, *arguments: str) -> None:
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PHI_DESK_HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(MAKERS / program), *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def waits_for(self, words: str) -> str:
        """The next line that begins like this."""
        until = time.monotonic() + LONG_S
        while True:
            line = self._lines.get(timeout=max(0.1, until - time.monotonic()))
            if line.startswith(words):
                return line

    def hand(self, *steps: object) -> None:
        """Move the mouse."""
        subprocess.run(["xdotool", *map(str, steps)], env=self._environment, check=True, timeout=60)

    def ends(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)
        self._thread.join(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


@pytest.mark.parametrize("target", ["composer", "conversation"])
def test_a_picture_is_dragged_onto_the_page(tmp_path: Path, target: str) -> None:
    picture = tmp_path / "holiday.png"
    Pillow.new("RGB", (40, 30), (200, 90, 20)).save(picture)
    home = tmp_path / "home"
    home.mkdir()
    with x_server(1300, 720) as display:
        page = Program(display, home, "ask_process.py", str(home))
        files = Program(display, home, "read_process.py", "dragger", str(picture))
        try:
            _, x, y = page.waits_for("composer: ").split()
            files.waits_for("ready")
            end = (int(x), int(y)) if target == "composer" else (int(x), 200)
            page.hand("mousemove", *START, "mousedown", 1)
            for share in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0):
                place = [round(a + share * (b - a)) for a, b in zip(START, end, strict=True)]
                page.hand("mousemove", *place)
                time.sleep(0.15)  # a hand is slower than a program
            time.sleep(0.5)
            page.hand("mouseup", 1)
            assert page.waits_for("attached") == "attached: holiday.png"
            assert files.waits_for("let go") == "let go: CopyAction"
        finally:
            page.ends()
            files.ends()
