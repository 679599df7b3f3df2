"""What goes into the engine: messages of parts, and the options of one request. Knows no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from phi_desk.errors import UsageError
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words the person or the model wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: a file, or pixels already decoded."""

    source: Path | Picture


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound: a file, or samples already decoded."""

    source: Path | Sound


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the tool answered, as the model shall read it."""

    name: str
    content: str


Part = Text | Image | Audio | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: who speaks, and its parts in order."""

    role: Role
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call, in the published format (name, description, parameters)."""

    name: str
    description: str
    parameters: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to answer one request.

    Attributes:
        max_tokens: most tokens of the answer.
        temperature: 0 is greedy (the default, as published).
        top_p: nucleus of the sampling, 0 < top_p <= 1; ignored when greedy.
        seed: makes a sampled answer repeatable; None draws a new one.
        max_crops: most 448-pixel crops a picture (the published limit is 36).
        stop_loops: end an answer that repeats itself without end.
    """

    max_tokens: int = 1024
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    max_crops: int = 36
    stop_loops: bool = True

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise UsageError(
                "The answer needs room for at least one token.", "Use --max-tokens 1 or more."
            )
        if not 0 <= self.temperature <= 10:
            raise UsageError("The temperature must lie between 0 and 10.")
        if not 0 < self.top_p <= 1:
            raise UsageError("top-p must lie above 0 and at most at 1.")
        if self.seed is not None and not -(2**63) <= self.seed < 2**64:
            raise UsageError("A seed has at most 64 bits.", "Use a smaller number with --seed.")
        if not 1 <= self.max_crops <= 36:
            raise UsageError("A picture is cut into 1 to 36 crops.", "Use --max-crops 1 to 36.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One question with its history.

    `adapter` is "auto" (by the modality of the request), "none", or an adapter's name. With `go_on`
    the last message is an answer that is not finished: what comes is its continuation.
    """

    messages: tuple[Message, ...]
    options: Options = field(default_factory=Options)
    adapter: str = "auto"
    tools: tuple[Tool, ...] = ()
    go_on: bool = False
