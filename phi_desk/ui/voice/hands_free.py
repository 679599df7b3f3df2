"""Listens without a key: the microphone's lane, and the turns that are told to the window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing

from PySide6.QtCore import QObject, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.media.capture import Lost
from phi_desk.services.voice.events import Heard, Said, State, Told, Turned
from phi_desk.services.voice.hands_free import HandsFree
from phi_desk.ui.running import Running
from phi_desk.ui.voice.capture import Capture

POLL_S = 0.05
GONE_S = 3.0  # a microphone that was lost and is not back by then ends it


class HandsFreeListener(QObject):
    """On until it is switched off, or until the microphone is gone for good.

    Attributes:
        on: as the person wants it.
        state: "" while it is off; "opening", "paused", or one of `services.voice.events.State`.
    """

    state_changed = Signal(str)
    level_changed = Signal(float)
    heard = Signal(object)  # Said
    told = Signal(str)
    failed = Signal(object)  # PhiDeskError: it is off now

    def __init__(self, capture: Capture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = capture
        self._orders: deque[State] = deque()
        self._running: Running | None = None
        self._turn: State = "listening"  # whose turn it is, as the window sees it
        self.on = False
        self.state = ""
        capture.wanted.connect(self._on_wanted)
        capture.freed.connect(self._on_freed)

    def switch(self, on: bool) -> None:
        """Begin or end."""
        if on == self.on:
            return
        self.on = on
        if on and self._capture.taken:
            self._show("paused")
        elif on:
            self._start()
        else:
            self._stop()
            self._show("")

    def turn(self, state: State) -> None:
        """Whose turn it is: "thinking" and "speaking" make it deaf, "listening" hears again."""
        self._turn = state
        if self._running is not None:
            self._orders.append(state)

    def begin_again(self) -> None:
        """The person chose another microphone or another pause."""
        self._stop()  # it starts anew when it has ended

    def _start(self) -> None:
        if self._running is not None:
            return  # it begins again when that has ended
        self._orders.clear()
        self._orders.append(self._turn)
        self._show("opening")
        self._running = self._capture.lane.run(
            self._work(self._orders),
            on_event=self._on_event,
            on_failed=self._on_failed,
            on_finished=self._on_finished,
        )

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _work(self, orders: deque[State]) -> Callable[[CancelToken], Iterator[object]]:
        open_source, options = self._capture.source(), self._capture.options

        def work(cancel: CancelToken) -> Iterator[object]:
            detector = self._capture.detector()
            turns = HandsFree(
                detector, pause_s=options.hands_free_pause_s, longest_s=options.longest_s
            )
            gone_since, why = 0.0, ""
            with closing(open_source()) as source:
                while not cancel.cancelled:
                    while orders:
                        yield from turns.turn(orders.popleft())
                    for one in source.read(POLL_S):
                        if isinstance(one, Lost):
                            gone_since, why = time.monotonic(), one.why
                        else:
                            why = ""
                        yield from turns.add(one)
                    if why and time.monotonic() - gone_since > GONE_S:
                        yield from turns.end()
                        raise DeviceError(f"Hands-free has ended. {why}", "Switch it on again.")

        return work

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if not self.on:
            return
        match event:
            case Heard(level):
                self.level_changed.emit(level)
            case Told(sentence):
                self.told.emit(sentence)
            case Turned(state):
                self._show(state)
            case Said():
                self._turn = "thinking"
                self.heard.emit(event)

    @Slot(object)
    def _on_failed(self, error: PhiDeskError) -> None:
        if self.on:
            self.on = False
            self._show("")
            self.failed.emit(error)

    @Slot()
    def _on_finished(self) -> None:
        self._running = None
        if self.on and not self._capture.taken:
            self._start()

    @Slot()
    def _on_wanted(self) -> None:
        if self.on:
            self._stop()
            self._show("paused")

    @Slot()
    def _on_freed(self) -> None:
        if self.on and self._running is None:
            self._start()

    def _show(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
