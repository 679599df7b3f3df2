"""One sample through the service that does its job in the app; knows no terminal and no list.

Nothing here knows the right answer: what the model says is handed on as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress, ToolCallReady
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import (
    ChatRequest,
    Message,
    Options,
    Text,
    ToolCall,
    ToolResult,
)
from phi_desk.services.ask import Question, ask, gather
from phi_desk.services.demo.samples import Kind, Sample
from phi_desk.services.ocr.events import Form, PageFailed
from phi_desk.services.ocr.pages import Document, sound_pages
from phi_desk.services.ocr.recognition import OcrJob, recognise
from phi_desk.services.speech.events import Segment
from phi_desk.services.speech.job import SpeechJob
from phi_desk.services.speech.listening import listen
from phi_desk.services.speech.recording import open_recording
from phi_desk.services.tally import Tally
from phi_desk.services.texts import translate_text
from phi_desk.services.tools.conversation import ToolAnswered, answer_with_tools
from phi_desk.services.tools.household import TOOLS, Household

MAX_TOKENS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who is asked, and how."""

    engine: Engine
    cancel: CancelToken
    adapter: str = "auto"
    options: Options = field(default_factory=lambda: Options(max_tokens=MAX_TOKENS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model said; see `SampleShown`."""

    answer: str
    finished: Finished
    transcript: str = ""
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()


Working = Generator[Progress, None, Outcome]


def show(sample: Sample, asking: Asking) -> Working:
    """Do the sample's job; progress comes out while it is done.

    Raises:
        PhiDeskError: a file or the engine fails.
        Cancelled: the person stopped it.
    """
    return _JOBS[sample.kind](sample, asking)


def _hear(sample: Sample, asking: Asking) -> Working:
    language = find_language(sample.to) if sample.to else None
    job = SpeechJob(language=language, options=asking.options, adapter=asking.adapter)
    segments: list[Segment] = []
    finished: Finished | None = None
    with open_recording(_needed(sample.sound), asking.cancel) as recording:
        for event in listen(recording, job, asking.engine, asking.cancel):
            match event:
                case Segment():
                    segments.append(event)
                case Progress():
                    yield event
                case Finished():
                    finished = event
    heard = " ".join(segment.text for segment in segments)
    if language is None:
        return Outcome(answer=heard, finished=_ended(finished))
    said = " ".join(segment.translation or "" for segment in segments)
    return Outcome(answer=said, transcript=heard, finished=_ended(finished))


def _translate(sample: Sample, asking: Asking) -> Working:
    language = find_language(sample.to)
    events = translate_text(
        sample.input,
        language,
        asking.engine,
        asking.cancel,
        options=asking.options,
        adapter=asking.adapter,
    )
    finished = yield from _last(events)
    return Outcome(answer=finished.text, finished=finished)


def _read(sample: Sample, asking: Asking) -> Working:
    form: Form = "markdown" if sample.kind == "table" else "text"
    pages = sound_pages(Document(path=_needed(sample.picture)), asking.cancel)
    job = OcrJob(form=form, options=asking.options, adapter=asking.adapter)
    finished: Finished | None = None
    for event in recognise(pages, job, asking.engine, asking.cancel):
        match event:
            case Progress():
                yield event
            case PageFailed():
                raise event.error
            case Finished():
                finished = event
            case _:
                pass
    ended = _ended(finished)
    return Outcome(answer=ended.text, finished=ended)


def _ask(sample: Sample, asking: Asking) -> Working:
    question = Question(
        images=(_needed(sample.picture),),
        sounds=(_needed(sample.sound),),
        options=asking.options,
        adapter=asking.adapter,
    )
    material = gather(question, asking.cancel)
    finished = yield from _last(ask(material, asking.engine, asking.cancel))
    return Outcome(answer=finished.text, finished=finished)


def _chat(sample: Sample, asking: Asking) -> Working:
    """Every turn with all before it, the model's own answers included."""
    messages: tuple[Message, ...] = ()
    tally = Tally()
    answers: list[str] = []
    for turn in sample.turns:
        messages = (*messages, Message("user", (Text(turn),)))
        request = ChatRequest(messages=messages, options=asking.options, adapter=asking.adapter)
        finished = yield from _last(asking.engine.stream(request, asking.cancel))
        tally.add(finished)
        answers.append(finished.text)
        messages = (*messages, Message("assistant", (Text(finished.text),)))
        if tally.stopped:
            break
    earlier = "\n".join(answers[:-1])
    return Outcome(answer=answers[-1], transcript=earlier, finished=tally.finish(answers[-1]))


def _tool(sample: Sample, asking: Asking) -> Working:
    request = ChatRequest(
        messages=(Message("user", (Text(sample.input),)),),
        options=asking.options,
        adapter=asking.adapter,
        tools=TOOLS,
    )
    calls: list[ToolCall] = []
    results: list[ToolResult] = []
    finished: Finished | None = None
    for event in answer_with_tools(request, Household().run, asking.engine, asking.cancel):
        match event:
            case ToolCallReady(call):
                calls.append(call)
            case ToolAnswered():
                results.append(event.result)
            case Progress():
                yield event
            case Finished():
                finished = event
            case _:
                pass
    ended = _ended(finished)
    return Outcome(answer=ended.text, finished=ended, calls=tuple(calls), results=tuple(results))


_JOBS: dict[Kind, Callable[[Sample, Asking], Working]] = {
    "hear": _hear,
    "say": _hear,
    "translate": _translate,
    "read": _read,
    "table": _read,
    "ask": _ask,
    "chat": _chat,
    "tool": _tool,
}


def _last(events: Iterable[object]) -> Generator[Progress, None, Finished]:
    """The end of a stream; its progress comes out."""
    finished: Finished | None = None
    for event in events:
        if isinstance(event, Progress):
            yield event
        elif isinstance(event, Finished):
            finished = event
    return _ended(finished)


def _ended(finished: Finished | None) -> Finished:
    if finished is None:
        raise TypeError("a stream of events ended without Finished")
    return finished


def _needed(path: Path | None) -> Path:
    if path is None:
        raise TypeError("a sample without its file")
    return path
