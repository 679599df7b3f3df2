"""The whole way for real: speech through PulseAudio's microphone and sounddevice into captions."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from data_makers.person import Person
from data_makers.pulse_server import PulseServer, missing_programs, pulse_server
from data_makers.sounds import write_wav
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import DeviceError
from phi_desk.media.decode import read_sound
from phi_desk.media.devices.microphones import open_port_audio
from phi_desk.services.history.sessions.values import Missed, Spoken
from phi_desk.ui.live.page import LivePage
from phi_desk.ui.live.values import Export, Note, Said

Enter = Callable[..., Person]
SPEECH = Path(__file__).resolve().parents[1] / "data" / "speech_english.ogg"
BOTH = "Good morning everyone. <sep> Guten Morgen zusammen."
TIMEOUT = 60_000


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A running server with one microphone; skips where PulseAudio or PortAudio is absent."""
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


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.wav"
    write_wav(path, read_sound(SPEECH).samples[: 6 * 16_000], 16_000, "PCM_16")
    return path


def test_speech_into_a_microphone_becomes_captions_a_kept_session_and_subtitles(
    enter: Enter, pulse: PulseServer, speech: Path, tmp_path: Path
) -> None:
    person = enter(FakeEngine(otherwise=BOTH, seconds_a_token=0.01))
    live: LivePage = person.desktop.live
    person.desktop.window.resize(1200, 760)
    person.desktop.window.open_page("Live")
    person.desktop.preferences.change("live", target="de", keep_sound=True)

    def until(condition: Callable[[], object]) -> None:
        person.qtbot.waitUntil(lambda: bool(condition()), timeout=TIMEOUT)

    def said() -> list[Said]:
        rows = live.now.transcript.rows
        return [row for row in rows if isinstance(row, Said) and row.sure]

    until(lambda: live.controls.source.findText("Desk") > 0)  # the list knows it
    QTest.keyClick(live.controls.start, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: "Desk: Listening." in live.controls.sentence.text())
    live.set_overlay(True)
    player = pulse.play("desk_in", speech)
    until(said)
    assert (said()[0].text, said()[0].translation) == tuple(BOTH.split(" <sep> "))
    assert "Guten Morgen zusammen." in live.overlay.text
    assert player.wait(60) == 0

    person.click(live.controls.pause)
    assert live.talk.state.phase == "paused"
    before = len(said())
    assert pulse.play("desk_in", speech).wait(60) == 0
    person.click(live.controls.pause)
    until(lambda: any(isinstance(row, Note) for row in live.now.transcript.rows))
    assert len(said()) <= before + 1  # what was said in the pause was not heard

    pulse.unplug("desk")
    until(lambda: "“Desk” is gone" in live.controls.sentence.text())
    assert "“Desk” is gone" in live.overlay.text
    pulse.add_microphone("desk", "Desk")
    until(lambda: live.controls.sentence.text() == "Desk: Listening.")

    person.click(live.controls.stop)
    until(lambda: not live.talk.busy and person.desktop.disk.idle)
    store = person.desktop.history.sessions()
    (session,) = store.list()
    entries = store.entries(session.id)
    assert [e.text for e in entries if isinstance(e, Spoken)] == [one.text for one in said()]
    whys = " ".join(entry.why for entry in entries if isinstance(entry, Missed))
    assert "paused" in whys
    assert "“Desk” is gone" in whys

    assert session.recording is not None
    with wave.open(str(session.recording)) as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(session.seconds, abs=0.5)
    paused = next(e for e in entries if isinstance(e, Missed) and "paused" in e.why)
    inside = kept[round(16_000 * (paused.start_s + 0.5)) : round(16_000 * (paused.end_s - 0.5))]
    assert len(inside)
    assert not inside.any()
    assert np.abs(kept).max() > 3000

    target = tmp_path / "talk.vtt"
    live.sessions.export(Export(session=session.id, target=target, form="vtt", recording=True))
    until(target.exists)
    assert "Guten Morgen zusammen." in target.read_text(encoding="utf-8")
    until((tmp_path / "talk.wav").exists)
    live.set_overlay(False)


def test_what_the_computer_plays_is_heard(enter: Enter, pulse: PulseServer, speech: Path) -> None:
    pulse.add_speaker("speaker", "Speaker")
    pulse.add_speaker("other", "Other")
    person = enter(FakeEngine(otherwise="Good morning everyone."))
    live: LivePage = person.desktop.live
    person.desktop.preferences.change("devices", system_audio="speaker")
    person.desktop.preferences.change("live", source="system")
    person.desktop.window.open_page("Live")
    live.start()

    def until(condition: Callable[[], object]) -> None:
        person.qtbot.waitUntil(lambda: bool(condition()), timeout=TIMEOUT)

    until(lambda: "Monitor of Speaker: Listening." in live.controls.sentence.text())
    player = pulse.play("speaker", speech)
    until(lambda: [row for row in live.now.transcript.rows if isinstance(row, Said) and row.sure])
    assert player.wait(60) == 0
    live.toggle()
    until(lambda: not live.talk.busy)
