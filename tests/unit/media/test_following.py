"""Which device is meant, and what has happened to it; with a server made of words."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from data_makers.fake_port_audio import FakePortAudio, device

from phi_desk.errors import DeviceError
from phi_desk.media import system_audio
from phi_desk.media.following import (
    Change,
    NamedSource,
    PortAudioFollower,
    PulseFollower,
    default_source,
    matching,
)
from phi_desk.media.microphone import open_microphone
from phi_desk.media.pulse import PulseNews, PulseSource, PulseState, pulse_state
from phi_desk.media.system_audio import loopback_device, open_system_audio, played_source

DESK = PulseSource(index=3, name="alsa_desk", description="Desk")
HEAD = PulseSource(index=5, name="bluez_head", description="Headset")
MUSIC = PulseSource(index=4, name="out.monitor", description="Monitor", monitor_of="out")


def state(*sources: PulseSource, default: str = "alsa_desk", hears: int | None = 3) -> PulseState:
    recorded = frozenset([] if hears is None else [hears])
    return PulseState(
        sources=sources, default_source=default, default_sink="out", recorded=recorded
    )


class News(PulseNews):
    """There is always some."""

    def changed(self) -> bool:
        return True


class Server:
    def __init__(self, now: PulseState | None) -> None:
        self.now = now

    def __call__(self) -> PulseState | None:
        return self.now


def follower(server: Server, words: str | None = None) -> PulseFollower:
    pick = default_source if words is None else NamedSource(words)
    return PulseFollower(pick, 0, ask=server, news=News())


def test_the_default_is_left_to_the_server() -> None:
    place = follower(Server(state(DESK, HEAD, MUSIC))).find()
    assert (place.name, place.source, place.floating) == ("Desk", "alsa_desk", True)


def test_a_server_without_a_microphone_has_none_whatever_its_default_says() -> None:
    with pytest.raises(DeviceError, match="No microphone is connected"):
        follower(Server(state(MUSIC, default="out.monitor"))).find()
    place = follower(Server(state(MUSIC, HEAD, default="out.monitor"))).find()
    assert (place.name, place.floating) == ("Headset", False)


def test_all_is_well() -> None:
    server = Server(state(DESK, MUSIC))
    one = follower(server)
    assert one.check(one.find()) is None
    server.now = None  # a server that is busy for a moment
    assert one.check(follower(Server(state(DESK))).find()) is None


def test_moved_with_the_default() -> None:
    server = Server(state(DESK, HEAD))
    one = follower(server)
    place = one.find()
    server.now = state(DESK, HEAD, default="bluez_head", hears=5)
    assert one.check(place) == Change(why="Now listening to “Headset”.", reopen=False)


def test_not_moved_although_the_default_is_another() -> None:
    server = Server(state(DESK, HEAD))
    one = follower(server)
    place = one.find()
    server.now = state(DESK, HEAD, default="bluez_head", hears=3)
    assert one.check(place) == Change(why="“Headset” became the default.", reopen=True)


def test_unplugged_and_moved_to_the_loudspeakers() -> None:
    server = Server(state(DESK, MUSIC))
    one = follower(server)
    place = one.find()
    server.now = state(MUSIC, default="out.monitor", hears=4)
    change = one.check(place)
    assert change is not None
    assert change.reopen
    assert change.why == "“Desk” is gone. No microphone is connected."
    named = follower(Server(state(DESK, HEAD)), "desk")
    place = named.find()
    named._ask = Server(state(HEAD, hears=5))
    change = named.check(place)
    assert change is not None
    assert change.reopen


def test_a_named_one_that_the_server_moved_is_fetched_back() -> None:
    server = Server(state(DESK, HEAD, hears=5))
    one = follower(server, "headset")
    place = one.find()
    assert place.source == "bluez_head"
    server.now = state(DESK, HEAD, hears=3)
    change = one.check(place)
    assert change is not None
    assert change.reopen
    assert "moved" in change.why


def test_a_namespace_in_which_our_own_recording_is_not_seen() -> None:
    one = follower(Server(state(DESK, hears=None)))
    assert one.check(one.find()) is None


def test_names() -> None:
    names = [("alsa_desk", "Desk mic"), ("bluez", "Desk"), ("hw", "Camera")]
    assert matching("desk", names) == 1  # the whole name before a part
    assert matching("CAM", names) == 2
    assert matching("alsa_desk", names) == 0
    for wrong in ("esk", "z z", ""):
        with pytest.raises(DeviceError):
            matching(wrong, names)
    with pytest.raises(DeviceError) as none:
        matching("x", [])
    assert none.value.hint == "No device for recording is connected."


def test_what_pactl_says() -> None:
    sources = [
        {"index": 0, "name": "out.monitor", "description": "M", "monitor_source": "out"},
        {"index": 7, "name": "desk", "description": None, "monitor_source": ""},
    ]
    outputs = [
        {"source": 7, "properties": {"application.process.id": "12"}},
        {"source": 0, "properties": {"application.process.id": "13"}},
        {"source": 0, "properties": {}},
    ]
    answers = {
        "sources": json.dumps(sources),
        "source-outputs": json.dumps(outputs),
        "info": "Server Name: x\nDefault Sink: out\nDefault Source: desk\nCookie: 1:2\n",
    }
    found = pulse_state(lambda *words: answers[words[-1]], process=12)
    assert found is not None
    assert found.default_source == "desk"
    assert found.default_sink == "out"
    assert found.recorded == {7}
    assert [one.description for one in found.microphones] == ["desk"]
    assert played_source(found).name == "out.monitor"


@pytest.mark.parametrize("answer", [None, "", "no json", "{}"])
def test_an_old_or_absent_pactl_is_no_server(answer: str | None) -> None:
    assert pulse_state(lambda *words: answer) is None


@pytest.mark.parametrize("command", [("there-is-no-such-program",), (sys.executable, "-c", "")])
def test_a_server_that_cannot_be_listened_to_is_asked_once_a_second(
    command: tuple[str, ...],
) -> None:
    now = [10.0]
    news = PulseNews(command, clock=lambda: now[0])
    assert news.changed()
    if news._process is not None:
        news._process.wait()
    assert not news.changed()
    now[0] += 1.0
    assert news.changed()
    news.close()


def test_news_come_once_and_what_changed_at_the_start_is_not_missed() -> None:
    now = [10.0]
    speaks_at_a_line = "import sys\nfor line in sys.stdin: print(line, flush=True)"
    command = (sys.executable, "-c", speaks_at_a_line)
    news = PulseNews(command, clock=lambda: now[0], stdin=subprocess.PIPE)
    assert news.changed()
    assert not news.changed()
    now[0] += 1.0
    assert news.changed()
    assert not news.changed()
    assert news._process is not None
    assert news._process.stdin is not None
    news._process.stdin.write(b"Event 'remove' on source #3\n")
    deadline = time.monotonic() + 10
    while not news.changed():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    news._process.stdin.close()
    news.close()


def test_without_a_server_portaudio_s_list_is_made_anew_for_every_search() -> None:
    fake = FakePortAudio(device("Desk"))
    one = PortAudioFollower(fake.system, lambda found: found[0])
    assert one.find().name == "Desk"
    fake.after_restart = [device("Speaker", channels=0), device("Headset")]
    place = one.find()
    assert (place.name, place.device) == ("Headset", 1)
    assert one.check(place) is None
    one.close()


def test_microphones_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phi_desk.media.microphone.ask_pactl", lambda *words: None)
    fake = FakePortAudio(device("Desk"), device("Headset"))
    assert open_microphone(None, fake.system).name == "Desk"
    assert open_microphone("head", fake.system).name == "Headset"
    with pytest.raises(DeviceError, match="No microphone"):
        open_microphone(None, FakePortAudio(device("Speaker", channels=0)).system)


def test_what_is_needed_to_hear_the_computer_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePortAudio(device("Desk"))
    with pytest.raises(DeviceError, match="macOS") as mac:
        open_system_audio(fake.system, "darwin")
    assert "BlackHole" in mac.value.hint
    with pytest.raises(DeviceError, match="Windows") as windows:
        open_system_audio(fake.system, "win32")
    assert "Stereo Mix" in windows.value.hint
    monkeypatch.setattr(system_audio, "pulse_state", lambda: None)
    with pytest.raises(DeviceError, match="PulseAudio or PipeWire"):
        open_system_audio(fake.system, "linux")
    monkeypatch.setattr(system_audio, "pulse_state", lambda: state(MUSIC))
    monkeypatch.setattr(system_audio, "server_device", lambda system: None)
    with pytest.raises(DeviceError) as plugin:
        open_system_audio(fake.system, "linux")
    assert "libasound2-plugins" in plugin.value.hint


def test_windows_with_a_portaudio_that_offers_loopbacks() -> None:
    fake = FakePortAudio(device("Desk"), device("Speakers [Loopback]", channels=2, host=1))
    assert open_system_audio(fake.system, "win32").name == "Speakers [Loopback]"
    assert loopback_device.__doc__


def test_an_output_without_a_monitor() -> None:
    with pytest.raises(DeviceError, match="no sound output"):
        played_source(state(DESK))
