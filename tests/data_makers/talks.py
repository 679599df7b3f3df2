"""Short ways to talk in a stored chat, for tests."""

from __future__ import annotations

from collections.abc import Callable

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import StreamEvent
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Options, Text
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, DraftPart, StoredMessage

Said = str | DraftPart | Attachment


class Talk:
    """One chat, its store and a session in it."""

    def __init__(self, store: ChatStore, chat: int, clock: Callable[[], float] | None = None):
        self.store = store
        self.chat = chat
        self.session = ChatSession(store, chat, clock) if clock else ChatSession(store, chat)

    def ask(
        self,
        *parts: Said,
        answer: str = "Fine.",
        engine: Engine | None = None,
        how: How | None = None,
        cancel: CancelToken | None = None,
    ) -> list[StreamEvent]:
        """Ask and read the whole answer."""
        return list(
            self.session.ask(
                engine or FakeEngine(otherwise=answer),
                said(*parts),
                how or How(),
                cancel or CancelToken(),
            )
        )

    def edit(self, question: int, *parts: Said, answer: str = "Fine.") -> None:
        """Ask another version of a question."""
        engine = FakeEngine(otherwise=answer)
        list(self.session.edit(engine, question, said(*parts), How(), CancelToken()))

    def regenerate(self, answer: int, text: str) -> None:
        """Have another version of an answer, which says `text`."""
        list(self.session.regenerate(FakeEngine(otherwise=text), answer, How(), CancelToken()))

    @property
    def path(self) -> tuple[StoredMessage, ...]:
        """The chosen messages."""
        return self.store.messages.path(self.chat)

    @property
    def words(self) -> list[str]:
        """The words of the chosen messages."""
        return [message.text for message in self.path]


def said(*parts: Said) -> tuple[DraftPart | Attachment, ...]:
    """Parts, where words may be plain strings."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def brief(tokens: int) -> How:
    """Answers of at most so many tokens."""
    return How(options=Options(max_tokens=tokens))
