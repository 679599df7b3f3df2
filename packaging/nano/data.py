"""Examples to batches: prompts exactly as the app builds them, answers behind them, padding.

Knows no file and no model; every array here is what one training step reads.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from several import Order, joined
from torch import Tensor

from phi_desk.engine.messages import Audio, Image, Message, Part, Text, Tool
from phi_desk.engine.prompt import build_prompt
from phi_desk.engine.tokens import Tokens
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.model.inputs import ClipInput, PictureInput

T = TypeVar("T")
ROWS, GRAIN = 8, 16  # sequences and positions of batches in training come in multiples of these
MEDIA = -1  # stands in `Sample.ids` for one position of a picture or clip
_TAGS = re.compile(r"<\|(/?tool_call)\|>")
_LETTERS = re.compile(r"[^\W\d_]|[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """One sequence: `ids` of prompt and answer (`MEDIA` where media stand), the answer last."""

    ids: tuple[int, ...]
    answer: int

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences padded on the right.

    Attributes:
        ids: `[n, length]`; 0 where media or padding stand.
        media: `[n, length]` bool, the positions of media.
        targets: `[n, length]`; at each position the token to be said next, -100 for none.
        order: where tokens stand that do not simply follow each other.
    """

    ids: Tensor
    media: Tensor
    targets: Tensor
    order: Order | None = None

    def even(self) -> Batch:
        """The same in multiples of ROWS and GRAIN.

        The library behind torch's products compiles one for every new shape.
        """
        rows, length = self.ids.shape
        more = (0, -length % GRAIN, 0, -rows % ROWS)
        pad = torch.nn.functional.pad
        return Batch(
            pad(self.ids, more),
            pad(self.media, more),
            pad(self.targets, more, value=-100),
            None if self.order is None else self.order.padded(more[3], more[1]),
        )


class Writer:
    """Writes samples in the format of one vocabulary."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._end = tokens.control("end")
        self._kept: dict[tuple[str, int, int], tuple[int, ...]] = {}

    def text(self, messages: Sequence[Message], tools: Sequence[Tool], answer: str) -> Sample:
        """A conversation without media, and the answer to it."""
        prompt = build_prompt(messages, tools, self.tokens, None, None)
        return self._sample(_flat(prompt.pieces), answer)

    def plain(self, sentence: str) -> Sample:
        """A sentence by itself, all of it to be learned."""
        ids = self.answer(sentence)
        return Sample((self.tokens.control("endoftext"), *ids), len(ids))

    def listed(self, text: str) -> Sample:
        """A text letter by letter, all of it to be learned, as it is read off pictures."""
        ids = self.spelt(text)
        return Sample((self.tokens.control("endoftext"), *ids), len(ids))

    def copied(self, text: str, question: str = "", answer: str | None = None) -> Sample:
        """A text letter by letter, behind a question or none, and the same once more as the answer.

        Or another `answer`, letter by letter: a table with its rules, for instance.
        """
        said = self.spelt(text if answer is None else answer)
        asked = self.tokens.encode_plain(f"{question}\n") if question else []
        control = self.tokens.control
        ids = (control("user"), *asked, *self.spelt(text), control("assistant"), *said)
        return Sample(ids, len(said))

    def media(
        self, question: str, pictures: int, clips: int, answer: str, *, spelt: bool = False
    ) -> Sample:
        """One turn with a picture of `pictures` positions and a clip of `clips` (0: none).

        `spelt`: the answer letter by letter, as it is read off a picture. The text is the same; to
        find out which letters lie behind each of 2000 pieces of words takes far longer.
        """
        key = (question, pictures, clips)
        if key not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            self._kept[key] = self._media_prompt(question, pictures, clips)
        if not spelt:
            return self._sample(self._kept[key], answer)
        ids = self.spelt(answer)
        return Sample((*self._kept[key], *ids), len(ids))

    def spelt(self, text: str) -> tuple[int, ...]:
        """The ids of an answer with a token, or its bytes, for each letter; and of its end."""
        parts = (self.tokens.encode_plain(part) for part in _LETTERS.findall(text))
        return (*(id_ for part in parts for id_ in part), self._end)

    def offsets(self, text: str) -> list[int]:
        """Of each id of `spelt(text)` the letter that it begins or belongs to; `len(text)` last."""
        starts: list[int] = []
        place = 0
        for part in _LETTERS.findall(text):
            ids = self.tokens.encode_plain(part)
            pieces = [self.tokens.decode([id_]) for id_ in ids]
            whole = "".join(pieces) == part  # not so for the single bytes of a letter
            ahead = [0, *itertools.accumulate(map(len, pieces))] if whole else [0] * len(ids)
            starts += [place + step for step in ahead[: len(ids)]]
            place += len(part)
        return [*starts, len(text)]

    def answer(self, text: str) -> tuple[int, ...]:
        """The ids of an answer and of its end; the tags of tool calls are control tokens."""
        ids: list[int] = []
        for place, part in enumerate(_TAGS.split(text)):
            ids += [self.tokens.control(part)] if place % 2 else self.tokens.encode_plain(part)
        return (*ids, self._end)

    def _sample(self, prompt: tuple[int, ...], answer: str) -> Sample:
        ids = self.answer(answer)
        return Sample((*prompt, *ids), len(ids))

    def _media_prompt(self, question: str, pictures: int, clips: int) -> tuple[int, ...]:
        sound = Audio(Sound(np.zeros(1, np.float32), 16_000))
        image = Image(Picture(np.zeros((1, 1, 3), np.uint8)))
        parts: list[Part] = [image] if pictures else []
        parts += [sound] if clips else []
        parts += [Text(question)] if question else []
        prompt = build_prompt(
            (Message("user", tuple(parts)),),
            (),
            self.tokens,
            lambda _: PictureInput(
                key="",
                crops=np.zeros((0, 3, 1, 1), np.float32),
                mask=np.zeros((0, 1, 1), np.bool_),
                rows=0,
                columns=0,
                tokens=pictures,
            ),
            lambda _: ClipInput(key="", blocks=(), tokens=clips),
        )
        return _flat(prompt.pieces)


def _flat(pieces: Iterable[Any]) -> tuple[int, ...]:
    ids: list[int] = []
    for piece in pieces:
        ids += piece if isinstance(piece, tuple) else [MEDIA] * piece.tokens
    return tuple(ids)


def collate(samples: Sequence[Sample]) -> Batch:
    """Pad `samples` to one length; each answer token is a target one position before it stands."""
    length = max(map(len, samples))
    ids = np.zeros((len(samples), length), np.int64)
    targets = np.full((len(samples), length), -100, np.int64)
    for row, sample in enumerate(samples):
        end = len(sample)
        ids[row, :end] = sample.ids
        start = end - sample.answer
        targets[row, start - 1 : end - 1] = sample.ids[start:]
    return _batch(ids, targets)


def collate_several(groups: Sequence[Sequence[Sample]], shared: Sequence[int]) -> Batch:
    """The samples of a group, whose first `shared` ids are the same, as one sequence."""
    rows = [
        joined([sample.ids for sample in group], [sample.answer for sample in group], count)
        for group, count in zip(groups, shared, strict=True)
    ]
    length = max(len(ids) for ids, *_ in rows)
    arrays = [np.full((len(rows), length), empty, np.int64) for empty in (0, -100, 0, -1)]
    for row, parts in enumerate(rows):
        for array, values in zip(arrays, parts, strict=True):
            array[row, : len(values)] = values
    ids, targets, places, own = arrays
    return replace(
        _batch(ids, targets), order=Order(torch.from_numpy(places), torch.from_numpy(own))
    )


def grouped(groups: Sequence[Sequence[Sample]], shared: Sequence[int]) -> Batch:
    """The same, or plain sequences where each group is of one."""
    if any(len(group) > 1 for group in groups):
        return collate_several(groups, shared)
    return collate([group[0] for group in groups])


def _batch(ids: NDArray[np.int64], targets: NDArray[np.int64]) -> Batch:
    media = ids == MEDIA
    ids[media] = 0
    return Batch(torch.from_numpy(ids), torch.from_numpy(media), torch.from_numpy(targets))


def bucketed(
    items: Iterator[T], size: Callable[[T], int], budget: int, rng: np.random.Generator, pool: int
) -> Iterator[list[T]]:
    """Endless batches of items of like size: at most `budget` of padded size each.

    `pool` items are drawn at a time, sorted, cut into batches, and the batches shuffled.
    """
    while True:
        drawn = sorted((next(items) for _ in range(pool)), key=size)
        batches: list[list[T]] = [[]]
        for item in drawn:
            if batches[-1] and size(item) * (len(batches[-1]) + 1) > budget:
                batches.append([])
            batches[-1].append(item)
        for place in rng.permutation(len(batches)):
            yield batches[place]
