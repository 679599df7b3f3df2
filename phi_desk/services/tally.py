"""Adds the requests of one long job up to one `Finished`; knows no feature."""

from __future__ import annotations

import time

from phi_desk.engine.events import Finished, Reason

# What a whole job ended for, when its requests ended for different reasons: the first that occurred
# of these. A job is "stop" only when every request was.
_GRAVEST_FIRST: tuple[Reason, ...] = ("cancelled", "context", "repetition", "length")


class Tally:
    """Counts from the moment it is made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._reasons: set[Reason] = set()
        self._adapter: str | None = None
        self._prompt_tokens = 0
        self._cached_tokens = 0
        self._output_ids: list[int] = []
        self._first_token_s: float | None = None

    def add(self, request: Finished) -> None:
        """Count one finished request."""
        self._reasons.add(request.reason)
        self._adapter = self._adapter or request.adapter
        self._prompt_tokens += request.prompt_tokens
        self._cached_tokens += request.cached_tokens
        self._output_ids += request.output_ids
        if self._first_token_s is None and request.first_token_s is not None:
            asked = time.monotonic() - self._begun - request.seconds
            self._first_token_s = max(0.0, asked) + request.first_token_s

    @property
    def stopped(self) -> bool:
        """Whether the person stopped it."""
        return "cancelled" in self._reasons

    def stop(self) -> None:
        """The person stopped the job between two requests."""
        self._reasons.add("cancelled")

    def finish(self, text: str, note: str = "") -> Finished:
        """The whole job as one answer, now."""
        return Finished(
            text=text,
            reason=next((r for r in _GRAVEST_FIRST if r in self._reasons), "stop"),
            adapter=self._adapter,
            prompt_tokens=self._prompt_tokens,
            cached_tokens=self._cached_tokens,
            output_ids=tuple(self._output_ids),
            first_token_s=self._first_token_s,
            seconds=time.monotonic() - self._begun,
            note=note,
        )
