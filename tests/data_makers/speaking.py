"""Fixtures for speaking to the window: PulseAudio with a microphone, and something to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_makers.person import Person
from data_makers.pulse_server import PulseServer, missing_programs, pulse_server
from data_makers.sounds import write_wav
from data_makers.speaker import Speaker
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import DeviceError
from phi_desk.media.decode import read_sound
from phi_desk.media.devices.microphones import open_port_audio

Enter = Callable[..., Person]
SPEECH = Path(__file__).resolve().parents[1] / "data" / "speech_english.ogg"
RATE = 16_000


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A sound server with one microphone; skips where PulseAudio or PortAudio is absent."""
    if missing := missing_programs():
        pytest.skip(f"PulseAudio is not on this machine: {', '.join(missing)}")
    try:
        open_port_audio()
    except DeviceError as error:
        pytest.skip(error.sentence)
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    with pulse_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        server.add_microphone("desk", "Desk")
        server.choose_microphone("desk")
        yield server


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of somebody speaking."""
    path = tmp_path_factory.mktemp("speech") / "words.wav"
    write_wav(path, read_sound(SPEECH).samples[: 3 * RATE], RATE, "PCM_16")
    return path


@pytest.fixture
def come(enter: Enter, pulse: PulseServer) -> Callable[..., Speaker]:
    def comes(engine: FakeEngine) -> Speaker:
        return Speaker(enter(engine), pulse)

    return comes
