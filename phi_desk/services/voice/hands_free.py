"""Whose turn it is when nobody presses anything; chunks in, events out. Knows no device, no clock.

Time is counted in samples that came in, so a recording replays exactly like a microphone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.framing import Framing, frame_samples
from phi_desk.media.pieces import Piece
from phi_desk.media.sound import WIDE_BAND
from phi_desk.media.vad import SpeechDetector
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.segmenter import Segmenter
from phi_desk.services.voice.events import Began, Heard, Said, State, Told, Turned, TurnEvent
from phi_desk.services.voice.loudness import Meter

PRE_ROLL_S = 0.3
TAIL_S = 0.5  # after our own voice: rooms echo, and loudspeakers are late
BRIDGE_S = 0.5  # of silence for a loss, however long; shorter than the pause that ends a question
TOO_LONG = "That was as much as one question may hold; it was asked so far."


class HandsFree:
    """Listens, hands over what was said, and is deaf until it is told to listen again."""

    def __init__(self, detector: SpeechDetector, *, pause_s: float, longest_s: float) -> None:
        self._detector = detector
        self._options = options_for(pause_s, longest_s)
        self._meter = Meter()
        self._begun = False
        self._deaf_for = 0  # samples of the tail that are still to be let pass
        self.state: State = "listening"
        self._listen()

    def add(self, one: Incoming) -> Iterator[TurnEvent]:
        """Sound, or the news that some is missing."""
        if isinstance(one, Lost):
            yield from self._miss(one)
            return
        if not self._begun and len(one):
            self._begun = True
            yield Began()
            yield Turned(self.state)
        yield from self._level(one)
        for frame in self._framing.push(one):
            yield from self._hear(frame)

    def turn(self, state: State) -> Iterator[TurnEvent]:
        """Somebody else has the turn ("thinking", "speaking"), or the person ("listening").

        Said once more, nothing happens: what is being said is not cut off.
        """
        if state == self.state or (state == "listening" and self.state == "hearing"):
            return
        if state == "listening":
            self._listen()
            if self.state == "speaking":
                self._deaf_for = round(TAIL_S * WIDE_BAND)
        self.state = state
        if self._begun:
            yield Turned(state)

    def end(self) -> Iterator[TurnEvent]:
        """No more sound comes; what was being said is not lost."""
        if self.state == "hearing":
            piece = next(self._segmenter.flush(), None)
            if piece is not None:
                yield from self._said(piece, whole=False)

    def _listen(self) -> None:
        """Forget what was heard before."""
        self._framing = Framing(frame_samples(WIDE_BAND))
        self._segmenter = Segmenter(WIDE_BAND, self._detector, self._options)

    def _level(self, samples: NDArray[np.float32]) -> Iterator[Heard]:
        level = self._meter.add(samples)
        if level is not None and self.state in ("listening", "hearing"):
            since = self._segmenter.speaking_since
            spoken = 0 if since is None else self._segmenter.position - since
            yield Heard(level, spoken / WIDE_BAND)

    def _hear(self, frame: NDArray[np.float32]) -> Iterator[TurnEvent]:
        if self.state in ("thinking", "speaking"):
            return
        if self._deaf_for > 0:
            self._deaf_for -= len(frame)
            return
        piece = next(self._segmenter.push(frame), None)
        if piece is not None:
            if self._segmenter.speaking_since is not None:
                yield Told(TOO_LONG)
            yield from self._said(piece, whole=True)
        elif self.state == "listening" and self._segmenter.speaking_since is not None:
            self.state = "hearing"
            yield Turned("hearing")
        elif self.state == "hearing" and self._segmenter.speaking_since is None:
            self.state = "listening"  # it was a knock
            yield Turned("listening")

    def _said(self, piece: Piece, *, whole: bool) -> Iterator[TurnEvent]:
        self.state = "thinking"
        yield Turned("thinking")
        yield Said(piece.sound, whole)

    def _miss(self, lost: Lost) -> Iterator[TurnEvent]:
        """What is missing becomes a short silence: speech may go on behind it."""
        yield Told(lost.why)
        silence = np.zeros(round(min(lost.seconds, BRIDGE_S) * WIDE_BAND), np.float32)
        for frame in self._framing.push(silence):
            yield from self._hear(frame)


def options_for(pause_s: float, longest_s: float) -> LiveOptions:
    """The same as the segmenter takes it, which wants each length well within the next."""
    margin_s = min(PRE_ROLL_S, 0.9 * pause_s)
    longest_s = max(longest_s, 3.1 * pause_s)
    return LiveOptions(
        pause_s=pause_s,
        longest_s=longest_s,
        margin_s=margin_s,
        most_waiting_s=longest_s,  # nothing waits here: one question at a time
    )
