"""How to listen live: the numbers that a person or a test may change."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.errors import UsageError
from phi_desk.media.spans import SpanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """When a segment begins and ends, and what happens when the model is too slow.

    Attributes:
        pause_s: a silence this long ends a segment (the usual value of live captions).
        longest_s: before a segment is longer, it is cut at the quietest place of its last third.
        margin_s: sound kept before and after speech: soft beginnings and ends of words.
        most_waiting_s: so much speech may wait for the model; what is said beyond it becomes a
            gap. 19 MB of samples at 16 kHz.
        hurry_s: when so much waits, segments are translated without a transcript.
        bridge_s: a shorter loss of sound is filled with silence and does not end a segment.
    """

    pause_s: float = 0.6
    longest_s: float = 20.0
    margin_s: float = 0.3
    most_waiting_s: float = 300.0
    hurry_s: float = 30.0
    bridge_s: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.margin_s < self.pause_s < self.longest_s / 3:
            raise UsageError(
                "These lengths make no segments: the margin must be shorter than the pause, and "
                "the pause shorter than a third of the longest segment."
            )
        if self.most_waiting_s < self.longest_s:
            raise UsageError("At least one whole segment must be allowed to wait.")

    @property
    def spans(self) -> SpanOptions:
        """When speech begins and ends."""
        return SpanOptions(min_silence_s=self.pause_s)
