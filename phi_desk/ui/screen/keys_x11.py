"""Keys of every window on X11, by grabbing them on a connection of our own; knows no Qt.

Holding a key repeats it: the server then sends a release and a press again and again. Whether a
release is real is read from the keyboard's state, which says "down" while a key only repeats.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError
from phi_desk.ui.screen.chords import Chord
from phi_desk.ui.screen.keys import LOOK_S, Chords, KeyDown, KeyEvent, KeyUp, NotTaken, taken_error

LOST = DeviceError("The connection to the screen was lost.", "Start Phi Desk again.")


def watch(chords: Chords, cancel: CancelToken, display: str | None = None) -> Iterator[KeyEvent]:
    """Grab the keys and tell of them until `cancel` is set.

    Raises:
        DeviceError: there is no X server, or it went away.
    """
    from Xlib.display import Display
    from Xlib.error import ConnectionClosedError, DisplayError, XError

    try:
        server = Display(display)
    except (DisplayError, XError, OSError) as error:
        raise DeviceError(
            "The screen's server does not answer.",
            "Hot keys work only inside Phi Desk until it is started again.",
            (str(error),),
        ) from error
    try:
        yield from _Grabs(server).hear(chords, cancel)
    except (ConnectionClosedError, OSError) as error:
        raise LOST from error
    finally:
        with suppress(ConnectionClosedError, OSError):
            server.close()  # and the server lets go of what was grabbed


class _Grabs:
    """The keys that one connection has grabbed."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._root = server.screen().root
        self._wanted: dict[str, tuple[int, int]] = {}  # option: key code and modifiers
        self._grabbed: dict[tuple[int, int], str] = {}  # the same the other way round
        self._held: dict[int, str] = {}

    def hear(self, chords: Chords, cancel: CancelToken) -> Iterator[KeyEvent]:
        from Xlib import X

        yield from self._grab(chords)
        while not cancel.cancelled:
            if not self._server.pending_events():
                select.select([self._server.fileno()], [], [], LOOK_S)
                continue
            event = self._server.next_event()
            if event.type == X.KeyPress:
                yield from self._press(event)
            elif event.type == X.KeyRelease:
                yield from self._release(event)
            elif event.type == X.MappingNotify and event.request != X.MappingPointer:
                self._server.refresh_keyboard_mapping(event)
                yield from self._follow(chords)

    def _press(self, event: Any) -> Iterator[KeyEvent]:
        option = self._grabbed.get((event.detail, event.state & self._meant))
        if option is not None and event.detail not in self._held:
            self._held[event.detail] = option
            yield KeyDown(option)

    def _release(self, event: Any) -> Iterator[KeyEvent]:
        state = self._server.query_keymap()
        if event.detail in self._held and not state[event.detail // 8] >> event.detail % 8 & 1:
            yield KeyUp(self._held.pop(event.detail))

    def _follow(self, chords: Chords) -> Iterator[KeyEvent]:
        """Another keyboard or layout: the same keys may have other codes and bits."""
        before, locks = self._wanted, self._locks()
        self._read_modifiers()
        if before == self._places(chords) and locks == self._locks():
            return
        for code, modifiers in self._grabbed:
            for lock in locks:
                self._root.ungrab_key(code, modifiers | lock)
        yield from self._grab(chords)

    def _grab(self, chords: Chords) -> Iterator[KeyEvent]:
        self._read_modifiers()
        self._wanted, self._grabbed = self._places(chords), {}
        for option, (code, modifiers) in self._wanted.items():
            if not code:
                yield NotTaken(option, _no_key(chords[option]))
            elif self._take(code, modifiers):
                self._grabbed[code, modifiers] = option
            else:
                yield NotTaken(option, taken_error())

    def _places(self, chords: Chords) -> dict[str, tuple[int, int]]:
        return {option: self._place(chord) for option, chord in chords.items()}

    def _take(self, code: int, modifiers: int) -> bool:
        from Xlib import X
        from Xlib.error import BadAccess, CatchError

        refused = CatchError(BadAccess)
        for locks in self._locks():
            self._root.grab_key(
                code, modifiers | locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
            )
        self._server.sync()
        if refused.get_error() is None:
            return True
        for locks in self._locks():  # it may have been refused with one of the locks only
            self._root.ungrab_key(code, modifiers | locks)
        self._server.sync()
        return False

    def _place(self, chord: Chord) -> tuple[int, int]:
        """Key code and modifiers; code 0 where this keyboard has no such key."""
        from Xlib import XK

        code = self._server.keysym_to_keycode(XK.string_to_keysym(chord.system.keysym))
        modifiers = 0
        for name in chord.modifiers:
            modifiers |= self._bits[name]
        return int(code), modifiers

    def _read_modifiers(self) -> None:
        """Which bits Alt, the system's key and the locks have here: it differs by keyboard."""
        from Xlib import X

        alt = self._bit_of("Alt_L", "Alt_R") or X.Mod1Mask
        meta = self._bit_of("Super_L", "Super_R") or X.Mod4Mask
        self._bits = {"ctrl": X.ControlMask, "shift": X.ShiftMask, "alt": alt, "meta": meta}
        self._meant = X.ControlMask | X.ShiftMask | alt | meta
        locks = (X.LockMask, self._bit_of("Num_Lock"), self._bit_of("Scroll_Lock"))
        self._lock_bits = tuple(lock for lock in locks if lock and not lock & self._meant)

    def _locks(self) -> list[int]:
        """Every state of the locks: a grab counts for one of them only."""
        several = [
            group for n in range(len(self._lock_bits) + 1)
            for group in combinations(self._lock_bits, n)
        ]  # fmt: skip
        return sorted({sum(set(group)) for group in several})

    def _bit_of(self, *keysyms: str) -> int:
        from Xlib import XK

        wanted = {self._server.keysym_to_keycode(XK.string_to_keysym(name)) for name in keysyms}
        for index, codes in enumerate(self._server.get_modifier_mapping()):
            if any(code and code in wanted for code in codes):
                return 1 << index
        return 0


def _no_key(chord: Chord) -> DeviceError:
    return DeviceError(f"This keyboard has no key “{chord.key}”.", "Choose other keys in Settings.")
