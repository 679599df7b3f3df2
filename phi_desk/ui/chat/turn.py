"""A question on its way: stored, asked, answered or put back; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from phi_desk.engine.messages import Text
from phi_desk.errors import UsageError
from phi_desk.services.chats.values import Attachment, DraftPart, Named, StoredMessage
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.running import Running

PHASES = {
    "load": "Loading the model…",
    "media": "Looking at what you attached…",
    "encode": "Looking at what you attached…",
    "prefill": "Reading…",
}
BUSY = UsageError("An answer is being written.", "Stop it first, or wait until it is there.")


@dataclass(slots=True)
class Turn:
    """A question that is being stored or answered.

    Attributes:
        chat: None until a new chat is stored.
        opened: which opening of a chat it belongs to, for as long as `chat` is None.
        question: its message, None until it is stored.
        text, items: the draft, to be put back where the question could not be stored.
        said: what the answer says so far.
        stopped: the person does not want the answer.
        whole: the answer came to its end by itself.
    """

    chat: int | None
    opened: int
    question: int | None = None
    text: str = ""
    items: tuple[DraftItem, ...] = ()
    said: list[str] = field(default_factory=list)
    running: Running | None = None
    stopped: bool = False
    whole: bool = False

    @property
    def answer(self) -> str:
        """The answer so far."""
        return "".join(self.said)


def parts_of(text: str, items: Sequence[DraftItem]) -> list[DraftPart | Attachment]:
    """A draft as it is stored: media, then the words, then the texts that they are about."""
    media = [Named(part=i.part, name=i.name) for i in items if not isinstance(i.part, Text)]
    texts = [item.part for item in items if isinstance(item.part, Text)]
    words = text.strip()
    if words and texts:
        words += "\n"
    return [*media, *([Text(words)] if words else []), *texts]


def can_go_on(message: StoredMessage) -> bool:
    """Whether an answer did not come to its own end."""
    cut = message.state in ("stopped", "interrupted", "failed")
    full = message.state == "whole" and message.about.reason == "length"
    return message.role == "assistant" and (cut or full) and bool(message.text.strip())
