"""One question after another to the app's own engine; knows no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, ToolCallReady
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Audio, ChatRequest, Message, Options, Part, Tool, ToolCall
from phi_desk.media.sound import Sound

LONGEST = 512  # tokens of an answer: pictures are read letter by letter


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    text: str
    calls: tuple[ToolCall, ...]
    adapter: str | None


class Asker:
    """Asks a `LocalEngine`, always with the same choice of adapter."""

    def __init__(self, engine: LocalEngine, adapter: str = "auto", longest: int = LONGEST) -> None:
        self.engine, self.adapter = engine, adapter
        self.options = Options(max_tokens=longest)

    @classmethod
    def open(cls, folder: Path, precision: str) -> Self:
        """Load the checkpoint in `folder`."""
        return cls(LocalEngine.open(folder, device="cpu", precision=precision))

    def text(self, *parts: Part) -> str:
        """The answer to one turn of the user."""
        return self.ask((Message("user", parts),)).text

    def ask(self, messages: tuple[Message, ...], tools: Sequence[Tool] = ()) -> Answer:
        """The answer to a conversation."""
        request = ChatRequest(
            messages=messages, options=self.options, adapter=self.adapter, tools=tuple(tools)
        )
        calls, text, adapter = [], "", None
        for event in self.engine.stream(request, CancelToken()):
            if isinstance(event, ToolCallReady):
                calls.append(event.call)
            elif isinstance(event, Finished):
                text, adapter = event.text, event.adapter
        return Answer(text, tuple(calls), adapter)


def as_sound(samples: NDArray[np.float32]) -> Audio:
    """Samples at 16 kHz as a part of a message."""
    return Audio(Sound(samples))
