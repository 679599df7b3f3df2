"""A first day with the window: all three jobs with the embedded model, by mouse, keys and voice.

What the model says is compared with what the same engine says without a window, so that these
tests hold for every embedded model, good or bad: the window adds and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.person import Person
from data_makers.pulse_server import PulseServer
from data_makers.read_window import drop, mime_of
from data_makers.sounds import write_wav
from data_makers.speaker import Speaker, is_said_in
from data_makers.speaking import pulse
from pytestqt.qtbot import QtBot

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished
from phi_desk.engine.languages import find_language
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Options, Part, Text
from phi_desk.media.decode import read_sound
from phi_desk.media.images import read_picture
from phi_desk.paths import resources_folder
from phi_desk.services.chats.values import Attachment, StoredMessage
from phi_desk.services.embedded import embedded_folder, has_embedded
from phi_desk.services.history.sessions.values import Spoken

__all__ = ("pulse",)

pytestmark = pytest.mark.skipif(not has_embedded(), reason="there is no embedded model here")
SAMPLES = resources_folder() / "samples"
TEXT = "My wife must write the file this afternoon."
LONG_MS = 60_000


@pytest.fixture(scope="module")
def alone() -> Iterator[Engine]:
    """The engine without a window."""
    engine = LocalEngine.open(embedded_folder(), device="cpu")
    yield engine
    engine.close()


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    def opened() -> Engine:
        return LocalEngine.open(embedded_folder(), device="cpu")

    person = Person(qtbot, tmp_path / "home", opened)
    person.desktop.preferences.change("answers", max_tokens=64)
    yield person
    person.leaves()


def said_by(engine: Engine, *parts: Part) -> str:
    request = ChatRequest(messages=(Message("user", parts),), options=Options(max_tokens=64))
    *_, last = engine.stream(request, CancelToken())
    assert isinstance(last, Finished)
    return last.text


def last_message(person: Person) -> StoredMessage:
    store = person.desktop.history.chats()
    return store.messages.path(store.list()[0].id)[-1]


def test_a_typed_question_needs_no_adapter(person: Person, alone: Engine) -> None:
    question = tasks.translate_text(TEXT, find_language("es"))
    person.ask.composer.set_text(question)
    person.click(person.ask.composer.button)
    person.waits_for_the_answer()
    assert person.answers == [said_by(alone, Text(question))]
    assert person.answers[0]
    assert last_message(person).about.adapter in ("", "none", None)


def test_a_dropped_picture_is_seen(person: Person, alone: Engine) -> None:
    drop(person.ask.composer, mime_of([SAMPLES / "ask.png"]))
    person.waits_for(lambda: person.ask.talk.has_items and not person.ask.talk._desk.reading)
    person.asks("What do you see?")
    person.waits_for_the_answer()
    seen = Image(read_picture(SAMPLES / "ask.png"))
    assert person.answers == [said_by(alone, seen, Text("What do you see?"))]
    assert last_message(person).about.adapter == "vision"


def test_a_spoken_question_is_heard_through_the_microphone(
    person: Person, pulse: PulseServer, alone: Engine, tmp_path: Path
) -> None:
    words = tmp_path / "words.wav"
    write_wav(words, read_sound(SAMPLES / "say-english.flac").samples, 16_000, "PCM_16")
    me = Speaker(person, pulse)
    me.holds(me.button)
    me.says(words)
    me.lets_go(me.button)
    me.waits_until(lambda: len(person.answers) == 1 and not person.ask.talk.busy)
    person.waits_for_the_answer()
    store = person.desktop.history.chats()
    question, answer = store.messages.path(store.list()[0].id)
    clip = next(part for part in question.parts if isinstance(part, Attachment))
    assert is_said_in(clip.path, words)
    assert answer.about.adapter == "speech"
    assert answer.text == said_by(alone, Audio(clip.path))


def test_a_recording_becomes_captions_and_a_kept_session(
    person: Person, until: Callable[..., None]
) -> None:
    live = person.desktop.live
    person.desktop.window.open_page("Live")
    person.desktop.preferences.change("live", target="en")
    live.take_files([SAMPLES / "say-german.flac"])
    person.click(live.controls.start)
    sessions = person.desktop.history.sessions()
    until(lambda: any(sessions.entries(one.id) for one in sessions.list()))
    until(lambda: person.desktop.live_lane.idle)
    (session,) = sessions.list()
    assert session.target == "en"
    (spoken,) = [one for one in sessions.entries(session.id) if isinstance(one, Spoken)]
    assert spoken.text
    assert spoken.translation


def test_a_dropped_page_is_read_and_kept(person: Person, until: Callable[..., None]) -> None:
    read = person.desktop.read
    person.desktop.window.open_page("Read")
    drop(read, mime_of([SAMPLES / "read.png"]))
    pages = person.desktop.history.pages()
    until(lambda: any(one.kept for one in pages.list()))
    (document,) = pages.list()
    assert document.name == "read.png"
    assert document.kept == 1


@pytest.fixture
def until(qtbot: QtBot) -> Callable[..., None]:
    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=LONG_MS)

    return wait
