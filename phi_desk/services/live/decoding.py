"""One segment on its way through the model, one step of the engine at a time.

Knows no queue and no device.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished
from phi_desk.media.pieces import Piece
from phi_desk.services.live import events as live
from phi_desk.services.live.policy import Decode
from phi_desk.services.live.segmenter import spoken_seconds
from phi_desk.services.speech.events import Partial, SpeechEvent
from phi_desk.services.speech.job import PieceHearing, SpeechJob
from phi_desk.services.tally import Tally

# Nobody speaks this fast. Measured over six languages with espeak-ng at 260 words a minute, faster
# than people talk: 26 (English, German) to 36 (French) letters a second of detected speech.
LETTERS_A_SECOND = 45.0
LETTERS_AT_LEAST = 10  # of the shortest sound
# Where the model runs away, it is stopped: a token is rarely less than a letter, and a letter of
# some scripts is up to three.
TOKENS_A_SECOND = 60.0
TOKENS_AT_LEAST = 32

UNSPEAKABLE = "The model wrote more there than anyone can say: noise or music, most likely."


class Decoding:
    """Take steps with `advance` until `done`; then ask for the `results`.

    Attributes:
        decode: what is asked.
        done: whether the model has ended.
        seconds: how long the model has computed, by `clock`.
    """

    def __init__(
        self, decode: Decode, engine: Engine, cancel: CancelToken, clock: Callable[[], float]
    ) -> None:
        self.decode = decode
        self.done = False
        self.seconds = 0.0
        self._clock = clock
        self._piece = decode.utterance.piece
        self._limit = _token_limit(self._piece, decode.job)
        options = replace(decode.job.options, max_tokens=self._limit)
        self._tally = Tally()
        self._hearing = PieceHearing(self._piece, replace(decode.job, options=options), self._tally)
        self._events: Iterator[SpeechEvent] = self._hearing.events(engine, cancel)
        self._said = {"text": "", "translation": ""}

    def advance(self) -> live.Partial | None:
        """One step of the engine; the words so far when there are new ones.

        Raises:
            PhiDeskError: from the engine; the decoding is over then.
        """
        begun = self._clock()
        try:
            event = next(self._events, None)
        finally:
            self.seconds += self._clock() - begun
        if event is None:
            self.done = True
        if not isinstance(event, Partial):
            return None
        self._said[event.strand] += event.words
        translation = self._said["translation"].strip()
        return live.Partial(
            segment=self.decode.utterance.segment,
            start_s=self._piece.start_s,
            transcript=self._said["text"].strip(),
            translation=translation if translation or self.decode.job.direct else None,
        )

    @property
    def cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._hearing.cancelled

    @property
    def unspeakable(self) -> bool:
        """Whether the model wrote more than anyone can say in that time."""
        if self.answer.reason == "length" and self._limit < self.decode.job.options.max_tokens:
            return True
        letters = len(self._said["text"] or self._said["translation"])
        return letters > LETTERS_AT_LEAST + LETTERS_A_SECOND * spoken_seconds(self._piece)

    @property
    def answer(self) -> Finished:
        """What the model spent on it."""
        return self._tally.finish(" ".join(filter(None, self._said.values())))

    def results(self, *, trusted: bool = True) -> Iterator[live.Committed | live.Translated]:
        """The words that stay; none where they are not `trusted`."""
        segment = self._hearing.segment if trusted else None
        yield live.Committed(
            segment=self.decode.utterance.segment,
            start_s=self._piece.start_s,
            end_s=self._piece.end_s,
            text=segment.text if segment is not None else "",
            speech=self._piece.speech,
            answer=self.answer,
        )
        if self.decode.job.language is not None:
            translation = segment.translation if segment is not None else None
            yield live.Translated(segment=self.decode.utterance.segment, text=translation or "")

    def close(self) -> None:
        """Let go of the engine's stream."""
        self.done = True
        if isinstance(self._events, Generator):
            self._events.close()


def _token_limit(piece: Piece, job: SpeechJob) -> int:
    """The most tokens that a piece can be worth."""
    strands = 2 if job.language is not None and not job.direct else 1
    most = strands * round(TOKENS_AT_LEAST + TOKENS_A_SECOND * spoken_seconds(piece))
    return min(job.options.max_tokens, most)
