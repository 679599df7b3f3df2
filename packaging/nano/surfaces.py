"""What a picture is drawn on: plain, shaded or textured grounds; knows no text and no shape."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from font_families import Split
from numpy.typing import NDArray
from palette import Colour
from PIL import Image

SIDE = 768  # pixels of a kept texture: at least the largest canvas
_EACH = 4  # textures of a sort and split
SORTS = ("plain", "shaded", "paper", "clouds", "stripes", "weave", "blotches", "specks")


@dataclass(frozen=True, slots=True)
class Surface:
    """A ground: its sort and the two colours that it runs between."""

    sort: str
    colours: tuple[Colour, Colour]


def lay(
    dice: random.Random, split: Split, surface: Surface, width: int, height: int
) -> Image.Image:
    """The ground as an RGB picture of `width` by `height` pixels."""
    first, second = surface.colours
    ground = Image.new("RGB", (width, height), first)
    if surface.sort == "plain":
        return ground
    texture = _textures(split, surface.sort)[dice.randrange(_EACH)]
    if surface.sort == "shaded":  # stretched over the whole picture, not cut from it
        piece = texture.resize((width, height), Image.Resampling.BILINEAR)
    else:
        zoom = dice.choice((1, 1, 1.5, 2)) if max(width, height) * 2 < SIDE else 1
        wide, high = round(width * zoom), round(height * zoom)
        left, top = dice.randrange(SIDE - wide + 1), dice.randrange(SIDE - high + 1)
        piece = texture.crop((left, top, left + wide, top + high))
        if zoom != 1:
            piece = piece.resize((width, height), Image.Resampling.BILINEAR)
    if dice.random() < 0.5:
        piece = piece.transpose(
            dice.choice((Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM))
        )
    ground.paste(second, (0, 0, width, height), piece)
    return ground


@lru_cache(maxsize=64)
def _textures(split: Split, sort: str) -> tuple[Image.Image, ...]:
    """Grey pictures of SIDE by SIDE pixels; other ones for each split."""
    seeds = [f"{split} {sort} {number}" for number in range(_EACH)]
    return tuple(
        Image.fromarray(_MAKERS[sort](np.random.default_rng(list(seed.encode())))) for seed in seeds
    )


def _smooth(generator: np.random.Generator, cells: int, side: int = SIDE) -> NDArray[np.float32]:
    """Noise of `cells` by `cells` values scaled up to `side`, 0-1."""
    coarse = Image.fromarray(generator.random((cells, cells), dtype=np.float32), "F")
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC), np.float32)


def _grey(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Any values as 0-255 between their 1st and 99th percentile."""
    low, high = np.percentile(values, (1, 99))
    scaled: NDArray[np.float32] = (values - low) / max(float(high - low), 1e-6)
    return (scaled.clip(0, 1) * 255).astype(np.uint8)


def _shaded(generator: np.random.Generator) -> NDArray[np.uint8]:
    """A slope of light in one direction, bent a little."""
    across, down = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))
    angle = generator.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * across + np.sin(angle) * down
    return _grey((slope + 0.4 * _smooth(generator, 3)).astype(np.float32))


def _paper(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Fibres: fine noise on a coarse one."""
    fine = generator.normal(0.5, 0.25, (SIDE, SIDE)).astype(np.float32)
    return _grey(0.35 * fine + 0.4 * _smooth(generator, 190) + 0.5 * _smooth(generator, 8))


def _clouds(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Noise of several octaves."""
    octaves = [_smooth(generator, 6 * 2**octave) / 1.7**octave for octave in range(6)]
    return _grey(np.sum(octaves, axis=0, dtype=np.float32))


def _stripes(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Bands, as of wood or cloth, a little bent."""
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    angle, period = generator.uniform(0, np.pi), generator.uniform(9, 60)
    along = np.cos(angle) * across + np.sin(angle) * down
    bent = along + generator.uniform(0, 60) * _smooth(generator, 5)
    return _grey((np.sin(2 * np.pi * bent / period) + _smooth(generator, 60)).astype(np.float32))


def _weave(generator: np.random.Generator) -> NDArray[np.uint8]:
    """A fine grid of threads, or tiles."""
    period = generator.uniform(5, 40)
    line = np.sin(2 * np.pi * np.arange(SIDE) / period)
    return _grey((line[:, None] * line[None, :] + 0.5 * _smooth(generator, 200)).astype(np.float32))


def _blotches(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Patches of a few tones with clear edges, as behind a sign outdoors."""
    tones = np.floor(_smooth(generator, int(generator.integers(5, 14))) * 5)
    return _grey((tones + 0.6 * _smooth(generator, 120)).astype(np.float32))


def _specks(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Stone: dark and light grains."""
    grains = _smooth(generator, int(generator.integers(90, 260)))
    return _grey(np.power(grains, 3).astype(np.float32) + 0.2 * _smooth(generator, 10))


_MAKERS = {
    "shaded": _shaded,
    "paper": _paper,
    "clouds": _clouds,
    "stripes": _stripes,
    "weave": _weave,
    "blotches": _blotches,
    "specks": _specks,
}
