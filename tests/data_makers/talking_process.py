"""A program that asks and answers without end, to be killed: `python talking_process.py HOME`.

Each line it writes says what a person at that moment may rely on: `asked N` when the model gets
question N, `said N WORD TIME` when a word of its answer was shown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Started, StreamEvent, TextDelta
from phi_desk.engine.messages import ChatRequest, Image, Text
from phi_desk.media.picture import Picture
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage

PAUSE_S = 0.004


def word(question: int, number: int) -> str:
    """Word `number` of the answer to a question: all words differ."""
    return f"word{question}x{number} "


def question(number: int) -> str:
    """The words of a question."""
    return f"question number {number}"


class Endless:
    """Says so many words about each question."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.question = 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Say at once that the question came."""
        tell(f"asked {self.question}")
        yield Started(adapter=None, prompt_tokens=1, cached_tokens=0)
        for number in range(self.words):
            time.sleep(PAUSE_S)
            yield TextDelta(word(self.question, number))
        yield Finished(
            text="",
            reason="stop",
            adapter=None,
            prompt_tokens=1,
            cached_tokens=0,
            output_ids=(),
            first_token_s=0.0,
            seconds=0.0,
        )

    def close(self) -> None:
        """Nothing to give back."""


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(home: Path, first: int, words: int) -> None:
    """Ask in the chat, or in a new one, from question `first` on."""
    import numpy as np

    tell("begun")
    with Storage(home) as storage:
        store = ChatStore(storage)
        chats = store.list()
        session = ChatSession(store, chats[0].id if chats else store.create().id)
        engine = Endless(words)
        for number in range(first, first + 10_000):
            engine.question = number
            pixels = np.full((8, 8, 3), number % 256, dtype=np.uint8)
            parts = (Image(Picture(pixels)), Text(question(number)))
            count = 0
            for event in session.ask(engine, parts, How(), CancelToken()):
                if isinstance(event, TextDelta):
                    tell(f"said {number} {count} {time.monotonic()}")
                    count += 1
            tell(f"done {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
