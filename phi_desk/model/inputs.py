"""What the model reads: token ids, cropped pictures and audio features as plain numpy values.

Knows no torch and no file format: the engine builds these values, the model encodes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

AdapterKind = Literal["vision", "speech"]
Projection = Literal["speech", "vision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInput:
    """One picture as the vision tower reads it.

    Attributes:
        key: hash of the content and of every option that shaped the crops.
        crops: `[1 + rows * columns, 3, S, S]` float32 in -1..1; crop 0 is the thumbnail.
        mask: `[1 + rows * columns, S / 14, S / 14]` bool; false where a patch is padding.
        rows, columns: the grid of crops 1..
        tokens: how many positions the picture takes in the prompt.
    """

    key: str
    crops: NDArray[np.float32]
    mask: NDArray[np.bool_]
    rows: int
    columns: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipInput:
    """One sound as the speech encoder reads it.

    Attributes:
        key: hash of the features of all blocks; equal keys mean equal blocks.
        blocks: log-mel features, each `[frames, 80]` float32; a block is encoded by itself.
        tokens: how many positions the sound takes in the prompt: the sum of ceil(frames / 8).
    """

    key: str
    blocks: tuple[NDArray[np.float32], ...]
    tokens: int


PromptPiece = tuple[int, ...] | PictureInput | ClipInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A whole prompt in order: runs of token ids, pictures and clips."""

    pieces: tuple[PromptPiece, ...]

    @property
    def tokens(self) -> int:
        """How many positions the prompt takes."""
        return sum(len(p) if isinstance(p, tuple) else p.tokens for p in self.pieces)

    @property
    def pictures(self) -> tuple[PictureInput, ...]:
        """The pictures, in order."""
        return tuple(p for p in self.pieces if isinstance(p, PictureInput))

    @property
    def clips(self) -> tuple[ClipInput, ...]:
        """The clips, in order."""
        return tuple(p for p in self.pieces if isinstance(p, ClipInput))
