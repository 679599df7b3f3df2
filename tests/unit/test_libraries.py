"""Libraries are loaded before they are imported, where that can be done."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from phi_desk.libraries import load_beside

LOADED = """
import json, sys
from phi_desk.libraries import load_beside
before = load_beside("torch", "lib/libtorch_cpu.so", "lib/libtorch_cpu.dylib")
there = any("torch_cpu" in line for line in open("/proc/self/maps")) if before else None
imported = "torch" in sys.modules
import torch
print(json.dumps([before, there, imported, float(torch.ones(2).sum())]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_torch_works_after_its_library_was_loaded_beforehand() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(ran.stdout) == [True, True, False, 2.0]


def test_what_is_not_there_is_left_to_the_import() -> None:
    assert not load_beside("no_such_package", "x.so")
    assert not load_beside("wsgiref", "no_such_library.so")


def test_what_is_imported_is_there() -> None:
    assert load_beside("json", "x.so")
