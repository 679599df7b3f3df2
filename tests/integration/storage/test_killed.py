"""kill -9 at any moment loses at most the last second of an answer, and never a question."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from data_makers import talking_process
from data_makers.talking_process import question, word

from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, StoredMessage
from phi_desk.storage.media import MediaFolder
from phi_desk.storage.place import DATABASE, Storage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 20
LONGEST_S = 2.4  # so that many rounds die in the second flush of an answer or later
SLACK_S = 0.3  # between a word's moment and its line on a busy machine


@contextmanager
def talking(home: Path, first: int, words: int) -> Iterator[subprocess.Popen[str]]:
    """A program that asks and answers, from the moment it begins to open the storage."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, talking_process.__file__, str(home), str(first), str(words)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def kill(process: subprocess.Popen[str]) -> tuple[float, list[list[str]]]:
    """Kill it; when, and what it had said until then."""
    killed = time.monotonic()
    os.kill(process.pid, signal.SIGKILL)
    said, _ = process.communicate()
    lines = said.split("\n")[:-1]  # the last one may be half a line
    return killed, [line.split() for line in lines]


def promised(lines: list[list[str]], killed: float) -> dict[int, int]:
    """For each question that the model got: how many words of its answer must be on disk."""
    words: dict[int, int] = {}
    for line in lines:
        match line:
            case ["asked", number]:
                words[int(number)] = 0
            case ["said", number, count, moment]:
                if float(moment) < killed - 1.0 - SLACK_S:
                    words[int(number)] = int(count) + 1
            case ["done", number]:
                words[int(number)] = max(words[int(number)], 1)
    return words


def answers(path: tuple[StoredMessage, ...]) -> dict[int, StoredMessage]:
    """The answers by their question's number."""
    found = {}
    for asked, answer in zip(path[::2], path[1::2], strict=True):
        found[int(asked.text.rpartition(" ")[2])] = answer
    return found


def test_every_question_and_all_but_the_last_second_is_there(tmp_path: Path) -> None:
    rng = random.Random(4)
    asked = interrupted = most = 0
    for round_ in range(ROUNDS):
        first = 1000 * (round_ + 1)
        words = rng.choice((3, 40, 1000))
        with talking(tmp_path, first, words) as process:
            time.sleep(rng.uniform(0, LONGEST_S))
            killed, lines = kill(process)
        expected = promised(lines, killed)
        with Storage(tmp_path) as storage:
            assert storage.notice == ""
            chats = ChatStore(storage).list()
            path = ChatStore(storage).messages.path(chats[0].id) if chats else ()
            check_whole(storage)
        known = answers(path)
        for number, count in expected.items():
            full = "".join(word(number, n) for n in range(words))
            stored = known[number].text
            assert full.startswith(stored)
            assert len(stored.split()) >= count
            asked += 1
            most = max(most, count)
        for message in path:
            assert message.state in ("whole", "interrupted")
            interrupted += message.state == "interrupted"
            if message.role == "user":
                picture, _ = message.parts
                assert isinstance(picture, Attachment)
                assert picture.path.stat().st_size == picture.size
                assert message.text == question(int(message.text.rpartition(" ")[2]))
    sys.stdout.write(f"{ROUNDS} kills: {asked} questions, the longest promise {most} words\n")
    assert asked >= ROUNDS // 2
    assert interrupted > 0
    assert most > 50


def check_whole(storage: Storage) -> None:
    """The file is in order, every reference leads somewhere, and the counts are right."""
    with storage.database.read() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        wrong = connection.execute(
            "SELECT sha256 FROM media WHERE refs !="
            " (SELECT count(*) FROM parts WHERE media = sha256)"
        )
        assert wrong.fetchall() == []
    assert isinstance(storage.media, MediaFolder)


def test_killed_while_it_makes_the_database(tmp_path: Path) -> None:
    rng = random.Random(5)
    for round_ in range(12):
        home = tmp_path / str(round_)
        with talking(home, 1, 3) as process:
            time.sleep(rng.uniform(0, 0.12))
            kill(process)
        with Storage(home) as storage:
            assert storage.notice == ""
            check_whole(storage)


def test_programs_that_start_together_share_one_database(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, talking_process.__file__, str(tmp_path), str(1000 * n), "3"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for n in range(1, 5)
    ]
    said: list[list[list[str]]] = []
    time.sleep(3)
    failed = [process.stderr.read() for process in processes if process.poll() and process.stderr]
    said += [kill(process)[1] for process in processes]
    assert failed == []
    with Storage(tmp_path) as storage:
        assert storage.notice == ""
        check_whole(storage)
        with storage.database.read() as connection:
            rows = connection.execute("SELECT text FROM parts WHERE text LIKE 'question%'")
            stored = {row["text"] for row in rows}
    for lines in said:
        numbers = [int(line[1]) for line in lines if line[0] == "asked"]
        assert numbers, "this program never got to ask"
        assert {question(number) for number in numbers} <= stored


def test_an_answer_of_a_living_program_is_not_taken_for_dead(tmp_path: Path) -> None:
    with talking(tmp_path, 1, 10_000) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("said"):
                break
        with Storage(tmp_path) as storage:
            store = ChatStore(storage)
            (chat,) = store.list()
            assert [message.state for message in store.messages.path(chat.id)] == [
                "whole",
                "growing",
            ]
            kill(process)
            assert store.messages.path(chat.id)[1].state == "interrupted"
    with Storage(tmp_path) as storage:
        path = ChatStore(storage).messages.path(chat.id)
        assert path[1].text.startswith(word(1, 0))
    raw = sqlite3.connect(tmp_path / DATABASE)
    assert raw.execute("SELECT state FROM messages WHERE id = 2").fetchone()[0] == "interrupted"
    raw.close()
