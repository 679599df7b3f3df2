"""Takes one question after another to the disk and then to the model; knows no view and no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import PhiDeskError
from phi_desk.services.chats.posting import Posted, post
from phi_desk.services.chats.session import ChatSession
from phi_desk.services.chats.values import Attachment, DraftPart
from phi_desk.ui.chat.list_presenter import Stores
from phi_desk.ui.chat.turn import Turn
from phi_desk.ui.running import ModelRunner, Priority, WorkRunner

Ask = Callable[[ChatSession, Engine, CancelToken], Iterable[object]]


class Listener(Protocol):
    """Hears what becomes of a question, on the thread that paints."""

    def on_stored(self, turn: Turn, posted: Posted) -> None:
        """It is on disk."""
        ...

    def on_asked(self, turn: Turn) -> None:
        """It waits for the model."""
        ...

    def on_event(self, turn: Turn, event: object) -> None:
        """The model's stream."""
        ...

    def on_failed(self, error: PhiDeskError) -> None:
        """It could not be stored or answered; `on_end` follows."""
        ...

    def on_end(self, turn: Turn) -> None:
        """Always last, once."""
        ...


class Asking:
    """One turn at a time.

    Attributes:
        turn: the question that is being stored or answered.
    """

    def __init__(
        self, stores: Stores, model: ModelRunner, disk: WorkRunner, listener: Listener
    ) -> None:
        self._stores, self._model, self._disk = stores, model, disk
        self._listener = listener
        self._session: tuple[int, ChatSession] | None = None  # touched on the model lane only
        self.turn: Turn | None = None

    def store(
        self,
        turn: Turn,
        parts: Sequence[DraftPart | Attachment],
        ask: Ask,
        *,
        system: str = "",
        beside: int | None = None,
    ) -> None:
        """Write a question to the disk, then `ask` about it; not if it was stopped meanwhile."""
        self.turn = turn

        def work(cancel: CancelToken) -> Iterator[object]:
            chat, store = turn.chat, self._stores()
            yield post(store, chat, parts, system=system, beside=beside, cancel=cancel)

        def stored(posted: object) -> None:
            if isinstance(posted, Posted):
                turn.question = posted.question
                self._listener.on_stored(turn, posted)

        def finished() -> None:
            if turn.question is None or turn.stopped:
                self._end(turn)
            else:
                self.ask(turn, ask)

        running = self._disk.run(
            work, on_event=stored, on_failed=self._listener.on_failed, on_finished=finished
        )
        if turn.running is None:  # a runner may be done, and the model at work, before it returns
            turn.running = running

    def ask(self, turn: Turn, ask: Ask) -> None:
        """Have a stored question answered."""
        self.turn = turn
        chat = turn.chat
        assert chat is not None
        self._listener.on_asked(turn)

        def work(engine: Engine, cancel: CancelToken) -> Iterable[object]:
            return ask(self.session_of(chat), engine, cancel)

        turn.running = self._model.run(
            work,
            priority=Priority.CHAT,
            on_event=lambda event: self._listener.on_event(turn, event),
            on_failed=self._listener.on_failed,
            on_finished=lambda: self._end(turn),
        )

    def stop(self) -> None:
        """End the turn; what there is of the answer stays."""
        if self.turn is not None:
            self.turn.stopped = True
            if self.turn.running is not None:
                self.turn.running.cancel()

    def session_of(self, chat: int) -> ChatSession:
        """A chat to talk to, on the model lane; remembers what every message of it takes."""
        if self._session is None or self._session[0] != chat:
            self._session = (chat, ChatSession(self._stores(), chat))
        return self._session[1]

    def _end(self, turn: Turn) -> None:
        self.turn = None
        self._listener.on_end(turn)
