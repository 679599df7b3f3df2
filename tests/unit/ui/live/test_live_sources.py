"""A file that stands still while listening is paused, and sound that is kept as it comes."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from data_makers.live_desk import ScriptSource
from data_makers.sounds import write_wav

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, PhiDeskError, UsageError
from phi_desk.media.capture import Lost
from phi_desk.services.history.sessions.tape import SoundTape
from phi_desk.storage.failures import StorageError
from phi_desk.ui.live.sources import PausingFile, Sources, TapedSource
from phi_desk.ui.live.values import Wanted

RATE = 16_000
BLOCK = np.full(RATE // 10, 0.5, np.float32)


def no_sound() -> object:
    raise AssertionError("a file needs no sound system")


def test_a_file_goes_on_where_it_was_paused(tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    write_wav(path, np.linspace(0, 0.5, 4 * RATE, dtype=np.float32), RATE, "FLOAT")
    now, paused = 100.0, False
    file = PausingFile(path, lambda: paused, CancelToken(), clock=lambda: now)
    assert (file.name, file.rate, file.seconds) == ("talk.wav", RATE, 4.0)
    heard = [0]

    def read() -> int:
        heard[0] += sum(len(one) for one in file.read(0.0) if not isinstance(one, Lost))
        return heard[0]

    read()
    now += 1
    assert read() == pytest.approx(RATE, abs=2)
    paused = True
    for _ in range(3):
        assert read() == pytest.approx(RATE, abs=2)
        now += 10
    paused = False
    assert read() == pytest.approx(RATE, abs=2)
    now += 1.5
    assert read() == pytest.approx(2.5 * RATE, abs=2)
    now += 5
    assert read() == 4 * RATE
    read()
    assert file.ended
    file.close()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    open_source = Sources(no_sound)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        open_source(Wanted(kind="file", file=tmp_path / "no.wav"), lambda: False, CancelToken())
    with pytest.raises(UsageError):
        open_source(Wanted(kind="file"), lambda: False, CancelToken())


def test_the_tape_is_as_long_as_the_session_and_knows_nothing_of_a_pause(tmp_path: Path) -> None:
    path, paused = tmp_path / "tape.wav", False

    def pause() -> None:
        nonlocal paused
        paused = not paused

    script = ScriptSource(BLOCK, Lost(0.2, "Gone."), BLOCK, pause, BLOCK, pause, BLOCK, name="Desk")
    told: list[PhiDeskError] = []
    source = TapedSource(script, SoundTape(path, RATE), lambda: paused, told.append)
    while not source.ended:
        source.read(0.0)
    assert source.name == "Desk"
    source.finish()
    source.close()
    with wave.open(str(path)) as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    loud = [bool(kept[start : start + len(BLOCK)].any()) for start in range(0, len(kept), 1600)]
    assert loud == [True, False, False, True, False, True]
    assert told == []


def test_a_tape_that_fails_is_told_once_and_listening_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = SoundTape(tmp_path / "tape.wav", RATE)
    told: list[PhiDeskError] = []

    def full(_samples: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(tape, "write", full)
    source = TapedSource(ScriptSource(BLOCK, BLOCK), tape, lambda: False, told.append)
    assert len(source.read(0.0)) == 1
    assert len(source.read(0.0)) == 1
    assert [error.sentence for error in told] == ["The disk is full."]
    source.close()
    tape.close()
