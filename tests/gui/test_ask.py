"""Asking in the window, by mouse and keyboard, with an engine that answers by script."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from data_makers.person import Person, application
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLabel

from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import Audio, Image, Text
from phi_desk.errors import InputError
from phi_desk.services.chats.context import Usage
from phi_desk.ui.chat.code_box import CodeBox
from phi_desk.ui.chat.messages import AnswerView, facts
from phi_desk.ui.chat.question import QuestionView

Enter = Callable[..., Person]
CODE = "Here it is:\n\n```python\nprint(1)\n```\n\nThat is all."


def a_picture(folder: Path) -> Path:
    path = folder / "holiday.png"
    Pillow.fromarray(np.full((30, 40, 3), 200, np.uint8)).save(path)
    return path


def last_answer(person: Person) -> AnswerView:
    turn = person.ask.transcript.turns[-1]
    assert isinstance(turn, AnswerView)
    return turn


def test_a_question_is_answered_shown_and_kept(enter: Enter) -> None:
    engine = FakeEngine(Rule(asks("capital"), "It is **Paris**."), otherwise="Which one?")
    person = enter(engine)
    person.asks("What is the capital of France?")
    person.waits_for_the_answer()
    assert person.questions == ["What is the capital of France?"]
    assert person.answers == ["It is **Paris**."]
    assert person.titles == ["What is the capital of France?"]
    assert person.ask.composer.text == ""
    person.leaves()
    again = enter(engine)
    again.waits_for(lambda: again.titles)
    assert again.questions == []
    first = again.ask.list.lines.visualItemRect(again.ask.list.lines.item(0)).center()
    again.click_at(again.ask.list.lines.viewport(), first)
    again.waits_for(lambda: again.answers)
    assert again.answers == ["It is **Paris**."]


def test_the_model_is_told_what_was_said_before(enter: Enter) -> None:
    engine = FakeEngine(otherwise="Yes.")
    person = enter(engine)
    person.asks("One?")
    person.waits_for_the_answer()
    person.asks("Two?")
    person.waits_for_the_answer()
    said = [message.role for message in engine.requests[-1].messages]
    assert said == ["user", "assistant", "user"]
    assert person.questions == ["One?", "Two?"]


def test_a_click_beside_the_words_is_one_into_the_field(enter: Enter) -> None:
    person = enter(FakeEngine())
    composer = person.ask.composer
    (meter,) = (one for one in composer.findChildren(QLabel) if one.accessibleName() == "Context")
    composer.show_usage(Usage(used=4, limit=1000, reserved=100))
    assert meter.text()  # words that could be marked would keep the click
    places = ((composer, QPoint(3, composer.height() // 2)), (meter, meter.rect().center()))
    for widget, place in places:
        composer.edit.clearFocus()
        assert person.desktop.window.focusWidget() is not composer.edit
        person.click_at(widget, place)
        assert person.desktop.window.focusWidget() is composer.edit


def test_shift_and_enter_begin_a_line(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    person.types("one")
    person.presses(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    person.types("two")
    assert person.ask.composer.text == "one\ntwo"
    assert not person.ask.talk.busy


def test_nothing_cannot_be_asked(enter: Enter) -> None:
    engine = FakeEngine(otherwise="Yes.")
    person = enter(engine)
    assert not person.ask.composer.button.isEnabled()
    person.asks("   ")
    assert engine.requests == []


def test_stop_keeps_what_was_written(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="word " * 500, seconds_a_token=0.01))
    person.asks("Talk.")
    person.waits_for(lambda: "word" in person.answers[-1])
    begun = time.monotonic()
    person.click(person.ask.composer.button)
    person.waits_for(lambda: not person.ask.talk.busy)
    assert time.monotonic() - begun < 0.5
    person.waits_for_the_answer()
    kept = person.answers[-1]
    assert kept.startswith("word")
    assert len(kept) < 2500
    assert person.ask.composer.button.accessibleName() == "Ask"
    assert "stopped" in last_answer(person)._state.text()


def test_escape_stops_too(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="word " * 500, seconds_a_token=0.01))
    person.asks("Talk.")
    person.waits_for(lambda: "word" in person.answers[-1])
    person.presses(Qt.Key.Key_Escape)
    person.waits_for_the_answer()
    assert len(person.answers[-1]) < 2500


def test_answering_again_makes_a_version_and_both_can_be_read(enter: Enter) -> None:
    replies = iter(["first", "second"])
    engine = FakeEngine(Rule(lambda _: True, lambda _: next(replies)))
    person = enter(engine)
    person.asks("Say something.")
    person.waits_for_the_answer()
    person.click(last_answer(person)._again)
    person.waits_for_the_answer()
    assert person.answers == ["second"]
    versions = last_answer(person).versions
    person.click(versions._back)
    person.waits_for(lambda: person.answers == ["first"])
    person.click(last_answer(person).versions._forward)
    person.waits_for(lambda: person.answers == ["second"])


def test_a_failure_is_told_in_one_place_and_stays_with_the_chat(enter: Enter) -> None:
    error = InputError("The picture is broken.", "Take another.", ("line 1",))
    engine = FakeEngine(Rule(asks("broken"), error), otherwise="Fine.")
    person = enter(engine)
    person.asks("Is this broken?")
    person.waits_for_the_answer()
    assert person.notice == "The picture is broken."
    assert person.questions == ["Is this broken?"]
    assert "The picture is broken." in last_answer(person)._state.text()
    notices = person.desktop.window.notices
    person.click(notices._details)
    assert "line 1" in QGuiApplication.clipboard().text()
    person.click(notices._dismiss)
    assert not notices.isVisible()
    person.asks("And now?")
    person.waits_for_the_answer()
    assert person.answers[-1] == "Fine."


def test_a_file_is_dropped_asked_about_and_kept(enter: Enter, tmp_path: Path) -> None:
    engine = FakeEngine(otherwise="A grey sky.")
    person = enter(engine)
    drop(person, files=[a_picture(tmp_path)])
    person.waits_for(lambda: person.ask.composer.chips._chips)
    person.asks("What is this?")
    person.waits_for_the_answer()
    parts = engine.requests[-1].messages[-1].parts
    assert [type(part) for part in parts] == [Image, Text]
    assert not person.ask.composer.chips._chips
    question = person.ask.transcript.turns[0]
    assert isinstance(question, QuestionView)
    assert question._chips.holds(["holiday.png"])


def test_a_stored_picture_is_shown_again(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine(otherwise="A grey sky."))
    drop(person, files=[a_picture(tmp_path)])
    person.waits_for(lambda: person.ask.composer.chips._chips)
    person.asks("What is this?")
    person.waits_for_the_answer()
    person.click(person.ask.list.new)
    person.waits_for(lambda: not person.questions)
    lines = person.ask.list.lines
    person.click_at(lines.viewport(), lines.visualItemRect(lines.item(0)).center())
    person.waits_for(lambda: person.questions)
    question = person.ask.transcript.turns[0]
    assert isinstance(question, QuestionView)
    (place,) = [one for one in question._media.findChildren(QLabel) if one.width() == 44]
    person.waits_for(lambda: place.pixmap().toImage().pixelColor(22, 22).red() == 200)


def test_a_recording_is_dropped_and_heard(enter: Enter) -> None:
    sound = Path(__file__).parents[1] / "data" / "speech_english.ogg"
    engine = FakeEngine(otherwise="A weather report.")
    person = enter(engine)
    drop(person, files=[sound])
    person.waits_for(lambda: person.ask.composer.chips._chips)
    person.click(person.ask.composer.button)  # a recording is a question by itself
    person.waits_for_the_answer()
    assert [type(part) for part in engine.requests[-1].messages[-1].parts] == [Audio]
    assert person.titles == ["speech_english"]


def test_pixels_are_pasted_and_removed(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Red."))
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    person.presses(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    person.waits_for(lambda: person.ask.composer.chips._chips)
    (chip,) = person.ask.composer.chips._chips.values()
    assert chip.name == "Pasted picture"
    assert "20 × 10" in chip._detail.text()
    (out,) = chip.findChildren(type(person.ask.composer.button))
    person.click(out)
    person.waits_for(lambda: not person.ask.composer.chips._chips)


def test_a_picture_out_of_a_browser_is_dropped_as_a_data_address(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="A dot."))
    dot = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )
    drop(person, urls=[dot])
    person.waits_for(lambda: person.ask.composer.chips._chips)


def test_what_cannot_be_attached_is_said(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    drop(person, files=[paper])
    person.waits_for(lambda: person.notice)
    assert "PDF" in person.notice
    assert not person.ask.composer.chips._chips


def test_chats_are_searched_renamed_pinned_deleted_and_brought_back(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes, certainly."))
    for question in ("About apples?", "About pears?"):
        person.asks(question)
        person.waits_for_the_answer()
        person.click(person.ask.list.new)
    person.waits_for(lambda: person.titles == ["About pears?", "About apples?"])
    person.ask.list.field.setFocus()
    QTest.keyClicks(person.ask.list.field, "apples")
    person.waits_for(lambda: person.titles == ["About apples?"])
    person.ask.list.field.clear()
    person.waits_for(lambda: len(person.titles) == 2)
    lines = person.ask.list.lines
    lines.setCurrentRow(1)
    chat = lines.item(1).data(Qt.ItemDataRole.UserRole).chat
    pin, rename, _export, delete = person.ask.list.menu_for(chat).actions()
    pin.trigger()
    person.waits_for(lambda: person.titles == ["About apples?", "About pears?"])
    lines.setCurrentRow(0)
    rename.trigger()
    dialog = person.ask.list.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Fruit")
    dialog.accept()
    person.waits_for(lambda: person.titles == ["Fruit", "About pears?"])
    lines.setCurrentRow(0)
    delete.trigger()
    person.waits_for(lambda: person.titles == ["About pears?"])
    assert person.notice == "“Fruit” was deleted."
    person.click(person.desktop.window.notices._act)
    person.waits_for(lambda: person.titles == ["Fruit", "About pears?"])


def test_code_stands_in_a_box_and_is_copied(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise=CODE))
    person.asks("Code, please.")
    person.waits_for_the_answer()
    (box,) = last_answer(person).findChildren(CodeBox)
    person.click(box._copy)
    assert QGuiApplication.clipboard().text() == "print(1)"
    person.click(last_answer(person)._copy)
    assert QGuiApplication.clipboard().text() == "Here it is:\n\nprint(1)\n\nThat is all."
    last_answer(person).copy_markdown()
    assert QGuiApplication.clipboard().text() == CODE


def test_the_reader_is_left_where_they_are(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="A line of it.\n\n" * 300, seconds_a_token=0.001))
    person.asks("Talk.")
    bar = person.ask.transcript.verticalScrollBar()
    person.waits_for(lambda: bar.maximum() > 400)
    assert bar.value() == bar.maximum()  # it follows
    bar.setValue(100)
    most = bar.maximum()
    person.waits_for(lambda: bar.maximum() > most + 400 or not person.ask.talk.busy)
    assert bar.value() == 100
    person.waits_for_the_answer()
    assert bar.value() == 100
    person.click(person.ask.transcript._down)
    assert bar.value() == bar.maximum()


def test_an_answer_goes_on_while_another_chat_is_read(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="word " * 60, seconds_a_token=0.02))
    person.asks("Talk.")
    person.waits_for(lambda: "word" in person.answers[-1])
    person.click(person.ask.list.new)
    person.waits_for(lambda: not person.answers)
    person.waits_for(lambda: person.titles == ["Talk."])
    lines = person.ask.list.lines
    person.click_at(lines.viewport(), lines.visualItemRect(lines.item(0)).center())
    person.waits_for(lambda: person.answers and "word" in person.answers[-1])
    person.waits_for_the_answer()
    assert person.answers[-1] == "word " * 60


def test_how_an_answer_came_about_is_told_on_demand(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="one two three four", seconds_a_token=0.01))
    person.asks("Count.")
    person.waits_for_the_answer()
    said = facts(last_answer(person)._about)
    assert "tokens a second" in said
    assert "Adapter: none" in said


def test_closing_while_an_answer_is_written_is_quick_and_keeps_it(enter: Enter) -> None:
    engine = FakeEngine(otherwise="word " * 500, seconds_a_token=0.01)
    person = enter(engine)
    person.asks("Talk.")
    person.waits_for(lambda: "word" in person.answers[-1])
    begun = time.monotonic()
    person.leaves()
    assert time.monotonic() - begun < 1.0
    assert engine.closed
    again = enter(engine)
    again.waits_for(lambda: again.titles == ["Talk."])
    lines = again.ask.list.lines
    again.click_at(lines.viewport(), lines.visualItemRect(lines.item(0)).center())
    again.waits_for(lambda: again.answers and "word" in again.answers[-1])


def drop(person: Person, *, files: list[Path] | None = None, urls: list[str] | None = None) -> None:
    """As the system does it when something is let go over the composer."""
    mime = QMimeData()
    mime.setUrls(
        [QUrl.fromLocalFile(str(path)) for path in files or []] + [QUrl(u) for u in urls or []]
    )
    composer, middle = person.ask.composer, person.ask.composer.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(middle), Qt.DropAction.CopyAction, mime, buttons, keys)
    application().sendEvent(composer, entering)
    assert entering.isAccepted()
    letting_go = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, mime, buttons, keys)
    application().sendEvent(composer, letting_go)
