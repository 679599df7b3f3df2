"""Hot keys of Windows and macOS against their interfaces, and what macOS says of the screen."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.ui.screen import keys_windows
from phi_desk.ui.screen.chords import parse_chord
from phi_desk.ui.screen.keys import Chords, KeyDown, KeyEvent, KeyUp, NotTaken
from phi_desk.ui.screen.keys_macos import (
    DIRECT_OBJECT,
    EXISTS,
    HOT_KEY_ID,
    PRESSED,
    RELEASED,
    SIGNATURE,
    CarbonKeys,
    HotKeyId,
)
from phi_desk.ui.screen.keys_windows import WM_HOTKEY, Message
from phi_desk.ui.screen.permission import need_permission


def chords(**keys: str) -> Chords:
    found = {option: parse_chord(text) for option, text in keys.items()}
    return {option: chord for option, chord in found.items() if chord is not None}


class FakeUser32:
    """Windows' queue of messages and keyboard; `script` is what happens at each wait."""

    def __init__(self, script: list[Callable[[FakeUser32], None]], taken: set[int]) -> None:
        self._script, self._taken = iter(script), taken
        self.registered: dict[int, tuple[int, int]] = {}
        self.queue: list[tuple[int, int]] = []
        self.down: set[int] = set()
        self.waits: list[int] = []
        self.cancel = CancelToken()

    def RegisterHotKey(self, window: Any, number: int, modifiers: int, key: int) -> int:  # noqa: N802
        assert window is None  # for the thread itself, whose queue we read
        if key in self._taken:
            return 0
        self.registered[number] = (modifiers, key)
        return 1

    def UnregisterHotKey(self, window: Any, number: int) -> int:  # noqa: N802
        del window
        del self.registered[number]
        return 1

    def PeekMessageW(  # noqa: N802
        self, message: Any, window: Any, first: int, last: int, remove: int
    ) -> int:
        del window, first, last
        assert remove == 1
        if not self.queue:
            return 0
        target = ctypes.cast(message, ctypes.POINTER(Message)).contents
        target.message, target.wParam = self.queue.pop(0)
        return 1

    def MsgWaitForMultipleObjects(  # noqa: N802
        self, count: int, handles: Any, everything: bool, milliseconds: int, wake: int
    ) -> int:
        del count, handles, everything, wake
        self.waits.append(milliseconds)
        step = next(self._script, None)
        if step is None:
            self.cancel.cancel()
        else:
            step(self)
        return 258

    def GetAsyncKeyState(self, key: int) -> int:  # noqa: N802
        return -32768 if key in self.down else 0


def windows(
    wanted: Chords, *script: Callable[[FakeUser32], None], taken: frozenset[int] = frozenset()
) -> Any:
    system = FakeUser32(list(script), set(taken))
    return system, list(keys_windows.watch(wanted, system.cancel, system))


def press(number: int, key: int) -> Callable[[FakeUser32], None]:
    def happen(system: FakeUser32) -> None:
        system.down.add(key)
        system.queue += [(0x0113, 1), (WM_HOTKEY, number)]

    return happen


def nothing(_system: FakeUser32) -> None:
    """Time passes."""


def let_go(key: int) -> Callable[[FakeUser32], None]:
    return lambda system: system.down.discard(key)


def test_windows_says_press_and_release_once_each() -> None:
    wanted = chords(ask_screen="Ctrl+Alt+Space", live="Meta+Shift+L")
    system, events = windows(
        wanted, nothing, press(1, 0x20), nothing, press(1, 0x20), let_go(0x20), nothing
    )
    assert events == [KeyDown("ask_screen"), KeyUp("ask_screen")]
    assert system.waits[0] > system.waits[2], "a key that is held is looked at more often"
    assert system.registered == {}, "everything is given back"


def test_windows_gets_the_right_keys() -> None:
    seen: list[dict[int, tuple[int, int]]] = []
    windows(
        chords(ask_screen="Ctrl+Alt+Space", live="Meta+Shift+L"),
        lambda system: seen.append(dict(system.registered)),
    )
    assert seen == [{1: (0x4003, 0x20), 2: (0x400C, ord("L"))}]


def test_windows_refuses_keys_of_another_program() -> None:
    wanted = chords(ask_screen="Ctrl+Alt+Space", live="Ctrl+Alt+L")
    system, events = windows(wanted, press(2, ord("L")), let_go(ord("L")), taken=frozenset({0x20}))
    first, *rest = events
    assert isinstance(first, NotTaken)
    assert first.option == "ask_screen"
    assert "Another program" in first.error.sentence
    assert rest == [KeyDown("live"), KeyUp("live")]
    assert system.registered == {}


def test_elsewhere_windows_hot_keys_are_refused_with_a_sentence() -> None:
    if hasattr(ctypes, "WinDLL"):
        pytest.skip("this is Windows")
    with pytest.raises(DeviceError, match="Windows"):
        list(keys_windows.watch(chords(live="F9"), CancelToken()))


class FakeCarbon:
    """The part of Carbon that is called, and a person who presses keys."""

    def __init__(self, taken: set[int], install: int = 0) -> None:
        self._taken, self._install = taken, install
        self.keys: dict[int, tuple[int, int]] = {}
        self._handler: Any = None
        self._event = (0, 0)

    def GetApplicationEventTarget(self) -> int:  # noqa: N802
        return 77

    def InstallEventHandler(  # noqa: N802
        self, target: int, handler: Any, count: int, kinds: Any, data: Any, reference: Any
    ) -> int:
        del data, reference
        assert target == 77
        assert [kinds[n].kind for n in range(count)] == [PRESSED, RELEASED]
        if not self._install:
            self._handler = handler
        return self._install

    def RemoveEventHandler(self, _reference: Any) -> int:  # noqa: N802
        self._handler = None
        return 0

    def RegisterEventHotKey(  # noqa: N802
        self, code: int, modifiers: int, about: HotKeyId, target: int, options: int, reference: Any
    ) -> int:
        assert (target, options, about.signature) == (77, 0, SIGNATURE)
        if code in self._taken:
            return EXISTS
        self.keys[about.number] = (code, modifiers)
        slot = ctypes.cast(reference, ctypes.POINTER(ctypes.c_void_p)).contents
        slot.value = about.number
        return 0

    def UnregisterEventHotKey(self, reference: ctypes.c_void_p) -> int:  # noqa: N802
        assert reference.value is not None
        del self.keys[reference.value]
        return 0

    def GetEventParameter(  # noqa: N802
        self, event: Any, name: int, kind: int, _a: Any, size: int, _b: Any, found: Any
    ) -> int:
        del event
        assert (name, kind, size) == (DIRECT_OBJECT, HOT_KEY_ID, ctypes.sizeof(HotKeyId))
        target = ctypes.cast(found, ctypes.POINTER(HotKeyId)).contents
        target.signature, target.number = SIGNATURE, self._event[0]
        return 0

    def GetEventKind(self, _event: Any) -> int:  # noqa: N802
        return self._event[1]

    def happens(self, number: int, kind: int) -> None:
        self._event = (number, kind)
        assert self._handler(None, None, None) == 0

    @property
    def listening(self) -> bool:
        return self._handler is not None


@pytest.fixture
def heard() -> list[KeyEvent]:
    return []


def test_carbon_says_press_and_release(heard: list[KeyEvent]) -> None:
    carbon = FakeCarbon(taken=set())
    keys = CarbonKeys(carbon)
    failures: list[PhiDeskError] = []
    wanted = chords(ask_screen="Ctrl+Alt+Space", live="Meta+Shift+L")
    keys.start(wanted, heard.append, failures.append)
    # Qt's Ctrl is the command key, its Meta the control key.
    assert carbon.keys == {1: (0x31, 0x0900), 2: (0x25, 0x1200)}
    carbon.happens(1, PRESSED)
    carbon.happens(1, RELEASED)
    carbon.happens(9, PRESSED)  # of nobody
    assert heard == [KeyDown("ask_screen"), KeyUp("ask_screen")]
    keys.start(chords(live="Ctrl+F5"), heard.append, failures.append)
    assert carbon.keys == {1: (0x60, 0x0100)}
    keys.close()
    assert carbon.keys == {}
    assert not carbon.listening
    assert failures == []


def test_carbon_tells_which_keys_are_taken_or_missing(heard: list[KeyEvent]) -> None:
    keys = CarbonKeys(FakeCarbon(taken={0x31}))
    wanted = chords(ask_screen="Ctrl+Alt+Space", live="Ctrl+Ins")
    keys.start(wanted, heard.append, lambda error: pytest.fail(str(error)))
    assert [type(event) for event in heard] == [NotTaken, NotTaken]
    keys.close()


def test_a_carbon_that_refuses_everything_is_reported(heard: list[KeyEvent]) -> None:
    failures: list[PhiDeskError] = []
    keys = CarbonKeys(FakeCarbon(taken=set(), install=-50))
    keys.start(chords(live="F9"), heard.append, failures.append)
    assert len(failures) == 1
    keys.close()


class Graphics:
    def __init__(self, allowed: bool, after_asking: bool) -> None:
        self._allowed, self._after = allowed, after_asking
        self.asked = 0

    def CGPreflightScreenCaptureAccess(self) -> bool:  # noqa: N802
        return self._allowed

    def CGRequestScreenCaptureAccess(self) -> bool:  # noqa: N802
        self.asked += 1
        return self._after


def test_macos_is_asked_for_the_screen_only_when_it_must_be() -> None:
    allowed = Graphics(allowed=True, after_asking=False)
    need_permission(allowed)
    assert allowed.asked == 0
    need_permission(Graphics(allowed=False, after_asking=True))
    refused = Graphics(allowed=False, after_asking=False)
    with pytest.raises(DeviceError, match="macOS") as caught:
        need_permission(refused)
    assert "Screen Recording" in caught.value.hint
    assert refused.asked == 1
