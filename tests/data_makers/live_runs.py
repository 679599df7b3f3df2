"""A live session with an engine that takes notes, for tests to tell a story to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data_makers.heard import LevelDetector
from data_makers.live_sound import Clock, NotingEngine, numbers_of
from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.languages import find_language
from phi_desk.media.sound import Sound
from phi_desk.services.live.events import LiveEvent
from phi_desk.services.live.options import LiveOptions
from phi_desk.services.live.policy import Policy
from phi_desk.services.live.session import LiveSession
from phi_desk.services.speech.job import SpeechJob

Kind = TypeVar("Kind")

GERMAN = SpeechJob(language=find_language("German"))
TRANSCRIBE = SpeechJob()


class Run:
    """A session and everything that came out of it."""

    def __init__(
        self,
        *,
        job: SpeechJob = GERMAN,
        engine: Engine | None = None,
        pace: float = 0.0,
        reply: str = "one two <sep> eins zwei",
        failures: Iterable[int] = (),
        options: LiveOptions | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.clock = Clock()
        self.noting = NotingEngine(self.clock, pace=pace, reply=reply, failures=failures)
        self.cancel = CancelToken()
        self.session = LiveSession(
            engine or self.noting,
            job,
            LevelDetector(),
            options=options,
            policy=policy,
            cancel=self.cancel,
            clock=self.clock,
        )
        self.events: list[LiveEvent] = []

    def feed(self, samples: NDArray[np.float32], block: int = 1600) -> Run:
        for start in range(0, len(samples), block):
            self.events += self.session.feed(samples[start : start + block])
        return self

    def steps(self, count: int = 10_000) -> Run:
        for _ in range(count):
            if self.session.closed or not (self.session.busy or self.session.stopping):
                break
            self.events += self.session.step()
        return self

    def end(self) -> Run:
        self.events += self.session.stop()
        return self.steps()

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]


def heard_numbers(sounds: Iterable[Sound]) -> NDArray[np.int64]:
    return np.concatenate([numbers_of(s.samples) for s in sounds] or [np.zeros(0, np.int64)])
