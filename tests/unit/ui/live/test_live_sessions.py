"""The list of kept sessions: found, opened, named, deleted and back, exported, recovered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.live_desk import AtOnceLane, Screen

from phi_desk.engine.events import Finished
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.tape import SoundTape
from phi_desk.services.live.events import Committed, Translated
from phi_desk.storage.place import Storage
from phi_desk.ui.live.list_presenter import SessionsPresenter
from phi_desk.ui.live.values import Export

ANSWER = Finished(
    text="", reason="stop", adapter=None, prompt_tokens=0, cached_tokens=0, output_ids=(),
    first_token_s=None, seconds=0.0,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with Storage(tmp_path / "home") as storage:
        yield SessionStore(storage)


def kept(
    store: SessionStore, title: str, text: str, translation: str, *, sound: bool = False
) -> int:
    with store.begin(title, target="de") as log:
        if sound:
            tape = SoundTape(log.recording_place, 16_000)
            tape.write(np.zeros(16_000, np.float32))
            tape.close()
        log.take(
            Committed(
                segment=0, start_s=1.0, end_s=2.0, text=text, speech=((1.0, 2.0),), answer=ANSWER
            )
        )
        log.take(Translated(segment=0, text=translation))
    return log.id


def presenter(store: SessionStore, screen: Screen) -> SessionsPresenter:
    made = SessionsPresenter(screen, lambda: store, AtOnceLane())
    made.refresh()
    return made


def titles(screen: Screen) -> list[str]:
    return [line.session.title for line in screen.lines]


def test_sessions_are_found_by_what_was_said_in_either_language(store: SessionStore) -> None:
    kept(store, "Lecture", "The heating is expensive.", "Die Heizung ist teuer.")
    kept(store, "Meeting", "Coffee is ready.", "Der Kaffee ist fertig.")
    screen = Screen()
    sessions = presenter(store, screen)
    assert titles(screen) == ["Meeting", "Lecture"]
    sessions.search("heizung")
    assert titles(screen) == ["Lecture"]
    assert "Heizung" in screen.lines[0].found
    sessions.search("tea")
    assert titles(screen) == ["Lecture"] or titles(screen) == []
    sessions.search("")
    assert len(screen.lines) == 2


def test_a_session_is_opened_named_deleted_and_brought_back(store: SessionStore) -> None:
    number = kept(store, "Lecture", "Hello.", "Hallo.")
    screen = Screen()
    sessions = presenter(store, screen)
    sessions.open(number)
    assert screen.session is not None
    assert [entry.start_s for entry in screen.entries] == [1.0]
    sessions.rename(number, "Heating costs")
    assert screen.renamed == [(number, "Heating costs")]
    sessions.delete(store.get(number))
    assert (titles(screen), screen.left, sessions.current) == ([], 1, None)
    assert screen.undo is not None
    screen.undo()
    assert titles(screen) == ["Heating costs"]


def test_the_session_of_now_is_marked_and_cannot_be_deleted(store: SessionStore) -> None:
    log = store.begin("Desk")
    screen = Screen()
    sessions = presenter(store, screen)
    sessions.begun(log.id)
    assert [line.running for line in screen.lines] == [True]
    sessions.delete(store.get(log.id))
    assert titles(screen) == ["Desk"]
    sessions.ended(log.id)
    assert [line.running for line in screen.lines] == [False]
    assert sessions.current == log.id
    log.end()


def test_a_session_of_now_that_is_not_kept_is_shown_no_more(store: SessionStore) -> None:
    log = store.begin("Desk")
    sessions = presenter(store, Screen())
    sessions.begun(log.id)
    log.end()
    store.delete(log.id)
    sessions.ended(None)
    assert (sessions.current, sessions.running) == (None, None)


@pytest.mark.parametrize(
    ("form", "inside"),
    [("txt", "Hello.\nHallo."), ("srt", "00:00:01,000 --> "), ("vtt", "WEBVTT")],
)
def test_export(store: SessionStore, tmp_path: Path, form: str, inside: str) -> None:
    number = kept(store, "Lecture", "Hello.", "Hallo.", sound=True)
    screen, target = Screen(), tmp_path / f"out.{form}"
    sessions = presenter(store, screen)
    sessions.export(Export(session=number, target=target, form=form, recording=True))  # type: ignore[arg-type]
    assert inside in target.read_text(encoding="utf-8")
    assert (tmp_path / "out.wav").stat().st_size == 32_044
    assert screen.said == [f"Exported to {target}."]
    target.write_text("old")
    sessions.export(Export(session=number, target=target, form=form))  # type: ignore[arg-type]
    assert inside in target.read_text(encoding="utf-8")  # the person has agreed to that


def test_the_recording_replaces_no_file_that_nobody_named(
    store: SessionStore, tmp_path: Path
) -> None:
    number = kept(store, "Lecture", "Hello.", "Hallo.", sound=True)
    (tmp_path / "talk.wav").write_bytes(b"mine")
    screen = Screen()
    presenter(store, screen).export(
        Export(session=number, target=tmp_path / "talk.srt", form="srt", recording=True)
    )
    assert (tmp_path / "talk.wav").read_bytes() == b"mine"
    assert "talk.wav" in screen.errors[0].sentence
    assert not (tmp_path / "talk.srt").exists()


def test_a_session_that_a_crash_broke_off_is_there_with_its_sound(
    store: SessionStore, tmp_path: Path
) -> None:
    log = store.begin("Desk")
    tape = SoundTape(log.recording_place, 16_000)
    tape.write(np.zeros(1600, np.float32))
    tape.close()
    with store.storage.database.write(durable=True) as connection:  # another program, and dead
        connection.execute("UPDATE sessions SET writer = '999999999:1.0' WHERE id = ?", (log.id,))
    with Storage(
        store.storage.home if hasattr(store.storage, "home") else tmp_path / "home"
    ) as again:
        screen = Screen()
        SessionsPresenter(screen, lambda: SessionStore(again), AtOnceLane()).recover()
        (line,) = screen.lines
        assert line.session.state == "interrupted"
        assert line.session.recording is not None
        assert line.session.recording.is_file()


def test_when_everything_is_deleted_nothing_stays_open(store: SessionStore) -> None:
    number = kept(store, "Lecture", "Hello.", "Hallo.")
    screen = Screen()
    sessions = presenter(store, screen)
    sessions.open(number)
    store.delete(number)
    sessions.forget_everything()
    assert (sessions.current, screen.left, screen.lines) == (None, 1, ())
