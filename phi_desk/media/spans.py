"""From speech probabilities to spans of speech, frame by frame; knows no sound and no detector."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from phi_desk.media.frame_length import FRAME_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanOptions:
    """When speech begins and ends; the numbers are the usual ones for Silero VAD.

    Attributes:
        start: a frame at least this likely begins speech, or goes on with it after a lull.
        end: a frame less likely than this begins a lull.
        min_silence_s: a lull this long is a pause: speech ended where the lull began.
        min_speech_s: anything shorter between two pauses is a click, not speech.
    """

    start: float = 0.5
    end: float = 0.35
    min_silence_s: float = 0.1
    min_speech_s: float = 0.25


@dataclass(frozen=True, slots=True)
class Span:
    """Speech from frame `start` up to, not including, frame `end`."""

    start: int
    end: int


class SpeechSpans:
    """Hysteresis over a stream of probabilities.

    What happened before frame `settled` is final: each frame there is inside a reported span,
    inside the span still open since `open_since`, or no speech. `settled` trails the last frame
    by less than `min_speech_s` + `min_silence_s`.
    """

    def __init__(self, options: SpanOptions | None = None) -> None:
        self._options = options or SpanOptions()
        self._min_silence = _frames(self._options.min_silence_s)
        self._min_speech = _frames(self._options.min_speech_s)
        self._frame = 0  # the frame that comes next
        self._start: int | None = None  # where speech, or what may be speech, began
        self._lull: int | None = None  # where it fell below the end threshold

    def feed(self, probabilities: Iterable[float]) -> list[Span]:
        """The spans that end, for sure, with these frames."""
        spans: list[Span] = []
        for probability in probabilities:
            span = self._step(float(probability))
            if span is not None:
                spans.append(span)
        return spans

    def finish(self) -> list[Span]:
        """The span that was open when the sound ended, if any."""
        span = self._close(self._lull if self._lull is not None else self._frame)
        return [span] if span is not None else []

    @property
    def open_since(self) -> int | None:
        """The first frame of the speech that goes on, once it is long enough to be speech."""
        return self._start if self._is_speech(self._spoken_until) else None

    @property
    def settled(self) -> int:
        """How many frames are decided."""
        if self._start is None:
            return self._frame
        return self._spoken_until if self.open_since is not None else self._start

    @property
    def _spoken_until(self) -> int:
        return self._lull if self._lull is not None else self._frame

    def _step(self, probability: float) -> Span | None:
        frame, self._frame = self._frame, self._frame + 1
        if probability >= self._options.start:
            self._lull = None
            if self._start is None:
                self._start = frame
        elif self._start is not None:
            if self._lull is None and probability < self._options.end:
                self._lull = frame
            if self._lull is not None and self._frame - self._lull >= self._min_silence:
                return self._close(self._lull)
        return None

    def _close(self, end: int) -> Span | None:
        span = Span(self._start, end) if self._start is not None and self._is_speech(end) else None
        self._start = self._lull = None
        return span

    def _is_speech(self, end: int) -> bool:
        return self._start is not None and end - self._start >= self._min_speech


def _frames(seconds: float) -> int:
    return max(1, math.ceil(round(seconds / FRAME_S, 6)))
