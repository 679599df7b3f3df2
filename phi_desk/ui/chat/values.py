"""What the presenters of Ask and its view tell each other; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from phi_desk.engine.messages import Audio, Image, Text
from phi_desk.errors import PhiDeskError
from phi_desk.services.chats.context import Usage
from phi_desk.services.chats.values import Chat, StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DraftItem:
    """A picture, a sound or a long text that waits to be asked about.

    Attributes:
        detail: its size or length in words.
        thumbnail: `[height, width, 3]` uint8 of a picture, else None.
        peaks: loudness in 0..1 along a sound, else None.
        tokens: what it takes of the context; None where that is not known yet.
    """

    id: int
    kind: Literal["image", "audio", "text"]
    name: str
    part: Image | Audio | Text
    detail: str
    thumbnail: NDArray[np.uint8] | None = None
    peaks: NDArray[np.float32] | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """A line of the list: `found` is where a search found it, empty without a search."""

    chat: Chat
    found: str = ""
    message: int | None = None


class ListView(Protocol):
    """The list of chats, as its presenter sees it."""

    def show_chats(self, lines: Sequence[ChatLine], current: int | None, words: str) -> None:
        """Show these lines; `words` were searched for, empty for all chats."""
        ...

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """Say what was done, and let it be undone for a while."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class TalkView(Protocol):
    """The conversation and the composer, as their presenter sees them."""

    def show_messages(self, path: Sequence[StoredMessage], live: str | None) -> None:
        """Show a chat; `live` is the text so far of an answer that is still being written."""
        ...

    def show_question(self, text: str, items: Sequence[DraftItem]) -> None:
        """Show a question that was just asked, and room for its answer."""
        ...

    def add_text(self, text: str) -> None:
        """More of the answer."""
        ...

    def show_progress(self, sentence: str) -> None:
        """What is being done before the first word; empty for nothing."""
        ...

    def show_busy(self, busy: bool) -> None:
        """Whether an answer is being written."""
        ...

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        """What is attached; `reading` more files are being read."""
        ...

    def set_draft(self, text: str) -> None:
        """Put words into the composer."""
        ...

    def show_usage(self, usage: Usage | None) -> None:
        """How full the context is; None where nobody knows."""
        ...

    def show_instruction(self, words: str) -> None:
        """How the model shall behave in this chat; empty for nothing said."""
        ...

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        """Say what was done, and let it be undone for a while."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...
