"""Microphones and system audio for real: PulseAudio, ALSA, PortAudio, sounddevice."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from data_makers.pulse_server import PulseServer
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.device_source import DeviceSource
from phi_desk.media.microphone import open_microphone
from phi_desk.media.recorder import SoundSystem
from phi_desk.media.system_audio import open_system_audio

RATE = 16_000
NOTICED_S = 3.0


class Listening:
    """Reads a source and keeps everything, with the time at which it came."""

    def __init__(self, source: DeviceSource) -> None:
        self.source = source
        self.taken: list[tuple[float, Incoming]] = []

    def until(self, done: Callable[[], bool], limit_s: float) -> float:
        """Read until `done`; how long that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit_s:
            self.taken += [(time.monotonic(), one) for one in self.source.read(0.05)]
            if done():
                return time.monotonic() - begun
        raise AssertionError(f"not within {limit_s} s: {self.lost}")

    def during(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.taken += [(time.monotonic(), one) for one in self.source.read(0.05)]

    @property
    def lost(self) -> list[Lost]:
        return [one for _, one in self.taken if isinstance(one, Lost)]

    @property
    def sound(self) -> NDArray[np.float32]:
        blocks = [one for _, one in self.taken if not isinstance(one, Lost)]
        return np.concatenate([*blocks, np.zeros(0, np.float32)])

    @property
    def seconds(self) -> float:
        """Of sound and of loss."""
        return len(self.sound) / RATE + sum(one.seconds for one in self.lost)

    def heard(self) -> bool:
        return len(self.sound) > 0

    def loud(self, seconds: float = 0.2) -> bool:
        """Whether the newest sound is no silence."""
        return bool(np.abs(self.sound[-round(seconds * RATE) :]).max(initial=0.0) > 0.01)


@contextmanager
def listening(source: DeviceSource) -> Iterator[Listening]:
    with closing(source):
        ears = Listening(source)
        ears.until(ears.heard, 6)
        yield ears


def offsets(heard: NDArray[np.float32], said: NDArray[np.float32]) -> list[int]:
    """Where each half second of `said` stands in `heard`, less where it stands in `said`."""
    found = []
    half = RATE // 2
    energy = np.concatenate([[0.0], np.cumsum(heard.astype(np.float64) ** 2)])
    loudness = np.sqrt(np.maximum(energy[half:] - energy[:-half], 1e-3))
    for start in range(0, len(said) - half, half):
        window = said[start : start + half].astype(np.float64)
        if np.sqrt((window**2).mean()) < 0.02:
            continue  # a pause stands anywhere
        size = 1 << (len(heard) + half).bit_length()
        product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(window, size))
        match = np.fft.irfft(product)[: len(loudness)] / loudness
        found.append(int(match.argmax()) - start)
    return found


def assert_all_there(heard: NDArray[np.float32], said: NDArray[np.float32]) -> None:
    found = offsets(heard, said)
    assert len(found) >= 6
    assert max(found) - min(found) <= 1  # not one sample lost, none twice
    start = sorted(found)[len(found) // 2]
    same = heard[start : start + len(said)]
    # it went through two other rates and stands between samples, which costs the highest tones
    assert np.corrcoef(same, said[: len(same)])[0, 1] > 0.95


def test_no_sample_is_lost(
    pulse: PulseServer, speech: NDArray[np.float32], speech_wav: Path
) -> None:
    pulse.add_microphone("desk")
    pulse.choose_microphone("desk")
    with listening(open_microphone()) as ears:
        player = pulse.play("desk_in", speech_wav)
        ears.until(lambda: player.poll() is not None, 20)
        ears.during(0.5)
    assert ears.source.name == "Microphone"
    assert not ears.lost
    assert_all_there(ears.sound, speech)


def test_a_reader_that_comes_late_misses_nothing(
    pulse: PulseServer, speech: NDArray[np.float32], speech_wav: Path
) -> None:
    """A slow model keeps the reader away: PortAudio's thread goes on without it."""
    pulse.add_microphone("desk")
    with listening(open_microphone("desk")) as ears:
        player = pulse.play("desk_in", speech_wav)
        assert player.wait(30) == 0
        ears.during(0.5)
    assert not ears.lost
    assert_all_there(ears.sound, speech)


def test_what_the_computer_plays(
    pulse: PulseServer, speech: NDArray[np.float32], speech_wav: Path
) -> None:
    pulse.add_microphone("desk")
    pulse.add_speaker("first", "First")
    pulse.add_speaker("second", "Second")
    pulse.choose_speaker("first")
    with listening(open_system_audio()) as ears:
        assert ears.source.name == "Monitor of First"
        player = pulse.play("first", speech_wav)
        ears.until(lambda: player.poll() is not None, 20)
        ears.during(0.5)
        assert not ears.lost
        assert_all_there(ears.sound, speech)
        pulse.choose_speaker("second")
        ears.until(lambda: bool(ears.lost), NOTICED_S)
        ears.until(lambda: ears.source.name == "Monitor of Second", NOTICED_S)
        player = pulse.play("second", speech_wav)
        ears.until(ears.loud, 5)
        player.kill()
        player.wait()


def test_an_unplugged_microphone_is_noticed_and_heard_again(
    pulse: PulseServer, speech_wav: Path
) -> None:
    pulse.add_microphone("desk", "Desk")
    with listening(open_microphone()) as ears:
        begun = time.monotonic() - len(ears.sound) / RATE
        ears.during(1)
        pulse.unplug("desk")
        assert ears.until(lambda: bool(ears.lost), NOTICED_S) < NOTICED_S
        assert "“Desk” is gone" in ears.lost[0].why
        ears.during(1)
        pulse.add_microphone("desk", "Desk")
        before = len(ears.sound)
        ears.until(lambda: len(ears.sound) > before, 6)
        assert "Now listening to “Desk”" in ears.lost[-1].why
        player = pulse.play("desk_in", speech_wav)
        ears.until(ears.loud, 5)
        player.kill()
        player.wait()
        assert ears.seconds == pytest.approx(time.monotonic() - begun, abs=0.4)


def test_a_microphone_that_goes_is_not_replaced_by_the_loudspeakers(
    pulse: PulseServer, speech_wav: Path
) -> None:
    """The server moves the recording to whatever it has left; that is not what was asked for."""
    pulse.add_speaker("music", "Music")
    pulse.add_microphone("desk", "Desk")
    pulse.choose_microphone("desk")
    with listening(open_microphone()) as ears:
        ears.during(0.3)
        player = pulse.play("music", speech_wav)
        pulse.unplug("desk")
        ears.until(lambda: bool(ears.lost), NOTICED_S)
        assert "“Desk” is gone." in ears.lost[0].why
        kept = len(ears.sound)
        ears.during(1.5)
        player.kill()
        player.wait()
    assert len(ears.sound) == kept


def test_another_default_is_heard_without_a_loss_and_said(
    pulse: PulseServer, speech_wav: Path
) -> None:
    pulse.add_microphone("desk", "Desk")
    pulse.add_microphone("head", "Headset")
    pulse.choose_microphone("desk")
    with listening(open_microphone()) as ears:
        assert ears.source.name == "Desk"
        pulse.choose_microphone("head")
        ears.until(lambda: bool(ears.lost), NOTICED_S)
        assert ears.lost == [Lost(0.0, "Now listening to “Headset”.")]
        assert ears.source.name == "Headset"
        player = pulse.play("head_in", speech_wav)
        ears.until(ears.loud, 5)
        player.kill()
        player.wait()


def test_a_named_microphone_stays_when_the_default_changes(
    pulse: PulseServer, speech_wav: Path
) -> None:
    pulse.add_microphone("desk", "Desk")
    pulse.add_microphone("head", "Headset")
    pulse.choose_microphone("desk")
    with listening(open_microphone("headset")) as ears:
        pulse.choose_microphone("head")
        pulse.choose_microphone("desk")
        player = pulse.play("head_in", speech_wav)
        ears.until(ears.loud, 5)
        player.kill()
        player.wait()
        assert ears.source.name == "Headset"  # the server moved us; we went back, and said so
        assert all("moved" in one.why for one in ears.lost)
        losses = len(ears.lost)
        pulse.unplug("head")
        ears.until(lambda: len(ears.lost) > losses, NOTICED_S)
        kept = len(ears.sound)
        ears.during(1)
        assert len(ears.sound) == kept  # not the other one instead
        pulse.add_microphone("head", "Headset")
        ears.until(lambda: len(ears.sound) > kept, 6)


def test_a_sound_server_that_stops_is_waited_for(pulse: PulseServer) -> None:
    pulse.add_microphone("desk", "Desk")
    with listening(open_microphone()) as ears:
        pulse.stop()
        ears.until(lambda: bool(ears.lost), NOTICED_S)
        kept = len(ears.sound)
        pulse.start()
        pulse.add_microphone("desk", "Desk")
        ears.until(lambda: len(ears.sound) > kept, 8)


def test_names_that_fit_nothing_or_several(pulse: PulseServer) -> None:
    pulse.add_microphone("desk", "Desk")
    pulse.add_microphone("head", "Headset")
    with pytest.raises(DeviceError, match="There is no device “camera”") as wrong:
        open_microphone("camera")
    assert "“Desk”" in wrong.value.hint
    with pytest.raises(DeviceError, match="several"):
        open_microphone("e")


def test_no_microphone_at_all(pulse: PulseServer) -> None:
    pulse.add_speaker("music", "Music")
    with pytest.raises(DeviceError, match="No microphone is connected"):
        open_microphone()


def test_no_output_at_all(pulse: PulseServer) -> None:
    with pytest.raises(DeviceError, match="no sound output"):
        open_system_audio()


def test_fifty_starts_leave_nothing_behind(pulse: PulseServer) -> None:
    pulse.add_microphone("desk", "Desk")
    sound = SoundSystem()

    def once() -> None:
        with closing(open_microphone("desk", sound)) as source:
            source.read(0.02)

    for _ in range(3):
        once()
    handles, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    tasks = len(list(Path("/proc/self/task").iterdir()))
    for _ in range(50):
        once()
    assert sound.recordings == 0
    assert len(list(Path("/proc/self/fd").iterdir())) <= handles
    assert threading.active_count() <= threads
    assert len(list(Path("/proc/self/task").iterdir())) <= tasks
    assert not os.environ.get("PULSE_SOURCE")
