"""Finds and loads the fonts of a split, and says what they can write; draws nothing itself."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from font_families import KINS, Kin, Split
from PIL import ImageFont

from phi_desk.errors import InputError

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts/opentype"))

# What is drawn and named in the dense target. Place 0, the space, means "no character".
ALPHABET = (
    " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    ".,:;!?'\"()-+/%&#*=@$€£°_ÄÖÜäöüßÀÂÇÉÈÊËÎÏÔÙÛŒàâçéèêëîïôùûœæÁÍÓÚÑáíóúñ¿¡«»–’…"
)
INDEX = {character: place for place, character in enumerate(ALPHABET)}

# Weights too thin to read at the sizes drawn here, and forms whose letters are of another kind.
_LEFT_OUT = (
    "thin",
    "hairline",
    "extralight",
    "ultralight",
    "math",
    "caption",
    "narrow-half",
    "outline",
    "black",
    "heavy",
    "display-",
    "[",
)
_COMMON, _BOLD, _SLANTED = 6, 4, 2  # how often a kind of face is taken


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: its kin and how often it is taken within it."""

    path: str
    kin: str
    weight: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of a face at a size, in pixels from the baseline, down positive."""

    rise: int  # of a capital letter with an accent
    top: int  # of a capital letter
    bottom: int  # of a descender


def kins(split: Split, level: int = 5) -> list[Kin]:
    """The kins of `split` up to `level`; valid and test always use all of theirs."""
    return [kin for kin in KINS if kin.split == split and (split != "train" or kin.level <= level)]


@lru_cache(maxsize=32)
def faces(split: Split, level: int = 5) -> tuple[tuple[Face, ...], ...]:
    """The faces installed here, one tuple for each kin of `split` up to `level`.

    Raises:
        InputError: fonts of a kin are missing.
    """
    found = []
    for kin in kins(split, level):
        members = tuple(_members(kin, regular_only=split == "train" and level == 0))
        if not members:
            packages = " ".join(sorted({name for kin in KINS for name in kin.packages}))
            raise InputError(
                f"The font {kin.name} is not installed.",
                f"Install the fonts: apt-get install --no-install-recommends {packages}",
            )
        found.append(members)
    return tuple(found)


def pick_face(dice: random.Random, split: Split, level: int, text: str) -> Face:
    """A face of `split` that can write `text`: a kin by chance, then one of its files."""
    groups = faces(split, level)
    often = [2 if kin.level <= 1 else 1 for kin in kins(split, level)]
    for _ in range(20):
        group = dice.choices(groups, often)[0]
        face = dice.choices(group, [face.weight for face in group])[0]
        if can_write(face.path, text):
            return face
    return groups[0][0]


def can_write(path: str, text: str) -> bool:
    """Whether the font has a glyph for every character."""
    return covered(path).issuperset(text)


@lru_cache(maxsize=1024)
def covered(path: str) -> frozenset[str]:
    """The characters of ALPHABET that the font can write."""
    font = _font(path, 16)
    missing = bytes(font.getmask("\uffff"))
    return frozenset(
        character
        for character in ALPHABET
        if character == " " or (bytes(font.getmask(character)) or missing) != missing
    )


def sized(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The face at `size` pixels to the em; kept, because opening one costs more than a word."""
    return _font(face.path, size)


@lru_cache(maxsize=8192)
def metrics(face: Face, size: int) -> Metrics:
    """See `Metrics`; measured on letters, because the files' own ascents differ widely."""
    font = _font(face.path, size)
    top = round(font.getbbox("H", anchor="ls")[1])
    bottom = round(font.getbbox("p", anchor="ls")[3])
    rise = min(top, round(font.getbbox("Ê", anchor="ls")[1]))
    return Metrics(
        rise=rise,
        top=top,
        bottom=bottom,
    )


@lru_cache(maxsize=2048)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """File name to path; of a face in several formats or folders one file is kept."""
    by_stem = {
        path.stem: path
        for folder in FOLDERS
        for path in sorted(folder.rglob("*"), key=lambda path: (path.suffix, str(path)))
        if path.suffix.lower() in (".ttf", ".otf")
    }
    return {path.name: path for path in by_stem.values()}


def _members(kin: Kin, *, regular_only: bool) -> list[Face]:
    members = []
    for name, path in sorted(_installed().items()):
        lowered = name.lower()
        if not name.startswith(kin.files) or any(word in lowered for word in _LEFT_OUT):
            continue
        if "light" in lowered and not lowered.startswith("urwbookman"):  # whose regular is "light"
            continue
        weight = _weight(lowered)
        if not regular_only or weight in (_COMMON, _BOLD):
            members.append(Face(path=str(path), kin=kin.name, weight=weight))
    return members


def _weight(name: str) -> int:
    """How often a file is taken, from the weight and slope in its name."""
    stem = name.rsplit(".", 1)[0]
    if any(word in stem for word in ("italic", "oblique", "slant")) or stem.endswith(
        ("_ri", "_rbi", "basi", "basbi", " i", " bi", "56f", "76f", "cmunti", "bdita")
    ):
        return _SLANTED
    if any(word in stem for word in ("bold", "demi", "medium")) or stem.endswith(
        ("_rb", "basb", " b", "75f", "77f", "cmunbx", "cmunsx", "cmuntb", "cmunbbx")
    ):
        return _BOLD
    return _COMMON
