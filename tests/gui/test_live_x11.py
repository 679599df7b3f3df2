"""The captions on a real X server: dragged by the pointer, and clicks that go through them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "xdotool")
PROGRAM = """
import json, subprocess, sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from phi_desk.ui.lane import Lane
from phi_desk.ui.live.overlay import Overlay
from phi_desk.ui.preferences import Preferences

app = QApplication([])
disk = Lane("disk lane")
preferences = Preferences(Path(sys.argv[1]), disk)
preferences.change("overlay", x=300, y=300, width=500)
clicks, told = [], {}
behind = QPushButton("behind")
behind.setGeometry(200, 200, 800, 400)
behind.clicked.connect(lambda: clicks.append(1))
behind.show()
overlay = Overlay(preferences, behind)
overlay.show()

def settled(condition):
    for _ in range(200):
        if condition():
            return
        QTest.qWait(50)

def pointer(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)
    QTest.qWait(300)

settled(lambda: overlay.window.isVisible())
QTest.qWait(500)
pointer("mousemove", 500, 350, "click", 1)
told["taken"] = len(clicks)
pointer("mousemove", 500, 350)
pointer("mousedown", 1)
pointer("mousemove", 560, 380)
pointer("mousemove", 600, 400)
pointer("mouseup", 1)
told["dragged"] = [overlay.window.x(), overlay.window.y()]
told["kept"] = [preferences.value.overlay.x, preferences.value.overlay.y]
overlay.set_click_through(True)
QTest.qWait(700)
pointer("mousemove", 600, 400, "click", 1)
settled(lambda: clicks)
told["through"] = len(clicks)
overlay.set_click_through(False)
QTest.qWait(700)
pointer("mousemove", 600, 400, "click", 1)
told["back"] = len(clicks)
print(json.dumps(told))
overlay.close()
disk.close()
preferences.flush()
"""


@pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED), reason="Xvfb and xdotool are needed"
)
def test_the_pointer_drags_them_and_clicks_go_through_when_they_shall(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1200x800x24", "-nolisten"]
    with subprocess.Popen(
        [*command, "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    ) as server:
        try:
            os.close(writing)
            with os.fdopen(reading) as told:
                display = f":{told.readline().strip()}"
            ran = subprocess.run(
                [sys.executable, "-c", PROGRAM, str(tmp_path)],
                env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
                capture_output=True,
                text=True,
                timeout=200,
            )
        finally:
            server.terminate()
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "taken": 0,
        "dragged": [400, 350],
        "kept": [400, 350],
        "through": 1,
        "back": 1,
    }
