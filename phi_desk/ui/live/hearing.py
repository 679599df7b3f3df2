"""One live session from its source to its events, on a lane of its own; knows no Qt.

The microphone is read, speech is found and the words are kept here; only the model works
elsewhere, a segment at a time, so that neither waits for the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.capture import Source
from phi_desk.services.history.sessions.log import SessionLog
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.tape import SoundTape
from phi_desk.services.live.events import Committed, Level, LiveEvent, Translated
from phi_desk.ui.live.asking import AskedEngine
from phi_desk.ui.live.sources import OpenSource, TapedSource
from phi_desk.ui.live.values import Wanted
from phi_desk.ui.running import Say

Stores = Callable[[], SessionStore]  # opens the store on first use: called on a lane only

MAX_TOKENS = 1024  # 30 s of fast speech take about 150 in English; both strands twice to four times


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The source is there: its name, how long it is where that is known, and the session's number.

    `session` is None where nothing is kept.
    """

    name: str
    seconds: float | None
    session: int | None


@dataclass(frozen=True, slots=True)
class Switched:
    """Another device is heard now."""

    name: str


@dataclass(frozen=True, slots=True)
class NotKept:
    """What is heard cannot be written down from here on; listening goes on."""

    error: PhiDeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """All is done: `session` is what was kept, None for nothing; `notice` a sentence or empty."""

    session: int | None
    notice: str


class Hearing:
    """Run it once on a lane; `stop` and `paused` may be set from any thread.

    Attributes:
        stop: set to hear no more and finish what was heard; to give that up, cancel the job.
        paused: whether to hear nothing for now.
    """

    def __init__(self, wanted: Wanted, open_source: OpenSource, stores: Stores) -> None:
        self.stop = CancelToken()
        self.paused = False
        self._heeded = False  # `paused`, as the session was told last
        self._wanted = wanted
        self._open = open_source
        self._stores = stores

    def work(self, say: Say, cancel: CancelToken) -> None:
        """Listen until the source ends or somebody stops it; everything is told to `say`.

        Raises:
            PhiDeskError: the source or the engine failed; what was understood is kept.
        """
        with contextlib.closing(self._open(self._wanted, self._stands, cancel)) as source:
            keeping = self._keeping(source, say) if self._wanted.keep else None
            say(
                Opened(
                    name=source.name,
                    seconds=getattr(source, "seconds", None),
                    session=keeping.number if keeping is not None else None,
                )
            )
            try:
                self._hear(source, keeping, say, cancel)
            finally:
                kept = keeping.end(in_haste=cancel.cancelled) if keeping is not None else None
                say(Over(session=kept, notice=getattr(source, "notice", "")))

    def _hear(self, source: Source, keeping: Keeping | None, say: Say, cancel: CancelToken) -> None:
        from phi_desk.engine.languages import find_language
        from phi_desk.engine.messages import Options
        from phi_desk.media.vad import open_detector
        from phi_desk.services.live.loop import hear
        from phi_desk.services.live.session import LiveSession
        from phi_desk.services.speech.job import SpeechJob

        wanted = self._wanted
        engine = AskedEngine(say)
        session = LiveSession(
            engine,
            SpeechJob(
                language=find_language(wanted.target) if wanted.translated else None,
                options=Options(max_tokens=MAX_TOKENS),
                adapter=wanted.adapter,
            ),
            open_detector(),
            rate=source.rate,
            options=wanted.options,
            cancel=cancel,
            clock=engine.clock,
        )
        if keeping is not None:
            source = keeping.taped(source, lambda: session.paused)
        with contextlib.closing(hear(source, session, self.stop, self._heed)) as events:
            name = source.name
            for event in events:
                if keeping is not None:
                    keeping.take(event)
                say(event)
                if source.name != name:
                    name = source.name
                    say(Switched(name))

    def _heed(self) -> bool:
        self._heeded = self.paused
        return self._heeded

    def _stands(self) -> bool:
        """Whether a source shall stand still: not sooner and no longer than the session pauses.

        A file that went on a moment sooner would play into a session that hears nothing.
        """
        return self._heeded

    def _keeping(self, source: Source, say: Say) -> Keeping | None:
        try:
            return Keeping(self._stores(), self._wanted, source, say)
        except PhiDeskError as error:
            say(NotKept(error))
            return None


class Keeping:
    """Writes a session down; what cannot be written is told once, and listening goes on.

    Attributes:
        number: of the session.
    """

    def __init__(self, store: SessionStore, wanted: Wanted, source: Source, say: Say) -> None:
        """Raises `StorageError`: nothing can be stored at all."""
        target = wanted.target if wanted.translated else ""
        self._log: SessionLog = store.begin(source.name, language=wanted.language, target=target)
        self.number = self._log.id
        self._store = store
        self._with_sound = wanted.keep_sound
        self._say = say
        self._failed = False
        self._worth_keeping = False

    def taped(self, source: Source, silent: Callable[[], bool]) -> Source:
        """The source, with its sound kept where that was wanted."""
        if not self._with_sound:
            return source
        try:
            tape = SoundTape(self._log.recording_place, source.rate)
        except PhiDeskError as error:
            self._fail(error)
            return source
        return TapedSource(source, tape, silent, self._fail)

    def take(self, event: LiveEvent) -> None:
        """Keep what an event says for good."""
        if isinstance(event, Level):
            self._worth_keeping = self._worth_keeping or self._with_sound
        elif isinstance(event, Committed | Translated) and event.text.strip():
            self._worth_keeping = True
        try:
            self._log.take(event)
        except PhiDeskError as error:
            self._fail(error)

    def end(self, *, in_haste: bool) -> int | None:
        """The number of the session; None when nobody said a word, and it is not kept."""
        try:
            self._log.end(in_haste=in_haste)
            if not self._worth_keeping:
                self._store.delete(self.number)
        except PhiDeskError as error:
            self._fail(error)
        return self.number if self._worth_keeping else None

    def _fail(self, error: PhiDeskError) -> None:
        if not self._failed:
            self._failed = True
            self._say(NotKept(error))
