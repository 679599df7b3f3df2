"""What is asked of each piece of a recording, and how the answers are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.base import Engine
from phi_desk.engine.chain import ChainDelta, ChainSplitter
from phi_desk.engine.events import Finished, Progress, TextDelta
from phi_desk.engine.languages import Language
from phi_desk.engine.messages import Audio, ChatRequest, Message, Options, Text
from phi_desk.services.speech.events import Partial, Segment, SpeechEvent, Strand

if TYPE_CHECKING:
    from phi_desk.media.pieces import Piece
    from phi_desk.services.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechJob:
    """How to listen.

    Attributes:
        language: translate into it; None only transcribes.
        direct: translate without a transcript, a little faster and a little worse.
        options: of every request.
        adapter: of every request; see `ChatRequest`.
    """

    language: Language | None = None
    direct: bool = False
    options: Options = field(default_factory=Options)
    adapter: str = "auto"


class PieceHearing:
    """One piece on its way through the model: `events` first, `segment` afterwards."""

    def __init__(self, piece: Piece, job: SpeechJob, tally: Tally) -> None:
        self._piece = piece
        self._job = job
        self._tally = tally
        self._start_s = piece.speech[0][0]
        self._words: dict[Strand, list[str]] = {"text": [], "translation": []}
        self._last: Finished | None = None

    def events(self, engine: Engine, cancel: CancelToken) -> Iterator[SpeechEvent]:
        """Ask the model; partial words as they come.

        Raises:
            PhiDeskError: from the engine.
        """
        language = self._job.language
        if language is None:
            yield from self._ask(engine, tasks.transcribe(), "text", cancel)
        elif self._job.direct:
            yield from self._ask(engine, tasks.translate(language), "translation", cancel)
        else:
            yield from self._ask_chain(engine, language, cancel)

    @property
    def segment(self) -> Segment | None:
        """What was said; None when the model heard no words."""
        text, translation = ("".join(self._words[s]).strip() for s in ("text", "translation"))
        if self._last is None or not (text or translation):
            return None
        return Segment(
            start_s=self._start_s,
            end_s=self._piece.speech[-1][1],
            text=text,
            translation=translation if self._job.language is not None else None,
            speech=self._piece.speech,
            reason=self._last.reason,
        )

    @property
    def cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._last is not None and self._last.reason == "cancelled"

    def _ask_chain(
        self, engine: Engine, language: Language, cancel: CancelToken
    ) -> Iterator[SpeechEvent]:
        """Transcript and translation from one answer; where the separator is missing, two."""
        splitter = ChainSplitter()
        for event in self._stream(engine, tasks.transcribe_and_translate(language), cancel):
            if isinstance(event, TextDelta):
                yield from self._split(splitter.feed(event.text))
            else:
                yield event
        yield from self._split(splitter.flush())
        if not splitter.separated and self._words["text"] and not self._stopped:
            yield from self._ask(engine, tasks.translate(language), "translation", cancel)

    @property
    def _stopped(self) -> bool:
        return self._last is None or self._last.reason in ("cancelled", "context")

    def _split(self, delta: ChainDelta) -> Iterator[Partial]:
        if delta.transcript:
            yield self._partial("text", delta.transcript)
        if delta.translation:
            yield self._partial("translation", delta.translation)

    def _ask(
        self, engine: Engine, instruction: str, strand: Strand, cancel: CancelToken
    ) -> Iterator[SpeechEvent]:
        for event in self._stream(engine, instruction, cancel):
            if isinstance(event, TextDelta):
                yield self._partial(strand, event.text)
            else:
                yield event

    def _stream(
        self, engine: Engine, instruction: str, cancel: CancelToken
    ) -> Iterator[TextDelta | Progress]:
        parts = (Audio(self._piece.sound), Text(instruction))
        request = ChatRequest(
            messages=(Message("user", parts),),
            options=self._job.options,
            adapter=self._job.adapter,
        )
        for event in engine.stream(request, cancel):
            if isinstance(event, TextDelta | Progress):
                yield event
            elif isinstance(event, Finished):
                self._keep(event)

    def _keep(self, finished: Finished) -> None:
        self._tally.add(finished)
        graver = self._last is not None and self._last.reason != "stop"
        if self._last is not None and graver and finished.reason == "stop":
            finished = replace(finished, reason=self._last.reason)
        self._last = finished

    def _partial(self, strand: Strand, words: str) -> Partial:
        self._words[strand].append(words)
        return Partial(start_s=self._start_s, strand=strand, words=words)
