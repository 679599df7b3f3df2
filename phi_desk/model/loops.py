"""Tells an answer that repeats itself without end from one that merely repeats; knows no text.

A loop is a run of the same tokens over and over at the very end of the answer. The bar is high on
purpose: an answer without a loop must never be cut, and rows of a table, dashes or a poem's
refrain do repeat.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_PERIOD = 64  # tokens: about a long sentence
LEAST_REPEATS = 8
LEAST_TOKENS = 128  # of the whole run: a 40-column table rule, an 80-character line stay below
CHECK_EVERY = 16  # tokens between two looks: a look costs about 10 microseconds a period


def is_loop(ids: Sequence[int]) -> bool:
    """Whether `ids` end in at least 8 repeats, over at least 128 tokens, of at most 64 tokens."""
    return any(_repeats(ids, period) for period in range(1, LONGEST_PERIOD + 1))


def _repeats(ids: Sequence[int], period: int) -> bool:
    run = max(LEAST_REPEATS * period, LEAST_TOKENS)
    if len(ids) < run:
        return False
    tail = ids[len(ids) - run :]
    return tail[period:] == tail[:-period]
