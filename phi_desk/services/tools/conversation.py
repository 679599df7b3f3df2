"""An answer with tools: calls are run, their results handed back, until the model is done.

Knows no tool; whoever asks says how a call is run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Started, StreamEvent, TextDelta, ToolCallReady
from phi_desk.engine.messages import ChatRequest, Message, Part, Text, ToolCall, ToolResult
from phi_desk.services.tally import Tally

MOST_ROUNDS = 4  # of calls and results; a model that goes on calling is ended

RunTool = Callable[[ToolCall], ToolResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAnswered:
    """A call was run, and this came out."""

    call: ToolCall
    result: ToolResult


ToolEvent = StreamEvent | ToolAnswered


def answer_with_tools(
    request: ChatRequest, run: RunTool, engine: Engine, cancel: CancelToken
) -> Iterator[ToolEvent]:
    """The answer to `request` as events; the last is one `Finished` over all rounds.

    Its text is what the model said in the last round, after it saw the results.

    Raises:
        PhiDeskError: from the engine, or from `run`.
    """
    tally = Tally()
    for number in range(MOST_ROUNDS):
        round_ = yield from _one_round(request, engine, cancel, first=number == 0)
        tally.add(round_.finished)
        if not round_.calls or round_.finished.reason == "cancelled":
            yield tally.finish(round_.finished.text)
            return
        results = []
        for call in round_.calls:
            result = run(call)
            results.append(result)
            yield ToolAnswered(call=call, result=result)
        called = Message("assistant", (*round_.said, *round_.calls))
        messages = (*request.messages, called, Message("tool", tuple(results)))
        request = replace(request, messages=messages)
    note = f"The model went on calling tools and was ended after {MOST_ROUNDS} rounds."
    yield tally.finish(round_.finished.text, note)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What the model said and called until it ended."""

    finished: Finished
    calls: tuple[ToolCall, ...]

    @property
    def said(self) -> tuple[Part, ...]:
        text = self.finished.text.strip()
        return (Text(text),) if text else ()


def _one_round(
    request: ChatRequest, engine: Engine, cancel: CancelToken, *, first: bool
) -> Generator[StreamEvent, None, _Round]:
    """One answer of the model; its start is told only of the first."""
    calls: list[ToolCall] = []
    finished: Finished | None = None
    for event in engine.stream(request, cancel):
        match event:
            case ToolCallReady(call):
                calls.append(call)
                yield event
            case Finished():
                finished = event
            case TextDelta():
                yield event
            case Started() if not first:
                pass
            case _:
                yield event
    if finished is None:
        raise TypeError("a stream of events ended without Finished")
    return _Round(finished=finished, calls=tuple(calls))
