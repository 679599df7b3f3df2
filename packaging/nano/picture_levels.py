"""How hard the pictures of each level are: level 0 to learn letters by, level 5 the real task."""

from __future__ import annotations

from dataclasses import dataclass

CROP_SIZE = 224  # pixels a side of the embedded model's crops
MAX_CROPS = 6  # of the pictures made here


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The bounds of one level.

    Attributes:
        sizes: pixels to the em, least and most.
        lines: how often one, two, ... six lines are written.
        characters: of a line, at most.
        contrast: of ink and ground, at least (WCAG 2's ratio).
        angle: of a turned text, in degrees, at most.
        turned, textured, worn: the shares of texts turned, grounds textured, pictures worn.
        large: the share of pictures larger than one crop.
        codes: the share of texts that are codes without meaning.
        figures: the share of texts that are numbers, prices and times.
        objects: in a scene, at most.
        shares: of the tasks (see `TASKS`).
    """

    sizes: tuple[int, int]
    lines: tuple[int, ...]
    characters: int
    contrast: float
    angle: float
    turned: float
    textured: float
    worn: float
    large: float
    codes: float
    figures: float
    objects: int
    shares: tuple[float, ...]


TASKS = ("read", "table", "question", "sign", "blank")

LEVELS: tuple[Level, ...] = (
    Level(
        sizes=(30, 44), lines=(1,), characters=8, contrast=6, angle=0, turned=0, textured=0,
        worn=0.1, large=0, codes=0, figures=0.15, objects=1, shares=(0.72, 0, 0.18, 0.05, 0.05),
    ),
    Level(
        sizes=(24, 42), lines=(1,), characters=14, contrast=4.5, angle=1, turned=0.2, textured=0.1,
        worn=0.2, large=0, codes=0, figures=0.25, objects=2, shares=(0.66, 0, 0.2, 0.08, 0.06),
    ),
    Level(
        sizes=(20, 38), lines=(5, 4, 1), characters=20, contrast=3.5, angle=2, turned=0.3,
        textured=0.3, worn=0.4, large=0, codes=0.02, figures=0.25, objects=3,
        shares=(0.58, 0.02, 0.26, 0.08, 0.06),
    ),
    Level(
        sizes=(17, 34), lines=(4, 4, 3, 2), characters=26, contrast=3, angle=2.5, turned=0.35,
        textured=0.35, worn=0.5, large=0.03, codes=0.04, figures=0.25, objects=5,
        shares=(0.5, 0.06, 0.3, 0.08, 0.06),
    ),
    Level(
        sizes=(15, 32), lines=(7, 3, 3, 2, 2, 2), characters=30, contrast=2.7, angle=3, turned=0.35,
        textured=0.4, worn=0.55, large=0.12, codes=0.06, figures=0.25, objects=7,
        shares=(0.46, 0.12, 0.28, 0.08, 0.06),
    ),
    Level(
        sizes=(14, 32), lines=(7, 2, 2, 2, 2, 3), characters=34, contrast=2.5, angle=3, turned=0.35,
        textured=0.4, worn=0.6, large=0.18, codes=0.08, figures=0.25, objects=9,
        shares=(0.46, 0.12, 0.28, 0.08, 0.06),
    ),
)  # fmt: skip

# Canvases of two to six crops, in crops across and down.
LARGE = ((2, 1), (2, 1), (1, 2), (2, 2), (2, 2), (3, 1), (3, 2), (2, 3))
