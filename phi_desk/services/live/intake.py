"""The hearing half of a session: sound in any blocks into levels, gaps and segments.

Knows no model. Everything happens at fixed frames of the session's time, so that it does not
matter in which blocks the sound came.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.framing import frame_samples
from phi_desk.media.pieces import Piece
from phi_desk.media.vad import SpeechDetector
from phi_desk.services.live.events import Gap, Level
from phi_desk.services.live.meter import LevelMeter
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.segmenter import Segmenter

PAUSED = "Listening was paused."

Found = Level | Gap | Piece


class Intake:
    """Every method gives what it finds, to be taken to the end before the next call."""

    def __init__(self, rate: int, detector: SpeechDetector, options: LiveOptions) -> None:
        self._rate = rate
        self._bridge_s = options.bridge_s
        self._segmenter = Segmenter(rate, detector, options)
        self._meter = LevelMeter()
        self._size = frame_samples(rate)
        self._rest = np.zeros(0, np.float32)  # fed, and less than a frame
        self._paused_at: int | None = None

    @property
    def until_s(self) -> float:
        """How long the session is by now, gaps included."""
        return self._position / self._rate

    @property
    def held(self) -> int:
        """How many samples are kept at the moment."""
        return self._segmenter.held + len(self._rest)

    @property
    def paused(self) -> bool:
        """Whether sound is let pass unheard."""
        return self._paused_at is not None

    @property
    def speaking_since_s(self) -> float | None:
        """Where the segment begins that is being spoken; None when nobody speaks."""
        since = self._segmenter.speaking_since
        return None if since is None else since / self._rate

    def speaking(self) -> Piece | None:
        """What has been said of the segment that is not over."""
        return self._segmenter.speaking()

    def feed(self, samples: NDArray[np.float32]) -> Iterator[Found]:
        """Sound, mono `[n]`, any n."""
        joined = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(joined) - len(joined) % self._size
        self._rest = np.array(joined[whole:], np.float32)
        for start in range(0, whole, self._size):
            yield from self._hear(joined[start : start + self._size])

    def miss(self, seconds: float, why: str) -> Iterator[Found]:
        """So much sound is missing."""
        samples = round(seconds * self._rate)
        if self.paused:
            self._segmenter.skip(samples)  # the whole pause is a gap anyway
            return
        gap = self._gap(self._position, samples, why)
        if seconds <= self._bridge_s:
            yield gap
            yield from self.feed(np.zeros(samples, np.float32))
            return
        yield from self._flush()
        yield gap
        self._segmenter.skip(samples)

    def pause(self) -> Iterator[Found]:
        """Hear nothing until `resume`."""
        if not self.paused:
            yield from self._flush()
            self._paused_at = self._position

    def resume(self) -> Iterator[Found]:
        """Hear again; what was fed in between is a gap."""
        if self._paused_at is None:
            return
        start, self._paused_at = self._paused_at, None
        self._segmenter.skip(len(self._rest))
        self._rest = self._rest[:0]
        if self._position > start:
            yield self._gap(start, self._position - start, PAUSED)

    def end(self) -> Iterator[Found]:
        """No more sound comes."""
        yield from self.resume()
        yield from self._flush()

    @property
    def _position(self) -> int:
        return self._segmenter.position + len(self._rest)

    def _hear(self, frame: NDArray[np.float32]) -> Iterator[Found]:
        if self.paused:
            self._segmenter.skip(len(frame))
        else:
            yield from self._segmenter.push(frame)
        until_s = self._segmenter.position / self._rate
        speech = self._segmenter.speaking_since is not None
        level = self._meter.add(frame, until_s, speech=speech)
        if level is not None:
            yield level

    def _flush(self) -> Iterator[Piece]:
        """End what is being spoken; the rest of a frame is heard with it."""
        rest, self._rest = self._rest, self._rest[:0]
        yield from self._segmenter.push(rest)
        yield from self._segmenter.flush()

    def _gap(self, start: int, samples: int, why: str) -> Gap:
        return Gap(start_s=start / self._rate, end_s=(start + samples) / self._rate, why=why)
