"""Sets lines of text: what is written, in which face and size, one line below the other.

Knows no picture: a block lies in its own corner, from x = 0 and y = 0 on.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from font_families import Split
from fonts import Face, metrics, pick_face
from palette import Colour
from picture_figures import code, figure
from picture_levels import CROP_SIZE, LEVELS, Level
from picture_strings import Strings
from runs import Run, length

_ACCENTED = frozenset("ÄÖÜÀÂÇÉÈÊËÎÏÔÙÛÁÍÓÚÑ")
_WIDTH_OF_AN_EM = 0.5  # of a letter, on average: to guess how many fit


@dataclass(frozen=True, slots=True)
class Block:
    """Lines set in one corner: runs from x = 0, y = 0 on, how large they are, and their reading."""

    runs: tuple[Run, ...]
    width: float
    height: float
    answer: str


def set_block(
    dice: random.Random,
    strings: Strings,
    split: Split,
    level: int,
    lines: int,
    room: tuple[int, int],
    ink: Colour,
    *,
    codes: bool | None,
) -> Block:
    """Texts, a face and a size that fit into `room`; `codes` None never gives a code."""
    spec = replace(LEVELS[level], codes=0.0) if codes is None else LEVELS[level]
    width, height = room
    growth = dice.uniform(1, 1.7) if max(room) > CROP_SIZE else 1.0
    most = min(round(spec.sizes[1] * growth), int(height / lines / 1.2))
    size = _between(dice, min(round(spec.sizes[0] * growth), most), most)
    budget = max(3, min(spec.characters * max(1, round(room[0] / CROP_SIZE)),
                        int(width / (size * _WIDTH_OF_AN_EM))))  # fmt: skip
    texts, rows = _texts(dice, strings, spec, level, lines, budget, codes=codes)
    written = "".join(part for row in rows for part in row)
    face = pick_face(dice, split, level, written)
    least = spec.sizes[0]
    widest = max(_row_length(row, face, size) for row in rows)
    if widest > width:
        size = max(int(size * width / widest), min(least, 12))
    if max(_row_length(row, face, size) for row in rows) > width:
        return set_block(dice, strings, split, level, lines, room, ink, codes=codes)
    return _set(dice, texts, rows, face, size, (width, height), ink)


def _between(dice: random.Random, low: int, high: int) -> int:
    """A size between the two, each ratio equally likely."""
    return round(float(low * (high / low) ** dice.random()))


def _row_length(row: Sequence[str], face: Face, size: int) -> float:
    return sum(length(part, face, size) for part in row) + 1.2 * size * (len(row) - 1)


def _texts(
    dice: random.Random,
    strings: Strings,
    spec: Level,
    level: int,
    lines: int,
    budget: int,
    *,
    codes: bool | None,
) -> tuple[list[str], list[tuple[str, ...]]]:
    """What is to be read, line by line, and the parts each line is printed in."""
    if codes:
        texts = [code(dice, budget) for _ in range(lines)]
    elif lines > 1 and level >= 3 and budget >= 14 and dice.random() < 0.15:
        rows: list[tuple[str, ...]] = [
            (strings.word(dice, budget - 10), figure(dice, 10)) for _ in range(lines)
        ]
        return [" ".join(row) for row in rows], rows
    elif lines > 1 and dice.random() < 0.35:
        texts = _wrapped(strings.running(dice, budget * lines), budget, lines) or [
            strings.word(dice, budget)
        ]
    else:
        texts = [_text(dice, strings, spec, level, budget) for _ in range(lines)]
    return texts, [(text,) for text in texts]


def _text(dice: random.Random, strings: Strings, spec: Level, level: int, budget: int) -> str:
    chance = dice.random()
    if chance < spec.codes:
        return code(dice, budget)
    if chance < spec.codes + spec.figures:
        return figure(dice, budget)
    if level == 0 or dice.random() < 0.25:
        return strings.cased(dice, strings.word(dice, budget))
    return strings.cased(dice, strings.line(dice, budget))


def _wrapped(text: str, budget: int, lines: int) -> list[str]:
    """The words of `text` on at most `lines` lines of at most `budget` characters."""
    wrapped: list[str] = []
    for word in text.split():
        if wrapped and len(wrapped[-1]) + 1 + len(word) <= budget:
            wrapped[-1] = f"{wrapped[-1]} {word}"
        elif len(wrapped) == lines:
            break
        elif len(word) <= budget:
            wrapped.append(word)
    return wrapped


def _set(
    dice: random.Random,
    texts: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    face: Face,
    size: int,
    room: tuple[int, int],
    ink: Colour,
) -> Block:
    """The lines one below the other, flush left, centred or flush right."""
    measures = metrics(face, size)
    tall = measures.bottom - measures.top
    head = 0 if set("".join(rows[0])).isdisjoint(_ACCENTED) else measures.top - measures.rise
    most = (room[1] - tall - head) / max(1, len(rows) - 1)
    advance = min(dice.uniform(1.15, 1.9) * tall, most) if len(rows) > 1 else 0.0
    width = max(_row_length(row, face, size) for row in rows)
    if any(len(row) > 1 for row in rows):
        width = min(room[0], width + dice.uniform(0, 2) * size)
    flush = dice.choices((0.0, 0.5, 1.0), (60, 30, 10))[0]
    runs = []
    for number, row in enumerate(rows):
        y = round(number * advance - measures.top + head)
        x = (width - length(row[0], face, size)) * flush if len(row) == 1 else 0.0
        runs.append(Run(row[0], face, size, round(x), y, ink))
        runs += [
            Run(part, face, size, round(width - length(part, face, size)), y, ink)
            for part in row[1:]
        ]
    height = (len(rows) - 1) * advance + tall + head
    return Block(tuple(runs), width, height, "\n".join(texts))
