"""Taking a picture: live, frozen, taken again, used; knows no Qt and no driver."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.camera import CameraEvent, Found, Frame, Gone
from phi_desk.media.picture import Picture
from phi_desk.ui.running import Running, WorkRunner

QUIET_S = 2.5  # without a picture for so long a driver hangs: it cannot be asked then

CameraState = Literal["waiting", "live", "frozen"]
Watch = Callable[[str, CancelToken], Iterator[CameraEvent]]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture and the small one that is shown of it, made by the view off its thread."""

    picture: Picture
    shown: object


@dataclass(frozen=True, slots=True)
class FrameWaits:
    """There is a new picture; if there is one already that nobody took, nothing is said."""


class Latest:
    """Holds one picture, the newest: a window that is busy must not pile them up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Seen | None = None

    def put(self, seen: Seen) -> bool:
        """Replace it; whether there was none."""
        with self._lock:
            was_empty, self._seen = self._seen is None, seen
            return was_empty

    def take(self) -> Seen | None:
        """The newest, once."""
        with self._lock:
            seen, self._seen = self._seen, None
            return seen


class CameraView(Protocol):
    """The window, as its presenter sees it."""

    def make_small(self, picture: Picture) -> object:
        """What is shown of a picture; called on the capture's thread."""
        ...

    def show_picture(self, shown: object) -> None:
        """Show it."""
        ...

    def show_state(self, state: CameraState) -> None:
        """What can be done now."""
        ...

    def show_sentence(self, sentence: str, hint: str) -> None:
        """What is the matter; empty for nothing."""
        ...


class CameraPresenter:
    """One camera at a time; `on_picture` hears of the picture that is to be used."""

    def __init__(
        self,
        view: CameraView,
        lane: WorkRunner,
        watch: Watch,
        on_picture: Callable[[Picture], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._view, self._lane, self._watch = view, lane, watch
        self._on_picture = on_picture
        self._clock = clock
        self._latest = Latest()
        self._running: Running | None = None
        self._round = 0
        self._seen: Seen | None = None  # what is on the screen
        self._came = 0.0
        self._name = ""
        self._quiet = False
        self.state: CameraState = "waiting"

    def open(self, source: str) -> None:
        """Begin to look through a camera; the default one where `source` is empty."""
        self.close()
        self._round += 1
        now, latest = self._round, Latest()
        self._latest, self._seen = latest, None
        self._turn("waiting")
        self._view.show_sentence("Looking for the camera…", "")
        self._came = self._clock()

        def work(cancel: CancelToken) -> Iterator[object]:
            for event in self._watch(source, cancel):
                if not isinstance(event, Frame):
                    yield event
                elif latest.put(Seen(event.picture, self._view.make_small(event.picture))):
                    yield FrameWaits()

        def heard(event: object) -> None:
            if now == self._round:
                self._on_event(event)

        def failed(error: PhiDeskError) -> None:
            if now == self._round:
                self._view.show_sentence(error.sentence, error.hint)

        self._running = self._lane.run(work, on_event=heard, on_failed=failed)

    def close(self) -> None:
        """Let go of the camera."""
        self._round += 1
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def shutter(self) -> None:
        """Keep the very picture that is on the screen."""
        if self.state == "live" and self._seen is not None:
            self._turn("frozen")

    def retake(self) -> None:
        """Look through the camera again."""
        if self.state == "frozen":
            self._turn("live")
            self._on_frame()

    def use(self) -> None:
        """Hand over the picture that was kept."""
        if self.state == "frozen" and self._seen is not None:
            self._on_picture(self._seen.picture)

    def tick(self) -> None:
        """Called a few times a second: notices a camera that says nothing at all."""
        silent = self._clock() - self._came > QUIET_S
        if self.state == "live" and silent and not self._quiet:
            self._quiet = True
            self._view.show_sentence(
                f"“{self._name}” gives no pictures at the moment.",
                "Connect it again; it goes on by itself.",
            )

    def _on_event(self, event: object) -> None:
        match event:
            case FrameWaits():
                self._on_frame()
            case Found():
                self._name = event.camera.name
                self._came, self._quiet = self._clock(), False
                self._view.show_sentence("", "")
                if self.state == "waiting":
                    self._turn("live")
            case Gone():
                self._view.show_sentence(event.sentence, event.hint)
                if self.state == "live":
                    self._turn("waiting")

    def _on_frame(self) -> None:
        if self.state == "frozen":  # the newest waits until the person looks again
            return
        seen = self._latest.take()
        if seen is None:
            return
        self._seen, self._came = seen, self._clock()
        if self._quiet:
            self._quiet = False
            self._view.show_sentence("", "")
        self._view.show_picture(seen.shown)

    def _turn(self, state: CameraState) -> None:
        self.state = state
        self._view.show_state(state)
