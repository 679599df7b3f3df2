"""The decoder's own training matter: translation, talk, sums, tools, honest refusals, summaries."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from corpus import Split, sentences, split_of
from outside import outside_example
from summaries import summary_example
from sums import sum_example
from talk import talk_example
from text_example import TEXT_KINDS, TextExample, asked, system
from tool_data import TOOLS, tool_example
from translating import detect_example, translate_example

__all__ = ["SHARES", "TEXT_KINDS", "TextExample", "text_examples"]

# how many of a hundred examples are of each kind
SHARES: Final = {
    "translate": 60, "detect": 4, "talk": 6, "sum": 9, "tool": 14, "outside": 5, "summary": 2,
}  # fmt: skip
_SYSTEMS = (
    "You are a helpful assistant.", "You are a helpful assistant.", "Answer briefly.",
    "You are a helpful AI assistant.", "You are Phi Desk.",
    "You are a friendly assistant. Answer in one sentence.",
)  # fmt: skip
_WITH_SYSTEM = 0.3
_WITH_IDLE_TOOLS = 0.12  # of talk, sums and the like: tools are offered and not needed


def text_examples(
    seed: int, split: Split, *, kinds: tuple[str, ...] = TEXT_KINDS, bare: bool = False
) -> Iterator[TextExample]:
    """Endless; the share of each kind is in `SHARES`.

    What a person types decides the split, so no conversation is in two. Questions of a single turn
    about the model itself are few: they are in training only, and valid and test hold
    conversations made of them.

    Args:
        kinds: only these.
        bare: no system message and no idle tools, translations only by the app's own prompt.
    """
    rng = random.Random(f"text {seed} {split} {kinds} {bare}")
    makers = _makers(seed, split, rng, clean=bare or split != "train")
    shares = [SHARES[kind] for kind in kinds]
    while True:
        kind = rng.choices(kinds, shares)[0]
        example = makers[kind]()
        while not _belongs(example, split):
            example = makers[kind]()
        yield example if bare else _dressed(rng, example)


def _makers(
    seed: int, split: Split, rng: random.Random, *, clean: bool
) -> dict[str, Callable[[], TextExample]]:
    source = sentences(seed + 1_000_003, split)
    return {
        "translate": lambda: translate_example(rng, source, clean=clean),
        "detect": lambda: detect_example(rng, source),
        "talk": lambda: talk_example(rng),
        "sum": lambda: sum_example(rng),
        "tool": lambda: tool_example(rng),
        "outside": lambda: outside_example(rng, source),
        "summary": lambda: summary_example(rng),
    }


def _belongs(example: TextExample, split: Split) -> bool:
    if example.kind in ("translate", "detect"):
        return True  # its sentences are of the split
    turns = sum(message.role == "user" for message in example.messages)
    if example.kind == "talk" and turns == 1:
        return split == "train"
    return split_of(asked(example)) == split


def _dressed(rng: random.Random, example: TextExample) -> TextExample:
    """At times with a system message, or with tools that the question does not need."""
    if rng.random() < _WITH_SYSTEM:
        words = rng.choice(_SYSTEMS)
        example = replace(example, messages=(system(words), *example.messages))
    idle = example.kind in ("talk", "sum", "translate") and rng.random() < _WITH_IDLE_TOOLS
    return replace(example, tools=TOOLS) if idle and not example.tools else example
