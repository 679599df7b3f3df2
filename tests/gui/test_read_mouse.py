"""Real windows of real processes on an X server of their own, moved by a real mouse."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers import read_process
from data_makers.read_page import a_pdf
from data_makers.x_server import x_server

ROOT = Path(__file__).parents[2]
LONG_S = 90.0

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs an X server and a hand: apt install xvfb xdotool",
)


class Told:
    """A process and what it says."""

    def __init__(self, display: str, home: Path, *arguments: str) -> None:
        environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PHI_DESK_HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "data_makers" / "read_process.py"), *arguments],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._come: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def waits_for(self, words: str) -> str:
        """The line that begins like this, said already or soon."""
        until = time.monotonic() + LONG_S
        while True:
            found = [line for line in self.lines if line.startswith(words)]
            if found:
                return found[-1]
            assert time.monotonic() < until, f"{words!r} was not said, but {self.lines}"
            try:
                line = self._come.get(timeout=1)
            except queue.Empty:
                continue
            assert line is not None, f"it ended; it said {self.lines}"
            self.lines.append(line)

    def ends(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self._thread.join(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._come.put(line.rstrip("\n"))
        self._come.put(None)


class Desk:
    """An X server, a hand on its mouse, and the processes that show windows there."""

    def __init__(self, display: str, home: Path) -> None:
        self.display, self.home = display, home
        self._told: list[Told] = []

    def starts(self, *arguments: str) -> Told:
        self._told.append(Told(self.display, self.home, *arguments))
        return self._told[-1]

    def hand(self, *steps: object) -> None:
        environment = {**os.environ, "DISPLAY": self.display}
        command = ["xdotool", *map(str, steps)]
        subprocess.run(command, env=environment, check=True, timeout=60)

    def drags(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.hand("mousemove", *start, "mousedown", 1)
        for share in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0):
            place = [round(a + share * (b - a)) for a, b in zip(start, end, strict=True)]
            self.hand("mousemove", *place)
            time.sleep(0.15)  # a hand is slower than a program
        time.sleep(0.5)

    def lets_go(self) -> None:
        self.hand("mouseup", 1)

    def close(self) -> None:
        for told in self._told:
            told.ends()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "home"
    home.mkdir()
    with x_server(1300, 720) as display:
        desk = Desk(display, home)
        yield desk
        desk.close()


def middle(x: int, y: int, width: int, height: int) -> tuple[int, int]:
    return x + width // 2, y + height // 2


def test_a_file_is_dragged_onto_the_page(desk: Desk, tmp_path: Path) -> None:
    reader = desk.starts("reader", str(desk.home))
    files = desk.starts("dragger", str(a_pdf(tmp_path, 1)))
    reader.waits_for("target: Drop to read")
    files.waits_for("ready")
    desk.drags(middle(*read_process.FILES), (600, 300))
    desk.lets_go()
    assert files.waits_for("let go") == "let go: CopyAction"
    assert reader.waits_for("page: What") == "page: What the page says."
    reader.waits_for("list: report.pdf")


def test_a_file_dragged_onto_the_small_window_is_read_and_stays_copied_after_the_end(
    desk: Desk, tmp_path: Path
) -> None:
    reader = desk.starts("reader", str(desk.home))
    files = desk.starts("dragger", str(a_pdf(tmp_path, 1)))
    reader.waits_for("target: Drop to read")
    files.waits_for("ready")
    x, y = read_process.TARGET
    desk.drags(middle(*read_process.FILES), (x + 60, y + 60))
    desk.lets_go()
    reader.waits_for("target: Copied")
    (desk.home / "end").touch()
    assert reader.waits_for("handed over") == "handed over: True"
    reader.process.wait(60)
    paster = desk.starts("paster")  # the program that copied is gone
    assert paster.waits_for("pasted") == "pasted: 'What the page says.'"
    keeper = keepers(desk.display)
    assert len(keeper) == 1
    desk.starts("copier", "something else").waits_for("copied")
    waits(lambda: not keepers(desk.display))  # nobody needs it any more


def test_the_small_window_is_moved_and_remembers_where(desk: Desk) -> None:
    reader = desk.starts("reader", str(desk.home))
    x, y = read_process.TARGET
    reader.waits_for(f"target at {x}, {y}")
    desk.drags((x + 60, y + 60), (x - 40, y + 360))
    desk.lets_go()
    reader.waits_for(f"target at {x - 100}, {y + 300}")
    settings = desk.home / "settings.json"
    waits(lambda: settings.exists() and f'"target_x": {x - 100}' in settings.read_text("utf-8"))


def keepers(display: str) -> list[int]:
    """The processes that hold the clipboard of that display."""
    import psutil

    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "phi_desk.ui.common.clipboard_keeper" in (process.info["cmdline"] or ()):
            try:
                if process.environ().get("DISPLAY") == display:
                    found.append(process.pid)
            except psutil.Error:
                continue
    return found


def waits(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
