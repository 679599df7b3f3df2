"""The page Ask as a process of its own, to be worked on by a real mouse: `ask_process.py HOME`.

It says `ready`, where the composer is, and the names of what is attached.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from phi_desk.engine.fake import FakeEngine
from phi_desk.services.chats.session import How
from phi_desk.ui.chat.page import AskPage
from phi_desk.ui.history import History
from phi_desk.ui.lane import Lane
from phi_desk.ui.model_lane import ModelLane
from phi_desk.ui.notices import NoticeBar
from phi_desk.ui.theme import Theme

MAIN = (20, 20, 900, 640)


def main(home: Path) -> None:
    """Show the page until the process is ended."""
    application = QApplication(["phi-desk"])
    theme = Theme(application)
    lane, model = Lane("chats lane"), ModelLane(lambda _p, _c: FakeEngine(otherwise="Yes."))
    page = AskPage(History(home).chats, model, lane, NoticeBar(), How)
    page.setGeometry(*MAIN)
    page.show()
    said: list[str] = []

    def look() -> None:
        chips = page.composer.chips._chips.values()
        middle = page.composer.mapToGlobal(page.composer.rect().center())
        lines = [f"composer: {middle.x()} {middle.y()}"] if page.composer.isVisible() else []
        lines += [f"attached: {chip.name}" for chip in chips]
        for line in lines:
            if line not in said:
                said.append(line)
                sys.stdout.write(line + "\n")
        sys.stdout.flush()

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    application.exec()
    assert theme is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
