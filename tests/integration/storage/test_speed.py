"""How quickly ten thousand messages are listed and found: measured and shown, never judged."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from phi_desk.engine.messages import Text
from phi_desk.services.chats.rows import row_of
from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage

CHATS, MESSAGES = 500, 20
WORDS = 8000


def fill(store: ChatStore, rng: random.Random) -> list[str]:
    """Chats of short and long messages in two scripts; the words they are made of."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(WORDS)]
    for _ in range(CHATS):
        chat = store.create(" ".join(rng.choices(words, k=4))).id
        parent = None
        with store.storage.database.write(durable=False) as connection:
            for number in range(MESSAGES):
                text = " ".join(rng.choices(words, k=rng.choice((15, 120))))
                if rng.random() < 0.1:
                    text = "".join(chr(rng.randint(0x4E00, 0x5FFF)) for _ in range(150))
                parent = store.messages.insert(
                    connection,
                    chat=chat,
                    parent=parent,
                    role="user" if number % 2 == 0 else "assistant",
                    rows=[row_of(Text(text))],
                )
    return words


def milliseconds(work: Callable[[], object]) -> float:
    """The median of nine runs."""
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 2)


@pytest.mark.full
def test_ten_thousand_messages(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        words = fill(store, random.Random(1))
        chat = store.list()[100].id
        searches = (words[7], f"{words[8]} {words[9]}", words[7][:3], "e", "中", "中国文化")
        measured = {"list": milliseconds(store.list)}
        measured |= {f"search {w}": milliseconds(partial(store.search, w)) for w in searches}
        measured["open a chat"] = milliseconds(lambda: store.messages.path(chat))
        assert len(store.list()) == CHATS
        assert store.search(words[7])
    measured["open the database"] = milliseconds(lambda: Storage(tmp_path).close())
    for name, value in measured.items():
        record_property(name, value)
        sys.stdout.write(f"{name}: {value} ms\n")
