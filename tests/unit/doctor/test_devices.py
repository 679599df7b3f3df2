"""Microphones, cameras and screens of machines that are not this one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera, linux_cameras, mac_cameras
from phi_desk.media.devices.microphones import Microphone, microphones
from phi_desk.media.devices.screens import SCREENSHOT, ScreenCapture, screen_capture
from phi_desk.services.doctor import hardware

WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}


class PortAudioFake:
    """PortAudio with the devices it is given."""

    PortAudioError: type[Exception] = RuntimeError

    def __init__(self, devices: Sequence[Mapping[str, Any]], default: int = -1) -> None:
        self._devices = devices
        self.default = SimpleNamespace(device=(default, -1))

    def query_devices(self) -> Sequence[Mapping[str, Any]]:
        """The devices it was given."""
        return self._devices

    def query_hostapis(self) -> Sequence[Mapping[str, Any]]:
        """One host."""
        return [{"name": "ALSA"}]


class RefusingPortAudio(PortAudioFake):
    """PortAudio whose sound system refuses."""

    def query_devices(self) -> Sequence[Mapping[str, Any]]:
        """Refuse."""
        raise self.PortAudioError("Error opening device [PaErrorCode -9996]")


def device(name: str, inputs: int) -> dict[str, Any]:
    """A device as PortAudio describes it."""
    return {
        "name": name,
        "hostapi": 0,
        "max_input_channels": inputs,
        "default_samplerate": 48_000.0,
    }


def test_only_inputs_are_listed_and_the_default_comes_first() -> None:
    devices = [device("speaker", 0), device("webcam", 1), device("headset", 2)]
    found = microphones(PortAudioFake(devices, default=2))
    assert [(one.name, one.index, one.default) for one in found] == [
        ("headset", 2, True),
        ("webcam", 1, False),
    ]
    assert (found[0].host, found[0].rate, found[0].channels) == ("ALSA", 48_000, 2)


def test_a_sound_system_that_refuses_is_a_sentence() -> None:
    with pytest.raises(DeviceError) as failure:
        microphones(RefusingPortAudio([]))
    assert "9996" not in failure.value.sentence  # for the log, not for the person
    assert "9996" in failure.value.details[0]


def test_linux_cameras_are_read_without_their_metadata_nodes(tmp_path: Path) -> None:
    nodes = (("video0", "0", "Webcam"), ("video1", "1", "Webcam"), ("video10", "0", "Scanner"))
    for node, index, name in nodes:
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(f"{index}\n")
        (tmp_path / node / "name").write_text(f"{name}\n")
    found = linux_cameras(tmp_path, may_read=lambda device: device == "/dev/video0")
    assert found == (
        Camera(name="Webcam", source="/dev/video0", usable=True),
        Camera(name="Scanner", source="/dev/video10", usable=False),
    )


def test_a_linux_without_cameras_has_none(tmp_path: Path) -> None:
    assert linux_cameras(tmp_path / "absent") == ()


def test_mac_cameras_are_read_from_the_system_information() -> None:
    answer = json.dumps({"SPCameraDataType": [{"_name": "FaceTime HD Camera"}]})
    assert mac_cameras(lambda *_: answer) == (Camera(name="FaceTime HD Camera", source="0"),)


@pytest.mark.parametrize("answer", [None, "", "[]", "{}", '{"SPCameraDataType": [{}]}'])
def test_a_mac_that_answers_nonsense_is_a_sentence(answer: str | None) -> None:
    with pytest.raises(DeviceError):
        mac_cameras(lambda *_: answer)


def test_x11_needs_a_server_behind_the_display(tmp_path: Path) -> None:
    (tmp_path / "X0").touch()
    there = screen_capture("linux", {"DISPLAY": ":0.0"}, x_sockets=tmp_path)
    gone = screen_capture("linux", {"DISPLAY": ":7"}, x_sockets=tmp_path)
    far = screen_capture("linux", {"DISPLAY": "desk:7"}, x_sockets=tmp_path)
    assert (there.method, gone.method, far.method) == ("x11", "none", "x11")
    assert gone.hint


@pytest.mark.parametrize(
    ("answer", "method", "word"),
    [
        (f"interface {SCREENSHOT} {{", "portal", "portal"),
        ("interface org.freedesktop.portal.FileChooser {", "none", "no screenshots"),
        (None, "none", "no portal"),
    ],
)
def test_wayland_asks_the_portal_even_beside_an_x_display(
    answer: str | None, method: str, word: str
) -> None:
    found = screen_capture("linux", WAYLAND, ask=lambda *_: answer)
    assert found.method == method
    assert word in found.sentence
    assert (found.method == "portal") != bool(found.hint)


def test_a_session_without_a_screen_says_so() -> None:
    assert screen_capture("linux", {}).method == "none"


def test_macos_says_where_the_permission_is_given() -> None:
    assert "Screen Recording" in screen_capture("darwin", {}).hint


def microphone(name: str, *, default: bool = False) -> Microphone:
    """A microphone of that name."""
    return Microphone(name=name, index=0, host="ALSA", channels=1, rate=44_100, default=default)


def test_findings_of_microphones() -> None:
    assert hardware.microphone([]).state == "missing"
    assert hardware.microphone([microphone("webcam")]).state == "warning"
    many = [microphone("headset", default=True), *(microphone(f"m{n}") for n in range(4))]
    found = hardware.microphone(many)
    assert found.value == "headset, m0, m1 and 2 more (ALSA, 44100 Hz)"
    assert found.state == "ok"


def test_findings_of_cameras() -> None:
    locked = Camera(name="Webcam", source="/dev/video0", usable=False)
    assert hardware.camera([]).state == "missing"
    assert hardware.camera([locked]).state == "warning"
    assert "group" in hardware.camera([locked]).hint
    assert hardware.camera([locked, Camera(name="Scanner", source="1")]).value == "Scanner"


def test_findings_of_the_screen() -> None:
    none = ScreenCapture(method="none", sentence="no screen", hint="start one")
    assert hardware.screen(none).state == "missing"
    assert hardware.screen(ScreenCapture(method="x11", sentence="X11")).state == "ok"
