"""What comes out of the engine: a closed union of frozen values; a failure is an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phi_desk.engine.messages import ToolCall

Reason = Literal["stop", "length", "context", "repetition", "cancelled"]
Phase = Literal["load", "media", "encode", "prefill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The request is understood; nothing has been computed for it yet.

    `cached_tokens` of the `prompt_tokens` need not be computed again.
    """

    adapter: str | None
    prompt_tokens: int
    cached_tokens: int
    image_tokens: int = 0
    audio_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work before the first token: `done` of `total` steps of a phase."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """New text; the deltas of a stream joined are the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallReady:
    """The model has finished asking for a tool."""

    call: ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The last event of every stream, once.

    Attributes:
        reason: why it ended; "context" means the model's context is full.
        note: a sentence for the person where the reason needs one, else empty.
        adapter: the adapter used, None for the bare decoder.
        output_ids: the tokens of the answer, without the token that ended it.
        first_token_s: seconds from the request to the first token; None when there was none.
        seconds: seconds from the request to the end.
    """

    text: str
    reason: Reason
    adapter: str | None
    prompt_tokens: int
    cached_tokens: int
    output_ids: tuple[int, ...]
    first_token_s: float | None
    seconds: float
    note: str = ""

    @property
    def output_tokens(self) -> int:
        """How many tokens the answer has."""
        return len(self.output_ids)


StreamEvent = Started | Progress | TextDelta | ToolCallReady | Finished
