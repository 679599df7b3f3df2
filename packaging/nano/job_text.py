"""The first stage: the decoder, on words alone."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator

import corpus
import numpy as np
from chat import text_examples
from data import Sample, Writer, bucketed, collate
from fonts import ALPHABET
from losses import answer_loss, answers_right
from network import Nano
from picture_strings import Strings
from scene_texts import scene_example
from sums import facts
from tables import table_text
from text_example import TextExample
from torch import nn
from train import Told

from phi_desk.engine import tasks

_BUDGET = 12288  # positions a batch, padding counted in
_POOL = 2048
# How many of a hundred examples are of each kind. What is printed on signs and bills is written
# letter by letter, as it is read off pictures later: by itself, which teaches the signs that no
# sentence has (%, €, brackets), and twice, which teaches to go on from where the last letters are.
# Scenes and tables stand in words here, since a word or a rule that the decoder never wrote has no
# code of its own, and no adapter can choose it. Facts of arithmetic come in lists, which hold many
# in the room of one question. Bare sentences teach the languages themselves.
_SHARES = {
    "sentence": 5, "listed": 5, "copied": 10, "table": 8, "scene": 14, "facts": 6, "sum": 6,
    "tool": 6, "talk": 40,
}  # fmt: skip
_ROWS = (8, 20)  # of a list of facts
_PROMPTED = 0.3  # of the lines to copy stand behind the question that pictures of them have
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
        makers = self._makers(seed, rng)
        names, shares = list(_SHARES), np.array(list(_SHARES.values()), float)
        while True:
            yield makers[str(rng.choice(names, p=shares / shares.sum()))]()

    def _makers(self, seed: int, rng: np.random.Generator) -> dict[str, Callable[[], Sample]]:
        writer = self._writer
        sentences = corpus.sentences(seed + 1, "train")
        strings, dice = Strings(seed + 2, "train"), random.Random(seed + 3)
        streams = {
            "talk": text_examples(seed, "train"),
            "sum": text_examples(seed + 4, "train", kinds=("sum",), bare=True),
            "tool": text_examples(seed + 4, "train", kinds=("tool",), bare=True),
        }

        def sentence() -> Sample:
            return writer.plain(next(sentences).text[str(rng.choice(corpus.LANGUAGES))])

        def copied() -> Sample:
            most = dice.randint(*_LINE)
            is_code = dice.random() < _CODE
            line = _code(dice, most) if is_code else strings.line(dice, most)
            return writer.copied(line, tasks.read_text() if dice.random() < _PROMPTED else "")

        return {
            "sentence": sentence,
            "listed": lambda: writer.listed(strings.line(dice, dice.randint(*_LINE))),
            "copied": copied,
            "table": lambda: writer.copied(*table_text(dice, strings)),
            "scene": lambda: self._answered(scene_example(dice)),
            "facts": lambda: writer.plain(facts(dice, dice.randint(*_ROWS))),
        } | {
            kind: lambda stream=stream: self._answered(next(stream))
            for kind, stream in streams.items()
        }

    def _answered(self, example: TextExample) -> Sample:
        return self._writer.text(example.messages, example.tools, example.answer)

    def loss(self, batch: list[Sample]) -> Told:
        self._model.choose(None)
        loss, right = answer_loss(self._model, collate(batch))
        return Told(loss, len(batch), {"right": right})

    def check(self) -> dict[str, float]:
        """The share of whole answers right, on sentences never trained on."""
        self._model.choose(None)
        right: list[bool] = []
        examples = itertools.islice(text_examples(5, "valid"), 512)
        samples = sorted(map(self._answered, examples), key=len)
        for start in range(0, len(samples), 64):
            right += answers_right(self._model, collate(samples[start : start + 64]))
        return {
            "answers_right": sum(right) / len(right),
            "copied": self._copied(),
            "scenes": self._told(),
        }

    def _told(self) -> float:
        """The share of questions about scenes told in words that are answered right."""
        dice = random.Random(7)
        samples = [self._answered(scene_example(dice)) for _ in range(128)]
        return sum(answers_right(self._model, collate(samples))) / len(samples)

    def _copied(self) -> float:
        """The share of lines never trained on that are copied without a mistake."""
        strings, dice = Strings(6, "valid"), random.Random(6)
        samples = [self._writer.copied(strings.line(dice, dice.randint(*_LINE))) for _ in range(64)]
        return sum(answers_right(self._model, collate(samples))) / len(samples)


def _code(dice: random.Random, most: int) -> str:
    """Letters and figures by chance out of a few, so that the same pairs come again."""
    few = dice.sample(_SIGNS, dice.randint(4, 20))
    return "".join(dice.choice(few) for _ in range(most)).strip() or few[0]
