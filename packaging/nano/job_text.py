"""The first stage: the decoder, on words alone."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import corpus
import numpy as np
from chat import text_examples
from data import Sample, Writer, bucketed, collate
from fonts import ALPHABET
from losses import answer_loss, answers_right
from network import Nano
from picture_strings import Strings
from torch import nn
from train import Told

_BUDGET = 12288  # positions a batch, padding counted in
_POOL = 2048
_PLAIN = 0.06  # share of bare sentences, which teach the languages themselves
# Shares of what is printed on signs and bills, letter by letter, as it is read off pictures later:
# by itself, which teaches the signs that no sentence has (%, €, brackets), and twice, which teaches
# to go on from where the last letters stand.
_LISTED, _COPIED = 0.06, 0.2
_LINE = (8, 70)  # letters at most, drawn between these
_CODE = 0.3  # of the lines to copy are letters and figures by chance, few of them different
_SIGNS = [sign for sign in ALPHABET if sign.strip()] + [" "]


class TextJob:
    """Trains the decoder without adapters."""

    name = "text"

    def __init__(self, model: Nano, writer: Writer) -> None:
        self._model, self._writer = model, writer
        self.trained: nn.Module = model.decoder()

    def batches(self, seed: int) -> Iterator[list[Sample]]:
        rng = np.random.default_rng(seed)
        return bucketed(self._samples(seed, rng), len, _BUDGET, rng, _POOL)

    def _samples(self, seed: int, rng: np.random.Generator) -> Iterator[Sample]:
        examples = text_examples(seed, "train")
        sentences = corpus.sentences(seed + 1, "train")
        strings, dice = Strings(seed + 2, "train"), random.Random(seed + 3)
        while True:
            chance = rng.random()
            if chance < _PLAIN:
                text = next(sentences).text
                yield self._writer.plain(text[str(rng.choice(corpus.LANGUAGES))])
            elif chance < _PLAIN + _LISTED:
                yield self._writer.listed(strings.line(dice, dice.randint(*_LINE)))
            elif chance < _PLAIN + _LISTED + _COPIED:
                most = dice.randint(*_LINE)
                is_code = dice.random() < _CODE
                line = _code(dice, most) if is_code else strings.line(dice, most)
                yield self._writer.copied(line)
            else:
                example = next(examples)
                yield self._writer.text(example.messages, example.tools, example.answer)

    def loss(self, batch: list[Sample]) -> Told:
        self._model.choose(None)
        loss, right = answer_loss(self._model, collate(batch))
        return Told(loss, len(batch), {"right": right})

    def check(self) -> dict[str, float]:
        """The share of whole answers right, on sentences never trained on."""
        self._model.choose(None)
        right: list[bool] = []
        examples = itertools.islice(text_examples(5, "valid"), 512)
        samples = sorted(
            (self._writer.text(e.messages, e.tools, e.answer) for e in examples), key=len
        )
        for start in range(0, len(samples), 64):
            right += answers_right(self._model, collate(samples[start : start + 64]))
        return {"answers_right": sum(right) / len(right), "copied": self._copied()}

    def _copied(self) -> float:
        """The share of lines never trained on that are copied without a mistake."""
        strings, dice = Strings(6, "valid"), random.Random(6)
        samples = [self._writer.copied(strings.line(dice, dice.randint(*_LINE))) for _ in range(64)]
        return sum(answers_right(self._model, collate(samples))) / len(samples)


def _code(dice: random.Random, most: int) -> str:
    """Letters and figures by chance out of a few, so that the same pairs come again."""
    few = dice.sample(_SIGNS, dice.randint(4, 20))
    return "".join(dice.choice(few) for _ in range(most)).strip() or few[0]
