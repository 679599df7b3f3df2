"""Figures of the decoder alone: translation, talk, sums, languages, tools."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import score
from asking import Asker
from chat import text_examples
from corpus import sentences
from figures import Figure
from text_example import TextExample

from phi_desk.engine import tasks
from phi_desk.engine.call_json import read_calls
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Text
from phi_desk.services.tools.household import TOOLS

SEED = 20_262
_CALL, _END = "<|tool_call|>", "<|/tool_call|>"
_TALK = {"talk": "talk", "sum": "sums", "detect": "languages of texts",
         "outside": "what is unknown", "summary": "summaries"}  # fmt: skip


def translate(source: str, target: str, asker: Asker, count: int) -> Iterator[Figure]:
    """chrF of text translation."""
    texts = [one.text for one in itertools.islice(sentences(SEED, "test"), count)]
    language = find_language(target)
    given = [asker.text(Text(tasks.translate_text(text[source], language))) for text in texts]
    value = score.chrf([text[target] for text in texts], given)
    name = f"chrF, text {source}-{target}"
    yield Figure(name=name, value=value, unit="", bar=92, least=True, count=count)


def talk(asker: Asker, count: int) -> Iterator[Figure]:
    """Answers right to the last word, kind by kind."""
    for kind, words in _TALK.items():
        examples = itertools.islice(text_examples(SEED, "test", kinds=(kind,)), count)
        right = sum(
            score.normalised(asker.ask(one.messages, one.tools).text)
            == score.normalised(one.answer)
            for one in examples
        )
        yield Figure(name=f"right answers, {words}", value=100 * right / count, count=count)


def tools(asker: Asker, count: int) -> Iterator[Figure]:
    """The right calls with the right arguments and nothing else, and what is said afterwards."""
    right = sum(_called_right(asker, example) for example in _requests(count, calling=True))
    yield Figure(
        name="tool calls right", value=100 * right / count, bar=95, least=True, count=count
    )
    fewer = max(1, count // 2)
    said = sum(
        asker.ask(one.messages, one.tools).text.strip() == one.answer
        for one in _requests(fewer, calling=False)
    )
    yield Figure(name="tool results told right", value=100 * said / fewer, count=fewer)


def _called_right(asker: Asker, example: TextExample) -> bool:
    answer = asker.ask(example.messages, example.tools)
    wanted = read_calls(example.answer.partition(_CALL)[2].partition(_END)[0])
    given = [(call.name, dict(call.arguments)) for call in answer.calls]
    return given == [(call.name, dict(call.arguments)) for call in wanted]


def _requests(count: int, *, calling: bool) -> Iterator[TextExample]:
    """Of unseen requests those that end in a call, or those that end after a tool's result."""
    source = text_examples(SEED, "test", kinds=("tool",))
    fitting = (
        one
        for one in source
        if (_CALL in one.answer if calling else one.messages[-1].role == "tool")
        and {tool.name for tool in one.tools} <= {tool.name for tool in TOOLS}
    )
    return itertools.islice(fitting, count)
