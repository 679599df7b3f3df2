"""What a stored chat is made of, as frozen values; knows no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from phi_desk.engine.messages import Audio, Image, Part, Text, ToolCall, ToolResult
from phi_desk.storage.search import Snippet

Speaker = Literal["user", "assistant", "tool"]
State = Literal["whole", "growing", "stopped", "failed", "interrupted"]
MediaKind = Literal["image", "audio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A line of the list: `created` and `updated` are seconds since 1970."""

    id: int
    title: str
    pinned: bool
    system: str
    created: float
    updated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture or a sound that is stored; `name` is what the person knows it by, or empty."""

    kind: MediaKind
    path: Path
    name: str
    size: int
    sha256: str


StoredPart = Text | Attachment | ToolCall | ToolResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A picture or a sound to be asked about, with a name for people ("Screenshot")."""

    part: Image | Audio
    name: str


DraftPart = Part | Named


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """How an answer came about; what is not known is None or empty.

    `reason`, `note` and the numbers are those of `engine.events.Finished`; `error` and `hint` are
    the sentences of the failure that ended it.
    """

    reason: str = ""
    note: str = ""
    adapter: str | None = None
    model: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    first_token_s: float | None = None
    seconds: float = 0.0
    error: str = ""
    hint: str = ""
    left_out: str = ""

    @property
    def tokens_per_second(self) -> float | None:
        """Speed of the writing, without the wait for the first token; None when too short."""
        if self.first_token_s is None or self.output_tokens < 2:
            return None
        writing = self.seconds - self.first_token_s
        return (self.output_tokens - 1) / writing if writing > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One turn on the chosen path.

    Attributes:
        state: "stopped" by the person, "failed" with a sentence in `about.error`, "interrupted"
            when the program died; in each case the parts are what there was of it.
        siblings: the ids of all versions of this turn, in order of their making, with its own.
    """

    id: int
    chat: int
    parent: int | None
    role: Speaker
    parts: tuple[StoredPart, ...]
    state: State
    created: float
    about: About = field(default_factory=About)
    siblings: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def version(self) -> int:
        """Which of its siblings it is, from 1."""
        return self.siblings.index(self.id) + 1 if self.id in self.siblings else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place that a search found: a message, or with None the title of a chat."""

    chat: Chat
    message: int | None
    role: Speaker | None
    created: float
    snippet: Snippet
