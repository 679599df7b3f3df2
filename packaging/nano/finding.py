"""Which objects of a picture an answer speaks of, and where they lie: what attention is taught by.

The data knows what object lies over each cell (`scenes.thing_map`), and questions and answers name
shapes and colours in words. So for each token of an answer there are positions of the prompt that
show what it is about, as `pointing` knows them for letters. Nothing of it is shipped.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from data import Batch, Writer
from maps import SIDE, objects_of, thumbnail_of
from numpy.typing import NDArray
from pictures import PictureExample
from pointing import Hints, Spot, as_hints, begins
from question_texts import plural
from runs import CELLS_ACROSS, CELLS_DOWN
from scenes import COLOURS, SHAPES, object_of

_POOLED = SIDE // 2  # positions along a crop
_THUMBNAIL = _POOLED * (_POOLED + 1)  # positions, newlines counted
_PARTS = re.compile(r", | and | on a ")  # between the objects that an answer lists
_SHAPES = {form: name for name in SHAPES for form in (name, plural(name))}


@dataclass(frozen=True, slots=True)
class Laid:
    """Where each object lies, by shape and colour: in the crops, and in the thumbnail."""

    crops: dict[tuple[str, str], list[Spot]]
    thumbnail: dict[tuple[str, str], list[Spot]]


def laid(chars: NDArray[np.int16]) -> Laid:
    """The objects of a map by cells (`PictureExample.chars`)."""
    objects = objects_of(chars)
    rows = len(objects) // (SIDE * CELLS_DOWN)
    columns = len(objects[0]) // (SIDE * CELLS_ACROSS)
    return Laid(_spots(objects), _spots(thumbnail_of(objects, rows, columns)))


def _spots(objects: NDArray[np.int16]) -> dict[tuple[str, str], list[Spot]]:
    found: dict[tuple[str, str], dict[Spot, None]] = {}
    for row, column in np.argwhere(objects > 0):
        spot = int(row) // (2 * CELLS_DOWN), int(column) // (2 * CELLS_ACROSS)
        found.setdefault(object_of(int(objects[row, column])), {})[spot] = None
    return {name: list(spots) for name, spots in found.items()}


def spoken_of(
    question: str, answer: str, there: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Where each part of an answer begins, and which of the objects `there` it is about.

    A part is about what it names, and for what it leaves open about what the question names. What
    is asked about the ground is about no object.
    """
    shapes, colours = _named(question)
    grounds = "background" in question
    starts = [0, *(found.end() for found in _PARTS.finditer(answer)), len(answer)]
    for start, end in itertools.pairwise(starts):
        part = answer[start:end]
        own_shapes, own_colours = _named(part)
        about = [
            (shape, colour)
            for shape, colour in there
            if shape in (own_shapes or shapes or SHAPES)
            and colour in (own_colours or colours or COLOURS)
        ]
        yield start, [] if grounds or "background" in part else about


def _named(text: str) -> tuple[set[str], set[str]]:
    words = re.findall("[a-z]+", text.lower())
    return {_SHAPES[word] for word in words if word in _SHAPES}, set(words) & set(COLOURS)


def object_hints(
    batch: Batch,
    writer: Writer,
    asked: Sequence[Sequence[PictureExample]],
    widths: Sequence[int],
    lengths: Sequence[int],
) -> Hints | None:
    """Where the sequences of `batch` should look, or None where no answer is about an object.

    `asked`: the questions of each sequence, all about its one picture; `widths`: how many positions
    stand in a line of each picture's prompt, newline not counted; `lengths`: how many in all.
    """
    found: list[tuple[int, int, list[int]]] = []
    for row, (group, width, length) in enumerate(zip(asked, widths, lengths, strict=True)):
        if group[0].chars is None or all(seen.task != "question" for seen in group):
            continue
        first, starts = begins(batch, row)
        known = _positions(laid(group[0].chars), width, length)
        for seen, start in zip(group, starts, strict=True):
            if seen.task != "question":
                continue
            for token, about in enumerate(_about(seen, writer, list(known))):
                places = [first + place for thing in about for place in known[thing]]
                if places:
                    found.append((row, start + token, places))
    return as_hints(found, batch)


def _about(
    seen: PictureExample, writer: Writer, there: Sequence[tuple[str, str]]
) -> Iterator[list[tuple[str, str]]]:
    """For each token of an answer the objects that it is about."""
    parts = list(spoken_of(seen.question, seen.answer, there))
    for offset in _offsets(writer, seen.answer):
        yield [things for begin, things in parts if begin <= offset][-1]


def _positions(where: Laid, width: int, length: int) -> dict[tuple[str, str], list[int]]:
    """The positions that show each object, of the `length` that stand for its picture.

    Lines of `width` and a newline come first, then a separator and the thumbnail.
    """
    behind = length - _THUMBNAIL
    known: dict[tuple[str, str], list[int]] = {}
    for thing, spots in where.crops.items():
        known[thing] = [r * (width + 1) + c for r, c in spots if c < width]
        small = where.thumbnail.get(thing, ())
        known[thing] += [behind + r * (_POOLED + 1) + c for r, c in small]
    return known


def _offsets(writer: Writer, answer: str) -> list[int]:
    """Of each id of `writer.answer` the letter that it ends with, its end included."""
    pieces = [writer.tokens.decode([id_]) for id_ in writer.tokens.encode_plain(answer)]
    ends = list(itertools.accumulate(map(len, pieces)))
    return [*(min(end, len(answer)) - 1 for end in ends), len(answer) - 1]
