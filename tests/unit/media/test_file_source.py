"""A file that is listened to as if somebody spoke, or as fast as it can be taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_makers.sounds import write_wav

from phi_desk.errors import InputError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.file_source import FileSource, Pace

RATE = 16_000


class Time:
    def __init__(self) -> None:
        self.now = 50.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def wav(tmp_path: Path, seconds: float = 3.0, rate: int = RATE) -> Path:
    samples = np.linspace(-0.9, 0.9, round(seconds * rate), dtype=np.float32)
    write_wav(tmp_path / "a.wav", samples, rate, "FLOAT")
    return tmp_path / "a.wav"


def joined(found: list[Incoming]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    blocks = [one for one in found if not isinstance(one, Lost)]
    return np.concatenate([*blocks, np.zeros(0, np.float32)])


def source(path: Path, time: Time, pace: Pace = "realtime") -> FileSource:
    return FileSource(path, pace=pace, clock=time.clock, sleep=time.sleep)


def test_at_natural_pace_it_gives_what_would_have_been_said_by_now(tmp_path: Path) -> None:
    time = Time()
    file = source(wav(tmp_path), time)
    assert not file.patient
    time.now += 10  # nobody speaks before the first read
    found = file.read(0.1)
    assert len(joined(found)) == pytest.approx(0.02 * RATE, abs=RATE * 0.02)
    time.now += 1.5  # the model was busy
    found += file.read(0.0)
    assert len(joined(found)) == pytest.approx(1.52 * RATE, abs=RATE * 0.03)
    time.now += 60
    while not file.ended:
        found += file.read(0.1)
    assert np.array_equal(joined(found), np.linspace(-0.9, 0.9, 3 * RATE, dtype=np.float32))
    assert file.read(0.1) == []


def test_it_waits_no_longer_than_it_may(tmp_path: Path) -> None:
    time = Time()
    file = source(wav(tmp_path), time)
    file.read(0.0)
    before = time.now
    file.read(0.1)
    assert time.now - before <= 0.13


def test_fast_it_waits_for_its_reader(tmp_path: Path) -> None:
    time = Time()
    file = source(wav(tmp_path), time, "fast")
    assert file.patient
    found: list[Incoming] = []
    while not file.ended:
        found += file.read(0.1)
    assert time.now == 50.0
    assert np.array_equal(joined(found), np.linspace(-0.9, 0.9, 3 * RATE, dtype=np.float32))


def test_telephone_sound_keeps_its_rate(tmp_path: Path) -> None:
    assert source(wav(tmp_path, rate=8_000), Time()).rate == 8_000
    assert source(wav(tmp_path, rate=48_000), Time()).rate == 16_000


def test_it_can_be_closed_at_any_moment(tmp_path: Path) -> None:
    file = source(wav(tmp_path), Time())
    file.read(0.1)
    file.close()
    file.close()
    assert file.ended
    assert file.read(0.1) == []


def test_a_file_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(InputError):
        FileSource(tmp_path / "a.wav")
    with pytest.raises(InputError):
        FileSource(tmp_path / "absent.wav")
