"""Cuts long sound at its pauses into pieces the model can hear whole, in constant memory.

Knows no file, no model and no particular detector. Positions are samples of the whole sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.framing import frame_samples
from phi_desk.media.pauses import Stretch, best_pause, pauses_between, slices
from phi_desk.media.sound import Sound
from phi_desk.media.spans import Span, SpanOptions, SpeechSpans
from phi_desk.media.tape import Tape
from phi_desk.media.vad import SpeechDetector

LONGEST_PIECE_S = 30.0  # what the model was trained to transcribe in one go
MARGIN_S = 0.3  # sound kept before and after speech: soft beginnings and ends of words
LONG_SILENCE_S = 2.0  # a silence this long always ends a piece, and is not sent
EARLIEST_CUT = 1 / 3  # of the longest piece: before this a pause is taken only for want of another
FORCED_CUT = 2 / 3  # of the longest piece: a cut without a pause lies behind this
RMS_S = 0.02  # the frame in which loudness is measured for such a cut


class Blocks(Protocol):
    """Mono float32 blocks at one rate, such as an open file or a microphone."""

    @property
    def rate(self) -> int:
        """16,000 or 8,000 Hz."""
        ...

    def __iter__(self) -> Iterator[NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a sound, with speech in it unless the whole sound has none.

    Attributes:
        start_s, end_s: where it stands in the whole sound, in seconds.
        sound: its samples.
        speech: where somebody speaks, as (start, end) in seconds of the whole sound; empty when
            nobody does: then there is nothing to ask the model.
    """

    start_s: float
    end_s: float
    sound: Sound
    speech: tuple[tuple[float, float], ...]


def cut_into_pieces(
    sound: Blocks | Sound,
    detector: SpeechDetector,
    *,
    longest_s: float = LONGEST_PIECE_S,
    options: SpanOptions | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[Piece]:
    """Yield the pieces of `sound` in order, each as soon as its end is known.

    A sound of at most `longest_s` is one piece, untouched. A longer one gives pieces of at most
    `longest_s` that do not overlap and hold all speech: cut in the middle of a pause, ended by
    silences of two seconds, and beginning and ending at most 0.3 s away from speech. Only where
    somebody speaks on without any pause, the cut lies at the quietest moment of the last third.

    Raises:
        Cancelled: the person stopped it.
    """
    cutter = Cutter(sound.rate, detector, longest_s, options)
    blocks: Iterable[NDArray[np.float32]] = slices(sound) if isinstance(sound, Sound) else sound
    for block in blocks:
        for start in range(0, len(block), sound.rate):
            if cancel is not None:
                cancel.raise_if_cancelled()
            yield from cutter.push(block[start : start + sound.rate])
    yield from cutter.finish()


class Cutter:
    """The work of `cut_into_pieces`, fed block by block; holds about one piece of sound."""

    def __init__(
        self,
        rate: int,
        detector: SpeechDetector,
        longest_s: float = LONGEST_PIECE_S,
        options: SpanOptions | None = None,
    ) -> None:
        self._rate = rate
        self._detector = detector
        detector.reset(rate)
        self._spans = SpeechSpans(options)
        self._frame = frame_samples(rate)
        self._longest = round(longest_s * rate)
        self._margin = round(MARGIN_S * rate)
        self._tape = Tape()
        self._probabilities = Tape()  # one value a frame
        self._speech: list[Stretch] = []  # over, and not in a piece yet
        self._free = 0  # where the last piece ended

    @property
    def held(self) -> int:
        """How many samples are kept at the moment."""
        return len(self._tape)

    def push(self, block: NDArray[np.float32]) -> Iterator[Piece]:
        """The pieces that end, for sure, with what `block` shows."""
        self._tape.append(block)
        self._hear(self._detector.feed(block))
        if self._tape.end <= self._longest:
            return  # it may still be a short sound, which stays whole
        while (piece := self._next(final=False)) is not None:
            yield piece

    def finish(self) -> Iterator[Piece]:
        """The pieces that are left at the end of the sound."""
        self._hear(self._detector.finish())
        self._add(self._spans.finish())
        if 0 < self._tape.end <= self._longest:
            yield self._piece(0, self._tape.end)
            return
        while (piece := self._next(final=True)) is not None:
            yield piece

    def _hear(self, probabilities: NDArray[np.float32]) -> None:
        self._probabilities.append(probabilities)
        self._add(self._spans.feed(probabilities.tolist()))

    def _add(self, spans: Iterable[Span]) -> None:
        for span in spans:
            end = min(span.end * self._frame, self._tape.end)
            start = max(span.start * self._frame, self._free)
            if start < end:
                self._speech.append(Stretch(start, end))

    def _next(self, *, final: bool) -> Piece | None:
        """The next piece, when what has been heard settles where it ends."""
        settled = (
            self._tape.end if final else min(self._spans.settled * self._frame, self._tape.end)
        )
        speech, going_on = list(self._speech), self._spans.open_since
        if going_on is not None:
            speech.append(Stretch(max(going_on * self._frame, self._free), settled))
        if not speech:
            self._forget(settled - self._margin)
            return None
        start = max(self._free, speech[0].start - self._margin)
        pauses = pauses_between(speech)
        if going_on is None:
            pauses.append(Stretch(speech[-1].end, settled))
        end = self._end_of_piece(start, speech[-1].end, pauses, settled, final=final)
        return self._cut(start, end) if end is not None else None

    def _end_of_piece(
        self, start: int, spoken: int, pauses: list[Stretch], settled: int, *, final: bool
    ) -> int | None:
        """Where the piece from `start` ends; None when that is not known yet."""
        limit = start + self._longest
        for pause in pauses:
            if pause.end - pause.start >= LONG_SILENCE_S * self._rate and pause.start <= limit:
                return min(pause.start + self._margin, limit)
        if final and spoken <= limit:
            return min(spoken + self._margin, limit, self._tape.end)
        if not final and settled < limit + 2 * self._margin:  # a pause at the limit is then known
            return None
        earliest = start + round(self._longest * EARLIEST_CUT)
        best = best_pause(pauses, start, earliest, limit, self._rate)
        if best is None:
            return self._quietest(start + round(self._longest * FORCED_CUT), limit)
        return min(best.middle, best.start + self._margin, limit)

    def _quietest(self, start: int, end: int) -> int:
        """The sample between `start` and `end` that is least likely inside a word.

        Of all 20 ms frames the one with the lowest sum of speech probability and loudness (the RMS
        over it and its neighbours, as a part of the loudest), cut in its middle.
        """
        size = round(RMS_S * self._rate)
        frames = self._tape.take(start, end)[: (end - start) // size * size].reshape(-1, size)
        power = (frames.astype(np.float64) ** 2).mean(axis=1)
        loudness = np.sqrt(np.convolve(power, np.ones(3) / 3, mode="same"))
        centres = start + size // 2 + size * np.arange(len(frames))
        first, last = int(centres[0]) // self._frame, int(centres[-1]) // self._frame
        likely = self._probabilities.take(first, last + 1)[centres // self._frame - first]
        cost = likely + loudness / max(float(loudness.max()), 1e-9)
        inner = slice(1, -1) if len(cost) > 2 else slice(None)  # the edges lack a neighbour
        return int(centres[inner][int(cost[inner].argmin())])

    def _cut(self, start: int, end: int) -> Piece:
        piece = self._piece(start, end)
        self._free = end
        self._speech = [Stretch(max(s.start, end), s.end) for s in self._speech if s.end > end]
        self._forget(end)
        return piece

    def _piece(self, start: int, end: int) -> Piece:
        speech = list(self._speech)
        if self._spans.open_since is not None:
            speech.append(Stretch(self._spans.open_since * self._frame, self._tape.end))
        inside = [part for s in speech if (part := s.within(start, end)) is not None]
        rate = self._rate
        return Piece(
            start / rate,
            end / rate,
            Sound(self._tape.take(start, end), rate),
            tuple((part.start / rate, part.end / rate) for part in inside),
        )

    def _forget(self, position: int) -> None:
        """Drop what lies before `position` or before the end of the last piece."""
        position = max(position, self._free)
        self._tape.drop_before(position)
        self._probabilities.drop_before(position // self._frame)
