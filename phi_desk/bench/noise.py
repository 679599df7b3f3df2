"""Questions made of noise, for measuring time and memory; what is answered has no meaning."""

from __future__ import annotations

import numpy as np

from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Options, Part, Text
from phi_desk.errors import UsageError
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound


def picture(width: int, height: int, seed: int = 0) -> Image:
    """A picture of noise."""
    rng = np.random.default_rng(seed)
    return Image(Picture(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)))


def sound(seconds: float, seed: int = 0) -> Audio:
    """White noise at 16 kHz."""
    rng = np.random.default_rng(seed)
    samples = rng.standard_normal(int(16_000 * seconds)) * 0.1
    return Audio(Sound(samples.astype(np.float32)))


def question(*parts: Part, tokens: int) -> ChatRequest:
    """A request for exactly `tokens` tokens, unless an end token comes."""
    options = Options(max_tokens=tokens, stop_loops=False)
    return ChatRequest(messages=(Message("user", (*parts, Text("What is it?"))),), options=options)


def size(text: str) -> tuple[int, int]:
    """ "1920x1080" to width and height.

    Raises:
        UsageError: it is something else.
    """
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) * int(height)):
        raise UsageError(f"{text!r} is no picture size.", "Write it like 1920x1080.")
    return int(width), int(height)
