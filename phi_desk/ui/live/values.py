"""What the presenters of Live and their views tell each other; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from phi_desk.errors import PhiDeskError
from phi_desk.services.history.sessions.export import SessionForm
from phi_desk.services.history.sessions.values import Entry, Session
from phi_desk.services.live.events import Level
from phi_desk.services.live.options import LiveOptions

SourceKind = Literal["microphone", "system", "file"]
Phase = Literal["idle", "opening", "listening", "paused", "finishing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to listen to, and what shall come of it.

    Attributes:
        device: the microphone or the output; the system's default where it is empty.
        file: of the kind "file".
        language: the code of the language that is spoken; empty where nobody said.
        target: the code of the language to translate to; empty for a transcript only.
        keep: whether the words are kept, and with `keep_sound` the sound beside them.
    """

    kind: SourceKind = "microphone"
    device: str = ""
    file: Path | None = None
    language: str = ""
    target: str = ""
    options: LiveOptions = field(default_factory=LiveOptions)
    adapter: str = "auto"
    keep: bool = True
    keep_sound: bool = False

    @property
    def translated(self) -> bool:
        """Whether a translation is made: not into the language that is spoken anyway."""
        return bool(self.target) and self.target != self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of the transcript; `sure` ones never change.

    `translation` is None where none is made, or none has begun.
    """

    start_s: float
    text: str
    translation: str | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """From `start_s` to `end_s` nothing was heard, or a thing happened at that moment."""

    start_s: float
    end_s: float
    why: str


Row = Said | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """The newest words, for a few lines: what is sure, then what may still change.

    `note` is a sentence about sound that is missing right now; empty while all is well.
    """

    text: str = ""
    unsure_text: str = ""
    translation: str = ""
    unsure_translation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How things stand: `sentence` says it; `source` is what is listened to, empty for nothing."""

    phase: Phase = "idle"
    sentence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A line of the list: `found` is where a search found it; `running` is the one of now."""

    session: Session
    found: str = ""
    running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How a session shall be written to `target`."""

    session: int
    target: Path
    form: SessionForm
    transcript: bool = True
    translation: bool = True
    times: bool = False
    recording: bool = False


class LiveView(Protocol):
    """The page, as the presenter of listening sees it."""

    def show_state(self, state: State) -> None:
        """Say how things stand, and offer what can be done."""
        ...

    def show_level(self, level: Level | None) -> None:
        """How loud it is; None while nothing is heard."""
        ...

    def show_time(self, seconds: float, total_s: float | None) -> None:
        """How long it has lasted, and of a file how long it is."""
        ...

    def show_lag(self, sentence: str, *, behind: bool) -> None:
        """How far the words are behind, and why; `behind` when the model makes it so."""
        ...

    def begin_rows(self, *, translated: bool, language: str, target: str) -> None:
        """An empty transcript; the languages are codes, empty for none."""
        ...

    def show_rows(self, final: Sequence[Row], tail: Sequence[Row]) -> None:
        """More rows that stay as they are, and below them those that may still change."""
        ...

    def show_captions(self, captions: Captions) -> None:
        """The newest words."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class SessionsView(Protocol):
    """The list and what is open of it, as the presenter of kept sessions sees it."""

    def show_sessions(self, lines: Sequence[SessionLine], current: int | None, words: str) -> None:
        """Show these lines; `words` were searched for, empty for all sessions."""
        ...

    def show_session(self, session: Session, entries: Sequence[Entry]) -> None:
        """Show a kept session."""
        ...

    def show_renamed(self, session: int, title: str) -> None:
        """A session has another name now."""
        ...

    def leave_session(self) -> None:
        """The session that is shown is gone."""
        ...

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """Say what was done, and let it be undone for a while."""
        ...

    def say(self, sentence: str) -> None:
        """Say that something went well."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...
