"""Listening without a window: start, pause, stop, what goes wrong, and what is kept of it."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_makers.heard import LevelDetector
from data_makers.live_desk import AtOnceLane, Screen, ScriptSource
from data_makers.live_sound import numbered

from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.errors import DeviceError, ModelNotFoundError, PhiDeskError
from phi_desk.media.capture import Lost
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.values import Missed, Spoken
from phi_desk.storage.failures import StorageError
from phi_desk.storage.place import Storage
from phi_desk.ui.live.presenter import FINISHING, LISTENING, NOTHING_KEPT, LivePresenter
from phi_desk.ui.live.values import Note, Said, Wanted
from phi_desk.ui.running import Priority

RATE = 16_000
TALK = numbered([(True, 2), (False, 1)] * 2)
SPOKEN, SILENCE = TALK[: 3 * RATE], np.zeros(RATE, np.float32)
GERMAN = Wanted(target="de")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with Storage(tmp_path / "home") as storage:
        yield SessionStore(storage)


@pytest.fixture(autouse=True)
def _levels_are_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phi_desk.media.vad.open_detector", LevelDetector)


class Desk:
    """A presenter with everything it needs, and a source that the test writes."""

    def __init__(
        self, store: SessionStore | PhiDeskError, engine: FakeEngine | PhiDeskError | None = None
    ) -> None:
        self.screen = Screen()
        self.engine = engine or FakeEngine(otherwise="Good morning. <sep> Guten Morgen.")
        self.model = AtOnceLane(self.engine)
        self.lane = AtOnceLane(hold=True)
        self.sessions: list[tuple[int | None, bool]] = []
        self.source: ScriptSource | PhiDeskError = ScriptSource()
        self.stands: Callable[[], bool] = lambda: False  # as the source is told
        self._store = store
        self.talk = LivePresenter(
            self.screen, (self.lane, self.model), self.stores, self._open, self._on_session
        )

    def stores(self) -> SessionStore:
        if isinstance(self._store, PhiDeskError):
            raise self._store
        return self._store

    def hears(self, *steps: object, wanted: Wanted = GERMAN) -> Desk:
        self.source = ScriptSource(*steps)  # type: ignore[arg-type]
        assert self.talk.start(wanted)
        self.lane.go_on()
        return self

    def _open(self, wanted: Wanted, paused: Callable[[], bool], _cancel: object) -> ScriptSource:
        if isinstance(self.source, PhiDeskError):
            raise self.source
        self.stands = paused
        return self.source

    def _on_session(self, number: int | None, running: bool) -> None:
        self.sessions.append((number, running))


def test_what_is_said_is_shown_translated_and_kept(store: SessionStore) -> None:
    desk = Desk(store).hears(TALK)
    said = [Said(start_s=row.start_s, text=row.text, translation=row.translation)
            for row in desk.screen.final if isinstance(row, Said)]  # fmt: skip
    assert [(one.text, one.translation) for one in said] == [("Good morning.", "Guten Morgen.")] * 2
    assert desk.screen.tail == ()
    assert any(isinstance(row, Said) and not row.sure for tail in desk.screen.tails for row in tail)
    assert desk.screen.phases == ["opening", "listening", "idle"]
    assert desk.screen.begun == [(True, "", "de")]
    assert desk.screen.state.sentence == "Heard 0:06."
    assert set(desk.model.priorities) == {Priority.CAPTIONS}
    assert desk.sessions == [(1, True), (1, False)]
    session = store.get(1)
    assert (session.title, session.target, session.state) == ("Script", "de", "ended")
    assert [entry.text for entry in store.entries(1) if isinstance(entry, Spoken)] == [
        "Good morning.",
        "Good morning.",
    ]
    assert not desk.talk.busy


def test_a_translation_into_the_language_that_is_spoken_is_none(store: SessionStore) -> None:
    engine = FakeEngine(otherwise="Guten Morgen.")
    desk = Desk(store, engine).hears(SPOKEN, wanted=Wanted(language="de", target="de"))
    assert [row.translation for row in desk.screen.final if isinstance(row, Said)] == [None]
    assert desk.screen.begun == [(False, "de", "")]
    assert store.get(1).target == ""


def test_stop_finishes_what_was_heard_and_says_so(store: SessionStore) -> None:
    desk = Desk(store)
    desk.hears(SPOKEN[: 2 * RATE], lambda: desk.talk.stop(), SPOKEN)
    assert desk.screen.phases == ["opening", "listening", "finishing", "idle"]
    assert desk.screen.states[2].sentence == FINISHING
    assert len(desk.screen.final) == 1
    assert desk.screen.state.sentence == "Heard 0:02."


def test_the_second_stop_gives_the_rest_up_and_marks_it(store: SessionStore) -> None:
    def stop_again(request: object) -> str:
        desk.talk.stop()
        return "Good morning. <sep> Guten Morgen."

    desk = Desk(store, FakeEngine(Rule(lambda _: True, stop_again)))
    desk.hears(SPOKEN[: 2 * RATE], lambda: desk.talk.stop())
    notes = [row for row in desk.screen.final if isinstance(row, Note)]
    assert len(notes) == 1
    assert "stopped before" in notes[0].why
    assert not [row for row in desk.screen.final if isinstance(row, Said)]
    assert "missed in one place" in desk.screen.state.sentence


def test_a_pause_hears_nothing_and_is_marked(store: SessionStore) -> None:
    desk = Desk(store)
    desk.hears(SPOKEN, desk.talk.pause, TALK, desk.talk.pause, SPOKEN)
    assert desk.screen.phases == ["opening", "listening", "paused", "listening", "idle"]
    said = [type(row).__name__ for row in desk.screen.final]
    assert said == ["Said", "Note", "Said"]
    (note,) = [row for row in desk.screen.final if isinstance(row, Note)]
    assert (note.start_s, note.end_s, note.why) == (3.0, 9.0, "Listening was paused.")
    assert [type(entry) for entry in store.entries(1)] == [Spoken, Missed, Spoken]


def test_a_file_goes_on_no_sooner_than_it_is_heard_again(store: SessionStore) -> None:
    """What it gave in the same moment would be lost: the session hears nothing until it is told."""
    desk = Desk(store)
    stood: list[bool] = []

    def note() -> None:
        stood.append(desk.stands())

    def go_on() -> None:
        desk.talk.pause()
        note()

    desk.hears(SPOKEN, desk.talk.pause, note, go_on, note, SPOKEN)
    assert stood == [True, True, False]
    assert [type(row).__name__ for row in desk.screen.final] == ["Said", "Said"]


def test_a_device_that_goes_is_said_until_it_is_back(store: SessionStore) -> None:
    desk = Desk(store)
    desk.hears(SPOKEN, Lost(4.0, "“Desk” is gone."), SPOKEN)
    sentences = [state.sentence for state in desk.screen.states]
    gone = sentences.index("“Desk” is gone.")
    assert sentences[gone + 1] == LISTENING
    assert [row.why for row in desk.screen.final if isinstance(row, Note)] == ["“Desk” is gone."]


def test_another_device_is_named(store: SessionStore) -> None:
    desk = Desk(store)

    def switch() -> None:
        assert isinstance(desk.source, ScriptSource)
        desk.source.name = "Headset"

    desk.hears(SPOKEN, switch, Lost(0.0, "Now listening to “Headset”."), SPOKEN)
    assert "Headset" in [state.source for state in desk.screen.states]


def test_a_source_that_is_not_there_is_told_and_nothing_is_kept(store: SessionStore) -> None:
    desk = Desk(store)
    desk.source = DeviceError("No microphone is connected.", "Connect one.")
    assert desk.talk.start(GERMAN)
    desk.lane.go_on()
    assert [error.sentence for error in desk.screen.errors] == ["No microphone is connected."]
    assert desk.screen.phases == ["opening", "idle"]
    assert store.list() == ()
    assert desk.hears(SPOKEN).screen.state.phase == "idle"  # and the next one works
    assert len(store.list()) == 1


def test_a_source_that_fails_later_keeps_what_was_heard(store: SessionStore) -> None:
    desk = Desk(store).hears(SPOKEN, DeviceError("The device broke.", "Try another."))
    assert [error.sentence for error in desk.screen.errors] == ["The device broke."]
    assert len([row for row in desk.screen.final if isinstance(row, Said)]) == 1
    assert store.get(1).state == "ended"


def test_without_a_model_listening_ends_at_once_and_says_why(store: SessionStore) -> None:
    error = ModelNotFoundError("There is no model yet.", "Get one.")
    desk = Desk(store, error)
    desk.source = ScriptSource(SPOKEN, SPOKEN)
    desk.talk.start(GERMAN)
    assert desk.screen.errors == [error]
    desk.lane.go_on()
    assert "no model" in desk.screen.state.sentence
    assert not desk.talk.busy


def test_silence_is_not_kept_and_that_is_said(store: SessionStore) -> None:
    desk = Desk(store).hears(SILENCE, SILENCE)
    assert store.list() == ()
    assert desk.sessions == [(1, True), (None, False)]
    assert NOTHING_KEPT in desk.screen.state.sentence


def test_nothing_is_kept_where_that_was_not_wanted(store: SessionStore) -> None:
    desk = Desk(store).hears(SPOKEN, wanted=replace(GERMAN, keep=False))
    assert store.list() == ()
    assert len(desk.screen.final) == 1
    assert NOTHING_KEPT not in desk.screen.state.sentence
    assert desk.sessions == [(None, False)]


def test_the_sound_is_kept_beside_the_words_without_what_was_said_in_a_pause(
    store: SessionStore,
) -> None:
    desk = Desk(store)
    desk.hears(
        SPOKEN, desk.talk.pause, SPOKEN, desk.talk.pause, SPOKEN,
        wanted=replace(GERMAN, keep_sound=True),
    )  # fmt: skip
    recording = store.get(1).recording
    assert recording is not None
    with wave.open(str(recording)) as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert len(kept) == 9 * RATE
    assert np.abs(kept[: 2 * RATE]).min() > 10_000
    assert not kept[3 * RATE : 6 * RATE].any()


def test_a_storage_that_fails_is_told_once_and_listening_goes_on() -> None:
    desk = Desk(StorageError("The disk is full.")).hears(TALK)
    assert [error.sentence for error in desk.screen.errors] == ["The disk is full."]
    assert len([row for row in desk.screen.final if isinstance(row, Said)]) == 2


def test_a_chat_that_keeps_the_model_busy_is_named_and_costs_no_word(store: SessionStore) -> None:
    desk = Desk(store)
    desk.model.hold = True
    told: list[str] = []

    def wait_a_little() -> None:
        told.append(desk.screen.lags[-1][0] if desk.screen.lags else "")
        assert isinstance(desk.source, ScriptSource)
        if "something else" in told[-1]:
            desk.model.hold = False
            desk.model.go_on()
        else:
            desk.source.steps[:0] = [SILENCE[: RATE // 10], wait_a_little]

    desk.hears(SPOKEN, wait_a_little)
    assert "nothing is lost" in told[-1]
    assert [row.text for row in desk.screen.final if isinstance(row, Said)] == ["Good morning."]


def test_one_session_at_a_time(store: SessionStore) -> None:
    desk = Desk(store)
    again: list[bool] = []
    desk.hears(SPOKEN, lambda: again.append(desk.talk.start(GERMAN)))
    assert again == [False]


def test_fifty_sessions_close_every_source(store: SessionStore) -> None:
    desk = Desk(store)
    sources = []
    for _ in range(50):
        desk.hears(SPOKEN[:RATE], lambda: desk.talk.stop())
        sources.append(desk.source)
    assert all(isinstance(one, ScriptSource) and one.closed for one in sources)
    assert len(store.list()) == 50


def test_presenters_of_live_know_no_qt() -> None:
    modules = ("presenter", "list_presenter", "values", "asking", "hearing", "script", "sources")
    code = "import sys\n" + "".join(f"import phi_desk.ui.live.{name}\n" for name in modules)
    code += "print('PySide6' in sys.modules, 'torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False False"
