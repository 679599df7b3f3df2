"""How quickly the window stands there, what it has not imported by then, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from phi_desk.cli.main import split_files

FIRST_WINDOW = """
import json, sys, time
begun = time.monotonic()
from phi_desk.start import main
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            heavy = [m for m in ("torch", "transformers", "av", "cv2") if m in sys.modules]
            print(json.dumps({"seconds": time.monotonic() - begun, "heavy": heavy}), flush=True)
            QApplication.instance().removeEventFilter(self)
            QTimer.singleShot(300, watched.close)
        return False

app = QApplication(["phi-desk"])
watch = Watch()
app.installEventFilter(watch)
sys.exit(main(sys.argv[1:]))
"""
WINDOW_S = 1.0  # the bar of a machine of its own; `phi-desk bench ui` holds it


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PHI_DESK_HOME": str(tmp_path / "home")}


def test_the_window_stands_before_anything_heavy_is_imported(environment: dict[str, str]) -> None:
    runs = []
    for _ in range(3):  # other tests may keep both cores busy: the best of three counts
        ran = subprocess.run(
            [sys.executable, "-c", FIRST_WINDOW],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        runs.append(json.loads(ran.stdout.splitlines()[0]))
        assert runs[-1]["heavy"] == []
        if runs[-1]["seconds"] <= WINDOW_S:
            break
    assert min(run["seconds"] for run in runs) <= WINDOW_S


def test_without_a_display_a_sentence_says_so(environment: dict[str, str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    ran = subprocess.run(
        [sys.executable, "-m", "phi_desk"], env=environment, capture_output=True, text=True,
        timeout=30, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "no display" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_ctrl_c_closes_the_window(environment: dict[str, str], tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "phi_desk"], env=environment, stderr=subprocess.PIPE, text=True
    )
    store, until = tmp_path / "home" / "phi-desk.sqlite3", time.monotonic() + 20
    while not store.exists() and time.monotonic() < until:  # the list of chats has been read
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_files_at_the_end_of_a_line_are_for_the_window(tmp_path: Path) -> None:
    picture, sound = tmp_path / "a.png", tmp_path / "b c.wav"
    for path in (picture, sound):
        path.write_bytes(b"x")
    line = ["--home", str(tmp_path), str(picture), str(sound)]
    assert split_files(line) == (["--home", str(tmp_path)], (picture, sound))
    assert split_files(["ocr", str(picture)]) == (["ocr", str(picture)], ())
    assert split_files([]) == ([], ())
    assert split_files(["nosuchfile"]) == (["nosuchfile"], ())
