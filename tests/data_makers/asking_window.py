"""A window whose model never loads, to be killed: `python asking_window.py HOME QUESTION`.

It writes `loading` when the model is wanted, and `stored` when the question stands in the chat.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from phi_desk.app.wiring import App
from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop


def never(_progress: Callable[[Progress], None], cancel: CancelToken) -> Engine:
    """Load for ever."""
    tell("loading")
    while True:
        time.sleep(0.05)
        cancel.raise_if_cancelled()


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(home: Path, question: str) -> None:
    """Ask, and say when it is stored."""
    application = QApplication(["phi-desk"])
    home.mkdir(parents=True, exist_ok=True)
    desktop = Desktop(App(home, EngineOptions()), application, opener=never)
    desktop.show()
    told = False

    def look() -> None:
        nonlocal told
        if desktop.model.status.state != "loading":
            return
        if not desktop.ask.talk.busy:
            desktop.ask.talk.send(question)
        turns = desktop.ask.transcript.turns
        if turns and turns[0].message is not None and not told:
            told = True
            tell("stored")

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
