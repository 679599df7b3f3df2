"""What a question takes of the model's context, and what is left out, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import ChatRequest, Options, Part, Tool
from phi_desk.services.chats.values import StoredMessage

Left = Literal["media", "turn", "missing"]


class Counted(Protocol):
    """A prompt, as far as its length goes."""

    @property
    def tokens(self) -> int:
        """How many positions it takes."""
        ...


@runtime_checkable
class CountsTokens(Protocol):
    """An engine that can say what a request would take."""

    @property
    def context(self) -> int:
        """Most tokens of prompt and answer together."""
        ...

    def prompt(self, request: ChatRequest, cancel: CancelToken) -> Counted:
        """What the model would read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What the model will not see: the media of a message, a whole message, or a missing file."""

    what: Left
    message: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a question would take of the context.

    Attributes:
        used: tokens of the prompt as it will be sent.
        limit: the model's context; `reserved` of it are kept for the answer.
        left_out: what does not fit, in the order of leaving out.
        turns_left_out: how many questions with their answers go.
    """

    used: int
    limit: int
    reserved: int
    left_out: tuple[LeftOut, ...] = ()
    turns_left_out: int = 0

    @property
    def fits(self) -> bool:
        """Whether the model can read the question at all."""
        return self.used < self.limit

    @property
    def sentence(self) -> str:
        """What the person should know before asking; empty when everything goes in."""
        return left_out_sentence(self.left_out, self.turns_left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything that could go into a request, before anything is left out.

    Attributes:
        history: the chosen path before the question, oldest first.
        question: the parts of the question, None where it is the last of the history.
    """

    history: tuple[StoredMessage, ...]
    question: tuple[Part, ...] | None
    system: str
    options: Options
    adapter: str = "auto"
    tools: tuple[Tool, ...] = ()


def left_out_sentence(left_out: Sequence[LeftOut], turns: int) -> str:
    """What is left out, in words; empty for nothing."""
    names = [name for one in left_out if one.what == "media" for name in one.names]
    missing = [name for one in left_out if one.what == "missing" for name in one.names]
    parts = []
    if turns:
        parts.append("the oldest turn" if turns == 1 else f"the {turns} oldest turns")
    if names:
        parts.append(f"what was attached to older turns ({_listed(names)})")
    said = ""
    if parts:
        said = f"The model's context is full: it will not see {' and '.join(parts)}."
    if missing:
        gone = f"The stored files of {_listed(missing)} are gone: the model will not see them."
        said = f"{said} {gone}".strip()
    return said


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
