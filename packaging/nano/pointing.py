"""Where in a picture each letter of an answer is read: what the decoder's attention is taught by.

Which letters are written over a patch the data knows (`patch_text`). So for each token of an answer
that is read off letter by letter there are positions of the prompt that show it, and some heads of
the decoder are told to look there. Nothing of it is needed to read, and nothing of it is shipped.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from data import Batch, Writer
from fonts import INDEX
from fused import by_head, turned
from network import Nano
from numpy.typing import NDArray
from patch_text import BEFORE, END, SPACE, START
from pictures import SPELT, PictureExample
from several import Order
from torch import Tensor

log = logging.getLogger("nano")
Spot = tuple[int, int]  # row and column of a pooled position on the canvas
Signs = tuple[int, int, int]  # a sign behind the two that are read before it
_NEAR = 2  # columns that the next letter lies ahead, at most
_HEADS = 3  # that are taught


@dataclass(frozen=True, slots=True)
class Hints:
    """Where a batch should look: a line for each token of an answer that some position shows.

    Attributes:
        rows, queries: the sequence, and the position before the token `[n]`.
        keys: which positions show it `[n, length]` bool.
        order: of the batch's tokens, where they do not simply follow each other.
    """

    rows: Tensor
    queries: Tensor
    keys: Tensor
    order: Order | None = None


def spots_of(text: NDArray[np.uint8], answer: str, *, loose: bool) -> list[list[Spot]]:
    """For each letter of `answer`, and for its end, the pooled positions that show it.

    `text` is the picture's map (`patch_text.text_map`). `loose`: texts may begin and end at spaces
    and bars, as the cells of a table do, not only at line ends. Where a place is in doubt, the one
    is taken that goes on from the last letter.
    """
    index = _index(text)
    breaks = frozenset("\n |,\"'") if loose else frozenset("\n")
    found: list[list[Spot]] = []
    last: Spot | None = None
    for place in range(len(answer) + 1):
        spots = next((index[s] for s in _wanted(answer, place, breaks) if s in index), [])
        spots = _going_on(spots, last)
        last = spots[0] if len(spots) == 1 else None if spots else last
        found.append(spots)
    return found


def _index(text: NDArray[np.uint8]) -> dict[Signs, list[Spot]]:
    """Where each sign stands behind which two."""
    index: dict[Signs, list[Spot]] = {}
    for row, column in np.argwhere(text[..., BEFORE] > 0):
        signs = [int(sign) for sign in text[row, column]]
        spot = int(row) // 2, int(column) // 2
        for start in range(len(signs) - BEFORE):
            one, two, own = signs[start : start + 3]
            if own and spot not in (spots := index.setdefault((one, two, own), [])):
                spots.append(spot)
    return index


def _wanted(answer: str, place: int, breaks: frozenset[str]) -> Iterator[Signs]:
    """What may be written where a letter of the answer is read, the likeliest first."""
    letter = (answer + "\n")[place]
    own = [END] if letter == "\n" else [_sign(letter)]
    if letter in breaks - {"\n"}:
        own.append(END)
    one, two = ("\n", "\n", *answer[max(0, place - 2) : place])[-2:]
    for sign in own:
        if two != "\n" and one != "\n":
            yield _sign(one), _sign(two), sign
        if two != "\n" and one in breaks:
            yield START, _sign(two), sign
        if two in breaks:
            yield 0, START, sign


def _sign(letter: str) -> int:
    return INDEX.get(letter, 0) or SPACE


def _going_on(spots: list[Spot], last: Spot | None) -> list[Spot]:
    if last is None or len(spots) < 2:
        return spots
    close = [
        spot for spot in spots if abs(spot[0] - last[0]) <= 1 and 0 <= spot[1] - last[1] <= _NEAR
    ]
    return close or spots


def hints_of(
    batch: Batch, writer: Writer, asked: Sequence[PictureExample], widths: Sequence[int]
) -> Hints | None:
    """Where the sequences of `batch` should look, or None where nothing is read off.

    `widths`: how many positions stand in a line of each picture's prompt, newline not counted.
    """
    found: list[tuple[int, int, list[int]]] = []
    for row, (seen, width) in enumerate(zip(asked, widths, strict=True)):
        if seen.text is None or seen.task not in SPELT:
            continue
        first, (start, *_) = begins(batch, row)
        spots = spots_of(seen.text, seen.answer, loose=seen.task != "read")
        for token, offset in enumerate(writer.offsets(seen.answer)):
            places = [first + r * (width + 1) + c for r, c in spots[offset] if c < width]
            if places:
                found.append((row, start + token, places))
    return as_hints(found, batch)


def begins(batch: Batch, row: int) -> tuple[int, list[int]]:
    """Where a sequence's picture begins, and the positions before its answers' first tokens."""
    said = batch.targets[row] >= 0
    first = said & ~torch.nn.functional.pad(said, (1, 0))[:-1]
    return int(batch.media[row].int().argmax()), first.nonzero()[:, 0].tolist()


def as_hints(found: Sequence[tuple[int, int, list[int]]], batch: Batch) -> Hints | None:
    """Hints of rows, queries and the keys that show it, in a batch's sequences; None of none."""
    if not found:
        return None
    keys = torch.zeros(len(found), batch.ids.shape[1], dtype=torch.bool)
    for line, (_, _, places) in enumerate(found):
        keys[line, places] = True
    rows, queries, _ = zip(*found, strict=True)
    return Hints(torch.tensor(rows), torch.tensor(queries), keys, batch.order)


class Pointing:
    """Teaches those heads to look where they should that already did so most at the first batch."""

    def __init__(self, model: Nano) -> None:
        self._model = model
        self._heads: dict[int, list[int]] = {}

    def loss(self, inputs: Sequence[Tensor], hints: Hints) -> Tensor:
        """Cross-entropy of where the heads look; `inputs` are those of the decoder's layers."""
        if not self._heads:
            self._choose(inputs, hints)
        costs = [
            -pointed(self._model, layer, inputs[layer], hints)[:, heads].mean()
            for layer, heads in self._heads.items()
        ]
        return torch.stack(costs).mean()

    def _choose(self, inputs: Sequence[Tensor], hints: Hints) -> None:
        with torch.no_grad():
            shares = torch.stack(
                [
                    pointed(self._model, layer, hidden, hints).exp().mean(0)
                    for layer, hidden in enumerate(inputs)
                ]
            )
        for place in shares.flatten().topk(_HEADS).indices.tolist():
            layer, head = divmod(place, shares.shape[1])
            self._heads.setdefault(layer, []).append(head)
        log.info("pointing heads: %s of %s", self._heads, shares.tolist())


def pointed(model: Nano, layer: int, hidden: Tensor, hints: Hints) -> Tensor:
    """How much of its attention each head of a layer gives to where it should look, as a logarithm.

    `hidden` is the layer's input `[n, length, width]`; gives `[hints, heads]`.
    """
    module = model.core.model.layers[layer]
    heads = int(model.config["num_attention_heads"]), int(model.config["num_key_value_heads"])
    size = hidden.shape[-1] // heads[0]
    states = module.self_attn.qkv_proj(module.input_layernorm(hidden))
    turns = model.turns(hidden.shape[1], hints.order, torch.float32)
    cosine, sine = (turn[:, None] for turn in turns)
    query, key, _ = states.split([heads[0] * size, heads[1] * size, heads[1] * size], -1)
    query = turned(by_head(query.float(), heads[0]), cosine, sine)
    key = turned(by_head(key.float(), heads[1]), cosine, sine).repeat_interleave(
        heads[0] // heads[1], 1
    )
    asked = query[hints.rows, :, hints.queries]  # [hints, heads, size]
    scores = torch.empty(len(asked), heads[0], hidden.shape[1])
    for row in set(hints.rows.tolist()):
        own = hints.rows == row
        scores[own] = torch.einsum("nhs,hls->nhl", asked[own], key[row]).float()
    scores = scores * size**-0.5
    ahead = torch.arange(hidden.shape[1]) > hints.queries[:, None]
    if hints.order is not None:
        ahead |= ~hints.order.seen_from(hints.rows, hints.queries)
    scores = scores.masked_fill(ahead[:, None], float("-inf"))
    there = scores.masked_fill(~hints.keys[:, None], float("-inf"))
    share: Tensor = there.logsumexp(-1) - scores.logsumexp(-1)
    return share
