"""Keeps a decoder's Python warnings from the person; knows no decoder.

A broken file makes Pillow warn before it raises; our sentence says all there is to say.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_depth = 0
_saved = warnings.catch_warnings()


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore warnings inside the block, from any number of threads at once.

    The filters of the warnings module belong to the whole process. Two blocks that overlap in
    two threads must not each restore what they found, or the first one's "ignore" would stay for
    ever: the first one in sets it, the last one out restores what was there before.
    """
    global _depth, _saved
    with _lock:
        if _depth == 0:
            _saved = warnings.catch_warnings()
            _saved.__enter__()
            warnings.simplefilter("ignore")
        _depth += 1
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0:
                _saved.__exit__(None, None, None)
