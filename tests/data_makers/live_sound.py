"""Sound of which every sample says where it stands, and an engine that notes what it heard.

Sample k has the value (k + 1) / 2**24, plus one half where somebody speaks: exact in float32 for
the first five minutes at 16 kHz, and what a `LevelDetector` takes for silence and for speech.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Progress, StreamEvent, TextDelta
from phi_desk.engine.messages import Audio, ChatRequest
from phi_desk.errors import PhiDeskError
from phi_desk.media.sound import Sound

RATE = 16_000
STEP = 2.0**-24
LONGEST = int(0.3 / STEP)  # samples: beyond it silence would look like speech


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def numbered(spans: Iterable[tuple[bool, float]]) -> NDArray[np.float32]:
    """Samples for pairs of whether somebody speaks and for how many seconds."""
    parts = [np.full(round(seconds * RATE), 0.5 if speech else 0.0) for speech, seconds in spans]
    wave = np.concatenate([*parts, np.zeros(0)])
    assert len(wave) <= LONGEST
    numbers: NDArray[np.float32] = (wave + np.arange(1, len(wave) + 1) * STEP).astype(np.float32)
    return numbers


def numbers_of(samples: NDArray[np.float32]) -> NDArray[np.int64]:
    """Where samples of `numbered` stand; silence that was filled in gives -1."""
    wide = samples.astype(np.float64)
    places = np.round(np.where(wide >= 0.5, wide - 0.5, wide) / STEP).astype(np.int64)
    return np.where(wide == 0, -1, places - 1)


class NotingEngine:
    """Answers every sound with `reply` in words, and takes `pace` seconds for a second of it.

    It moves the clock by itself. `failures` names requests, by number, that fail.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        reply: str = "one two <sep> eins zwei",
        pace: float = 0.0,
        failures: Iterable[int] = (),
    ) -> None:
        self.heard: list[Sound] = []
        self.instructions: list[str] = []
        self.running = 0
        self.reply = reply
        self.pace = pace
        self._clock = clock
        self._failures = set(failures)
        self._asked = 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        self.running += 1
        try:
            yield from self._answer(request, cancel)
        finally:
            self.running -= 1

    def _answer(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        sound, words = request.messages[0].parts
        assert isinstance(sound, Audio)
        assert isinstance(sound.source, Sound)
        number, self._asked = self._asked, self._asked + 1
        if number in self._failures:
            raise PhiDeskError("The model failed.", "Try again.")
        self.heard.append(sound.source)
        self.instructions.append(getattr(words, "text", ""))
        said: list[str] = []
        tokens = self.reply.split(" ")
        yield Progress("prefill", 0, 1)
        for place, token in enumerate(tokens):
            self._clock.now += self.pace * sound.source.seconds / len(tokens)
            if cancel.cancelled or place == request.options.max_tokens:
                break
            said.append(f" {token}" if place else token)
            yield TextDelta(said[-1])
        whole = len(said) == len(tokens)
        yield Finished(
            text="".join(said),
            reason="stop" if whole else "cancelled" if cancel.cancelled else "length",
            adapter="speech",
            prompt_tokens=10,
            cached_tokens=0,
            output_ids=tuple(range(len(said))),
            first_token_s=0.0,
            seconds=0.0,
        )

    def close(self) -> None:
        """Nothing is kept."""
