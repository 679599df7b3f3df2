"""Shows an answer while it comes: words for people, or events; knows no command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from phi_desk.cli.output import Output
from phi_desk.engine.events import Finished, Progress, Started, TextDelta, ToolCallReady
from phi_desk.services.ask import AskEvent
from phi_desk.services.json_lines import json_line


def show_answer(events: Iterable[AskEvent], out: Output, **about: Any) -> Finished:
    """Show an answer as it comes, and give its last event; `about` goes into every JSON event."""
    finished: Finished | None = None
    for event in events:
        match event:
            case Started():
                out.event(
                    "started",
                    **about,
                    adapter=event.adapter,
                    prompt_tokens=event.prompt_tokens,
                    cached_tokens=event.cached_tokens,
                    image_tokens=event.image_tokens,
                    audio_tokens=event.audio_tokens,
                )
            case Progress():
                out.on_progress(event)
            case TextDelta(text):
                out.words(text)
                out.event("text_delta", **about, text=text)
            case ToolCallReady(call):
                out.end_line()
                out.line(f"{call.name} {json_line(dict(call.arguments))}")
                out.event("tool_call", **about, name=call.name, arguments=dict(call.arguments))
            case Finished():
                finished = event
                out.finished(event, **about)
            case _:
                out.progress("listen", event.done_s, event.total_s)
    if finished is None:
        raise TypeError("a stream of events ended without Finished")
    return finished
