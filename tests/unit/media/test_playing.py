"""Outlines of sounds, and playing them to an output that notes what it is given."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from data_makers.fake_port_audio import FakePortAudio, device
from data_makers.sounds import write_wav
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, DeviceError
from phi_desk.media import output
from phi_desk.media.output import Output
from phi_desk.media.peaks import BARS, outline_of
from phi_desk.media.playing import play
from phi_desk.media.recorder import SoundSystem
from phi_desk.media.sound import Sound

RATE = 16_000


class Noted:
    """An output that keeps what it is given."""

    latency_s = 0.1

    def __init__(self, cancel: CancelToken | None = None, after: int = 0) -> None:
        self.blocks: list[NDArray[np.float32]] = []
        self.closed = False
        self._cancel, self._after = cancel, after

    def write(self, samples: NDArray[np.float32]) -> None:
        self.blocks.append(samples)
        if self._cancel is not None and len(self.blocks) == self._after:
            self._cancel.cancel()

    def close(self) -> None:
        self.closed = True

    @property
    def samples(self) -> NDArray[np.float32]:
        return np.concatenate(self.blocks)


def ramp(seconds: float, rate: int = RATE) -> Sound:
    return Sound(np.linspace(0.1, 1, round(seconds * rate), dtype=np.float32), rate)


def test_everything_is_played_and_pushed_out() -> None:
    noted, sound = Noted(), ramp(1.0)
    places = [at.seconds for at in play(sound, 0.0, lambda _rate: noted, CancelToken())]
    assert np.array_equal(noted.samples[:RATE], sound.samples)
    assert not noted.samples[RATE:].any()
    assert len(noted.samples) >= RATE * 1.1
    assert places == sorted(places)
    assert places[-1] == 1.0
    assert noted.closed


def test_from_a_place_in_a_file(tmp_path: Path) -> None:
    sound, path = ramp(2.0), tmp_path / "ramp.wav"
    write_wav(path, sound.samples, RATE, "FLOAT")
    noted = Noted()
    list(play(path, 1.5, lambda _rate: noted, CancelToken()))
    assert np.array_equal(noted.samples[: RATE // 2], sound.samples[-RATE // 2 :])


def test_pausing_closes_the_output_at_once() -> None:
    cancel = CancelToken()
    noted = Noted(cancel, after=3)
    with pytest.raises(Cancelled):
        list(play(ramp(10.0), 0.0, lambda _rate: noted, cancel))
    assert noted.closed
    assert len(noted.blocks) == 3


def test_outlines_of_sounds_and_files_agree(tmp_path: Path) -> None:
    sound, path = ramp(3.0), tmp_path / "ramp.wav"
    write_wav(path, sound.samples, RATE, "FLOAT")
    one, two = outline_of(sound, CancelToken()), outline_of(path, CancelToken())
    assert one.seconds == two.seconds == 3.0
    assert np.array_equal(one.peaks, two.peaks)
    assert len(one.peaks) == BARS
    assert one.peaks[-1] == 1.0
    assert (np.diff(one.peaks) >= 0).all()


@pytest.mark.parametrize("samples", [0, 1, 100, 5_000])
def test_outlines_of_short_sounds(samples: int) -> None:
    outline = outline_of(Sound(np.ones(samples, np.float32)), CancelToken())
    assert outline.peaks.shape == (BARS,)
    assert outline.seconds == samples / RATE


def test_an_outline_can_be_stopped(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        outline_of(ramp(1.0), cancel)


class FakeOutputStream:
    latency = 0.25

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.written = b""
        self.closed = False

    def start(self) -> None:
        pass

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True


class PlayingPortAudio(FakePortAudio):
    """Also plays; `refuses` says whether there is nothing to play to."""

    refuses = False

    def RawOutputStream(self, **settings: Any) -> FakeOutputStream:  # noqa: N802
        if self.refuses:
            raise self.PortAudioError("Illegal combination of I/O devices")
        self.output = FakeOutputStream(settings)
        return self.output


def system(monkeypatch: pytest.MonkeyPatch) -> tuple[PlayingPortAudio, SoundSystem]:
    monkeypatch.setattr(output, "server_device", lambda _sound: None)
    speakers = device("Speakers", channels=0) | {"max_output_channels": 2}
    port_audio = PlayingPortAudio(device("Desk"), speakers)
    port_audio.default = SimpleNamespace(device=[0, 1])
    return port_audio, port_audio.system


def test_an_output_by_name_keeps_the_list_of_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    port_audio, sound = system(monkeypatch)
    one = Output(sound, RATE, "Speakers")
    assert port_audio.output.settings["device"] == 1
    assert one.latency_s == 0.25
    sound.refresh()
    before = port_audio.restarts  # they would have ended the playing
    one.write(np.array([0.5, -0.5], np.float32))
    assert np.frombuffer(port_audio.output.written, np.float32).tolist() == [0.5, -0.5]
    one.close()
    sound.refresh()
    assert port_audio.output.closed
    assert (before, port_audio.restarts) == (0, 1)


def test_no_output_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    port_audio, sound = system(monkeypatch)
    with pytest.raises(DeviceError, match="There is no output “Moon”"):
        Output(sound, RATE, "Moon")
    port_audio.refuses = True
    with pytest.raises(DeviceError, match="no sound output"):
        Output(sound, RATE)
    assert sound.recordings == 0
