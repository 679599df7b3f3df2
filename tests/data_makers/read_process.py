"""Processes of their own on an X server: the page Read, somebody who drags, somebody who pastes.

`python read_process.py reader HOME | dragger FILE... | paster` says what happens, a line each.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

# Where things stand on the screen; without a window manager a window stays where it is put.
MAIN = (0, 0, 900, 700)
TARGET = (1000, 60)
FILES = (1000, 400, 200, 200)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


class Files(QWidget):
    """A file manager with one icon: all of it can be dragged."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._files = files
        self.setGeometry(*FILES)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in self._files])
        drag = QDrag(self)
        drag.setMimeData(mime)
        say("dragging")
        result = drag.exec(Qt.DropAction.CopyAction)
        say(f"let go: {result.name}")


def read(application: QApplication, home: Path) -> int:
    from phi_desk.engine.fake import FakeEngine
    from phi_desk.ui.common.clipboard import keep_after_end
    from phi_desk.ui.history import History
    from phi_desk.ui.lane import Lane
    from phi_desk.ui.model_lane import ModelLane
    from phi_desk.ui.notices import NoticeBar
    from phi_desk.ui.ocr.page import ReadPage
    from phi_desk.ui.preferences import Preferences

    history = History(home)
    engine = FakeEngine(otherwise="What the page says.")
    model = ModelLane(lambda _progress, _cancel: engine)
    disk, drawing = Lane("disk lane"), Lane("page lane")
    preferences = Preferences(home, disk)
    preferences.change("reading", drop_target=True, dpi=60, target_x=TARGET[0], target_y=TARGET[1])
    page = ReadPage(history.pages, model, (disk, drawing), NoticeBar(), preferences)
    page.setGeometry(*MAIN)
    page.target.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeUtility)
    page.show()
    page.begin()
    said: list[str] = []

    def look() -> None:
        """Say what is new, and end when somebody asks for it."""
        names = ", ".join(line.name for line in page.list.model.lines)
        for words in (
            f"target: {page.target.words}",
            f"target at {page.target.x()}, {page.target.y()}",
            f"list: {names}",
            f"page: {page.document.text.text}" if page.reader.looking.paper else "page: none",
        ):
            if words not in said:
                said.append(words)
                say(words)
        if (home / "end").exists():
            application.quit()

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    application.exec()
    timer.stop()
    page.shut()
    page.close()
    for lane in (model, drawing, disk):
        lane.close()
    page.flush()
    history.close()
    say(f"handed over: {keep_after_end()}")
    return 0


def paste(application: QApplication) -> int:
    """Say what is on the clipboard as soon as there is something."""

    def look() -> None:
        text = application.clipboard().text()
        if text:
            say(f"pasted: {text!r}")
            application.quit()

    timer = QTimer(interval=100)
    timer.timeout.connect(look)
    timer.start()
    return application.exec()


def main(what: str, *rest: str) -> int:
    application = QApplication(["test"])
    if what == "reader":
        return read(application, Path(rest[0]))
    if what == "paster":
        return paste(application)
    if what == "copier":
        application.clipboard().setText(rest[0])
        QTimer.singleShot(0, lambda: say("copied"))
        return application.exec()
    files = Files([Path(name) for name in rest])
    files.show()
    QTimer.singleShot(0, lambda: say("ready"))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
