"""What goes wrong only after a while: leaks, and a window that stutters."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from data_makers.person import Person, application
from PySide6.QtCore import QEvent, QObject, QTimer

from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Text
from phi_desk.services.chats.rows import Row, row_of
from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage
from phi_desk.ui.chat.messages import AnswerView

Enter = Callable[..., Person]


def settled(person: Person) -> None:
    person.waits_for(lambda: person.desktop.chats_lane.idle and person.desktop.model.idle)
    application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def test_two_thousand_events_are_painted_a_few_times_and_the_loop_turns(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = enter(FakeEngine(otherwise="word " * 2000, seconds_a_token=0.0005))
    painted: list[int] = []
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer(interval=0)
    timer.timeout.connect(tick)
    person.asks("Talk.")
    answer = person.ask.transcript.turns[-1]
    assert isinstance(answer, AnswerView)
    shown = answer.body.show_growing

    def counted(text: str) -> None:
        painted.append(1)
        shown(text)

    monkeypatch.setattr(answer.body, "show_growing", counted)
    timer.start()
    person.waits_for_the_answer()
    timer.stop()
    assert person.answers[-1] == "word " * 2000
    assert 0 < len(painted) < 1000
    assert len(gaps) > 50  # the loop turned meanwhile; how fast, says `phi-desk bench ui`


def open_files(person: Person, process: psutil.Process) -> int:
    """How many files are open when no helper runs any more: each has pipes as long as it does."""
    person.waits_for(lambda: not any(map(_runs, process.children())))
    return process.num_fds()


def _runs(child: psutil.Process) -> bool:
    try:
        return bool(child.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_two_hundred_chats_are_opened_and_nothing_is_left(enter: Enter, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with Storage(home) as storage:
        store = ChatStore(storage)
        for number in range(200):
            chat = store.create(f"Chat {number}")
            with storage.database.write(durable=False) as connection:
                parent = None
                for role in ("user", "assistant"):
                    row = _row(f"**{role}** {number}\n\n```\ncode\n```\n")
                    parent = store.messages.insert(
                        connection, chat=chat.id, parent=parent, role=role, rows=[row]
                    )
    person = enter(FakeEngine(otherwise="Yes."))
    person.waits_for(lambda: len(person.titles) == 200)
    process = psutil.Process()
    counts, files = [], []
    for round_ in range(4):
        for number in range(1 + 50 * round_, 51 + 50 * round_):
            person.ask.talk.open(number)
            person.waits_for(lambda: person.desktop.chats_lane.idle)
        settled(person)
        counts.append(len(person.desktop.window.findChildren(QObject)))
        files.append(open_files(person, process))
    assert person.answers == ["**assistant** 199\n\n```\ncode\n```\n"]
    assert counts[-1] == counts[0]
    # A helper that is only being started has pipes, but no process yet: so it may take a moment.
    person.waits_for(lambda: process.num_fds() <= files[0])


def test_windows_come_and_go_without_leaving_timers_or_widgets(enter: Enter) -> None:
    left: list[int] = []
    for round_ in range(4):
        person = enter(FakeEngine(otherwise="Yes."), f"home {round_}")
        person.asks("Well?")
        person.waits_for_the_answer()
        person.leaves()
        application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        left.append(len(application().allWidgets()))
    assert left[-1] <= left[0]


def test_pages_are_turned_two_hundred_times_and_nothing_is_left(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Yes."))
    process, window = psutil.Process(), person.desktop.window
    counts, timers, files, threads = [], [], [], []
    for _ in range(5):
        for _ in range(8):
            for name in window.page_names:
                window.open_page(name)
                application().processEvents()
        window.open_page("Ask")
        settled(person)
        counts.append(len(window.findChildren(QObject)))
        timers.append(sum(timer.isActive() for timer in window.findChildren(QTimer)))
        files.append(open_files(person, process))
        threads.append(sorted(thread.name for thread in threading.enumerate()))
    assert counts[-1] == counts[1]
    assert timers[-1] <= timers[1]
    # A helper that is only being started has pipes, but no process yet: so it may take a moment.
    person.waits_for(lambda: process.num_fds() <= files[1])
    assert len(set(threads[-1])) == len(threads[-1])  # each lane once


def test_answers_one_after_another_leave_no_objects(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="A line.\n\n" * 20))
    counts = []
    for _ in range(4):
        for _ in range(5):
            person.ask.talk.open(None)
            person.waits_for(lambda: person.desktop.disk.idle)
            person.ask.talk.send("Talk.")
            person.waits_for_the_answer()
        person.ask.talk.open(None)
        settled(person)
        gc.collect()
        # A driver of sound that hangs keeps the jobs that wait for it: they are no leak.
        held = len(person.desktop.capture.lane._jobs)
        counts.append(sum(isinstance(one, QObject) for one in gc.get_objects()) - held)
    assert counts[-1] <= counts[1] + 5  # a line of the list of chats each, and no more


def _row(text: str) -> Row:
    return row_of(Text(text))
