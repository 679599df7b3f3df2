"""Scripted engines that count, for tests of stored chats."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine, Reply, Rule, prompt_ids
from phi_desk.engine.messages import ChatRequest


@dataclass(frozen=True)
class Length:
    """A prompt of which only the length is known."""

    tokens: int


class CountingEngine(FakeEngine):
    """Counts as the engine on this machine does; `counted` says how often it was asked to."""

    def __init__(self, *rules: Rule, context: int = 4000, otherwise: Reply = "Fine.") -> None:
        super().__init__(*rules, otherwise=otherwise)
        self.context = context
        self.counted = 0

    def prompt(self, request: ChatRequest, cancel: CancelToken) -> Length:
        """What the request takes."""
        cancel.raise_if_cancelled()
        self.counted += 1
        return Length(len(prompt_ids(request)))
