"""A sound as the rest of the program sees it; knows no file format and no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window and the commands without media start without it
    import numpy as np
    from numpy.typing import NDArray

WIDE_BAND = 16_000  # Hz: what the speech encoder was trained on
TELEPHONE_BAND = 8_000  # Hz: treated apart by the feature extractor, as published


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono samples, float32 in about -1..1, at `rate` Hz: always 16,000 or 8,000."""

    samples: NDArray[np.float32]
    rate: int = WIDE_BAND

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate
