"""Keys of every window on macOS, by Carbon's RegisterEventHotKey; knows no Qt.

Carbon's hot keys need no permission of the person, unlike listening to all keys. Carbon calls back
on the main thread, from the loop that Qt runs there.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.ui.screen.chords import Chord
from phi_desk.ui.screen.keys import Chords, KeyDown, KeyEvent, KeyUp, NotTaken, taken_error


def _four(letters: str) -> int:
    return int.from_bytes(letters.encode("ascii"), "big")


KEYBOARD = _four("keyb")
PRESSED, RELEASED = 5, 6  # kEventHotKeyPressed, kEventHotKeyReleased
DIRECT_OBJECT = _four("----")
HOT_KEY_ID = _four("hkid")
SIGNATURE = _four("PhiD")
EXISTS = -9878  # eventHotKeyExistsErr
# Qt calls the command key Ctrl and the control key Meta.
MODIFIERS = {"ctrl": 0x0100, "shift": 0x0200, "alt": 0x0800, "meta": 0x1000}


class EventType(ctypes.Structure):
    """Carbon's EventTypeSpec."""

    _fields_ = (("kind_of_class", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class HotKeyId(ctypes.Structure):
    """Carbon's EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("number", ctypes.c_uint32))


HANDLER = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class CarbonKeys:
    """A `KeySource`; `carbon` takes the place of the system's library in tests."""

    name = "Carbon"
    everywhere = True

    def __init__(self, carbon: Any = None) -> None:
        self._carbon = carbon
        self._handler: Any = None  # kept: Carbon calls it as long as it is installed
        self._installed = ctypes.c_void_p()
        self._references: list[ctypes.c_void_p] = []
        self._options: dict[int, str] = {}
        self._say: Callable[[KeyEvent], None] = lambda _event: None

    def start(
        self,
        chords: Chords,
        say: Callable[[KeyEvent], None],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        """See `KeySource`."""
        self.stop()
        self._say = say
        try:
            self._install()
        except DeviceError as error:
            on_failed(error)
            return
        for number, (option, chord) in enumerate(chords.items(), start=1):
            error_of = self._register(number, chord)
            if error_of is None:
                self._options[number] = option
            else:
                say(NotTaken(option, error_of))

    def stop(self) -> None:
        """See `KeySource`."""
        for reference in self._references:
            self._carbon.UnregisterEventHotKey(reference)
        self._references, self._options = [], {}

    def close(self) -> None:
        """See `KeySource`."""
        self.stop()
        if self._handler is not None:
            self._carbon.RemoveEventHandler(self._installed)
            self._handler = None

    def _install(self) -> None:
        if self._handler is not None:
            return
        if self._carbon is None:
            self._carbon = _carbon()
        self._handler = HANDLER(self._on_event)
        kinds = (EventType * 2)(EventType(KEYBOARD, PRESSED), EventType(KEYBOARD, RELEASED))
        status = self._carbon.InstallEventHandler(
            self._carbon.GetApplicationEventTarget(),
            self._handler,
            2,
            kinds,
            None,
            ctypes.byref(self._installed),
        )
        if status:
            self._handler = None
            raise DeviceError("macOS gives no hot keys.", "", (f"InstallEventHandler: {status}",))

    def _register(self, number: int, chord: Chord) -> DeviceError | None:
        code = chord.system.mac
        if code is None:
            return DeviceError(
                f"Keyboards of a Mac have no key “{chord.key}”.", "Choose others in Settings."
            )
        bits = 0
        for name in chord.modifiers:
            bits |= MODIFIERS[name]
        reference = ctypes.c_void_p()
        status = self._carbon.RegisterEventHotKey(
            code,
            bits,
            HotKeyId(SIGNATURE, number),
            self._carbon.GetApplicationEventTarget(),
            0,
            ctypes.byref(reference),
        )
        if status == EXISTS:
            return taken_error()
        if status:
            return DeviceError("macOS refuses these keys.", "Choose others in Settings.")
        self._references.append(reference)
        return None

    def _on_event(self, _next: object, event: object, _data: object) -> int:
        found = HotKeyId()
        self._carbon.GetEventParameter(
            event, DIRECT_OBJECT, HOT_KEY_ID, None, ctypes.sizeof(found), None, ctypes.byref(found)
        )
        option = self._options.get(found.number)
        if option is not None and found.signature == SIGNATURE:
            pressed = self._carbon.GetEventKind(event) == PRESSED
            self._say(KeyDown(option) if pressed else KeyUp(option))
        return 0


def _carbon() -> Any:
    """The system's library with the types of what is called."""
    path = ctypes.util.find_library("Carbon")
    if path is None:
        raise DeviceError("These hot keys exist on macOS only.")
    carbon = ctypes.CDLL(path)
    pointer, word = ctypes.c_void_p, ctypes.c_uint32
    carbon.GetApplicationEventTarget.restype = pointer
    carbon.GetApplicationEventTarget.argtypes = []
    carbon.InstallEventHandler.argtypes = [
        pointer, HANDLER, ctypes.c_ulong, pointer, pointer, pointer,
    ]  # fmt: skip
    carbon.RemoveEventHandler.argtypes = [pointer]
    carbon.RegisterEventHotKey.argtypes = [word, word, HotKeyId, pointer, word, pointer]
    carbon.UnregisterEventHotKey.argtypes = [pointer]
    carbon.GetEventKind.argtypes = [pointer]
    carbon.GetEventKind.restype = word
    carbon.GetEventParameter.argtypes = [
        pointer, word, word, pointer, ctypes.c_ulong, pointer, pointer,
    ]  # fmt: skip
    return carbon
