"""Cuts sound that goes on for ever into segments of speech; knows no model and no device.

Positions are samples from the beginning of the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.framing import frame_samples
from phi_desk.media.pieces import Piece
from phi_desk.media.sound import Sound
from phi_desk.media.spans import Span, SpanOptions, SpeechSpans
from phi_desk.media.tape import Tape
from phi_desk.media.vad import SpeechDetector
from phi_desk.services.live.options import LiveOptions

# Inside a segment: shorter pauses and shorter words than those that begin and end one.
FINE = SpanOptions(min_silence_s=0.1, min_speech_s=0.1)
LEAST_SPEECH_S = 0.2  # a segment with less is a knock; a rest behind a cut is always kept
FORCED_CUT = 2 / 3  # of the longest segment: a cut without a pause lies behind this
NEIGHBOURS = 5  # frames of 32 ms over which quietness is judged: a lull, not a zero crossing


class Segmenter:
    """Holds the segment that is being spoken, and `margin_s` of sound before it.

    A segment begins `margin_s` before speech and ends `margin_s` behind it; segments never
    overlap, and where speech goes on behind a cut the next one begins at that very sample.
    """

    def __init__(self, rate: int, detector: SpeechDetector, options: LiveOptions) -> None:
        self.rate = rate
        self._options = options
        self._detector = detector
        self._size = frame_samples(rate)
        self._margin = round(options.margin_s * rate)
        self._pause = round(options.pause_s * rate)
        self._longest = round(options.longest_s * rate)
        self._begin(0)

    @property
    def position(self) -> int:
        """How many samples the session has, gaps included."""
        return self._base + self._tape.end

    @property
    def held(self) -> int:
        """How many samples are kept at the moment."""
        return len(self._tape)

    @property
    def speaking_since(self) -> int | None:
        """Where the segment begins that is being spoken; None when nobody speaks."""
        start = self._open_start()
        return None if start is None else self._base + start

    def push(self, frame: NDArray[np.float32]) -> Iterator[Piece]:
        """The segments that end with `frame`, one detector's frame of sound at a time."""
        self._tape.append(frame)
        yield from self._hear(self._detector.feed(frame))
        start = self._open_start()
        if start is not None and self._too_long(start):
            cut = self._quietest(start + round(self._longest * FORCED_CUT), self._judged)
            yield from self._take(start, cut)
        self._forget()

    def flush(self) -> Iterator[Piece]:
        """End what is being spoken, at a break in the sound; what follows is a new beginning."""
        yield from self._hear(self._detector.finish())
        for span in self._spans.finish():
            yield from self._end(span)
        self._begin(self.position)

    def skip(self, samples: int) -> None:
        """So many samples are missing; to be called after `flush`."""
        self._base += samples

    def speaking(self) -> Piece | None:
        """What has been said of the segment that is not over."""
        start = self._open_start()
        return None if start is None else self._piece(start, self._tape.end)

    def _begin(self, base: int) -> None:
        """Forget everything; positions below are relative to `base`."""
        self._base = base
        self._tape = Tape()
        self._probabilities = Tape()  # one value a frame
        self._spans = SpeechSpans(self._options.spans)
        self._free = 0  # where the last segment ended
        self._detector.reset(self.rate)

    @property
    def _judged(self) -> int:
        """How many samples the detector has judged; at 8 kHz it trails the sound a little."""
        return min(self._probabilities.end * self._size, self._tape.end)

    def _too_long(self, start: int) -> bool:
        """Whether the segment from `start` must be cut now; it gets no longer than it may.

        Not in a lull: it may be the pause that ends the segment, with the soft end of a word.
        """
        in_a_lull = self._spans.settled * self._size < self._judged
        return not in_a_lull and self._judged - start >= self._longest - self._pause

    def _hear(self, probabilities: NDArray[np.float32]) -> Iterator[Piece]:
        self._probabilities.append(probabilities)
        for span in self._spans.feed(probabilities.tolist()):
            yield from self._end(span)

    def _open_start(self) -> int | None:
        opened = self._spans.open_since
        return None if opened is None else max(self._free, opened * self._size - self._margin)

    def _end(self, span: Span) -> Iterator[Piece]:
        spoken = min(span.end * self._size, self._tape.end)
        start = max(self._free, span.start * self._size - self._margin)
        if start < spoken:
            yield from self._take(start, min(spoken + self._margin, self._tape.end))

    def _take(self, start: int, end: int) -> Iterator[Piece]:
        """The segment from `start` to `end`, unless it is a knock."""
        piece = self._piece(start, end)
        rest = start > 0 and start == self._free  # behind a cut it may be the end of a word
        self._free = end
        if rest and not piece.speech:
            piece = replace(piece, speech=((piece.start_s, piece.end_s),))
        if rest or spoken_seconds(piece) >= LEAST_SPEECH_S:
            yield piece

    def _piece(self, start: int, end: int) -> Piece:
        rate, base = self.rate, self._base
        speech = tuple(
            ((base + a) / rate, (base + b) / rate) for a, b in self._speech_within(start, end)
        )
        sound = Sound(self._tape.take(start, end), rate)
        return Piece((base + start) / rate, (base + end) / rate, sound, speech)

    def _speech_within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        first = start // self._size
        last = min(-(-end // self._size), self._probabilities.end)
        fine = SpeechSpans(FINE)
        spans = fine.feed(self._probabilities.take(first, last).tolist()) + fine.finish()
        for span in spans:
            a = max(start, (first + span.start) * self._size)
            b = min(end, (first + span.end) * self._size)
            if a < b:
                yield a, b

    def _quietest(self, start: int, end: int) -> int:
        """The middle of the frame between `start` and `end` least likely to be inside a word.

        The one with the lowest sum of speech probability and loudness (as a part of the loudest),
        averaged over its neighbours.
        """
        size = self._size
        first, last = -(-start // size), end // size
        frames = self._tape.take(first * size, last * size).reshape(-1, size).astype(np.float64)
        loudness = np.sqrt((frames**2).mean(axis=1))
        likely = self._probabilities.take(first, last)
        cost = likely + loudness / max(float(loudness.max()), 1e-9)
        average = np.convolve(cost, np.full(NEIGHBOURS, 1 / NEIGHBOURS), mode="valid")
        place = first + NEIGHBOURS // 2 + int(average.argmin())
        return place * size + size // 2

    def _forget(self) -> None:
        """Drop what no segment will need."""
        start = self._open_start()
        if start is None:
            start = max(self._free, min(self._spans.settled * self._size, self._tape.end))
            start = max(self._free, start - self._margin)
        self._tape.drop_before(start)
        self._probabilities.drop_before(start // self._size)


def spoken_seconds(piece: Piece) -> float:
    """For how long somebody speaks in it."""
    return sum(end - start for start, end in piece.speech)
