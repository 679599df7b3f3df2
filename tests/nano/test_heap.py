"""Memory that is free stays with a training until it is given back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NANO = Path(__file__).resolve().parents[2] / "packaging" / "nano"
CODE = """
import heap, psutil
resident = lambda: psutil.Process().memory_info().rss >> 20
heap.keep()
blocks = [bytearray(1 << 20) for _ in range(400)]
del blocks[:-1]  # the last one keeps the heap as long as it is
kept = resident()
print(heap.give_back(), kept, resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the C library of Linux")
def test_what_is_free_is_kept_and_then_given_back() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CODE], cwd=NANO, capture_output=True, text=True, check=True
    )
    possible, kept, left = ran.stdout.split()
    if possible == "False":
        pytest.skip("the C library here has no malloc_trim")
    assert int(kept) > 400
    assert int(left) < int(kept) - 300
