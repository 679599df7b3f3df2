"""A window of its own for a test, with the engine that the test gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from phi_desk.app.wiring import App
from phi_desk.engine.base import Engine
from phi_desk.services.engines import EngineOptions
from phi_desk.ui.app import Desktop
from phi_desk.ui.chat.messages import AnswerView, QuestionView
from phi_desk.ui.chat.page import AskPage


def application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


class Person:
    """Somebody in front of the window: types, clicks, and reads what is there."""

    def __init__(
        self,
        qtbot: QtBot,
        home: Path,
        engine: Callable[[], Engine],
        *,
        model: str | None = None,
        welcomed: bool = True,
    ) -> None:
        self.qtbot = qtbot
        self._gone = False
        if welcomed and not (home / "settings.json").exists():
            home.mkdir(parents=True, exist_ok=True)
            text = '{"schema": 1, "window": {"welcomed": true}}'
            (home / "settings.json").write_text(text, encoding="utf-8")
        self.desktop = Desktop(
            App(home, EngineOptions(model=model)), application(), opener=lambda _p, _c: engine()
        )
        self.desktop.show()
        done = ("ready", "failed")
        qtbot.waitUntil(lambda: self.desktop.model.status.state in done, timeout=60_000)

    @property
    def ask(self) -> AskPage:
        return self.desktop.ask

    def click(self, widget: QWidget) -> None:
        self.waits_for(lambda: widget.isVisibleTo(self.desktop.window))
        assert widget.isEnabled(), f"{widget.accessibleName()} cannot be pressed"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    def click_at(self, widget: QWidget, place: QPoint) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def types(self, text: str) -> None:
        QTest.keyClicks(self.ask.composer.edit, text)

    def presses(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for one in modifiers:
            held |= one
        QTest.keyClick(self.ask.composer.edit, key, held)

    def asks(self, text: str) -> None:
        self.types(text)
        self.presses(Qt.Key.Key_Return)

    def waits_for_the_answer(self) -> None:
        self.qtbot.waitUntil(lambda: not self.ask.talk.busy, timeout=20_000)
        self.qtbot.waitUntil(lambda: self.desktop.chats_lane.idle, timeout=30_000)
        self.qtbot.wait(30)  # a frame, for what is painted at its end

    def waits_for(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)

    @property
    def questions(self) -> list[str]:
        turns = self.ask.transcript.turns
        return [turn.text.toPlainText() for turn in turns if isinstance(turn, QuestionView)]

    @property
    def answers(self) -> list[str]:
        return [turn.text for turn in self.ask.transcript.turns if isinstance(turn, AnswerView)]

    @property
    def titles(self) -> list[str]:
        lines = self.ask.list.lines
        return [lines.item(row).text() for row in range(lines.count())]

    @property
    def notice(self) -> str:
        current = self.desktop.window.notices.current
        return current.sentence if current is not None else ""

    def leaves(self) -> None:
        if self._gone:
            return
        self._gone = True
        self.desktop.window.close()
        self.desktop.close()
        self.desktop.window.deleteLater()
        self.desktop.deleteLater()
        QTest.qWait(10)
