"""Listening live as a state machine: sound in, events out, one step of the engine at a time.

No threads, no devices, no clock of its own: whoever owns it feeds it what was heard and lets it
take steps, all from one thread, in any order. The same sound gives the same segments whether it
comes from a microphone or from a file, in whatever blocks. Memory does not grow with time.

Every second that is fed is heard (shown to the model, or found to be no speech) or reported as a
gap, with a reason.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.media.pieces import Piece
from phi_desk.media.sound import WIDE_BAND
from phi_desk.media.vad import SpeechDetector
from phi_desk.services.live.decoding import UNSPEAKABLE, Decoding
from phi_desk.services.live.events import Closed, Gap, Level, LiveEvent, Partial
from phi_desk.services.live.intake import Found, Intake
from phi_desk.services.live.meter import LagMeter, Pace
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.policy import Policy, SegmentBySegment, Situation, Utterance
from phi_desk.services.speech.job import SpeechJob

logger = logging.getLogger(__name__)

LEVELS_A_LAG = 10  # levels between two lags: about a second of sound
GAPS_KEPT = 256  # gaps that may lie inside a segment which is lost later
MOST_FAILURES = 3  # in a row; the session goes on behind fewer

STOPPED = "It was stopped before this was understood."
TOO_SLOW = "The model is too slow: {minutes:g} minutes of speech were waiting for it already."

Events = tuple[LiveEvent, ...]


class LiveSession:
    """Feed it sound with `feed` and what is missing with `miss`; let it work with `step`.

    `stop` ends the hearing and lets the rest be understood; a second `stop`, or the token
    `cancel` set from anywhere, gives the rest up. The last event is a `Closed`.
    """

    def __init__(
        self,
        engine: Engine,
        job: SpeechJob,
        detector: SpeechDetector,
        *,
        rate: int = WIDE_BAND,
        options: LiveOptions | None = None,
        policy: Policy | None = None,
        cancel: CancelToken | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._job = job
        self._options = options or LiveOptions()
        self._policy = policy or SegmentBySegment(self._options.hurry_s)
        self._cancel = cancel or CancelToken()
        self._clock = clock
        self._intake = Intake(rate, detector, self._options)
        self._waiting: deque[Utterance] = deque()
        self._decoding: Decoding | None = None
        self._next = 0  # the number of the segment that is or will be spoken
        self._previewed = -1  # the last segment whose words were shown before it was over
        self._stopping = self._closed = False
        self._failures = 0
        self._lag, self._pace, self._levels = LagMeter(), Pace(), 0
        self._gaps, self._missed_s = 0, 0.0
        self._recent: deque[Gap] = deque(maxlen=GAPS_KEPT)
        self._out: list[LiveEvent] = []

    @property
    def until_s(self) -> float:
        """How long the session is by now, gaps included."""
        return self._intake.until_s

    @property
    def held(self) -> int:
        """How many samples are kept at the moment."""
        waiting = sum(len(one.piece.sound.samples) for one in self._waiting)
        return self._intake.held + waiting

    @property
    def busy(self) -> bool:
        """Whether the model has something to do."""
        return self._decoding is not None or bool(self._waiting)

    @property
    def paused(self) -> bool:
        """Whether sound is let pass unheard."""
        return self._intake.paused

    @property
    def stopping(self) -> bool:
        """Whether no more sound is taken."""
        return self._stopping

    @property
    def closed(self) -> bool:
        """Whether `Closed` has been given, or `close` was called."""
        return self._closed

    def feed(self, samples: NDArray[np.float32]) -> Events:
        """Sound, mono `[n]` at the session's rate, any n; what is fed after `stop` is not heard."""
        return self._found(self._intake.feed(samples)) if not self._stopping else self._given()

    def miss(self, seconds: float, why: str) -> Events:
        """So much sound is missing here, because of `why`; 0 marks a change of its source."""
        if self._stopping:
            return self._given()
        return self._found(self._intake.miss(seconds, why))

    def pause(self) -> Events:
        """Hear nothing until `resume`; what was said so far will be understood."""
        return self._found(self._intake.pause()) if not self._stopping else self._given()

    def resume(self) -> Events:
        """Hear again; the sound that was fed in between is a gap."""
        return self._found(self._intake.resume())

    def stop(self) -> Events:
        """Hear no more, and understand what was heard; the second time, give that up."""
        if self._stopping:
            self._cancel.cancel()
            return self._given()
        return self._end_hearing()

    def step(self) -> Events:
        """One step of the engine, where there is something to do.

        Raises:
            PhiDeskError: the engine failed for the third time in a row. Each failure is a gap
                with its reason; the session can go on, and the next call gives the events.
        """
        if not self._closed:
            self._work()
        return self._given()

    def close(self) -> None:
        """Let go of the engine, at any moment; no more events come."""
        if self._decoding is not None:
            self._decoding.close()
        self._decoding, self._closed = None, True
        self._waiting.clear()

    @property
    def _waiting_s(self) -> float:
        return sum((one.seconds for one in self._waiting), 0.0)

    def _given(self) -> Events:
        given, self._out = tuple(self._out), []
        return given

    def _found(self, found: Iterable[Found]) -> Events:
        for one in found:
            match one:
                case Piece():
                    self._queue(one)
                case Gap():
                    self._lose(one)
                case Level():
                    self._out.append(one)
                    self._levels += 1
                    if self._levels % LEVELS_A_LAG == 0:
                        self._say_lag(one.at_s)
            self._take_back_preview()
        return self._given()

    def _end_hearing(self) -> Events:
        self._stopping = True
        return self._found(self._intake.end())

    def _queue(self, piece: Piece) -> None:
        if self._waiting_s + piece.sound.seconds > self._options.most_waiting_s:
            minutes = self._options.most_waiting_s / 60
            self._lose_piece(piece, TOO_SLOW.format(minutes=minutes))
            return
        self._waiting.append(Utterance(self._next, piece))
        self._next += 1

    def _lose(self, gap: Gap) -> None:
        self._out.append(gap)
        if gap.end_s > gap.start_s:
            self._gaps += 1
            self._missed_s += gap.end_s - gap.start_s
            self._recent.append(gap)

    def _lose_piece(self, piece: Piece, why: str) -> None:
        """A segment is lost; what was missing inside it must not count twice."""
        for gap in self._recent:
            both_s = min(gap.end_s, piece.end_s) - max(gap.start_s, piece.start_s)
            self._missed_s -= max(0.0, both_s)
        self._lose(Gap(start_s=piece.start_s, end_s=piece.end_s, why=why))

    def _take_back_preview(self) -> None:
        """What was shown of a segment that turned out to be none, or was lost, is taken back."""
        if self._previewed == self._next and self._intake.speaking_since_s is None:
            self._previewed = -1
            self._out.append(
                Partial(segment=self._next, start_s=self.until_s, transcript="", translation=None)
            )

    def _work(self) -> None:
        if self._cancel.cancelled and not self._stopping:
            self._out = list(self._end_hearing())  # it has taken what was there
        if self._decoding is None and not self._cancel.cancelled:
            self._begin_decoding()
        if self._decoding is not None:
            self._advance(self._decoding)
        elif self._cancel.cancelled or (self._stopping and not self._waiting):
            self._give_up_waiting()
            self._say_lag(self.until_s)
            heard_s = max(0.0, self.until_s - self._missed_s)
            self._out.append(Closed(heard_s=heard_s, missed_s=self._missed_s, gaps=self._gaps))
            self._closed = True

    def _begin_decoding(self) -> None:
        decode = self._policy.choose(
            Situation(
                waiting=self._waiting,
                waiting_s=self._waiting_s,
                speaking=self._speaking,
                job=self._job,
            )
        )
        if decode is None:
            return
        if decode.final:
            self._waiting.popleft()
        else:
            self._previewed = decode.utterance.segment
        self._decoding = Decoding(decode, self._engine, self._cancel, self._clock)

    def _speaking(self) -> Utterance | None:
        piece = self._intake.speaking()
        return None if piece is None else Utterance(self._next, piece)

    def _advance(self, decoding: Decoding) -> None:
        try:
            partial = decoding.advance()
        except PhiDeskError as error:
            self._decoding = None
            self._fail(decoding, error)
            return
        if partial is not None:
            self._out.append(partial)
        if decoding.done:
            self._decoding = None
            self._failures = 0
            self._pace.add(decoding.seconds, decoding.decode.utterance.seconds)
            if decoding.decode.final:
                self._commit(decoding)
            self._say_lag(self.until_s)

    def _commit(self, decoding: Decoding) -> None:
        piece = decoding.decode.utterance.piece
        trusted = decoding.cancelled or not decoding.unspeakable
        if decoding.cancelled or not trusted:
            self._lose_piece(piece, STOPPED if decoding.cancelled else UNSPEAKABLE)
        self._out += decoding.results(trusted=trusted)

    def _fail(self, decoding: Decoding, error: PhiDeskError) -> None:
        """A segment that the engine could not do is a gap; the next one may be done."""
        stopped = isinstance(error, Cancelled)
        if decoding.decode.final:
            why = STOPPED if stopped else error.sentence
            self._lose_piece(decoding.decode.utterance.piece, why)
            self._out += decoding.results(trusted=False)
        if stopped:
            return
        logger.warning("a segment failed: %s %s", error, error.details)
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise error

    def _give_up_waiting(self) -> None:
        for utterance in self._waiting:
            self._lose_piece(utterance.piece, STOPPED)
        self._waiting.clear()

    def _say_lag(self, until_s: float) -> None:
        """What is behind begins with the oldest segment that is not understood."""
        now = self._decoding.decode if self._decoding is not None else None
        unfinished = [now.utterance] if now is not None and now.final else []
        oldest = next(iter((*unfinished, *self._waiting)), None)
        since = oldest.piece.start_s if oldest is not None else self._intake.speaking_since_s
        lag = self._lag.say(
            until_s - since if since is not None else 0.0,
            self._waiting_s + sum((one.seconds for one in unfinished), 0.0),
            self._pace.value,
            hurrying=now is not None and now.job.direct and not self._job.direct,
        )
        if lag is not None:
            self._out.append(lag)
