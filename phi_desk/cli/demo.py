"""`phi-desk demo`: the program's jobs on samples that came with it, right or wrong, with times."""

from __future__ import annotations

import argparse
import textwrap
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from phi_desk.cli.common import adapter_name, answer_options
from phi_desk.errors import ModelNotFoundError
from phi_desk.services.json_lines import json_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output
    from phi_desk.engine.messages import ToolCall, ToolResult
    from phi_desk.services.demo.events import DemoEvent, DemoFinished, SampleShown
    from phi_desk.services.demo.samples import Sample

MARGIN = 4
LABEL_WIDTH = 12
LINE_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond the common options."""
    parser.description = (
        "Show what the program does, on samples that came with it: speech to text, translation, "
        "reading, a spoken question about a picture, a chat and tools. The demo model answers, "
        "or the one named with --model. Nothing is fetched, and nothing is stored."
    )


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Show every sample; 1 where one could not be shown, whatever the answers are."""
    folder = _model(app)
    from phi_desk.services.demo.run import run_demo
    from phi_desk.services.demo.samples import read_samples
    from phi_desk.services.demo.showing import MAX_TOKENS, Asking
    from phi_desk.services.embedded import demo_sentence

    samples = read_samples()
    options = answer_options(args, max_tokens=MAX_TOKENS)
    begun = time.monotonic()
    engine = app.engine(out.on_progress)
    seconds = time.monotonic() - begun
    out.close()
    _open(out, folder, demo_sentence(folder), seconds, len(samples))
    asking = Asking(engine=engine, cancel=app.cancel, adapter=adapter_name(args), options=options)
    code = 0
    for event in run_demo(samples, asking):
        code = max(code, _show(event, out))
    return code


def _model(app: App) -> Path:
    """The model that is asked: the one named, else the embedded one, whatever the default is.

    Raises:
        ModelNotFoundError: it is not there.
    """
    from phi_desk.services.embedded import embedded_folder, has_embedded

    if app.options.model is not None:
        return app.catalog.resolve(app.options.model)
    if not has_embedded():
        raise ModelNotFoundError(
            "The demo model is not part of this copy of Phi Desk.",
            "Show another one with `phi-desk demo --model NAME`.",
        )
    app.options = replace(app.options, model=str(embedded_folder()))
    return embedded_folder()


def _open(out: Output, folder: Path, sentence: str, seconds: float, samples: int) -> None:
    """What answers, and what must be known about it."""
    out.event(
        "started",
        model=folder.name,
        folder=str(folder),
        notice=sentence,
        samples=samples,
        load_seconds=round(seconds, 3),
    )
    if sentence:
        out.line(sentence)
    out.line(f"Model: {folder.name}, loaded in {seconds:.1f} s.")


def _show(event: DemoEvent, out: Output) -> int:
    from phi_desk.services.demo.events import (
        DemoFinished,
        SampleBegun,
        SampleFailed,
        SampleShown,
    )

    match event:
        case SampleBegun():
            _begin(event.sample, event.number, out)
        case SampleShown():
            _answer(event, out)
        case SampleFailed():
            out.error(event.error, name=event.sample.name)
        case DemoFinished():
            return _finish(event, out)
        case _:
            out.on_progress(event)
    return 0


def _begin(sample: Sample, number: int, out: Output) -> None:
    """What goes in."""
    out.line(f"\n{number}. {sample.title}")
    if sample.picture is not None:
        _labelled(out, "picture", sample.picture.name)
    if sample.sound is not None:
        _labelled(out, "sound", f"{sample.sound.name} ({sample.voice})")
        _labelled(out, "says", sample.input)
    elif sample.turns:
        _labelled(out, "asked", "\n".join(sample.turns))
    elif sample.input:
        _labelled(out, "text", sample.input)


def _answer(shown: SampleShown, out: Output) -> None:
    """What came out, with what was expected where it differs."""
    sample = shown.sample
    out.close()
    _labelled(out, _earlier_label(sample), shown.transcript)
    _labelled(out, "called", _calls(shown.calls))
    _labelled(out, "the tool", _results(shown.results))
    _labelled(out, _answer_label(sample), shown.answer or "(nothing)")
    expected = _expected(sample)
    if expected != _joined(_calls(shown.calls), shown.transcript, shown.answer):
        _labelled(out, "expected", expected)
    adapter = f"{shown.adapter} adapter" if shown.adapter else "no adapter"
    _labelled(out, "", f"{shown.agreement}; {adapter}, {shown.seconds:.2f} s")
    out.event(
        "sample",
        name=sample.name,
        kind=sample.kind,
        title=sample.title,
        input=sample.input,
        answer=shown.answer,
        expected=sample.expected,
        transcript=shown.transcript,
        expected_transcript=sample.transcript,
        calls=_as_json(shown.calls),
        expected_calls=_as_json(sample.calls),
        agreement=shown.agreement,
        reason=shown.reason,
        adapter=shown.adapter,
        output_tokens=shown.output_tokens,
        seconds=round(shown.seconds, 3),
    )


def _finish(finished: DemoFinished, out: Output) -> int:
    from phi_desk.services.tools.household import MADE_UP

    out.close()
    failed = f", {finished.failed} failed" if finished.failed else ""
    out.line(
        f"\n{finished.as_expected} of {finished.shown} as expected{failed}, "
        f"in {finished.seconds:.1f} s. {MADE_UP}"
    )
    out.event(
        "finished",
        shown=finished.shown,
        failed=finished.failed,
        as_expected=finished.as_expected,
        reason="cancelled" if finished.stopped else "stop",
        seconds=round(finished.seconds, 3),
    )
    return 130 if finished.stopped else int(finished.failed > 0)


def _labelled(out: Output, label: str, text: str) -> None:
    """`text` behind a label, its lines below each other; nothing for no text."""
    first = f"{'':{MARGIN}}{label:{LABEL_WIDTH}}"
    for number, line in enumerate(text.splitlines()):
        lead = first if number == 0 else " " * len(first)
        wrapped = textwrap.wrap(line, LINE_WIDTH - len(first)) or [""]
        for part in wrapped:
            out.line(f"{lead}{part}")
            lead = " " * len(first)


def _earlier_label(sample: Sample) -> str:
    return "heard" if sample.sound is not None else "answered"


def _answer_label(sample: Sample) -> str:
    match sample.kind:
        case "hear":
            return "heard"
        case "say" | "translate":
            return f"in {_language(sample.to)}"
        case "read" | "table":
            return "read"
        case _:
            return "answered"


def _language(code: str) -> str:
    from phi_desk.engine.languages import find_language

    return find_language(code).name


def _expected(sample: Sample) -> str:
    return _joined(_calls(sample.calls), sample.transcript, sample.expected)


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _calls(calls: Sequence[ToolCall]) -> str:
    return "\n".join(f"{call.name} {json_line(dict(call.arguments))}" for call in calls)


def _results(results: Sequence[ToolResult]) -> str:
    return "\n".join(result.content for result in results)


def _as_json(calls: Sequence[ToolCall]) -> list[dict[str, object]]:
    return [{"name": call.name, "arguments": dict(call.arguments)} for call in calls]
