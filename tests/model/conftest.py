"""A tiny checkpoint, made once, and engines on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers import tiny_checkpoint

from phi_desk.engine.local import LocalEngine


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny native checkpoint with both adapters."""
    folder: Path = tmp_path_factory.mktemp("models") / "tiny"
    return tiny_checkpoint.make(folder)


@pytest.fixture
def engine(tiny: Path) -> Iterator[LocalEngine]:
    """A fresh fp32 engine that reads 16 positions at a time."""
    opened = LocalEngine.open(tiny, device="cpu", precision="fp32", chunk=16)
    yield opened
    opened.close()
