"""An engine that answers the bundled samples by script: all right, or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phi_desk.engine.fake import FakeEngine, Reply, Rule, asks
from phi_desk.engine.messages import Audio, ChatRequest, Image
from phi_desk.services.demo.samples import Sample


def answering(samples: Sequence[Sample], **wrong: Reply) -> FakeEngine:
    """Gives what each sample expects; `wrong` answers (by name, `_` for `-`) instead."""
    rules = [rule for sample in samples for rule in _rules(sample, wrong)]
    return FakeEngine(*rules, otherwise="?")


def _rules(sample: Sample, wrong: dict[str, Reply]) -> list[Rule]:
    answer = wrong.get(sample.name.replace("-", "_"), sample.expected)
    match sample.kind:
        case "hear":
            return [_once(_heard("Transcribe the audio clip"), answer)]
        case "say":
            both = f"{sample.transcript} <sep> {answer}"
            return [_once(_heard("separator"), both)]
        case "translate":
            return [Rule(asks(sample.input), answer)]
        case "read":
            return [Rule(asks("Read all the text"), answer)]
        case "table":
            return [Rule(asks("to Markdown"), answer)]
        case "ask":
            return [_once(_seen, answer)]
        case "chat":
            first, second = sample.turns
            return [Rule(asks(first), sample.transcript), Rule(asks(second), answer)]
        case "tool":
            return [Rule(asks(sample.input), sample.calls), _told(sample, answer)]


def _once(when: Callable[[ChatRequest], bool], answer: Reply) -> Rule:
    """Only the first time: samples of a kind come in their order."""
    left = [True]
    return Rule(lambda request: when(request) and bool(left and left.pop()), answer)


def _heard(words: str) -> Callable[[ChatRequest], bool]:
    return lambda request: asks(words)(request) and _has(request, Audio)


def _seen(request: ChatRequest) -> bool:
    return _has(request, Image) and _has(request, Audio)


def _has(request: ChatRequest, kind: type[Audio | Image]) -> bool:
    return any(isinstance(part, kind) for part in request.messages[-1].parts)


def _told(sample: Sample, answer: Reply) -> Rule:
    def when(request: ChatRequest) -> bool:
        called = request.messages[-2].parts if len(request.messages) > 1 else ()
        return request.messages[-1].role == "tool" and called == sample.calls

    return Rule(when, answer)
