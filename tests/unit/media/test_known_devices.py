"""Which devices there are, what is said when one comes or goes, and when it is looked at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from data_makers.fake_port_audio import FakePortAudio, device

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera
from phi_desk.media.devices.known import (
    Devices,
    Known,
    SoundDevice,
    from_port_audio,
    from_server,
    news,
    sound_devices,
)
from phi_desk.media.devices.looking import Looker
from phi_desk.media.pulse import PulseSource, PulseState

DESK = PulseSource(index=1, name="alsa.desk", description="Desk microphone")
HEADSET = PulseSource(index=2, name="usb.headset", description="Headset")
PLAYED = PulseSource(index=3, name="out.monitor", description="Monitor of Out", monitor_of="out")
SINKS = json.dumps([{"name": "out", "description": "Loudspeakers"}])
CAMERA = Camera(name="Webcam", source="/dev/video0")


def state(*sources: PulseSource, default: str = "alsa.desk") -> PulseState:
    return PulseState(sources=(*sources, PLAYED), default_source=default, default_sink="out")


def test_a_server_tells_microphones_outputs_and_defaults() -> None:
    found = from_server(state(DESK, HEADSET), SINKS, (CAMERA,))
    assert [one.words for one in found.microphones] == ["Desk microphone", "Headset"]
    assert found.microphones[0].value == "alsa.desk"
    assert found.speakers == (Known(value="out", words="Loudspeakers"),)
    assert found.cameras == (Known(value="/dev/video0", words="Webcam"),)
    assert (found.microphone, found.speaker) == ("Desk microphone", "Loudspeakers")


@pytest.mark.parametrize("sinks", [None, "", "nonsense", "{}", "[{}]"])
def test_what_a_server_says_wrong_does_no_harm(sinks: str | None) -> None:
    found = from_server(state(DESK), sinks, ())
    assert found.speaker == ""


def test_what_the_loudspeakers_play_is_no_default_microphone() -> None:
    assert from_server(state(default="out.monitor"), SINKS, ()).microphone == ""


def test_two_cameras_of_one_make_are_told_apart() -> None:
    other = Camera(name="Webcam", source="/dev/video2")
    found = from_port_audio((), (CAMERA, other))
    assert [one.words for one in found.cameras] == ["Webcam (/dev/video0)", "Webcam (/dev/video2)"]


def test_port_audio_tells_what_records_and_what_plays() -> None:
    speaker = {**device("Speaker", channels=0), "max_output_channels": 2}
    library = FakePortAudio(device("Desk "), speaker)
    library.default.device = [0, 1]
    listed = sound_devices(library)
    found = from_port_audio(listed, ())
    assert [one.value for one in found.microphones] == ["Desk"]
    assert [one.value for one in found.speakers] == ["Speaker"]
    assert (found.microphone, found.speaker) == ("Desk", "Speaker")


def test_what_changed_is_said_in_sentences() -> None:
    before = from_server(state(DESK), SINKS, ())
    after = from_server(state(DESK, HEADSET, default="usb.headset"), SINKS, (CAMERA,))
    assert news(before, after) == (
        "New microphone: “Headset”.",
        "New camera: “Webcam”.",
        "The default microphone is “Headset” now.",
    )
    assert news(after, before)[0] == "The microphone “Headset” is gone."
    assert news(after, after) == ()


class News:
    """A server that tells; `rang` says whether something changed since the last question."""

    def __init__(self) -> None:
        self.rang = True
        self.closed = False

    def changed(self) -> bool:
        rang, self.rang = self.rang, False
        return rang

    def close(self) -> None:
        self.closed = True


@dataclass
class Machine:
    """Whatever a looker asks, and how often."""

    server: PulseState | None = None
    listed: tuple[SoundDevice, ...] = ()
    cameras: tuple[Camera, ...] = ()
    cards: str = "card 0"
    now: float = 0.0
    asked_server: int = 0
    asked_library: int = 0
    broken: bool = False
    news: News = field(default_factory=News)

    def looker(self, system: str) -> Looker:
        return Looker(
            self.list_sound,
            system=system,
            news=self.news,  # type: ignore[arg-type]
            state=self.state,
            sinks=lambda: SINKS,
            cards=lambda: self.cards,
            list_cameras=lambda: self.cameras,
            clock=lambda: self.now,
        )

    def state(self) -> PulseState | None:
        self.asked_server += 1
        return self.server

    def list_sound(self) -> tuple[SoundDevice, ...]:
        self.asked_library += 1
        if self.broken:
            raise DeviceError("No answer.")
        return self.listed


def sound(name: str) -> SoundDevice:
    return SoundDevice(
        name=name, records=True, plays=False, default_microphone=False, default_speaker=False
    )


def look(looker: Looker) -> Devices:
    found = looker.look()
    assert found is not None
    return found


def test_a_server_is_asked_only_when_it_has_news() -> None:
    machine = Machine(server=state(DESK))
    looker = machine.looker("linux")
    assert [one.words for one in look(looker).microphones] == ["Desk microphone"]
    for _ in range(50):
        machine.now += 1
        assert looker.look() is None
    assert machine.asked_server == 1
    machine.server, machine.news.rang = state(DESK, HEADSET), True
    assert len(look(looker).microphones) == 2
    assert machine.asked_library == 0
    looker.close()
    assert machine.news.closed


def test_a_camera_that_comes_is_seen_without_any_news_of_sound() -> None:
    machine = Machine(server=state(DESK))
    looker = machine.looker("linux")
    look(looker)
    machine.cameras = (CAMERA,)
    assert [one.words for one in look(looker).cameras] == ["Webcam"]


def test_without_a_server_cards_are_watched_and_the_library_is_asked_rarely() -> None:
    machine = Machine(listed=(sound("Built-in"),))
    looker = machine.looker("linux")
    assert [one.words for one in look(looker).microphones] == ["Built-in"]
    for _ in range(50):
        machine.now += 1
        machine.news.rang = True  # starting to listen fails, and is tried again
        assert looker.look() is None
    assert machine.asked_library == 1
    assert machine.asked_server <= 26
    machine.cards, machine.listed = "card 0, card 1", (sound("Built-in"), sound("USB"))
    assert len(look(looker).microphones) == 2


def test_a_server_that_ends_hands_over_to_the_library() -> None:
    machine = Machine(server=state(DESK), listed=(sound("Built-in"),))
    looker = machine.looker("linux")
    look(looker)
    machine.server, machine.news.rang = None, True
    assert looker.look() is None
    assert [one.words for one in look(looker).microphones] == ["Built-in"]


def test_a_server_that_starts_later_is_noticed() -> None:
    machine = Machine(listed=(sound("Built-in"),))
    looker = machine.looker("linux")
    look(looker)
    machine.server = state(DESK)
    for _ in range(3):
        machine.now += 1
        machine.news.rang = True
        if (found := looker.look()) is not None:
            break
    assert found is not None
    assert [one.words for one in found.microphones] == ["Desk microphone"]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_it_is_looked_when_the_system_rings(system: str) -> None:
    machine = Machine(listed=(sound("Built-in"),))
    looker = machine.looker(system)
    assert look(looker).microphones
    assert looker.look() is None
    looker.ring()
    machine.listed = ()
    assert look(looker).microphones == ()
    assert machine.asked_library == 2
    assert machine.asked_server == 0


def test_a_library_that_does_not_answer_means_no_devices() -> None:
    machine = Machine(broken=True)
    assert look(machine.looker("linux")) == Devices()
