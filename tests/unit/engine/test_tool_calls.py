"""Tool calls in a stream: every form is found, everything else stays text, sign by sign."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.engine.messages import ToolCall
from phi_desk.engine.tool_calls import ToolCallParser

NAMES = ("weather", "clock")
CALL = '{"name": "weather", "arguments": {"city": "Paris"}}'
CLOCK = '{"name": "clock"}'
PARIS, NOW = ToolCall("weather", {"city": "Paris"}), ToolCall("clock", {})
Found = tuple[str, list[ToolCall]]


def outputs(*deltas: str, names: tuple[str, ...] = NAMES) -> list[str | ToolCall]:
    parser = ToolCallParser(names)
    return [output for delta in deltas for output in parser.feed(delta)] + parser.flush()


def found(*deltas: str, names: tuple[str, ...] = NAMES) -> Found:
    everything = outputs(*deltas, names=names)
    text = "".join(output for output in everything if isinstance(output, str))
    return text, [output for output in everything if isinstance(output, ToolCall)]


CALLS = [
    (f"<|tool_call|>[{CALL}]<|/tool_call|>", "", [PARIS]),
    (f"<|tool_call|>{CALL}<|/tool_call|>", "", [PARIS]),
    (f"<|tool_call|>\n[{CALL}]\n<|/tool_call|>\n", "\n", [PARIS]),
    (f"<|tool_call|>[{CALL}, {CLOCK}]<|/tool_call|>", "", [PARIS, NOW]),
    (f"<|tool_call|>{CALL}\n{CLOCK}<|/tool_call|>", "", [PARIS, NOW]),
    (f"<|tool_call|>{CALL},{CLOCK}<|/tool_call|>", "", [PARIS, NOW]),
    (f"<|tool_call|>[{CALL}]<|/tool_call|><|tool_call|>[{CLOCK}]<|/tool_call|>", "", [PARIS, NOW]),
    (f"<|tool_call|>[{CALL}]", "", [PARIS]),  # the answer ended without the closing tag
    (f"<|tool_call|>[{CALL}] Done.", " Done.", [PARIS]),
    (f"functools[{CALL}]", "", [PARIS]),
    (f"functools[{CALL},{CLOCK}]", "", [PARIS, NOW]),
    (f"functools[[{CALL}]]", "", [PARIS]),
    (f"[{CALL}]", "", [PARIS]),
    (CALL, "", [PARIS]),
    (f"\n  {CALL}", "\n  ", [PARIS]),
    (f"{CALL}\n{CLOCK}", "", [PARIS, NOW]),
    (f"{CALL},\n[{CLOCK}]", "", [PARIS, NOW]),
    (f"Let me look.\n[{CALL}]\nThere.", "Let me look.\n\nThere.", [PARIS]),
    (f"Sure: <|tool_call|>[{CALL}]<|/tool_call|>", "Sure: ", [PARIS]),
    (f"Sure: functools[{CALL}] ok", "Sure:  ok", [PARIS]),
    (f"x <|tool_call|>[{CALL}]<|/tool_call|>{CLOCK}", "x ", [PARIS, NOW]),
    (f"<|tool<|tool_call|>{CALL}", "<|tool", [PARIS]),
    (f"functoolsfunctools[{CALL}]", "functools", [PARIS]),
    (f"functools[<|tool_call|>[{CALL}]<|/tool_call|>", "functools[", [PARIS]),
    ('{"arguments": {"city": "Paris"}, "name": "weather"}', "", [PARIS]),
    ('{"name": "weather", "parameters": {"city": "Paris"}}', "", [PARIS]),
    ('{"name": "weather", "arguments": "{\\"city\\": \\"Paris\\"}"}', "", [PARIS]),
    (f'{{"type": "function", "id": "1", "function": {CALL}}}', "", [PARIS]),
    ('{"name": "clock", "arguments": null}', "", [NOW]),
    ('<|tool_call|>[{"name": "other", "arguments": {}}]', "", [ToolCall("other", {})]),
]

NO_CALLS = [
    "",
    "Hello.",
    "Use functools.partial or functools[",
    "functools[1, 2]",
    "a <| b |> c <|tool_cal",
    "<|tool_call|>",
    "<|tool_call|>none<|/tool_call|>",
    "<|tool_call|>[]<|/tool_call|>",
    "<|tool_call|>[{}]<|/tool_call|>",
    '<|tool_call|>[{"name": "weather", "arguments": {"city": }}]<|/tool_call|>',
    '<|tool_call|>[{"name": "weather", "arguments": {"city": "Paris"',
    '<|tool_call|>[{"name": "weather", "arguments": [1]}]<|/tool_call|>',
    '<|tool_call|>[{"name": 5, "arguments": {}}]<|/tool_call|>',
    '<|tool_call|>[{"name": "", "arguments": {}}]<|/tool_call|>',
    '<|tool_call|>["weather"]<|/tool_call|>',
    '<|tool_call|>"weather"<|/tool_call|>',
    '<|tool_call|>[{"name": "weather", "arguments": {}}}',
    '[{"name": "Alice", "age": 3}, {"name": "Bob", "age": 4}]',
    '{"name": "Alice", "arguments": {}}',
    '{"name": "weather", "arguments": {}, "name": "Alice"}',
    '{"name": "weather", "size": 3}',
    '{"city": "Paris"}',
    f"Inline {CALL} is no call.",
    "[1, 2, 3]\n[[4]]\n{}\n[]",
    "[link](https://example.org)\n[ ] todo",
    '{"name": "weather", "arguments": ' + "[" * 200 + "]" * 200 + "}",
    '{"name": "weather", "arguments": {"n": ' + "9" * 5000 + "}}",
    '{"name": "weather", "arguments": "not json"}',
    f'[\n  {CALL},\n  {{"name": "Alice", "age": 3}}\n]',
]


@pytest.mark.parametrize(("answer", "text", "calls"), CALLS)
def test_calls_are_found(answer: str, text: str, calls: list[ToolCall]) -> None:
    assert found(answer) == (text, calls)
    assert found(*answer) == (text, calls)  # sign by sign


@pytest.mark.parametrize("answer", NO_CALLS)
def test_what_is_no_call_stays_as_it_was(answer: str) -> None:
    assert found(answer) == (answer, [])
    assert found(*answer) == (answer, [])


@pytest.mark.parametrize("answer", [*(case[0] for case in CALLS), *NO_CALLS])
def test_without_tools_everything_is_text(answer: str) -> None:
    assert found(*answer, names=()) == (answer, [])


@given(data=st.data())
def test_how_the_stream_is_cut_does_not_matter(data: st.DataObject) -> None:
    pieces = [*(case[0] for case in CALLS), *NO_CALLS, "\n", " ", ",", "]", "<|/tool_call|>"]
    answer = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=4)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=8)))
    bounds = [0, *cuts, len(answer)]
    deltas = [answer[a:b] for a, b in itertools.pairwise(bounds)]
    assert found(*deltas) == found(answer)


@given(st.text(alphabet='[]{}",:\\ \n\tname<|tool_call|>/functools1'))
def test_odd_text_without_a_name_is_never_changed(text: str) -> None:
    assert found(*text, names=("Weather",)) == (text, [])


def test_arguments_keep_their_structure() -> None:
    arguments = {"rows": [[1, 2], [3, {"a": ["]", "}", '"', "<|/tool_call|>"]}]], "ü": "你\n"}
    written = (
        '[{"name": "table", "arguments": {"rows": [[1, 2], [3, {"a": ["]", "}", "\\"", '
        '"<|/tool_call|>"]}]], "ü": "你\n"}}]'  # the line break is one that models write
    )
    tagged = f"<|tool_call|>{written}<|/tool_call|>"
    assert found(*tagged) == ("", [ToolCall("table", arguments)])
    assert found(written, names=("table",)) == ("", [ToolCall("table", arguments)])


def test_order_is_kept() -> None:
    assert outputs(f"a <|tool_call|>{CALL}<|/tool_call|> b {CLOCK}\n{CLOCK}") == [
        "a ",
        PARIS,
        f" b {CLOCK}\n",
        NOW,
    ]


def test_text_is_not_held_back_longer_than_needed() -> None:
    parser = ToolCallParser(NAMES)
    assert parser.feed("See [1] and fun") == ["See [1] and "]
    assert parser.feed("ny") == ["funny"]
    assert parser.feed('\n{"city"') == ['\n{"city"']
    assert parser.feed(': {"x": 1}}') == [': {"x": 1}}']


def test_nesting_beyond_reason_is_let_go_at_once() -> None:
    parser = ToolCallParser(NAMES)
    begun = '{"name": "weather", "arguments": ' + "[" * 100
    assert "".join(str(output) for output in parser.feed(begun)).startswith('{"name"')


def test_a_parser_is_ready_again_after_flush() -> None:
    parser = ToolCallParser(NAMES)
    assert parser.feed('x {"a') == ['x {"a']
    assert parser.feed("\n[{") + parser.flush() == ["\n", "[{"]
    assert parser.feed(CALL) == [PARIS]


@pytest.mark.parametrize(
    "unit", ['{"name":\n', "[\n", '<|tool_call|>[{"', "functools[[{", '{"name": [1,2,"x"],\n', "<|"]
)
def test_the_cost_grows_with_the_length_only(unit: str) -> None:
    answer = unit * (200_000 // len(unit))
    parser = ToolCallParser(NAMES)
    started = time.perf_counter()
    result = [
        output for at in range(0, len(answer), 4) for output in parser.feed(answer[at : at + 4])
    ]
    text = "".join(str(output) for output in [*result, *parser.flush()])
    assert text == answer
    assert time.perf_counter() - started < 10  # measured 0.2 s; quadratic work takes minutes
