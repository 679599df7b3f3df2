"""One example for the decoder alone: a conversation, the tools offered, the answer wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from phi_desk.engine.messages import Message, Text, Tool

TEXT_KINDS: Final = ("translate", "detect", "talk", "sum", "tool", "outside", "summary")


@dataclass(frozen=True, slots=True)
class TextExample:
    """A conversation and its answer.

    Attributes:
        answer: as the model writes it; calls of tools with their published tags.
        kind: one of `TEXT_KINDS`, or "scene" of one told in words.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]
    answer: str
    kind: str


def system(text: str) -> Message:
    """How the model shall behave."""
    return Message("system", (Text(text),))


def user(text: str) -> Message:
    """What a person typed."""
    return Message("user", (Text(text),))


def assistant(text: str) -> Message:
    """What the model answered before."""
    return Message("assistant", (Text(text),))


def asked(example: TextExample) -> str:
    """All that the person typed, which decides the split of an example."""
    return "\n".join(
        part.text
        for message in example.messages
        if message.role == "user"
        for part in message.parts
        if isinstance(part, Text)
    )
