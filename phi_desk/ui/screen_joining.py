"""Joins the screen and the hot keys to the window's pages; knows what each key is for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from phi_desk.ui.chat.page import AskPage
from phi_desk.ui.live.page import LivePage
from phi_desk.ui.ocr.page import ReadPage
from phi_desk.ui.screen.desk import ScreenDesk
from phi_desk.ui.screen.questions import ScreenQuestion
from phi_desk.ui.settings.page import SettingsPage
from phi_desk.ui.shell.window import MainWindow

SCREEN, REGION = "Screen", "Part of the screen"


class ScreenJoining(QObject):
    """What the pages ask of the screen, and what hot keys ask of the pages."""

    def __init__(
        self,
        desk: ScreenDesk,
        window: MainWindow,
        ask: AskPage,
        read: ReadPage,
        live: LivePage,
        settings: SettingsPage,
    ) -> None:
        super().__init__(desk)
        self._desk, self._window = desk, window
        self._ask, self._read, self._live, self._settings = ask, read, live, settings
        ask.screen_requested.connect(self._on_screen_requested)
        ask.region_requested.connect(self._on_region_requested)
        read.region_requested.connect(self._on_reading_requested)
        desk.questions.asked.connect(self._on_asked)
        desk.keys.pressed.connect(self._on_key_pressed)
        desk.keys.released.connect(self._on_key_released)
        desk.keys.problems_changed.connect(self._on_problems_changed)
        settings.keys_recorded.connect(self._on_keys_recorded)

    @Slot()
    def _on_screen_requested(self) -> None:
        self._desk.tool.take_screen(self._attach_screen)

    @Slot()
    def _on_region_requested(self) -> None:
        self._desk.tool.cut_region(self._attach_region)

    @Slot()
    def _on_reading_requested(self) -> None:
        self._desk.tool.cut_region(self._read_region)

    def _attach_screen(self, picture: QImage) -> None:
        self._ask.take_picture(picture, SCREEN)

    def _attach_region(self, picture: QImage) -> None:
        self._ask.take_picture(picture, REGION)

    def _read_region(self, picture: QImage) -> None:
        self._open("Read")
        self._read.take_picture(picture, REGION)

    @Slot(object)
    def _on_asked(self, question: ScreenQuestion) -> None:
        """Every question begins a chat, unless the person is writing one."""
        self._open("Ask")
        talk = self._ask.talk
        if not talk.has_items and not self._ask.composer.text.strip():
            talk.open(None)
        self._ask.take_screen_question(question.picture, question.sound, question.send)

    @Slot(str)
    def _on_key_pressed(self, option: str) -> None:
        if option == "window":
            self._window.come_forward()
        elif option == "live":
            self._live.toggle()
        elif option == "read_region":
            self._read.request_region()
        elif option == "push_to_talk" and self._ask.voice is not None:
            self._open("Ask")
            self._ask.voice.hold()

    @Slot(str)
    def _on_key_released(self, option: str) -> None:
        if option == "push_to_talk" and self._ask.voice is not None:
            self._ask.voice.release()

    @Slot()
    def _on_problems_changed(self) -> None:
        self._settings.show_failed_keys(self._desk.keys.problems)

    @Slot(bool)
    def _on_keys_recorded(self, recording: bool) -> None:
        if recording:
            self._desk.keys.pause()
        else:
            self._desk.keys.resume()

    def _open(self, page: str) -> None:
        self._window.come_forward()
        self._window.open_page(page)
