"""The window with a real engine: a tiny random checkpoint, loaded on the lane."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers import tiny_checkpoint
from data_makers.person import Person
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from phi_desk.engine.base import Engine
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Options
from phi_desk.services.chats.session import How


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    folder = tiny_checkpoint.make(tmp_path / "tiny")

    def opened() -> Engine:
        return LocalEngine.open(folder, device="cpu")

    person = Person(qtbot, tmp_path / "home", opened)
    person.ask.talk._how = lambda: How(options=Options(max_tokens=12), model="tiny")
    yield person
    person.leaves()


def test_a_picture_is_measured_asked_about_and_answered(person: Person, tmp_path: Path) -> None:
    assert "processor" in person.desktop.window.status.sentence
    picture = tmp_path / "grey.png"
    Pillow.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(picture)
    person.ask.take_files([picture])
    person.waits_for(lambda: any("tokens" in t for t in costs(person)))
    person.types("What is this?")
    person.waits_for(lambda: "of" in person.ask.composer._meter.text())
    before = person.ask.composer._meter.text()
    person.click(person.ask.composer.button)
    person.waits_for_the_answer()
    message = person.desktop.history.chats().messages.path(1)[-1]
    assert message.state == "whole"
    assert message.about.adapter == "vision"
    assert message.about.output_tokens > 0
    assert message.text == person.answers[-1]
    person.waits_for(lambda: person.ask.composer._meter.text() not in ("", before))


def test_a_question_that_is_too_long_is_refused_in_words(person: Person) -> None:
    person.ask.composer.set_text("many words " * 200)
    person.waits_for(lambda: "Too long" in person.ask.composer._meter.text())
    person.click(person.ask.composer.button)
    person.waits_for_the_answer()
    assert "context" in person.notice
    assert person.questions[0].startswith("many words")


def costs(person: Person) -> list[str]:
    return [chip._detail.text() for chip in person.ask.composer.chips._chips.values()]
