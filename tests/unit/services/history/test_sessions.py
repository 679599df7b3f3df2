"""Live sessions are written down while they run, found, and exported."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from phi_desk.engine.events import Finished, Reason
from phi_desk.errors import InputError, UsageError
from phi_desk.services.history.sessions.export import SessionForm, export_session, session_text
from phi_desk.services.history.sessions.log import SessionLog
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.values import Missed, Spoken
from phi_desk.services.live.events import Closed, Committed, Gap, Lag, Level, Partial, Translated
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(tmp_path / "home") as storage:
        yield storage


@pytest.fixture
def store(storage: Storage) -> SessionStore:
    return SessionStore(storage)


def committed(
    segment: int, start: float, end: float, text: str, reason: Reason = "stop"
) -> Committed:
    answer = Finished(
        text=text,
        reason=reason,
        adapter="speech",
        prompt_tokens=1,
        cached_tokens=0,
        output_ids=(),
        first_token_s=0.1,
        seconds=0.2,
    )
    return Committed(
        segment=segment, start_s=start, end_s=end, text=text, speech=((start, end),), answer=answer
    )


def talk(log: SessionLog) -> None:
    """What a session of ten seconds gives."""
    log.take(Level(at_s=0.1, rms_db=-20, peak_db=-3, speech=True))
    log.take(Partial(segment=1, start_s=0.5, transcript="Guten", translation=None))
    log.take(committed(1, 0.5, 2.25, "Guten Tag."))
    log.take(Translated(segment=1, text="Good day."))
    log.take(Gap(start_s=3.0, end_s=4.0, why="The computer was too slow."))
    log.take(Lag(behind_s=1.0, waiting_s=0.5, why="slow"))
    log.take(committed(2, 5.0, 6.5, "", "repetition"))
    log.take(Translated(segment=2, text="Only translated."))
    log.take(committed(3, 7.0, 7.5, "  "))
    log.take(committed(4, 8.0, 9.0, "Auf Wiedersehen & <bis> bald!"))
    log.take(Translated(segment=4, text=""))
    log.take(Closed(heard_s=9.0, missed_s=1.0, gaps=1))


@pytest.fixture
def number(store: SessionStore) -> int:
    with store.begin("Microphone", language="German", target="English") as log:
        talk(log)
    return log.id


def test_what_was_said_and_missed_is_kept_in_order(store: SessionStore, number: int) -> None:
    session = store.get(number)
    assert (session.state, session.seconds, session.title) == ("ended", 10.0, "Microphone")
    assert (session.language, session.target, session.recording) == ("German", "English", None)
    assert store.entries(number) == (
        Spoken(
            start_s=0.5,
            end_s=2.25,
            text="Guten Tag.",
            translation="Good day.",
            speech=((0.5, 2.25),),
            reason="stop",
        ),
        Missed(start_s=3.0, end_s=4.0, why="The computer was too slow."),
        Spoken(
            start_s=5.0,
            end_s=6.5,
            text="",
            translation="Only translated.",
            speech=((5.0, 6.5),),
            reason="repetition",
        ),
        Spoken(
            start_s=8.0,
            end_s=9.0,
            text="Auf Wiedersehen & <bis> bald!",
            translation=None,
            speech=((8.0, 9.0),),
            reason="stop",
        ),
    )


def test_every_event_is_there_at_once(store: SessionStore) -> None:
    log = store.begin("Microphone")
    log.take(committed(1, 0, 1, "one"))
    assert [e.text for e in store.entries(log.id) if isinstance(e, Spoken)] == ["one"]
    assert (store.get(log.id).state, store.get(log.id).seconds) == ("running", 1)


def test_words_and_translations_are_found(store: SessionStore, number: int) -> None:
    for words, start in (("guten", 0.5), ("GOOD day", 0.5), ("only", 5.0), ("wiedersehen", 8.0)):
        (hit,) = store.search(words)
        assert (hit.session.id, hit.start_s) == (number, start)
        assert hit.snippet.marks
    assert [hit.start_s for hit in store.search("microph")] == [None]
    assert store.search("too slow") == ()
    assert store.search("") == ()


def test_named_deleted_brought_back_and_purged(store: SessionStore, number: int) -> None:
    store.rename(number, " My\ntalk ")
    assert store.get(number).title == "My talk"
    with pytest.raises(UsageError):
        store.rename(number, " ")
    second = store.begin("File").id
    assert [session.id for session in store.list()] == [second, number]
    store.delete(number)
    assert [session.id for session in store.list()] == [second]
    assert store.search("guten") == ()
    with pytest.raises(NotFoundError):
        store.entries(number)
    assert store.restore(number).title == "My talk"
    store.delete(number)
    store.storage.purge(older_than_s=0)
    with pytest.raises(NotFoundError):
        store.restore(number)
    for wrong in (0, -1, 2**80):
        with pytest.raises(NotFoundError):
            store.get(wrong)


@pytest.mark.parametrize("suffix", [".wav"])
def test_a_recording_goes_with_the_session(
    store: SessionStore, tmp_path: Path, suffix: str
) -> None:
    with store.begin("Microphone") as log:
        log.recording_place.parent.mkdir(parents=True, exist_ok=True)
        log.recording_place.write_bytes(b"RIFF sound")
        store.storage.media.sweep()
    recording = store.get(log.id).recording
    assert recording is not None
    assert recording.suffix == suffix
    assert recording.read_bytes() == b"RIFF sound"
    assert not log.recording_place.exists()
    export_session(store, log.id, tmp_path / "a.srt", "srt", recording=True)
    assert (tmp_path / "a.wav").read_bytes() == b"RIFF sound"
    store.forget_recording(log.id)
    assert store.storage.media.sweep() == 1
    assert store.get(log.id).recording is None
    with pytest.raises(InputError, match="no recording"):
        export_session(store, log.id, tmp_path / "b.srt", "srt", recording=True)


def test_a_session_that_fails_is_marked(store: SessionStore) -> None:
    log = store.begin("Microphone")

    def fail() -> None:
        with log:
            log.take(committed(1, 0, 1, "one"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.get(log.id).state == "interrupted"
    log.end()
    assert store.get(log.id).state == "interrupted"


def test_the_recording_of_a_dead_program_is_taken_in(store: SessionStore) -> None:
    log = store.begin("Microphone")
    log.recording_place.parent.mkdir(parents=True, exist_ok=True)
    log.recording_place.write_bytes(b"RIFF")
    assert store.recover_recordings() == 0  # it still runs
    with store.storage.database.write(durable=True) as connection:
        connection.execute("UPDATE sessions SET writer = '999999999:1.00'")
    store.storage._mark_interrupted()
    assert store.recover_recordings() == 1
    recording = store.get(log.id).recording
    assert recording is not None
    assert recording.read_bytes() == b"RIFF"


def text(store: SessionStore, number: int, form: SessionForm, **how: bool) -> str:
    return session_text(store.get(number), store.entries(number), form, **how)


def test_as_text(store: SessionStore, number: int) -> None:
    assert text(store, number, "txt", translation=False) == (
        "Guten Tag.\n\nAuf Wiedersehen & <bis> bald!\n"
    )
    assert text(store, number, "txt", transcript=False) == "Good day.\n\nOnly translated.\n"
    assert text(store, number, "txt") == (
        "Guten Tag.\nGood day.\n\nOnly translated.\n\nAuf Wiedersehen & <bis> bald!\n"
    )
    assert text(store, number, "txt", times=True) == (
        "[00:00:00] Guten Tag.\n           Good day.\n"
        "[00:00:03] (missed until 00:00:04: The computer was too slow.)\n"
        "[00:00:05] Only translated.\n[00:00:08] Auf Wiedersehen & <bis> bald!\n"
    )


def test_as_subtitles(store: SessionStore, number: int) -> None:
    assert text(store, number, "srt", translation=False) == (
        "1\n00:00:00,500 --> 00:00:02,250\nGuten Tag.\n\n"
        "2\n00:00:08,000 --> 00:00:09,000\nAuf Wiedersehen & <bis> bald!\n\n"
    )
    vtt = text(store, number, "vtt", transcript=False)
    assert vtt.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:02.250\nGood day.\n\n")
    assert "&amp; &lt;bis&gt;" in text(store, number, "vtt", translation=False)


def test_as_json(store: SessionStore, number: int) -> None:
    document = json.loads(text(store, number, "json"))
    assert document["gaps"] == [{"start_s": 3.0, "end_s": 4.0, "why": "The computer was too slow."}]
    assert [segment["text"] for segment in document["segments"]] == [
        "Guten Tag.",
        "",
        "Auf Wiedersehen & <bis> bald!",
    ]
    assert document["segments"][0]["translation"] == "Good day."
    assert document["seconds"] == 10.0


def test_an_empty_session(store: SessionStore) -> None:
    number = store.begin("Microphone").id
    assert text(store, number, "txt") == ""
    assert text(store, number, "vtt") == "WEBVTT\n\n"
    assert json.loads(text(store, number, "json"))["segments"] == []


def test_into_an_archive(store: SessionStore, number: int, tmp_path: Path) -> None:
    export_session(store, number, tmp_path / "talk.zip", "vtt")
    with zipfile.ZipFile(tmp_path / "talk.zip") as archive:
        assert archive.namelist() == ["talk.vtt"]
    with pytest.raises(UsageError):
        export_session(store, number, tmp_path / "talk.zip", "vtt")
    with pytest.raises(UsageError):
        export_session(store, number, tmp_path / "talk.doc", "doc")  # type: ignore[arg-type]
