"""What lies on the desk: tasks, long pastes, attachments; and chats to files and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from data_makers.person import Person
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from phi_desk.engine import tasks as prompts
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Audio, Image, Text
from phi_desk.media.sound import Sound
from phi_desk.ui.chat.question import QuestionView

Enter = Callable[..., Person]
CTRL = Qt.KeyboardModifier.ControlModifier


def question(person: Person, place: int = -2) -> QuestionView:
    turn = person.ask.transcript.turns[place]
    assert isinstance(turn, QuestionView)
    return turn


def entry(menu: QMenu, name: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == name)


def picture(folder: Path, name: str = "holiday.png") -> Path:
    path = folder / name
    Pillow.fromarray(np.full((30, 40, 3), 200, np.uint8)).save(path)
    return path


def attach(person: Person, *files: Path) -> None:
    person.ask.take_files(files)
    person.waits_for(lambda: len(person.ask.composer.chips._chips) == len(files))


def test_a_task_is_one_click_away(enter: Enter, tmp_path: Path) -> None:
    engine = FakeEngine(otherwise="A grey sky.")
    person = enter(engine)
    attach(person, picture(tmp_path))
    names = [made.text() for made in person.ask.composer.tasks.buttons]
    assert names == ["Describe", "Read the text", "Explain the chart", "Translate the text to…"]
    person.click(person.ask.composer.tasks.buttons[0])
    person.waits_for_the_answer()
    assert engine.requests[-1].messages[-1].parts[-1] == Text(prompts.describe_image())
    assert not person.ask.composer.tasks.buttons
    attach(person, Path(__file__).parents[1] / "data" / "speech_english.ogg")
    translate = person.ask.composer.tasks.buttons[-1]
    menu = person.ask.composer.tasks.menu_for(translate.task)
    entry(menu, "German").trigger()
    person.waits_for_the_answer()
    assert engine.requests[-1].messages[-1].parts[-1] == Text("Translate the audio to German.")


def test_a_long_paste_becomes_an_attachment(enter: Enter) -> None:
    engine = FakeEngine(otherwise="A story.")
    person = enter(engine)
    story = "Once upon a time there was a word. " * 400
    QGuiApplication.clipboard().setText(story)
    person.presses(Qt.Key.Key_V, CTRL)
    person.waits_for(lambda: person.ask.composer.chips._chips)
    assert person.ask.composer.text == ""
    (chip,) = person.ask.composer.chips._chips.values()
    assert "3,200 words" in chip._detail.text()
    person.asks("What is it about?")
    person.waits_for_the_answer()
    words, text = engine.requests[-1].messages[-1].parts
    assert words == Text("What is it about?\n")
    assert text == Text(story)
    view = question(person)
    assert len(view.text.toPlainText()) < 2_000
    person.click(view._fold)
    assert len(view.text.toPlainText()) > len(story) - 10


def test_an_attachment_is_removed_by_keyboard(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    attach(person, picture(tmp_path), picture(tmp_path, "second.png"))
    first = next(iter(person.ask.composer.chips._chips.values()))
    (out,) = first.findChildren(type(person.ask.composer.button))
    out.setFocus()
    QTest.keyClick(out, Qt.Key.Key_Delete)
    person.waits_for(lambda: len(person.ask.composer.chips._chips) == 1)
    assert person.ask.composer.edit.hasFocus()


def test_an_address_out_of_a_browser_is_not_fetched_and_says_so(enter: Enter) -> None:
    person = enter(FakeEngine())
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    person.ask.composer.edit.insertFromMimeData(mime)
    person.waits_for(lambda: person.notice)
    assert "does not fetch" in person.notice
    assert not person.ask.composer.chips._chips


def test_a_screen_question_is_asked_as_soon_as_it_is_read(enter: Enter) -> None:
    engine = FakeEngine(otherwise="A window.")
    person = enter(engine)
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    spoken = Sound(np.zeros(16_000, np.float32))
    person.ask.take_screen_question(image, spoken, True)
    person.waits_for(lambda: engine.requests)
    person.waits_for_the_answer()
    kinds = {type(part) for part in engine.requests[-1].messages[-1].parts}
    assert kinds == {Image, Audio}
    assert person.answers == ["A window."]


def test_a_chat_is_exported_and_imported_from_its_menus(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine(otherwise="Yes, certainly."))
    attach(person, picture(tmp_path))
    person.asks("About apples?")
    person.waits_for_the_answer()
    lines = person.ask.list.lines
    lines.setCurrentRow(0)
    chat = lines.item(0).data(Qt.ItemDataRole.UserRole).chat
    entry(person.ask.list.menu_for(chat), "Export…").trigger()
    choose(person, tmp_path / "apples.zip", "JSON with pictures and recordings (*.zip)")
    person.waits_for(lambda: "exported" in person.notice)
    assert (tmp_path / "apples.zip").is_file()
    person.waits_for(lambda: not person.ask.packing.busy)
    entry(person.ask.list.menu_for_all(), "Export all chats…").trigger()
    choose(person, tmp_path / "all.zip", "Markdown with pictures and recordings (*.zip)")
    person.waits_for(lambda: (tmp_path / "all.zip").is_file() and not person.ask.packing.busy)
    entry(person.ask.list.menu_for_all(), "Import chats…").trigger()
    choose(person, tmp_path / "apples.zip", "")
    person.waits_for(lambda: person.titles == ["About apples?"] * 2)
    person.waits_for(lambda: person.answers == ["Yes, certainly."])
    assert person.ask.talk.chat != chat.id


def choose(person: Person, path: Path, words: str) -> None:
    """What the person does in the system's dialog."""
    (dialog,) = [d for d in person.ask.findChildren(QFileDialog) if d.isVisible()]
    if words:
        dialog.selectNameFilter(words)
    dialog.fileSelected.emit(str(path))
    dialog.close()
