"""What a measurement needs of the command line's output; knows no terminal."""

from __future__ import annotations

from typing import Any, Protocol


class Report(Protocol):
    """Words for people, events for programs."""

    def words(self, text: str) -> None:
        """Text as it is."""

    def line(self, text: str = "") -> None:
        """A line of text."""

    def event(self, name: str, /, **values: Any) -> None:
        """One JSON object, where those are wanted."""

    def progress(self, phase: str, done: float, total: float | None, /, **values: Any) -> None:
        """How far a long measurement is."""
