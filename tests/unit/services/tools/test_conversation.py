"""Calls are run and their results handed back, in the form of the published prompt."""

from __future__ import annotations

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Started, TextDelta, ToolCallReady
from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.engine.messages import ChatRequest, Message, Text, ToolCall, ToolResult
from phi_desk.errors import DeviceError
from phi_desk.services.tools.conversation import MOST_ROUNDS, ToolAnswered, answer_with_tools
from phi_desk.services.tools.household import TOOLS, Household

CALL = ToolCall("timer", {"minutes": 5})
ASKED = ChatRequest(messages=(Message("user", (Text("Set a timer."),)),), tools=TOOLS)


def _is_told(request: ChatRequest) -> bool:
    return request.messages[-1].role == "tool"


def test_a_call_is_run_and_its_result_read() -> None:
    engine = FakeEngine(Rule(_is_told, "The timer is set."), otherwise=("I will. ", CALL))
    events = list(answer_with_tools(ASKED, Household().run, engine, CancelToken()))

    assert sum(isinstance(event, Started) for event in events) == 1
    answered = ToolAnswered(call=CALL, result=ToolResult("timer", '{"minutes": 5}'))
    assert answered in events
    assert events.index(ToolCallReady(CALL)) < events.index(answered)
    *_, last = events
    assert isinstance(last, Finished)
    assert (last.text, last.reason) == ("The timer is set.", "stop")
    assert engine.requests[1].messages[1:] == (
        Message("assistant", (Text("I will."), CALL)),
        Message("tool", (answered.result,)),
    )
    assert engine.requests[1].tools == TOOLS


def test_an_answer_without_calls_is_just_that() -> None:
    engine = FakeEngine(otherwise="I have no tool for that.")
    events = list(answer_with_tools(ASKED, Household().run, engine, CancelToken()))
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == (
        "I have no tool for that."
    )
    assert len(engine.requests) == 1


def test_a_model_that_calls_for_ever_is_ended() -> None:
    engine = FakeEngine(otherwise=CALL)
    *_, last = answer_with_tools(ASKED, Household().run, engine, CancelToken())
    assert isinstance(last, Finished)
    assert "went on calling" in last.note
    assert len(engine.requests) == MOST_ROUNDS


def test_a_stop_runs_no_tool() -> None:
    cancel, ran = CancelToken(), []

    def run(call: ToolCall) -> ToolResult:
        ran.append(call)
        return ToolResult(call.name, "")

    cancel.cancel()
    *_, last = answer_with_tools(ASKED, run, FakeEngine(otherwise=("Well, ", CALL)), cancel)
    assert isinstance(last, Finished)
    assert last.reason == "cancelled"
    assert ran == []


def test_a_tool_that_fails_ends_the_answer() -> None:
    def run(call: ToolCall) -> ToolResult:
        raise DeviceError("The lamp is broken.")

    with pytest.raises(DeviceError, match="lamp"):
        list(answer_with_tools(ASKED, run, FakeEngine(otherwise=CALL), CancelToken()))
