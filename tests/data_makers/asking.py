"""Short ways to ask an engine, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Started, StreamEvent
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Options, Part, Text
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound


def picture(seed: int = 0, width: int = 100, height: int = 80) -> Image:
    """A picture of noise."""
    rng = np.random.default_rng(seed)
    return Image(Picture(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)))


def sound(seed: int = 0, seconds: float = 2.0) -> Audio:
    """A sound of noise."""
    rng = np.random.default_rng(seed)
    return Audio(Sound((rng.standard_normal(int(16000 * seconds)) * 0.1).astype(np.float32)))


def user(*parts: Part | str) -> Message:
    """One turn of a person."""
    return Message("user", tuple(Text(p) if isinstance(p, str) else p for p in parts))


def events(
    engine: Engine,
    *messages: Message,
    adapter: str = "auto",
    cancel: CancelToken | None = None,
    **options: Any,
) -> list[StreamEvent]:
    """The whole stream of a request; 12 tokens unless told otherwise, end tokens permitting."""
    wanted = Options(**({"max_tokens": 12} | options))
    request = ChatRequest(messages=messages, options=wanted, adapter=adapter)
    return list(engine.stream(request, cancel or CancelToken()))


def ask(engine: Engine, *messages: Message, **how: Any) -> Finished:
    """The end of a request's stream."""
    last = events(engine, *messages, **how)[-1]
    assert isinstance(last, Finished)
    return last


def begun(found: list[StreamEvent]) -> Started:
    """The first event of a stream."""
    assert isinstance(found[0], Started)
    return found[0]
