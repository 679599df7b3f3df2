"""The one method every engine has; knows no engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import StreamEvent
from phi_desk.engine.messages import ChatRequest


class Engine(Protocol):
    """Answers requests, from one thread.

    Streams may be interleaved: one is paused while another is read, and each says what it would
    have said alone.
    """

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Answer `request` as events, the last one a `Finished`.

        A cancelled request ends with `Finished(reason="cancelled")`.

        Raises:
            PhiDeskError: with a sentence for the person; the engine stays usable.
        """
        ...

    def close(self) -> None:
        """Give the model's memory back."""
        ...
