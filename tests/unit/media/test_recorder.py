"""Recording from PortAudio, with one that has no hardware."""

from __future__ import annotations

import builtins
import sys

import numpy as np
import pytest
from data_makers.fake_port_audio import FakePortAudio, device
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.media.capture import Lost
from phi_desk.media.recorder import LOST_ON_ITS_WAY, Recording, SoundSystem


def ramp(first: int, frames: int) -> NDArray[np.float32]:
    return (np.arange(first, first + frames) / 65536).astype(np.float32)


def test_sound_at_16_khz_comes_out_bit_for_bit() -> None:
    fake = FakePortAudio(device("Desk"))
    recording = Recording(fake.system, 0)
    (stream,) = fake.streams
    assert stream.settings["samplerate"] == 16_000
    assert stream.settings["channels"] == 1
    stream.say(ramp(0, 100))
    stream.say(ramp(100, 50))
    (taken,) = recording.read()
    assert not isinstance(taken, Lost)
    assert np.array_equal(taken, ramp(0, 150))


@pytest.mark.parametrize("rate", [44_100, 48_000, 8_000])
def test_any_rate_is_brought_to_16_khz_without_losing_the_end(rate: int) -> None:
    fake = FakePortAudio(device("Desk", rate=rate))
    recording = Recording(fake.system, 0)
    tone = np.sin(np.arange(2 * rate) * 2 * np.pi * 440 / rate).astype(np.float32)
    for start in range(0, len(tone), 441):
        fake.streams[0].say(tone[start : start + 441])
    parts = [*recording.read()]
    recording.close()
    parts += recording.rest()
    heard = np.concatenate([part for part in parts if not isinstance(part, Lost)])
    assert abs(len(heard) - 32_000) <= 1
    expected = np.sin(np.arange(len(heard)) * 2 * np.pi * 440 / 16_000)
    assert np.abs(heard - expected)[200:-200].max() < 1e-3


def test_an_overflow_is_a_loss_in_its_place() -> None:
    fake = FakePortAudio(device("Desk"))
    recording = Recording(fake.system, 0)
    stream = fake.streams[0]
    stream.say(ramp(0, 100))
    stream.say(ramp(100, 160), overflow=True)  # nobody knows how much: at least one block
    stream.say(ramp(300, 160), overflow=True, late_s=0.1)
    parts = [part for part in recording.read() if isinstance(part, Lost) or len(part)]
    assert [part if isinstance(part, Lost) else len(part) for part in parts] == [
        100,
        Lost(160 / 16_000, LOST_ON_ITS_WAY),
        160,
        Lost(1600 / 16_000, LOST_ON_ITS_WAY),
        160,
    ]


def test_sound_that_is_missing_without_a_word_is_seen_by_the_device_s_time() -> None:
    """Measured: PulseAudio drops sound so when the process stood still for 40 s."""
    fake = FakePortAudio(device("Desk"))
    recording = Recording(fake.system, 0)
    stream = fake.streams[0]
    stream.say(ramp(0, 100))
    stream.say(ramp(100, 100), late_s=0.04)  # jitter
    stream.say(ramp(200, 100), late_s=15.0)
    (lost,) = (part for part in recording.read() if isinstance(part, Lost))
    assert lost.seconds == pytest.approx(15, abs=0.01)


def test_a_ring_that_is_full_loses_the_new_and_counts_it() -> None:
    fake = FakePortAudio(device("Desk"))
    recording = Recording(fake.system, 0, ring_s=0.01)
    fake.streams[0].say(ramp(0, 200))
    first, lost = (part for part in recording.read() if isinstance(part, Lost) or len(part))
    assert isinstance(lost, Lost)
    assert not isinstance(first, Lost)
    assert len(first) == 160
    assert lost.seconds == 40 / 16_000


def test_a_driver_that_gives_all_channels_or_none() -> None:
    fake = FakePortAudio(device("Desk", channels=2))
    fake.refused_channels = {1}
    recording = Recording(fake.system, 0)
    fake.streams[0].say(np.array([[0.0, 1.0], [0.5, 0.5]], np.float32))
    (mono,) = recording.read()
    assert not isinstance(mono, Lost)
    assert mono.tolist() == [0.5, 0.5]


def test_a_device_that_cannot_be_opened_is_a_sentence() -> None:
    fake = FakePortAudio(device("Desk", channels=2))
    fake.refused_channels = {1, 2}
    system = fake.system
    with pytest.raises(DeviceError, match="“Desk” cannot be recorded from"):
        Recording(system, 0)
    assert system.recordings == 0


def test_the_list_is_made_anew_only_when_nothing_runs() -> None:
    fake = FakePortAudio(device("Desk"))
    system = fake.system
    recording = Recording(system, 0)
    system.refresh()
    assert fake.restarts == 0
    recording.close()
    recording.close()
    assert system.recordings == 0
    system.refresh()
    assert fake.restarts == 1


def test_without_the_library_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def failing(name: str, *rest: object) -> object:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", failing)
    with pytest.raises(DeviceError) as error:
        SoundSystem()
    assert "libportaudio2" in error.value.hint
