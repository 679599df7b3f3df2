"""What a kept live session is made of, as frozen values; knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from phi_desk.engine.events import Reason
from phi_desk.storage.search import Snippet

SessionState = Literal["running", "ended", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A line of the list: `started` in seconds since 1970, `seconds` how long it lasted.

    `language` and `target` are names or codes as they were chosen; empty for automatic, and where
    nothing was translated. `recording` is the kept sound, None where it was not kept.
    """

    id: int
    title: str
    source: str
    language: str
    target: str
    state: SessionState
    started: float
    seconds: float
    recording: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was said from `start_s` to `end_s`, in seconds from the session's beginning."""

    start_s: float
    end_s: float
    text: str
    translation: str | None
    speech: tuple[tuple[float, float], ...]
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The sound from `start_s` to `end_s` was lost; `why` is a sentence."""

    start_s: float
    end_s: float
    why: str


Entry = Spoken | Missed


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHit:
    """A place that a search found: what was said at `start_s`, or with None the title."""

    session: Session
    start_s: float | None
    snippet: Snippet
