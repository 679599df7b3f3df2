"""How long a frame of a speech detector is; knows no samples."""

from __future__ import annotations

FRAME_S = 0.032  # 512 samples at 16 kHz, 256 at 8 kHz


def frame_samples(rate: int) -> int:
    """How many samples a detector's frame has at `rate` Hz."""
    return round(rate * FRAME_S)
