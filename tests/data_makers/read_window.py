"""The page Read in a window of its own, with the engine that a test gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from data_makers.person import application
from phi_desk.engine.base import Engine
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.ui.history import History
from phi_desk.ui.lane import Lane
from phi_desk.ui.model_lane import ModelLane
from phi_desk.ui.notices import NoticeBar
from phi_desk.ui.ocr.page import ReadPage
from phi_desk.ui.ocr.presenter import ReadPresenter
from phi_desk.ui.preferences import Preferences

MARKDOWN = "# Title\n\n<b>not bold</b> [site](https://example.org)\n\n|a|b|\n|---|---|\n|1|x|"


class ReadWindow:
    """Somebody in front of the page Read."""

    def __init__(self, qtbot: QtBot, home: Path, engine: Engine) -> None:
        self.qtbot, self.home = qtbot, home
        home.mkdir(exist_ok=True)
        self.history = History(home)
        self.model = ModelLane(lambda _progress, _cancel: engine)
        self.disk, self.drawing = Lane("disk lane"), Lane("page lane")
        self.preferences = Preferences(home, self.disk)
        self.preferences.change("reading", dpi=60)
        self.notices = NoticeBar()
        self.page = ReadPage(
            self.history.pages,
            self.model,
            (self.disk, self.drawing),
            self.notices,
            self.preferences,
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.notices)
        column.addWidget(self.page, 1)
        self.window.resize(1100, 760)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow, timeout=30_000)
        self.page.setFocus()  # as the main window does when it opens a page
        self.page.begin()
        self._gone = False

    @property
    def reader(self) -> ReadPresenter:
        return self.page.reader

    @property
    def text(self) -> str:
        return self.page.document.text.text

    @property
    def names(self) -> list[str]:
        return [line.name for line in self.page.list.model.lines]

    @property
    def details(self) -> list[str]:
        return [line.detail for line in self.page.list.model.lines]

    @property
    def notice(self) -> str:
        current = self.notices.current
        return current.sentence if current is not None else ""

    @property
    def states(self) -> list[str]:
        paper = self.reader.looking.paper
        return [] if paper is None else [sheet.state for sheet in paper.sheets]

    def waits_for(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)

    def waits_until_all_is_done(self) -> None:
        self.qtbot.wait(20)
        lanes = (self.model, self.disk, self.drawing)
        self.waits_for(lambda: all(lane.idle for lane in lanes) and not self.reader.queue.waiting)
        self.qtbot.wait(40)  # a frame, for what is painted at its end

    def click(self, widget: QWidget) -> None:
        self.waits_for(lambda: widget.isVisibleTo(self.window))
        assert widget.isEnabled(), f"{widget.accessibleName()} cannot be pressed"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    def presses(self, keys: str, widget: QWidget | None = None) -> None:
        QTest.keySequence(widget or self.page, keys)

    def opens_line(self, row: int) -> None:
        lines = self.page.list.lines
        place = lines.visualRect(self.page.list.model.index(row)).center()
        QTest.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def leaves(self) -> None:
        if self._gone:
            return
        self._gone = True
        self.page.shut()
        self.window.close()
        for lane in (self.model, self.drawing, self.disk):
            lane.close()
        self.page.flush()
        self.preferences.flush()
        self.history.close()
        self.window.deleteLater()
        QTest.qWait(10)


def mime_of(
    files: Sequence[Path] = (),
    *,
    urls: Sequence[str] = (),
    image: QImage | None = None,
    text: str = "",
) -> QMimeData:
    """What a file manager or a browser puts into a drag."""
    mime = QMimeData()
    addresses = [QUrl.fromLocalFile(str(path)) for path in files] + [QUrl(url) for url in urls]
    if addresses:
        mime.setUrls(addresses)
    if image is not None:
        mime.setImageData(image)
    if text:
        mime.setText(text)
    return mime


def drop(widget: QWidget, mime: QMimeData) -> None:
    """As the system does it when something is let go over a widget."""
    middle = widget.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(middle), Qt.DropAction.CopyAction, mime, buttons, keys)
    application().sendEvent(widget, entering)
    assert entering.isAccepted()
    letting_go = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, mime, buttons, keys)
    application().sendEvent(widget, letting_go)
    assert letting_go.isAccepted()


def engine_of_all(seconds_a_token: float = 0.0) -> FakeEngine:
    """Answers whatever the page asks for."""
    return FakeEngine(
        Rule(asks("CSV"), 'Item,Price\n"Pears, green",2.50\n'),
        Rule(asks("Markdown"), MARKDOWN),
        Rule(asks("Translate"), "Der Fuchs."),
        otherwise="The fox.\nThe other fox.",
        seconds_a_token=seconds_a_token,
    )


def written(side: int = 160) -> QImage:
    """A picture with something on it."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.fillRect(20, 20, side // 2, side // 3, Qt.GlobalColor.black)
    painter.end()
    return image
