"""Counts what a chat takes of one engine's context, and makes it fit; knows no database.

Left out are first the media of old turns, the oldest first, then whole old turns, then what the
last turn has; never the system turn, never the question itself. It goes in steps of a fifth of the
context, so that the beginning of the prompt stays the same for many questions: what an engine
remembers of a prompt is of use only up to the first difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Part, Text
from phi_desk.services.chats.context import (
    Conversation,
    CountsTokens,
    LeftOut,
    Usage,
)
from phi_desk.services.chats.values import Attachment, StoredMessage

STEPS = 5  # of the context; see above
ANSWER_SHARE = 4  # at most a quarter of the context is kept free for the answer

_EMPTY = Message("user", (Text("."),))


@dataclass(slots=True)
class _Turn:
    """A question and what answers to it, as it will be sent."""

    messages: list[tuple[int, Message, int]]  # id, message, tokens
    light: list[tuple[int, Message, int]]  # the same without media
    media: tuple[LeftOut, ...]

    @property
    def tokens(self) -> int:
        return sum(tokens for _, _, tokens in self.messages)

    @property
    def light_tokens(self) -> int:
        return sum(tokens for _, _, tokens in self.light)


class Meter:
    """Counts for one engine; remembers what each stored message takes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known: dict[tuple[int, str, int, int], int] = {}
        self._frame: int | None = None

    def fit(
        self, talk: Conversation, cancel: CancelToken
    ) -> tuple[tuple[Message, ...], Usage | None]:
        """The messages to send, and what they take; None where the engine cannot count.

        Raises:
            PhiDeskError: media that the engine cannot read; `Cancelled` by `cancel`.
        """
        around = _system(talk.system)
        question = () if talk.question is None else (Message("user", talk.question),)
        missing = tuple(_missing(talk.history))
        if not isinstance(self.engine, CountsTokens):
            history = tuple(engine_message(one) for one in talk.history if _says_something(one))
            return (*around, *history, *question), None
        base = self._base(talk, (*around, *question), cancel)
        turns = [self._turn(talk, turn, cancel) for turn in _turns(talk.history)]
        asked = turns[-1:] if talk.question is None else []
        turns = turns[: len(turns) - len(asked)]
        base += sum(turn.tokens for turn in asked)
        limit = self.engine.context
        reserved = min(talk.options.max_tokens, limit // ANSWER_SHARE)
        left_out, dropped = _leave_out(turns, base, limit - reserved)
        usage = Usage(
            used=base + sum(turn.tokens for turn in turns),
            limit=limit,
            reserved=reserved,
            left_out=(*missing, *left_out),
            turns_left_out=dropped,
        )
        history = tuple(m for turn in (*turns, *asked) for _, m, _ in turn.messages)
        return (*around, *history, *question), usage

    def _turn(
        self, talk: Conversation, stored: Sequence[StoredMessage], cancel: CancelToken
    ) -> _Turn:
        full, light, media = [], [], []
        for one in stored:
            message = engine_message(one)
            tokens = self._tokens(talk, one, message, "full", cancel)
            full.append((one.id, message, tokens))
            there = [p for p in one.parts if isinstance(p, Attachment) and _is_there(p)]
            names = tuple(part.name or _noun(part) for part in there)
            if names:
                media.append(LeftOut(what="media", message=one.id, names=names))
                message = engine_message(one, media=False)
                tokens = self._tokens(talk, one, message, "light", cancel)
            light.append((one.id, message, tokens))
        return _Turn(full, light, tuple(media))

    def _tokens(
        self,
        talk: Conversation,
        stored: StoredMessage,
        message: Message,
        form: str,
        cancel: CancelToken,
    ) -> int:
        # Its length, too: an answer can be gone on with.
        key = (stored.id, form, talk.options.max_crops, len(stored.text))
        if stored.state == "growing" or key not in self._known:
            cancel.raise_if_cancelled()
            self._known[key] = self._count(talk, (message,), cancel) - self._around(talk, cancel)
        return self._known[key]

    def _base(self, talk: Conversation, messages: tuple[Message, ...], cancel: CancelToken) -> int:
        """What a prompt of `messages` takes, with the list of tools."""
        if messages:
            return self._count(talk, messages, cancel, tools=True)
        tools = self._count(talk, (_EMPTY,), cancel, tools=True)
        return tools - self._count(talk, (_EMPTY,), cancel) + self._around(talk, cancel)

    def _around(self, talk: Conversation, cancel: CancelToken) -> int:
        """What a prompt takes beside its messages: the opening of the answer."""
        if self._frame is None:
            once = self._count(talk, (_EMPTY,), cancel)
            self._frame = 2 * once - self._count(talk, (_EMPTY, _EMPTY), cancel)
        return self._frame

    def _count(
        self,
        talk: Conversation,
        messages: tuple[Message, ...],
        cancel: CancelToken,
        *,
        tools: bool = False,
    ) -> int:
        assert isinstance(self.engine, CountsTokens)
        request = ChatRequest(
            messages=messages,
            options=talk.options,
            adapter=talk.adapter,
            tools=talk.tools if tools else (),
        )
        return self.engine.prompt(request, cancel).tokens


def engine_message(stored: StoredMessage, *, media: bool = True) -> Message:
    """A stored message as the engine reads it; media that are gone, or unwanted, as a remark."""
    return Message(stored.role, tuple(_engine_parts(stored, media=media)))


def _leave_out(turns: list[_Turn], base: int, room: int) -> tuple[list[LeftOut], int]:
    """Make `turns` lighter until they fit beside `base`; what went, and how many whole turns."""
    total = base + sum(turn.tokens for turn in turns)
    if total <= room:
        return [], 0
    step = max(1, room // STEPS)
    goal = total - step * -(-(total - room) // step)
    left_out: list[LeftOut] = []
    for turn in turns[:-1]:
        if total > goal and turn.media:
            total -= _lighten(turn, left_out)
    dropped = 0
    while total > goal and len(turns) > 1:
        total -= _drop(turns, left_out)
        dropped += 1
    if total > room and turns and turns[0].media:
        total -= _lighten(turns[0], left_out)
    if total > room and turns:
        total -= _drop(turns, left_out)
        dropped += 1
    return left_out, dropped


def _lighten(turn: _Turn, left_out: list[LeftOut]) -> int:
    saved = turn.tokens - turn.light_tokens
    turn.messages = turn.light
    left_out += turn.media
    return saved


def _drop(turns: list[_Turn], left_out: list[LeftOut]) -> int:
    """Take the first turn away; its media need not be named any more."""
    turn = turns.pop(0)
    ids = {number for number, _, _ in turn.messages}
    left_out[:] = [one for one in left_out if one.message not in ids]
    left_out += [LeftOut(what="turn", message=number) for number, _, _ in turn.messages]
    return turn.tokens


def _turns(history: Sequence[StoredMessage]) -> Iterator[list[StoredMessage]]:
    """The path cut before every question; what says nothing is passed over."""
    turn: list[StoredMessage] = []
    for one in filter(_says_something, history):
        if one.role == "user" and turn:
            yield turn
            turn = []
        turn.append(one)
    if turn:
        yield turn


def _says_something(stored: StoredMessage) -> bool:
    """False for an answer that failed before its first word."""
    return any(not isinstance(part, Text) or part.text.strip() for part in stored.parts)


def _engine_parts(stored: StoredMessage, *, media: bool) -> Iterator[Part]:
    for part in stored.parts:
        if not isinstance(part, Attachment):
            yield part
        elif media and _is_there(part):
            yield Image(part.path) if part.kind == "image" else Audio(part.path)
        else:
            name = f" “{part.name}”" if part.name else ""
            yield Text(f"[{_noun(part).capitalize()}{name}, not shown any more]\n")


def _missing(history: Sequence[StoredMessage]) -> Iterator[LeftOut]:
    for one in history:
        gone = [p for p in one.parts if isinstance(p, Attachment) and not _is_there(p)]
        if gone:
            names = tuple(part.name or _noun(part) for part in gone)
            yield LeftOut(what="missing", message=one.id, names=names)


def _is_there(part: Attachment) -> bool:
    return part.path.is_file()


def _noun(part: Attachment) -> str:
    return "picture" if part.kind == "image" else "recording"


def _system(words: str) -> tuple[Message, ...]:
    return (Message("system", (Text(words),)),) if words.strip() else ()
