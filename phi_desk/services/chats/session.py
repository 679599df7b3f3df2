"""Asks within a stored chat: the question is on disk before the model sees it; knows no window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import StreamEvent
from phi_desk.engine.messages import (
    Audio,
    ChatRequest,
    Image,
    Options,
    Part,
    Tool,
    ToolResult,
)
from phi_desk.errors import Cancelled, PhiDeskError, UsageError
from phi_desk.services.chats.context import Conversation, Usage
from phi_desk.services.chats.meter import Meter
from phi_desk.services.chats.posting import check_parts, write_question
from phi_desk.services.chats.rows import Row, stage
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import (
    About,
    Attachment,
    DraftPart,
    Named,
    Speaker,
    StoredMessage,
)
from phi_desk.services.chats.writing import GrowingAnswer, open_ended


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to answer: `model` is only what the stored answer says about itself."""

    options: Options = field(default_factory=Options)
    adapter: str = "auto"
    tools: tuple[Tool, ...] = ()
    model: str = ""


class ChatSession:
    """One stored chat that is talked to, from one thread at a time."""

    def __init__(
        self, store: ChatStore, chat: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.chat = chat
        self._store = store
        self._clock = clock
        self._meter: Meter | None = None

    def ask(
        self,
        engine: Engine,
        parts: Sequence[DraftPart | Attachment],
        how: How,
        cancel: CancelToken,
    ) -> Iterator[StreamEvent]:
        """Ask at the end of the chosen path, and answer as events, the last one a `Finished`.

        The answer is stored while it comes; whatever ends it, what came stays.

        Raises:
            PhiDeskError: from the engine, from a file, or because the chat cannot be stored.
        """
        path = self._store.messages.path(self.chat)
        parent = path[-1].id if path else None
        return self._asked(engine, parts, parent, how, cancel)

    def edit(
        self,
        engine: Engine,
        question: int,
        parts: Sequence[DraftPart | Attachment],
        how: How,
        cancel: CancelToken,
    ) -> Iterator[StreamEvent]:
        """Ask another version of a question, as a branch beside it. Raises as `ask` does."""
        message = self._message(question, "user")
        return self._asked(engine, parts, message.parent, how, cancel)

    def regenerate(
        self, engine: Engine, answer: int, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Answer anew, as a branch beside `answer`. Raises as `ask` does."""
        parent = self._message(answer, "assistant").parent
        if parent is None:
            raise UsageError("This answer has no question.", "Ask something.")
        return self._answered(engine, parent, how, cancel)

    def answer_again(
        self, engine: Engine, question: int, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Answer a stored question: a new one, or one without an answer. Raises as `ask` does."""
        return self._answered(engine, self._message(question, "user").id, how, cancel)

    def finish(
        self, engine: Engine, answer: int, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Go on with an answer that was stopped, cut off, or as long as it may be.

        The events bring what is new; it is stored behind what was there. Raises as `ask` does.
        """
        message = self._message(answer, "assistant")
        if message.state == "growing" or not message.text.strip():
            raise UsageError("This answer cannot be gone on with.", "Answer again instead.")
        return self._finished(engine, message, how, cancel)

    def go_on(
        self, engine: Engine, results: Sequence[ToolResult], how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Tell the model what its tools said, and let it go on. Raises as `ask` does."""
        path = self._store.messages.path(self.chat)
        if not path or path[-1].role != "assistant":
            raise UsageError("No tool was asked for.", "Ask a question first.")
        return self._asked(engine, results, path[-1].id, how, cancel, role="tool")

    def measure(
        self,
        engine: Engine,
        draft: Sequence[DraftPart | Attachment],
        how: How,
        cancel: CancelToken,
    ) -> Usage | None:
        """What asking `draft` now would take, and what it would leave out; stores nothing.

        None where the engine cannot count. Pictures and sounds are read for it: not for the thread
        that paints.

        Raises:
            PhiDeskError: a file that cannot be read; `Cancelled` by `cancel`.
        """
        question = tuple(map(_engine_part, draft))
        talk = Conversation(
            history=self._store.messages.path(self.chat),
            question=question or None,
            system=self._store.get(self.chat).system,
            options=how.options,
            adapter=how.adapter,
            tools=how.tools,
        )
        return self._meter_of(engine).fit(talk, cancel)[1]

    def _asked(
        self,
        engine: Engine,
        parts: Sequence[DraftPart | Attachment],
        parent: int | None,
        how: How,
        cancel: CancelToken,
        *,
        role: Speaker = "user",
    ) -> Iterator[StreamEvent]:
        check_parts(parts, role)
        with ExitStack() as stack:
            rows = stage(parts, self._store.storage.media, stack, cancel)
            question, answer = self._store_question(parent, role, rows, how)
        yield from self._stream(engine, question, answer, how, cancel)

    def _answered(
        self, engine: Engine, question: int, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        with self._store.storage.database.write(durable=True) as connection:
            answer = self._store.messages.insert(
                connection,
                chat=self.chat,
                parent=question,
                role="assistant",
                state="growing",
                about=About(model=how.model),
            )
        yield from self._stream(engine, question, answer, how, cancel)

    def _store_question(
        self, parent: int | None, role: Speaker, rows: Sequence[Row], how: How
    ) -> tuple[int, int]:
        """Question and empty answer in one transaction: either both are there or none."""
        self._store.get(self.chat)
        tree = self._store.messages
        with self._store.storage.database.write(durable=True) as connection:
            question = write_question(
                self._store, connection, chat=self.chat, parent=parent, role=role, rows=rows
            )
            answer = tree.insert(
                connection,
                chat=self.chat,
                parent=question,
                role="assistant",
                state="growing",
                about=About(model=how.model),
            )
        return question, answer

    def _finished(
        self, engine: Engine, message: StoredMessage, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        about = replace(message.about, error="", hint="", note="", left_out="")
        growing = GrowingAnswer(
            self._store.storage.database, message.id, about, self._clock, message.parts
        )
        self._store.messages.reopen(message.id)
        yield from self._told(engine, growing, message.id, how, cancel, go_on=True)

    def _stream(
        self, engine: Engine, question: int, answer: int, how: How, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        about = About(model=how.model)
        growing = GrowingAnswer(self._store.storage.database, answer, about, self._clock)
        yield from self._told(engine, growing, question, how, cancel)

    def _told(
        self,
        engine: Engine,
        growing: GrowingAnswer,
        last: int,
        how: How,
        cancel: CancelToken,
        *,
        go_on: bool = False,
    ) -> Iterator[StreamEvent]:
        """Answer to the messages up to `last`, and keep the answer while it grows."""
        try:
            request, usage = self._request(engine, last, how, cancel, go_on=go_on)
            if usage is not None:
                growing.leave_out(usage.sentence)
            for event in engine.stream(request, cancel):
                growing.take(event)
                yield event
        except (Cancelled, GeneratorExit, KeyboardInterrupt):
            growing.close("stopped")
            raise
        except PhiDeskError as error:
            growing.fail(error)
            raise
        except BaseException as error:
            growing.close("failed", error=f"Something went wrong ({type(error).__name__}).")
            raise
        growing.close("interrupted")  # an engine that ended without a Finished
        if growing.failure is not None:
            raise growing.failure

    def _request(
        self, engine: Engine, last: int, how: How, cancel: CancelToken, *, go_on: bool
    ) -> tuple[ChatRequest, Usage | None]:
        history = self._store.messages.lineage(last)
        if go_on:
            history = (*history[:-1], open_ended(history[-1]))
        talk = Conversation(
            history=history,
            question=None,
            system=self._store.get(self.chat).system,
            options=how.options,
            adapter=how.adapter,
            tools=how.tools,
        )
        messages, usage = self._meter_of(engine).fit(talk, cancel)
        request = ChatRequest(
            messages=messages,
            options=how.options,
            adapter=how.adapter,
            tools=how.tools,
            go_on=go_on,
        )
        return request, usage

    def _meter_of(self, engine: Engine) -> Meter:
        if self._meter is None or self._meter.engine is not engine:
            self._meter = Meter(engine)
        return self._meter

    def _message(self, number: int, role: Speaker) -> StoredMessage:
        message = self._store.messages.get(number)
        if message.chat != self.chat or message.role != role:
            raise UsageError("This is not a message of this chat that can be asked again.")
        return message


def _engine_part(part: DraftPart | Attachment) -> Part:
    if isinstance(part, Named):
        return part.part
    if isinstance(part, Attachment):
        return Image(part.path) if part.kind == "image" else Audio(part.path)
    return part
