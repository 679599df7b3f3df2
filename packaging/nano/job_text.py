"""The first stage: the decoder, on words alone."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
from collections.abc import Iterator

import corpus
import numpy as np
from chat import text_examples
from data import Sample, Writer, bucketed, collate
from losses import answer_loss, answers_right
from network import Nano
from torch import nn
from train import Told

_BUDGET = 12288  # positions a batch, padding counted in
_POOL = 2048
_PLAIN = 0.1  # share of bare sentences, which teach the languages themselves


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
        while True:
            if rng.random() < _PLAIN:
                text = next(sentences).text
                yield self._writer.plain(text[str(rng.choice(corpus.LANGUAGES))])
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
        return {"answers_right": sum(right) / len(right)}
