"""A sound server with devices that are not there, and speech as a file that it plays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.pulse_server import PulseServer, missing_programs, pulse_server
from data_makers.sounds import write_wav
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.media.decode import read_sound
from phi_desk.media.devices.microphones import open_port_audio

SPEECH = Path(__file__).resolve().parents[2] / "data" / "speech_english.ogg"


@pytest.fixture(scope="session")
def speech() -> NDArray[np.float32]:
    """Six seconds of English speech at 16 kHz."""
    return read_sound(SPEECH).samples[: 6 * 16_000]


@pytest.fixture(scope="session")
def speech_wav(tmp_path_factory: pytest.TempPathFactory, speech: NDArray[np.float32]) -> Path:
    """The same as a file that `paplay` takes."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    write_wav(path, speech, 16_000, "PCM_16")
    return path


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A running server without any device; skips where PulseAudio or PortAudio is absent."""
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
        yield server
