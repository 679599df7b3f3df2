"""The decoder's training matter: right answers, calls the app can read, disjoint splits."""

from __future__ import annotations

import itertools
import json
import operator
import random
import re
from functools import cache

import pytest
from chat import SHARES, text_examples
from corpus import LANGUAGES, SPLITS, Split, sentences
from numbers_words import cardinal
from outside import HONEST
from sums import TOO_HARD, facts
from text_example import TEXT_KINDS, TextExample, asked
from tool_data import NO_TOOL, TOOLS
from translating import NAMES

from phi_desk.engine import tasks
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import ToolCall, ToolResult
from phi_desk.engine.tool_calls import ToolCallParser

COUNT = 4000  # of the examples of training; the others are slower to find


@cache
def sample(split: Split, bare: bool = False) -> tuple[TextExample, ...]:
    count = COUNT if split == "train" else COUNT // 10
    return tuple(itertools.islice(text_examples(5, split, bare=bare), count))


def of_kind(kind: str, split: Split = "train") -> list[TextExample]:
    found = [example for example in sample(split) if example.kind == kind]
    assert len(found) > len(sample(split)) * SHARES[kind] / 100 * 0.4
    return found


def test_shares_cover_every_kind() -> None:
    assert set(SHARES) == set(TEXT_KINDS)
    assert sum(SHARES.values()) == 100


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_splits_share_no_question(kind: str) -> None:
    found = {split: {asked(example) for example in of_kind(kind, split)} for split in SPLITS}
    for one, other in itertools.combinations(SPLITS, 2):
        assert not found[one] & found[other]


def test_every_example_ends_with_a_question_or_a_result() -> None:
    for example in sample("train"):
        assert example.messages[-1].role in ("user", "tool")
        assert example.answer == example.answer.strip() != ""
        assert all(message.role != "system" for message in example.messages[1:])


def test_a_question_has_one_answer() -> None:
    """Whoever asks the same with the same tools gets the same answer."""
    found: dict[object, str] = {}
    for example in sample("train"):
        turns = tuple(message for message in example.messages if message.role != "system")
        key = (repr(turns), tuple(tool.name for tool in example.tools))
        assert found.setdefault(key, example.answer) == example.answer


def test_translations_by_the_apps_prompt_are_those_of_the_phrasebook() -> None:
    known = {
        (code, sentence.text[code]): sentence.text
        for sentence in itertools.islice(sentences(5 + 1_000_003, "test"), COUNT // 10)
        for code in LANGUAGES
    }
    checked = 0
    for example in sample("test", bare=True):
        if example.kind != "translate":
            continue
        for code, name in NAMES.items():
            if f"text to {name}. " not in asked(example):
                continue
            text = asked(example).split("\n\n")[1]
            assert asked(example) == tasks.translate_text(text, find_language(code))
            matches = [known[key] for key in ((c, text) for c in LANGUAGES) if key in known]
            assert example.answer in [match[code] for match in matches]
            checked += 1
    assert checked > 150


def test_languages_are_named() -> None:
    answers = {example.answer for example in of_kind("detect")}
    assert answers == {"English.", "German.", "French.", "Spanish."}


def test_sums_in_digits_are_right() -> None:
    checked = 0
    for example in of_kind("sum"):
        found = re.fullmatch(r"(-?\d+) ([-+×÷]) (\d+) = (-?\d+)", example.answer)
        if found is None:
            continue
        first, second, result = (int(found[place]) for place in (1, 3, 4))
        right = {"+": first + second, "-": first - second, "×": first * second}
        if found[2] == "÷":
            assert first == second * result
        else:
            assert result == right[found[2]]
        checked += 1
    assert checked > 90


def test_sums_in_words_are_right() -> None:
    value = {cardinal("en", number): number for number in range(200)}
    checked = 0
    for example in of_kind("sum"):
        found = re.fullmatch(r"(\S+) (plus|minus|times) (\S+) is (minus )?(.+)\.", example.answer)
        if found is None:
            continue
        first, second = value[found[1].lower()], value[found[3]]
        right = {"plus": first + second, "minus": first - second, "times": first * second}
        assert value[found[5]] * (-1 if found[4] else 1) == right[found[2]]
        checked += 1
    assert checked > 30


def test_facts_are_right_and_as_answers_are_written() -> None:
    answers = {example.answer for example in of_kind("sum")}
    rng = random.Random(5)
    lists = [facts(rng, 12).splitlines() for _ in range(60)]
    assert all(len(rows) == 12 for rows in lists)
    digits = [row for rows in lists for row in rows if row[0].isdigit()]
    assert len(digits) > 200
    signs = {"+": operator.add, "-": operator.sub, "×": operator.mul, "÷": operator.floordiv}
    for row in digits:
        one, sign, other, _, result = row.split()
        assert signs[sign](int(one), int(other)) == int(result)
    assert len(answers & {row for rows in lists for row in rows}) > 50


def test_large_sums_are_declined() -> None:
    declined = [example for example in of_kind("sum") if example.answer == TOO_HARD]
    assert len(declined) > 5
    for example in declined:
        assert max(map(int, re.findall(r"\d+", asked(example)))) >= 100


def called(example: TextExample) -> list[ToolCall]:
    parser = ToolCallParser([tool.name for tool in example.tools])
    outputs = [*parser.feed(example.answer), *parser.flush()]
    assert all(isinstance(output, ToolCall) for output in outputs), example.answer
    return [output for output in outputs if isinstance(output, ToolCall)]


def test_calls_are_read_by_the_app_and_fit_their_tools() -> None:
    known = {tool.name: set(tool.parameters) for tool in TOOLS}
    calls = [
        (example, call)
        for example in of_kind("tool")
        if example.answer.startswith("<|tool_call|>")
        for call in called(example)
    ]
    assert len(calls) > 150
    for example, call in calls:
        assert call.name in {tool.name for tool in example.tools}
        assert set(call.arguments) == known[call.name]
        _check_arguments(asked(example).split("\n")[-1], call)
    assert {call.name for _, call in calls} == set(known)


def _check_arguments(question: str, call: ToolCall) -> None:
    """What the call says stands in the question."""
    match call.name:
        case "light":
            assert str(call.arguments["room"]) in question
            words = set(re.findall(r"\w+", question.lower()))
            on = "too dark" in question or "need light" in question
            on = on or ("too" not in words and bool(words & {"on", "bright"}))
            assert call.arguments["state"] == ("on" if on else "off"), question
        case "timer":
            minutes = call.arguments["minutes"]
            spoken = (str(minutes), cardinal("en", minutes), "hour", "a minute")
            assert isinstance(minutes, int)
            assert any(word in question for word in spoken)
        case "weather":
            assert str(call.arguments["city"]) in question
            day = str(call.arguments["day"])
            assert day == "today" or day in question


def test_results_are_told_in_words() -> None:
    told = [example for example in of_kind("tool") if example.messages[-1].role == "tool"]
    assert len(told) > 90
    for example in told:
        results = [p for p in example.messages[-1].parts if isinstance(p, ToolResult)]
        assert results
        for result in results:
            values = json.loads(result.content).values()
            assert all(str(value) in example.answer for value in values if value != "today")


def test_a_missing_tool_is_said() -> None:
    missing = [example for example in of_kind("tool") if example.answer == NO_TOOL]
    assert missing
    assert all(0 < len(example.tools) < len(TOOLS) for example in missing)


def test_questions_outside_get_the_honest_sentence() -> None:
    assert {example.answer for example in of_kind("outside")} == {HONEST}
    assert len({asked(example) for example in of_kind("outside")}) > 130
    assert "travel, numbers, time and shopping" in HONEST
    assert "full model" in HONEST


def test_the_model_says_who_it_is_and_what_it_cannot_do() -> None:
    talked = itertools.islice(text_examples(5, "train", kinds=("talk",), bare=True), 3000)
    answers = {asked(example): example.answer for example in talked}
    assert "demo model" in answers["Who are you?"]
    assert "translate" in answers["What can you do?"]
    assert answers["Thank you."] == "You are welcome."


def test_summaries_keep_the_facts() -> None:
    for example in of_kind("summary"):
        text = asked(example).split("\n\n", 1)[1].lower()
        for word in re.findall(r"\b[A-Z]\w+", example.answer[1:]):
            assert word.lower() in text


def test_a_stream_is_a_function_of_its_seed() -> None:
    def drawn(seed: int) -> list[TextExample]:
        return list(itertools.islice(text_examples(seed, "valid"), 30))

    assert drawn(1) == drawn(1) != drawn(2)
