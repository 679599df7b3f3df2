"""Pictures and hot keys from a desktop's portal, over a real bus."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers.private_bus import portal, session_bus

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, DeviceError, PhiDeskError
from phi_desk.ui.screen import keys_portal, portal_shot
from phi_desk.ui.screen import portal as portal_module
from phi_desk.ui.screen.chords import parse_chord
from phi_desk.ui.screen.keys import Chords, KeyDown, KeyEvent, KeyUp, NotTaken
from phi_desk.ui.screen.portal_shot import Taken, Told

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="needs dbus-daemon")
FILE = Path("/pictures/a picture.png")
URI = "file:///pictures/a%20picture.png"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


def take() -> list[Told | Taken]:
    return list(portal_shot.take(CancelToken()))


def chords(**keys: str) -> Chords:
    found = {option: parse_chord(text) for option, text in keys.items()}
    return {option: chord for option, chord in found.items() if chord is not None}


def test_a_picture_comes_without_any_dialog(bus: str) -> None:
    with portal(bus, screenshots=["grant"], uri=URI) as desktop:
        assert take() == [Taken(FILE, chosen=False)]
        calls = [one for one in desktop.asked() if one["call"] == "Screenshot"]
    assert [call["body"][1]["interactive"] for call in calls] == [["b", False]]


@pytest.mark.parametrize("first", ["refuse", "cancel", "forbid"])
def test_a_refusal_leads_to_the_desktops_own_dialog(bus: str, first: str) -> None:
    with portal(bus, screenshots=[first, "chosen"], uri=URI) as desktop:
        told, taken = take()
        calls = [one for one in desktop.asked() if one["call"] == "Screenshot"]
    assert isinstance(told, Told)
    assert taken == Taken(FILE, chosen=True)
    assert [call["body"][1]["interactive"] for call in calls] == [["b", False], ["b", True]]


def test_who_cancels_the_dialog_is_not_told_about_it(bus: str) -> None:
    with portal(bus, screenshots=["refuse", "cancel"]), pytest.raises(Cancelled):
        take()


def test_a_desktop_that_refuses_twice_is_reported(bus: str) -> None:
    with portal(bus, screenshots=["refuse", "refuse"]), pytest.raises(DeviceError, match="refused"):
        take()


def test_a_portal_of_before_0_9_names_the_request_itself(bus: str) -> None:
    with portal(bus, screenshots=["old"], uri=URI):
        assert take() == [Taken(FILE, chosen=False)]


def test_a_portal_without_screenshots_is_reported(bus: str) -> None:
    with (
        portal(bus, without=["Screenshot"]),
        pytest.raises(DeviceError, match="takes no screenshots") as caught,
    ):
        take()
    assert "xdg-desktop-portal" in caught.value.hint


def test_a_bus_without_a_portal_is_reported(bus: str) -> None:
    assert bus
    with pytest.raises(DeviceError, match="no portal answers"):
        take()


def test_a_session_without_a_bus_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(DeviceError, match="message bus"):
        take()


def test_a_picture_that_is_no_file_is_reported(bus: str) -> None:
    with (
        portal(bus, screenshots=["grant"], uri="https://example.org/x.png"),
        pytest.raises(DeviceError, match="no file"),
    ):
        take()


def test_a_person_who_waits_in_vain_can_stop_and_the_request_is_taken_back(bus: str) -> None:
    cancel = CancelToken()
    with portal(bus, screenshots=["silent"]) as desktop:
        failures: list[PhiDeskError] = []

        def work() -> None:
            try:
                list(portal_shot.take(cancel))
            except PhiDeskError as error:
                failures.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        while desktop.next()["call"] != "Screenshot":
            pass
        cancel.cancel()
        assert desktop.next()["call"] == "Close"
        thread.join()
    assert [type(one) for one in failures] == [Cancelled]


def test_a_desktop_that_never_decides_is_reported(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal_shot, "QUIET_S", 0.5)
    with portal(bus, screenshots=["silent"]), pytest.raises(DeviceError, match="did not decide"):
        take()


class Listening:
    """Keys of the portal, heard on a thread."""

    def __init__(self, wanted: Chords) -> None:
        self.cancel = CancelToken()
        self.events: list[KeyEvent] = []
        self.error: PhiDeskError | None = None
        self._thread = threading.Thread(target=self._listen, args=(wanted,))
        self._news = threading.Condition()
        self._thread.start()

    def waits_for(self, number: int) -> list[KeyEvent]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.events) >= number, 60)
        return self.events

    def ends(self) -> None:
        self.cancel.cancel()
        self._thread.join()

    def _listen(self, wanted: Chords) -> None:
        try:
            for event in keys_portal.watch(wanted, self.cancel):
                with self._news:
                    self.events.append(event)
                    self._news.notify()
        except PhiDeskError as error:
            self.error = error


def test_keys_of_the_portal_are_heard_when_pressed_and_let_go(bus: str) -> None:
    with portal(bus) as desktop:
        listening = Listening(chords(ask_screen="Ctrl+Alt+Space", live="Meta+Shift+PgDown"))
        while (call := desktop.next())["call"] != "BindShortcuts":
            pass
        wishes = {name: about["preferred_trigger"][1] for name, about in call["body"][1]}
        assert wishes == {"ask_screen": "CTRL+ALT+space", "live": "SHIFT+LOGO+Next"}
        desktop.does("Activated ask_screen")
        desktop.does("Deactivated ask_screen")
        desktop.does("Activated live")
        heard = listening.waits_for(3)
        assert heard == [KeyDown("ask_screen"), KeyUp("ask_screen"), KeyDown("live")]
        listening.ends()
        assert desktop.next()["call"] == "Close"  # the session is given back
    assert listening.error is None


def test_keys_that_the_desktop_does_not_give_are_reported(bus: str) -> None:
    with portal(bus, refused=["live"]):
        listening = Listening(chords(ask_screen="Ctrl+Alt+Space", live="Ctrl+Alt+L"))
        (event,) = listening.waits_for(1)
        listening.ends()
    assert isinstance(event, NotTaken)
    assert event.option == "live"


def test_a_desktop_without_global_keys_is_reported(bus: str) -> None:
    with (
        portal(bus, without=["GlobalShortcuts"]),
        pytest.raises(portal_module.MissingInterfaceError, match="GlobalShortcuts"),
    ):
        list(keys_portal.watch(chords(live="Ctrl+Alt+L"), CancelToken()))
