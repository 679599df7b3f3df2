"""Devices that come and go at a real sound server are noticed, said once and listed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.person import Person
from data_makers.pulse_server import PulseServer, missing_programs, pulse_server
from data_makers.sounds import write_wav
from pytestqt.qtbot import QtBot

from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera
from phi_desk.media.devices.known import Devices
from phi_desk.media.devices.looking import Looker
from phi_desk.media.devices.microphones import open_port_audio
from phi_desk.media.pulse import PulseNews, pulse_state
from phi_desk.ui.device_watch import DeviceWatch
from phi_desk.ui.settings.special import OfferedControl
from phi_desk.ui.settings.trying_panel import TryingPanel

WAIT_MS = 30_000
Enter = Callable[..., Person]


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A server with one microphone and one loudspeaker."""
    if missing := missing_programs():
        pytest.skip(f"PulseAudio is not on this machine: {', '.join(missing)}")
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    with pulse_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        server.add_speaker("desk_speaker", "DeskSpeaker")
        server.add_microphone("desk_mic", "DeskMicrophone")
        server.choose_microphone("desk_mic")
        server.choose_speaker("desk_speaker")
        yield server


@pytest.fixture
def watch(qtbot: QtBot, pulse: PulseServer) -> Iterator[DeviceWatch]:
    cameras: list[Camera] = []
    watch = DeviceWatch(looker=Looker(tuple, list_cameras=lambda: tuple(cameras)))
    watch.cameras = cameras  # type: ignore[attr-defined]
    watch.start()
    qtbot.waitUntil(lambda: bool(watch.value.microphones), timeout=WAIT_MS)
    yield watch
    watch.close()
    watch.deleteLater()


def words(devices: Devices) -> list[str]:
    return [one.words for one in devices.microphones]


def test_what_is_there_at_the_start_is_listed_and_not_announced(
    qtbot: QtBot, watch: DeviceWatch
) -> None:
    said: list[str] = []
    watch.told.connect(said.append)
    assert words(watch.value) == ["DeskMicrophone"]
    assert watch.value.microphone == "DeskMicrophone"
    assert watch.value.speaker == "DeskSpeaker"
    qtbot.wait(1_500)
    assert said == []


def test_a_microphone_that_is_plugged_in_and_out_is_noticed(
    qtbot: QtBot, watch: DeviceWatch, pulse: PulseServer
) -> None:
    said: list[str] = []
    watch.told.connect(said.append)
    pulse.add_microphone("headset", "Headset")
    qtbot.waitUntil(lambda: "Headset" in words(watch.value), timeout=WAIT_MS)
    assert any("New microphone: “Headset”." in one for one in said)
    pulse.unplug("headset")
    qtbot.waitUntil(lambda: "Headset" not in words(watch.value), timeout=WAIT_MS)
    assert any("The microphone “Headset” is gone." in one for one in said)


def test_a_changed_default_is_said(qtbot: QtBot, watch: DeviceWatch, pulse: PulseServer) -> None:
    pulse.add_microphone("headset", "Headset")
    qtbot.waitUntil(lambda: "Headset" in words(watch.value), timeout=WAIT_MS)
    said: list[str] = []
    watch.told.connect(said.append)
    pulse.choose_microphone("desk_mic")
    pulse.choose_microphone("headset")
    qtbot.waitUntil(lambda: watch.value.microphone == "Headset", timeout=WAIT_MS)
    assert said[-1] == "The default microphone is “Headset” now."


def test_a_camera_is_noticed_while_the_sound_stays_as_it_is(
    qtbot: QtBot, watch: DeviceWatch
) -> None:
    watch.cameras.append(Camera(name="Webcam", source="/dev/video9"))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(watch.value.cameras), timeout=WAIT_MS)


def test_a_sound_server_that_starts_again_is_found_again(
    qtbot: QtBot, watch: DeviceWatch, pulse: PulseServer
) -> None:
    pulse.stop()
    qtbot.waitUntil(lambda: watch.value.microphones == (), timeout=WAIT_MS)
    pulse.start()
    pulse.add_microphone("desk_mic", "DeskMicrophone")
    qtbot.waitUntil(lambda: words(watch.value) == ["DeskMicrophone"], timeout=WAIT_MS)


def test_our_own_questions_to_the_server_are_no_news(pulse: PulseServer) -> None:
    news = PulseNews()
    deadline = time.monotonic() + 30
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 1.5:  # `pactl` needs a moment to listen
        if news.changed():
            quiet_since = time.monotonic()
        assert time.monotonic() < deadline, "there is always news"
        time.sleep(0.05)
    for _ in range(3):
        assert pulse_state() is not None
        time.sleep(0.2)
        assert not news.changed()
    pulse.add_microphone("headset", "Headset")
    while not news.changed():
        assert time.monotonic() < deadline + 30
        time.sleep(0.05)
    news.close()


def test_the_page_lists_what_there_is_and_keeps_what_went(enter: Enter, pulse: PulseServer) -> None:
    person = enter(FakeEngine())
    desktop = person.desktop
    desktop.window.open_page("Settings")
    person.waits_for(lambda: desktop.devices.value.microphones)
    control = desktop.settings.rows["devices", "microphone"].control
    assert isinstance(control, OfferedControl)
    person.waits_for(lambda: "desk_mic" in control.combo.values)
    desktop.preferences.change("devices", microphone="desk_mic")
    assert control.combo.currentText() == "DeskMicrophone"
    pulse.unplug("desk_mic")
    person.waits_for(lambda: "desk_mic (not connected)" in control.combo.currentText())
    assert "is gone" in person.notice
    pulse.add_microphone("desk_mic", "DeskMicrophone")
    person.waits_for(lambda: control.combo.currentText() == "DeskMicrophone")


def test_the_microphone_is_heard_on_the_page_and_the_tone_where_it_is_sent(
    enter: Enter, pulse: PulseServer, tmp_path: Path
) -> None:
    try:
        open_port_audio()
    except DeviceError as error:
        pytest.skip(error.sentence)
    voice = tmp_path / "voice.wav"
    time_ = np.arange(3 * 16_000) / 16_000
    write_wav(voice, (0.4 * np.sin(2 * np.pi * 300 * time_)).astype("float32"), 16_000, "PCM_16")
    person = enter(FakeEngine())
    desktop = person.desktop
    desktop.preferences.change("devices", microphone="desk_mic", speaker="desk_speaker")
    desktop.window.open_page("Settings")
    desktop.settings.open_group("devices")
    panel = desktop.settings.extras["devices"]
    assert isinstance(panel, TryingPanel)
    wait = person.qtbot.waitUntil
    wait(lambda: not panel.microphone.visibleRegion().isEmpty(), timeout=WAIT_MS)
    person.click(panel.microphone)
    wait(lambda: "Say something" in panel.words.text(), timeout=WAIT_MS)
    with pulse.play("desk_mic_in", voice) as played:
        wait(lambda: panel.words.text() == "It hears you.", timeout=WAIT_MS)
        assert played.wait(30) == 0
    person.click(panel.microphone)
    wait(lambda: panel.microphone.text() == "Try the microphone", timeout=WAIT_MS)
    heard = subprocess.Popen(
        [
            "parec",
            "--device=desk_speaker.monitor",
            "--format=s16le",
            "--rate=16000",
            "--channels=1",
            "--latency-msec=30",
        ],
        stdout=subprocess.PIPE,
        env={**os.environ, **pulse.environment},
    )
    assert heard.stdout is not None
    heard.stdout.read(3200)  # it listens
    person.click(panel.speaker)
    wait(lambda: not panel.speaker.isEnabled(), timeout=WAIT_MS)
    wait(panel.speaker.isEnabled, timeout=WAIT_MS)
    assert person.notice == ""
    person.qtbot.wait(1_000)  # what was played last comes through the server
    heard.terminate()
    samples = np.frombuffer(heard.communicate()[0][: 2 * (10**6)], np.int16)
    assert np.abs(samples.astype(float)).max() > 1_000
