"""A small model computes on one thread, whatever the machine has; a large one on all again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from phi_desk.engine.local import LocalEngine
from phi_desk.model import threads
from phi_desk.model.threads import SMALL_BYTES, settle_threads


@pytest.fixture(autouse=True)
def three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = torch.get_num_threads()
    monkeypatch.setattr(threads, "_usual", lambda: 3)
    yield
    torch.set_num_threads(before)


def test_a_small_model_is_opened_for_one_thread(engine: LocalEngine) -> None:
    assert torch.get_num_threads() == 1


def test_a_large_one_takes_all_again() -> None:
    settle_threads(SMALL_BYTES - 1)
    assert torch.get_num_threads() == 1
    settle_threads(SMALL_BYTES)
    assert torch.get_num_threads() == 3
