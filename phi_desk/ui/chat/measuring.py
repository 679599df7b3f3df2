"""Counts what a draft takes of the context, whole and by attachment; on a lane, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.messages import ChatRequest, Message, Part, Text
from phi_desk.services.chats.context import Conversation, CountsTokens, Usage
from phi_desk.services.chats.meter import Meter
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.ui.chat.turn import parts_of
from phi_desk.ui.chat.values import DraftItem
from phi_desk.ui.running import ModelRunner, Priority, Running

_DOT = Text(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`usage` of the whole question; `costs` of attachments in tokens, by their numbers."""

    usage: Usage | None
    costs: Mapping[int, int]


class Gauge:
    """Measures on the model lane when it has nothing better to do; only the last draft."""

    def __init__(
        self,
        model: ModelRunner,
        session_of: Callable[[int], ChatSession],
        how: Callable[[], How],
        on_measured: Callable[[int | None, Measured], None],
    ) -> None:
        self._model, self._session_of, self._how = model, session_of, how
        self._on_measured = on_measured
        self._running: Running | None = None

    def stop(self) -> None:
        """The draft is another one, or is asked."""
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def measure(self, chat: int | None, items: Sequence[DraftItem], text: str, system: str) -> None:
        """Count a draft in a chat, or in a new one that `system` instructs."""
        how = self._how()

        def work(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            session = None if chat is None else self._session_of(chat)
            yield measure(engine, session, items, text, how, cancel, system=system)

        def show(measured: object) -> None:
            if isinstance(measured, Measured):
                self._on_measured(chat, measured)

        # A draft that cannot be counted is told about when it is asked, not while it is typed.
        self._running = self._model.run(work, priority=Priority.BATCH, on_event=show)


def measure(
    engine: Engine,
    session: ChatSession | None,
    items: Sequence[DraftItem],
    text: str,
    how: How,
    cancel: CancelToken,
    *,
    system: str = "",
) -> Measured:
    """Count, with `system` for a chat that is not there yet; engines that cannot count say None.

    Raises:
        PhiDeskError: something attached cannot be read; `Cancelled` by `cancel`.
    """
    if not isinstance(engine, CountsTokens):
        return Measured(usage=None, costs={})
    costs = _costs(engine, items, how, cancel)
    if session is not None:
        return Measured(
            usage=session.measure(engine, parts_of(text, items), how, cancel), costs=costs
        )
    parts: tuple[Part, ...] = (*(item.part for item in items), Text(text or " "))
    talk = Conversation(
        history=(), question=parts, system=system, options=how.options, adapter=how.adapter
    )
    return Measured(usage=Meter(engine).fit(talk, cancel)[1], costs=costs)


def _costs(
    engine: CountsTokens, items: Sequence[DraftItem], how: How, cancel: CancelToken
) -> dict[int, int]:
    known = {item.id: item.tokens for item in items if item.tokens is not None}
    missing = [item for item in items if item.tokens is None]
    if missing:
        bare = _count(engine, (_DOT,), how, cancel)
        known |= {i.id: _count(engine, (i.part, _DOT), how, cancel) - bare for i in missing}
    return known


def _count(engine: CountsTokens, parts: tuple[Part, ...], how: How, cancel: CancelToken) -> int:
    request = ChatRequest(messages=(Message("user", parts),), options=how.options)
    return engine.prompt(request, cancel).tokens
