"""Answers while they are written: what it costs to paint them, and that nothing jumps."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from data_makers.person import application
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from phi_desk.ui.chat.answer import Answer
from phi_desk.ui.chat.code_box import CodeBox
from phi_desk.ui.chat.prose import ProseBox, ProseText
from phi_desk.ui.theme import Theme

PARAGRAPH = (
    "Some **bold** words and `code`, and a sentence that goes on for a while so that it wraps.\n\n"
    "- an item\n- another one with $a_1 * b_2$ in it\n\n"
)
CODE = "```python\n" + "value = call(1, 'text')  # remark\n" * 30 + "```\n\n"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n"


@pytest.fixture
def answer(qtbot: QtBot) -> Iterator[Answer]:
    Theme(application())
    area = QScrollArea()
    area.setWidgetResizable(True)
    made = Answer()
    area.setWidget(made)
    area.resize(700, 500)
    area.show()
    yield made
    area.close()
    area.deleteLater()
    qtbot.wait(1)


def painted(answer: Answer, text: str) -> float:
    """Seconds it takes to show a growing text and to lay it out."""
    begun = time.perf_counter()
    answer.show_growing(text)
    application().processEvents()
    return time.perf_counter() - begun


@pytest.mark.parametrize("unit", [PARAGRAPH, CODE, TABLE + PARAGRAPH])
def test_the_cost_of_painting_does_not_grow_with_the_answer(answer: Answer, unit: str) -> None:
    whole = unit * (20_000 // len(unit) + 1)  # about 5,000 tokens
    step = 37  # letters: about eight tokens, what comes in a frame at the highest speed
    costs = [painted(answer, whole[:end]) for end in range(step, len(whole), step)]
    part = len(costs) // 5
    early, late = sorted(costs[part : 2 * part]), sorted(costs[-part:])
    assert late[part // 2] < 3 * early[part // 2] + 0.002


def test_only_the_last_piece_is_drawn_again(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    real = ProseText.show_markdown

    def counted(self: ProseText, text: str) -> None:
        if self._shown != (text, True):
            drawn.append(len(text))
        real(self, text)

    monkeypatch.setattr(ProseText, "show_markdown", counted)
    whole = PARAGRAPH * 100
    for end in range(20, len(whole), 20):
        answer.show_growing(whole[:end])
    assert max(drawn) < 2_500


def test_a_finished_answer_is_one_text_that_can_be_selected(answer: Answer) -> None:
    whole = PARAGRAPH * 40
    for end in range(50, len(whole), 50):
        answer.show_growing(whole[:end])
    (box,) = answer._parts
    assert isinstance(box, ProseBox)
    assert len(box.pieces) > 1
    growing_height = answer.sizeHint().height()
    answer.show_text(whole)
    application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application().processEvents()
    (piece,) = box.pieces
    piece.selectAll()
    assert piece.textCursor().selectedText().count("wraps") == 40
    assert abs(answer.sizeHint().height() - growing_height) <= 60  # nothing jumps


def test_what_is_selected_stays_selected(answer: Answer) -> None:
    answer.show_growing("One two three")
    (box,) = answer._parts
    assert isinstance(box, ProseBox)
    text = box.pieces[0]
    cursor = text.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    answer.show_growing("One two three four")
    answer.show_text("One two three four five")
    assert box.pieces[0].textCursor().selectedText() == "two"


def test_code_is_coloured_and_grows_at_its_end(answer: Answer) -> None:
    for end in range(1, len(CODE)):
        answer.show_growing(CODE[:end])
    answer.show_text(CODE)
    (box,) = answer._parts
    assert isinstance(box, CodeBox)
    assert box.text.toPlainText() == CODE.removeprefix("```python\n").removesuffix("\n```\n\n")
    layout = box.text.document().firstBlock().layout()
    assert len(layout.formats()) > 1


def test_maths_is_shown_as_it_was_written(answer: Answer) -> None:
    answer.show_text("Let $a_1 * b_2 * c$ and \\(x_1\\) be; `$y_1$` and **bold**.")
    (box,) = answer._parts
    assert isinstance(box, ProseBox)
    shown = box.pieces[0].toPlainText()
    assert shown == "Let $a_1 * b_2 * c$ and \\(x_1\\) be; $y_1$ and bold."


def test_a_table_is_a_table_from_its_first_row(answer: Answer) -> None:
    for end in range(len("| a | b |"), len(TABLE)):
        answer.show_growing(TABLE[:end])
        (box,) = answer._parts
        assert isinstance(box, ProseBox)
        document = box.pieces[0].document()
        assert any(type(frame).__name__ == "QTextTable" for frame in frames(document)), TABLE[:end]


def test_an_answer_opens_and_fetches_nothing(answer: Answer, tmp_path_factory: object) -> None:
    answer.show_text("![x](file:///etc/hostname) <img src='file:///etc/hostname'> <b>loud</b>")
    (box,) = answer._parts
    assert isinstance(box, ProseBox)
    assert "<b>loud</b>" in box.pieces[0].toPlainText()
    assert box.pieces[0].loadResource(2, "file:///etc/hostname") is None


def frames(document: QTextDocument) -> list[object]:
    return list(document.rootFrame().childFrames())


def test_a_click_on_the_text_leaves_the_menu_to_the_turn(answer: Answer) -> None:
    answer.show_text("Words")
    (box,) = answer._parts
    assert isinstance(box, ProseBox)
    assert box.pieces[0].contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
