"""Records one clip while a key or a button is held; one for everybody who needs clips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from PySide6.QtCore import QObject, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError
from phi_desk.media.sound import Sound
from phi_desk.services.voice.clip import Clip
from phi_desk.services.voice.events import Began, Full, Heard, Taken, Told
from phi_desk.ui.running import Running
from phi_desk.ui.voice.capture import Capture

POLL_S = 0.04
TAIL_S = 0.2  # people let go with their last sound, and devices are a little late

OnClip = Callable[[Sound | None, str], None]


class _Order:
    """What the painting thread wants of the lane."""

    def __init__(self) -> None:
        self.stopping = False


class VoiceRecorder(QObject):
    """Starts quickly, says when it really listens, and gives a clip in which somebody speaks.

    Attributes:
        recording: from `start` until the clip was given or thrown away.
    """

    listening_began = Signal()
    level_changed = Signal(float)  # 0..1
    elapsed_changed = Signal(float)  # seconds of sound
    told = Signal(str)
    limit_reached = Signal()  # it recorded all it may; `stop` takes the clip
    failed = Signal(object)  # PhiDeskError
    ended = Signal()  # always last, once for every `start`

    def __init__(self, capture: Capture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = capture
        self._order = _Order()
        self._running: Running | None = None
        self._on_clip: OnClip | None = None
        self._taken: Taken | None = None
        self._problem = ""
        self.recording = False

    def start(self) -> bool:
        """Begin; false where a clip is being recorded already."""
        if self.recording or self._capture.taken:
            self.failed.emit(DeviceError("Something is being recorded already.", "End that first."))
            return False
        self.recording = True
        self._order, self._on_clip, self._taken, self._problem = _Order(), None, None, ""
        self._capture.take()
        self._running = self._capture.lane.run(
            self._work(self._order),
            on_event=self._on_event,
            on_failed=self._on_failed,
            on_finished=self._on_finished,
        )
        return True

    def stop(self, on_clip: OnClip) -> None:
        """End; `on_clip` is called once with the clip, or with None and why there is none."""
        if not self.recording:
            on_clip(None, self._problem)
            return
        self._on_clip = on_clip
        self._order.stopping = True
        if self._running is None:  # it was full, or had failed, before the key was let go
            self._end()

    def cancel(self) -> None:
        """End, and throw away what was recorded."""
        if not self.recording:
            return
        self._on_clip = self._taken = None
        if self._running is not None:
            self._running.cancel()
        else:
            self._end()

    def _work(self, order: _Order) -> Callable[[CancelToken], Iterator[object]]:
        open_source, longest_s = self._capture.source(), self._capture.options.longest_s

        def work(cancel: CancelToken) -> Iterator[object]:
            clip = Clip(longest_s)
            with closing(open_source()) as source:
                while not (order.stopping or clip.full):
                    cancel.raise_if_cancelled()
                    for one in source.read(POLL_S):
                        yield from clip.add(one)
                if not clip.full:
                    cancel.wait(TAIL_S)
                    cancel.raise_if_cancelled()
                    for one in [*source.read(0), *source.finish()]:
                        yield from clip.add(one)
            yield clip.end(self._capture.detector())

        return work

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Began():
                self.listening_began.emit()
            case Heard(level, seconds):
                self.level_changed.emit(level)
                self.elapsed_changed.emit(seconds)
            case Told(sentence):
                self.told.emit(sentence)
            case Full() if not self._order.stopping:
                self.limit_reached.emit()
            case Taken():
                self._taken = event

    @Slot(object)
    def _on_failed(self, error: PhiDeskError) -> None:
        self._problem = error.sentence
        self.failed.emit(error)

    @Slot()
    def _on_finished(self) -> None:
        self._running = None
        if self._taken is None or self._on_clip is not None:
            self._end()  # else it waits for `stop`

    def _end(self) -> None:
        taken, on_clip = self._taken, self._on_clip
        self._taken = self._on_clip = None
        self.recording = False
        self._capture.give_back()
        if on_clip is not None:
            if taken is None:
                on_clip(None, self._problem)
            else:
                on_clip(taken.sound, " ".join(part for part in (taken.why, taken.hint) if part))
        self.ended.emit()
