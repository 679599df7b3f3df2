"""The sound of a session is a file that can be played at every moment, as long as the session."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.tape import SoundTape
from phi_desk.storage.failures import StorageError
from phi_desk.storage.place import Storage

TONE = np.linspace(-1, 1, 1600, dtype=np.float32)


def samples_of(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_it_can_be_played_before_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "tape.wav"
    tape = SoundTape(path, 16_000)
    assert len(samples_of(path)) == 0
    tape.write(TONE)
    assert len(samples_of(path)) == 1600
    tape.skip(800)
    assert len(samples_of(path)) == 2400
    tape.write(2 * TONE)  # louder than there is
    tape.close()
    tape.write(TONE)
    kept = samples_of(path)
    assert len(kept) == 4000
    assert tape.seconds == 0.25
    np.testing.assert_allclose(kept[:1600] / 32767, TONE, atol=1e-4)
    assert not kept[1600:2400].any()
    assert (kept[2400], kept[-1]) == (-32767, 32767)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        SoundTape(tmp_path / "file" / "tape.wav", 16_000)


def test_a_disk_that_fills_up_ends_the_tape_and_leaves_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tape.wav"
    tape = SoundTape(path, 16_000)
    tape.write(TONE)

    class Full:
        def seek(self, _place: int) -> None: ...

        def close(self) -> None: ...

        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

    whole = tape._file
    assert whole is not None
    whole.close()
    monkeypatch.setattr(tape, "_file", Full())
    with pytest.raises(StorageError, match="No space left"):
        tape.write(TONE)
    tape.write(TONE)  # closed: nothing happens
    assert len(samples_of(path)) == 1600


def test_a_recording_that_was_left_in_haste_is_taken_in_at_the_next_start(tmp_path: Path) -> None:
    with Storage(tmp_path) as storage:
        log = SessionStore(storage).begin("Desk")
        tape = SoundTape(log.recording_place, 16_000)
        tape.write(TONE)
        tape.close()
        log.end(in_haste=True)
        session = SessionStore(storage).get(log.id)
        assert (session.state, session.recording) == ("ended", None)
    with Storage(tmp_path) as storage:
        store = SessionStore(storage)
        assert store.recover_recordings() == 1
        session = store.get(log.id)
        assert session.state == "ended"
        assert session.recording is not None
        assert len(samples_of(session.recording)) == 1600
        assert store.recover_recordings() == 0
