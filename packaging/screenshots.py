"""Makes the pictures of the windows for the documentation: `python packaging/screenshots.py`.

The window is the real one, with the embedded model and a home folder of its own; what it answers is
what the model says. Runs without a display.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication, QWidget

from phi_desk.app.wiring import App
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop

HERE = Path(__file__).resolve().parents[1]
SAMPLES = HERE / "resources" / "samples"
SIZE = (1180, 780)
LONGEST_S = 300.0
THEMES = ("light", "dark")
COLOURS = 200  # of a picture: windows have few


class Photographer:
    """Uses the window like a person, and takes pictures of it."""

    def __init__(
        self, desktop: Desktop, application: QApplication, home: Path, folder: Path
    ) -> None:
        self._desktop, self._application = desktop, application
        self._home, self._folder = home, folder

    def first_steps(self) -> None:
        """As it opens on a fresh computer."""
        self._wait(lambda: self._desktop.model.status.state == "ready")
        self._rest(1.5)
        self._take("first-steps", self._desktop.window)

    def fill(self) -> None:
        """Ask, read and listen, so that the pages have something to show."""
        desktop = self._desktop
        desktop.window.open_page("Ask")
        for question in ("What can you do?", "How do you say “Where is the station?” in French?"):
            desktop.ask.talk.send(question)
            self._settle()
            desktop.ask.talk.open(None)
        desktop.ask.take_files([SAMPLES / "ask.png"])
        self._settle()
        desktop.ask.talk.send("What is in the picture?")
        self._settle()
        desktop.window.open_page("Read")
        desktop.read.take_files([self._page()])
        self._settle()
        desktop.window.open_page("Live")
        desktop.preferences.change("live", target="en")
        desktop.live.take_files([SAMPLES / "say-german.flac"])
        desktop.live.start()
        self._settle()

    def pages(self) -> None:
        """Every page in both themes, and the overlay."""
        desktop = self._desktop
        desktop.live.set_overlay(True)
        for theme in THEMES:
            desktop.preferences.change("appearance", theme=theme)
            for page in desktop.window.page_names:
                desktop.window.open_page(page)
                self._rest(0.8)
                self._take(f"{page.lower()}-{theme}", desktop.window)
        if desktop.live.overlay.window is not None:
            self._take("overlay", desktop.live.overlay.window)
        desktop.live.set_overlay(False)

    def _take(self, name: str, widget: QWidget) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        widget.grab().save(buffer, "PNG")
        picture = Image.open(BytesIO(buffer.data().data())).convert("RGB")
        small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self._folder / f"{name}.png", optimize=True)

    def _page(self) -> Path:
        """A page with one large word: the embedded model reads no more than that yet."""
        path = self._home / "ticket.png"
        page = Image.new("RGB", (420, 120), "white")
        ImageDraw.Draw(page).text((30, 25), "Ticket", fill="black", font_size=58)
        page.save(path)
        return path

    def _settle(self) -> None:
        """Wait until no lane has had anything to do for a while."""
        desktop = self._desktop
        lanes = (
            desktop.model,
            desktop.disk,
            desktop.chats_lane,
            desktop.drawing,
            desktop.live_lane,
        )
        quiet = 0
        while quiet < 10:
            self._wait(lambda: all(lane.idle for lane in lanes))
            self._rest(0.1)
            quiet = quiet + 1 if all(lane.idle for lane in lanes) else 0

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + LONGEST_S
        while not done():
            if time.monotonic() > until:
                raise TimeoutError("the window does not come to an end")
            self._rest(0.05)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._application.processEvents()
            time.sleep(0.005)


def main() -> int:
    """Make all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=HERE / "docs" / "pictures")
    parser.add_argument("--model", help="another model than the embedded one")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    application = QApplication(["phi-desk"])
    with tempfile.TemporaryDirectory() as home:
        desktop = Desktop(App(Path(home), EngineOptions(model=options.model)), application)
        desktop.window.resize(*SIZE)
        desktop.show()
        photographer = Photographer(desktop, application, Path(home), options.to)
        photographer.first_steps()
        photographer.fill()
        photographer.pages()
        desktop.window.leave()
        desktop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
