"""What can be done with the messages of a chat, by mouse and by keyboard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from data_makers import asking_window
from data_makers.person import Person
from data_makers.talks import Talk
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import ChatRequest, Image, Text
from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage
from phi_desk.ui.chat.instruction import InstructionDialog
from phi_desk.ui.chat.messages import AnswerView
from phi_desk.ui.chat.question import QuestionView
from phi_desk.ui.chat.transcript import ENOUGH

Enter = Callable[..., Person]
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def question(person: Person, place: int = -2) -> QuestionView:
    turn = person.ask.transcript.turns[place]
    assert isinstance(turn, QuestionView)
    return turn


def answer(person: Person) -> AnswerView:
    turn = person.ask.transcript.turns[-1]
    assert isinstance(turn, AnswerView)
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


def test_a_question_is_changed_in_its_place_and_both_versions_stay(enter: Enter) -> None:
    engine = FakeEngine(Rule(asks("France"), "Paris."), Rule(asks("Italy"), "Rome."))
    person = enter(engine)
    person.asks("The capital of France?")
    person.waits_for_the_answer()
    asked = question(person)
    person.click(asked._edit)
    field = asked.editor.edit
    assert field.toPlainText() == "The capital of France?"
    assert field.hasFocus()
    field.selectAll()
    QTest.keyClicks(field, "The capital of Italy?")
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.waits_for(lambda: person.answers == ["Rome."])
    person.waits_for_the_answer()
    assert person.questions == ["The capital of Italy?"]
    person.click(question(person).versions._back)
    person.waits_for(lambda: person.answers == ["Paris."])
    assert person.questions == ["The capital of France?"]


def test_escape_leaves_a_question_as_it_was(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    person.asks("Well?")
    person.waits_for_the_answer()
    person.presses(Qt.Key.Key_Up)  # in the empty field: the last question
    field = question(person).editor.edit
    assert field.isVisible()
    assert field.hasFocus()
    QTest.keyClicks(field, " and more")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not question(person).is_edited
    assert person.questions == ["Well?"]


def test_what_was_attached_stays_with_a_changed_question(enter: Enter, tmp_path: Path) -> None:
    engine = FakeEngine(otherwise="Grey.")
    person = enter(engine)
    attach(person, picture(tmp_path), picture(tmp_path, "second.png"))
    person.asks("Which colour?")
    person.waits_for_the_answer()
    person.presses(Qt.Key.Key_E, CTRL)
    editor = question(person).editor
    outs = editor.findChildren(type(person.ask.composer.button))
    person.click(outs[0])
    QTest.keyClicks(editor.edit, " Really?")
    person.click(editor.ask)
    person.waits_for(lambda: len(engine.requests) == 2)
    person.waits_for_the_answer()
    parts = engine.requests[-1].messages[-1].parts
    assert [type(part) for part in parts] == [Image, Text]
    assert parts[-1] == Text("Which colour? Really?")


def test_a_message_is_deleted_and_brought_back(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    for words in ("One?", "Two?"):
        person.asks(words)
        person.waits_for_the_answer()
    entry(question(person).menu(), "Delete").trigger()
    person.waits_for(lambda: person.questions == ["One?"])
    assert person.notice == "The question and what follows it were deleted."
    person.click(person.desktop.window.notices._act)
    person.waits_for(lambda: person.questions == ["One?", "Two?"])
    turn = answer(person)
    turn.setFocus()
    QTest.keyClick(turn, Qt.Key.Key_Delete)
    person.waits_for(lambda: len(person.answers) == 1)
    assert question(person, -1).get_answer.isVisible()
    person.click(question(person, -1).get_answer)
    person.waits_for(lambda: len(person.answers) == 2)
    person.waits_for_the_answer()


def test_a_message_is_copied_as_read_as_written_and_in_part(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="It is **Paris**.\n\n- one\n- two"))
    person.asks("Where?")
    person.waits_for_the_answer()
    clipboard = QGuiApplication.clipboard()
    entry(answer(person).menu(), "Copy").trigger()
    assert clipboard.text() == "It is Paris.\n\n- one\n- two"
    assert "font-weight" in clipboard.mimeData().html()
    entry(answer(person).menu(), "Copy as Markdown").trigger()
    assert clipboard.text() == "It is **Paris**.\n\n- one\n- two"
    text = answer(person).body._parts[0].pieces[0]  # type: ignore[union-attr]  # a ProseBox
    cursor = text.textCursor()
    cursor.setPosition(6)
    cursor.setPosition(11, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    entry(answer(person).menu(), "Copy the selection").trigger()
    assert clipboard.text() == "Paris"
    entry(question(person).menu(), "Copy").trigger()
    assert clipboard.text() == "Where?"


def test_the_menu_comes_by_right_click_and_by_its_key(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    person.asks("Well?")
    person.waits_for_the_answer()
    text = answer(person).body._parts[0].pieces[0]  # type: ignore[union-attr]  # a ProseBox
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        place = QPoint(5, 5)
        event = QContextMenuEvent(reason, place, text.viewport().mapToGlobal(place))
        QApplication.sendEvent(text.viewport(), event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert entry(menu, "Copy as Markdown")
        menu.close()


def test_an_answer_that_was_stopped_goes_on(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="word " * 200, seconds_a_token=0.01))
    person.asks("Talk.")
    person.waits_for(lambda: "word" in person.answers[-1])
    person.presses(Qt.Key.Key_Escape)
    person.waits_for_the_answer()
    kept = person.answers[-1].rstrip()
    assert answer(person).go_on_button.isVisible()
    person.presses(Qt.Key.Key_G, CTRL)
    person.waits_for(lambda: len(person.answers[-1]) > len(kept) + 10)
    assert person.answers[-1].startswith(kept)
    person.presses(Qt.Key.Key_Escape)
    person.waits_for_the_answer()
    assert person.answers[-1].startswith(kept)


def test_an_answer_that_reached_its_limit_goes_on(enter: Enter) -> None:
    def reply(request: ChatRequest) -> str:
        last = request.messages[-1]
        begun = last.parts[0].text if request.go_on and isinstance(last.parts[0], Text) else ""
        return "one two three four five six"[len(begun) :]

    person = enter(FakeEngine(Rule(lambda _: True, reply)))
    person.desktop.preferences.change("answers", max_tokens=3)
    person.asks("Count.")
    person.waits_for_the_answer()
    assert person.answers == ["one two three"]
    person.click(answer(person).go_on_button)
    person.waits_for_the_answer()
    assert person.answers == ["one two three four five six"]
    assert not answer(person).go_on_button.isVisible()


def test_how_an_answer_came_about_is_shown_on_demand_or_always(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="one two three four", seconds_a_token=0.01))
    person.asks("Count.")
    person.waits_for_the_answer()
    numbers = answer(person)._numbers
    assert not numbers.isVisible()
    person.presses(Qt.Key.Key_I, CTRL)
    assert numbers.isVisible()
    for words in ("tokens a second", "First word after", "Adapter: none", "Question: "):
        assert words in numbers.text()
    person.click(answer(person)._facts)
    assert not numbers.isVisible()
    person.desktop.preferences.change("answers", show_numbers=True)
    assert numbers.isVisible()


def test_options_of_answers_come_from_the_settings(enter: Enter) -> None:
    engine = FakeEngine(otherwise="Yes.")
    person = enter(engine)
    person.desktop.preferences.change("answers", temperature=0.7, max_tokens=99, system="Be kind.")
    person.asks("Well?")
    person.waits_for_the_answer()
    request = engine.requests[-1]
    assert request.options.temperature == 0.7
    assert request.options.max_tokens == 99
    assert request.messages[0].role == "system"
    assert request.messages[0].parts == (Text("Be kind."),)


def test_a_chat_gets_an_instruction_and_another_one(enter: Enter) -> None:
    engine = FakeEngine(otherwise="Ja.")
    person = enter(engine)
    for words in ("Answer in German.", "Answer in French."):
        person.click(person.ask.composer._instruct)
        dialog = person.ask.findChildren(InstructionDialog)[-1]
        dialog.edit.setPlainText(words)
        person.click(dialog.keep)
        person.waits_for(lambda: person.desktop.chats_lane.idle)
        assert person.ask.composer._instruct.isChecked()
        person.asks("Well?")
        person.waits_for_the_answer()
        assert engine.requests[-1].messages[0].parts == (Text(words),)
    person.click(person.ask.list.new)
    assert not person.ask.composer._instruct.isChecked()


def test_one_walks_through_the_messages_by_keyboard(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    for words in ("One?", "Two?"):
        person.asks(words)
        person.waits_for_the_answer()
    turns = person.ask.transcript.turns
    person.presses(Qt.Key.Key_Up, ALT)
    assert turns[3].hasFocus()
    QTest.keyClick(turns[3], Qt.Key.Key_Up, ALT)
    assert turns[2].hasFocus()
    QTest.keyClick(turns[2], Qt.Key.Key_F2)
    assert question(person).is_edited
    QTest.keyClick(question(person).editor.edit, Qt.Key.Key_Escape)
    QTest.keyClick(turns[2], Qt.Key.Key_Escape)
    assert person.ask.composer.edit.hasFocus()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_question_outlives_a_kill_before_the_model_was_there(
    enter: Enter, tmp_path: Path
) -> None:
    root = Path(__file__).resolve().parents[2]
    places = os.pathsep.join((str(root), str(root / "tests")))
    process = subprocess.Popen(
        [sys.executable, asking_window.__file__, str(tmp_path / "home"), "Will this be kept?"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": places, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(2)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert said == ["loading", "stored"]
    person = enter(FakeEngine(otherwise="Yes, it was."))
    person.waits_for(lambda: person.titles == ["Will this be kept?"])
    lines = person.ask.list.lines
    person.click_at(lines.viewport(), lines.visualItemRect(lines.item(0)).center())
    person.waits_for(lambda: person.questions == ["Will this be kept?"])
    person.click(question(person, -1).get_answer)
    person.waits_for(lambda: person.answers == ["Yes, it was."])
    person.waits_for_the_answer()


def test_a_long_chat_is_opened_at_its_end_and_read_to_its_beginning(
    enter: Enter, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with Storage(home) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create().id)
        for number in range(60):
            talk.ask(f"Question {number}?", answer=f"Answer {number}, in a few words. " * 12)
    person = enter(FakeEngine())
    person.ask.talk.open(1)
    person.waits_for(lambda: person.questions)
    bar = person.ask.transcript.verticalScrollBar()
    assert person.questions[-1] == "Question 59?"
    assert len(person.questions) < 60
    person.waits_for(lambda: len(person.ask.transcript.turns) >= ENOUGH)
    person.waits_for(lambda: bar.value() == bar.maximum())  # the reader is at the end all the time
    for _ in range(60):
        if len(person.questions) == 60:
            break
        bar.setValue(bar.minimum())
        person.qtbot.wait(50)
    person.waits_for(lambda: len(person.questions) == 60)
    assert person.questions == [f"Question {number}?" for number in range(60)]
