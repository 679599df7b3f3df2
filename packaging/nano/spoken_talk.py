"""What a person may say to the model without any other words: talk, sums, and what it cannot know.

The answers are those of the same questions typed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from corpus import Sentence, Split, split_of
from outside import HONEST, outside_question
from sums import spoken_sum
from talk import questions_by_language

ANSWER = "answer"  # where a `Sentence` of the kind "talk" holds it, beside the question
_SHARES = {"talk": 0.45, "sum": 0.45, "outside": 0.1}


def exchanges(seed: int, split: Split) -> Iterator[tuple[Sentence, str]]:
    """Endless questions with their answers, and the language each is spoken in.

    Talk is the same in every split, because there is little of it: there only the voices differ.
    """
    rng = random.Random(f"exchanges {seed} {split}")
    talk = questions_by_language()
    while True:
        kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
        if kind == "talk":
            language, question, answer = rng.choice(talk)
        elif kind == "sum":
            language, question, answer = spoken_sum(rng)
        else:
            language, question, answer = "en", outside_question(rng), HONEST
        if kind == "talk" or split_of(question) == split:
            yield Sentence("talk", {language: question, ANSWER: answer}), language
