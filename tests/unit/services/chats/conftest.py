"""A storage of its own for each test, and short ways to talk in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers.talks import Talk

from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage


class Clock:
    """A time that goes on by a second with every look."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(tmp_path / "home") as storage:
        yield storage


@pytest.fixture
def store(storage: Storage) -> ChatStore:
    return ChatStore(storage, Clock())


@pytest.fixture
def talk(store: ChatStore) -> Talk:
    return Talk(store, store.create().id)
