"""Cuts a segment's words into subtitle cues with times; knows no subtitle format.

A cue has at most two lines of 42 columns (the common broadcast limit); a letter of Chinese,
Japanese or Korean takes two columns. Where exactly a word was said is not known: the words are
spread over the seconds in which somebody speaks, in proportion to their letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from phi_desk.services.speech.events import Segment, Span

LINE_COLUMNS = 42
LINES = 2
SHORTEST_S = 1.0  # a shorter cue is joined to the next one where both fit

# A sentence ends behind . ! ? … and a space, or behind the full-width marks, which take no space.
_SENTENCE_ENDS = re.compile(
    r"(?<=[.!?…])[\"'»”’)\]]*\s+|(?<=[。！？])[」』”’）]*(?![。！？」』”’）])"
)
_CLAUSE_MARKS = ",;:–—，、；："


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Lines to show from `start_s` to `end_s`, in seconds."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]


def cut_into_cues(segment: Segment, *, transcript: bool, translation: bool) -> tuple[Cue, ...]:
    """The cues of one segment, in order, never overlapping, with the strands that are wanted.

    With both strands a cue has the transcript above and its translation below, cut at the same
    share of their letters.
    """
    strands = [segment.text] if transcript else []
    strands += [segment.translation or ""] if translation else []
    texts = [text for text in (" ".join(strand.split()) for strand in strands) if text]
    if not texts:
        return ()
    spans = segment.speech or ((segment.start_s, segment.end_s),)
    seconds = sum(end - start for start, end in spans)
    chunks = _cut_together(texts) if len(texts) > 1 else _cut_alone(texts[0], seconds)
    shares = _shares([sum(map(columns_of, chunk)) for chunk in chunks])
    return tuple(
        Cue(
            start_s=_moment(spans, seconds * start, opening=True),
            end_s=_moment(spans, seconds * end, opening=False),
            lines=tuple(line for text in chunk for line in wrap(text)),
        )
        for chunk, (start, end) in zip(chunks, shares, strict=True)
    )


def columns_of(text: str) -> int:
    """How wide `text` is shown: two columns for wide letters, none for combining marks."""
    return sum(map(_columns, text))


def chunks_of(text: str) -> Iterator[str]:
    """Sentences of `text`; longer ones cut at clauses or words so that each fits a cue."""
    for sentence in sentences_of(text):
        parts = _fewest_parts(sentence)
        while not all(map(fits, chunks := split_evenly(sentence, parts))):
            parts += 1
        yield from chunks


def sentences_of(text: str) -> list[str]:
    """`text` cut behind every sentence; nothing is lost but the space between them."""
    found: list[str] = []
    begun = 0
    for end in _SENTENCE_ENDS.finditer(text):
        found.append(text[begun : end.end()].strip())
        begun = end.end()
    return [sentence for sentence in (*found, text[begun:].strip()) if sentence]


def fits(text: str) -> bool:
    """Whether `text` fits one cue."""
    return len(_lines(text)) <= LINES


def wrap(text: str) -> tuple[str, ...]:
    """`text` that fits a cue as one or two lines of about the same width."""
    if columns_of(text) <= LINE_COLUMNS:
        return (text,) if text else ()
    halves = split_evenly(text, LINES)
    return halves if all(columns_of(half) <= LINE_COLUMNS for half in halves) else _lines(text)


def split_evenly(text: str, parts: int) -> tuple[str, ...]:
    """`text` cut into at most `parts` parts of about the same width, between words.

    Text without spaces, as Chinese or Japanese, is cut between letters; a cut behind a comma is
    preferred where one is near.
    """
    if parts < 2:
        return (text,)
    places = _cut_places(text)
    widths = [0, *accumulate(map(_columns, text))]
    step = widths[-1] / parts
    cuts: list[int] = []
    for number in range(1, parts):
        later = [place for place in places if not cuts or place > cuts[-1]]
        if not later:
            break
        cuts.append(min(later, key=lambda p: _cost(text, p, widths[p] - number * step, step)))
    borders = [0, *cuts, len(text)]
    pieces = (text[a:b].strip() for a, b in pairwise(borders))
    return tuple(piece for piece in pieces if piece)


def _cost(text: str, place: int, distance: float, step: float) -> float:
    """How bad a cut at `place` is: its distance in columns, less a bonus behind a comma."""
    behind_mark = text[place - 1] in _CLAUSE_MARKS or text[max(0, place - 2)] in _CLAUSE_MARKS
    return abs(distance) - (step / 4 if behind_mark else 0)


def _fewest_parts(text: str) -> int:
    return max(1, -(-columns_of(text) // (LINES * LINE_COLUMNS)))


def _cut_places(text: str) -> list[int]:
    """Where `text` may be cut: behind spaces, between wide letters, inside overlong words."""
    places = [
        i
        for i in range(1, len(text))
        if text[i - 1].isspace() or (_columns(text[i - 1]) == 2 and _columns(text[i]) == 2)
    ]
    borders = [0, *places, len(text)]
    overlong = (
        range(a + 1, b)
        for a, b in pairwise(borders)
        if columns_of(text[a:b].rstrip()) > LINE_COLUMNS
    )
    return sorted({*places, *chain.from_iterable(overlong)})


def _lines(text: str) -> tuple[str, ...]:
    """`text` filled into as few lines as a word-by-word fill takes."""
    lines: list[str] = []
    begun = last = 0
    for place in (*_cut_places(text), len(text)) if text else ():
        if columns_of(text[begun:place].strip()) > LINE_COLUMNS and last > begun:
            lines.append(text[begun:last].strip())
            begun = last
        last = place
    return tuple(line for line in (*lines, text[begun:].strip()) if line)


def _cut_alone(text: str, seconds: float) -> list[tuple[str, ...]]:
    """Cut one strand; chunks shown for less than a second join the next, where both fit."""
    chunks = list(chunks_of(text))
    a_column = seconds / max(1, sum(map(columns_of, chunks)))
    joined: list[str] = []
    for chunk in chunks:
        together = f"{joined[-1]} {chunk}" if joined else ""
        short = joined and min(columns_of(joined[-1]), columns_of(chunk)) * a_column < SHORTEST_S
        if short and fits(together):
            joined[-1] = together
        else:
            joined.append(chunk)
    return [(chunk,) for chunk in joined]


def _cut_together(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Cut several strands into equally many parts, each of which fits its lines."""
    parts = max(len(list(chunks_of(text))) for text in texts)  # so that sentences have room
    while True:
        cut = [split_evenly(text, parts) for text in texts]
        if all(map(fits, (chunk for strand in cut for chunk in strand))):
            break
        parts += 1
    longest = max(map(len, cut))
    padded = [(*strand, *[""] * (longest - len(strand))) for strand in cut]
    return list(zip(*padded, strict=True))


def _shares(widths: Sequence[int]) -> list[tuple[float, float]]:
    """The borders of parts of these widths on a line from 0 to 1."""
    total = sum(widths) or 1
    borders = [0.0, *(width / total for width in accumulate(widths))]
    return list(pairwise(borders))


def _moment(spans: Sequence[Span], spoken_s: float, *, opening: bool) -> float:
    """When `spoken_s` seconds of speech have passed.

    On the border of two spans a cue opens with the later one and closes with the earlier one.
    """
    tiny = 1e-6  # seconds: float sums do not meet a border exactly
    for start, end in spans:
        length = end - start
        if spoken_s < length - tiny or (not opening and spoken_s <= length + tiny):
            return start + max(0.0, min(spoken_s, length))
        spoken_s -= length
    return spans[-1][1]


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
