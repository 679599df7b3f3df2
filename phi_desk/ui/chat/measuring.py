"""Counts what a draft takes of the context, whole and by attachment; on a lane, without Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.messages import ChatRequest, Message, Part, Text
from phi_desk.services.chats.context import Conversation, CountsTokens, Usage
from phi_desk.services.chats.meter import Meter
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.values import DraftPart, Named
from phi_desk.ui.chat.values import DraftItem

_DOT = Text(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`usage` of the whole question; `costs` of attachments in tokens, by their numbers."""

    usage: Usage | None
    costs: Mapping[int, int]


def measure(
    engine: Engine,
    session: ChatSession | None,
    items: Sequence[DraftItem],
    text: str,
    how: How,
    cancel: CancelToken,
) -> Measured:
    """Count; nothing is known of an engine that cannot count.

    Raises:
        PhiDeskError: something attached cannot be read; `Cancelled` by `cancel`.
    """
    if not isinstance(engine, CountsTokens):
        return Measured(usage=None, costs={})
    costs = _costs(engine, items, how, cancel)
    if session is not None:
        draft: list[DraftPart] = [Named(part=item.part, name=item.name) for item in items]
        draft += [Text(text)] if text.strip() else []
        return Measured(usage=session.measure(engine, draft, how, cancel), costs=costs)
    parts: tuple[Part, ...] = (*(item.part for item in items), Text(text or " "))
    talk = Conversation(
        history=(), question=parts, system="", options=how.options, adapter=how.adapter
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
