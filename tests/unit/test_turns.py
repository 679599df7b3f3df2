"""Whose turn it is on a lane."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.ui.turns import MOST_OWED_S, SHARE, Turns

CAPTIONS, CHAT, BATCH = range(3)


@dataclass(eq=False)
class Job:
    """As `Turns` sees one."""

    priority: int
    number: int
    begun: bool = False
    stopped: bool = False
    owed_s: float = 0.0


def filled(*jobs: Job) -> Turns[Job]:
    turns: Turns[Job] = Turns()
    for job in jobs:
        turns.add(job)
    return turns


def test_priority_goes_first_and_then_who_came_first() -> None:
    page, late, early, captions = Job(BATCH, 1), Job(CHAT, 3), Job(CHAT, 2), Job(CAPTIONS, 4)
    turns = filled(page, late, early, captions)
    order = []
    while (job := turns.next()) is not None:
        order.append(job)
        assert turns.remove(job)
    assert order == [captions, early, late, page]
    assert not turns
    assert not turns.remove(page)


def test_a_job_that_has_begun_is_stepped_past_by_a_more_urgent_one_only() -> None:
    chat = Job(CHAT, 2, begun=True)
    assert filled(chat, Job(CHAT, 3)).next() is chat
    captions = Job(CAPTIONS, 3)
    assert filled(chat, captions).next() is captions


def test_one_that_was_stopped_ends_before_anything_else() -> None:
    page, captions = Job(BATCH, 1, begun=True, stopped=True), Job(CAPTIONS, 2, begun=True)
    assert filled(captions, page).next() is page


def test_nothing_begins_where_nothing_may() -> None:
    page, captions = Job(BATCH, 1, begun=True), Job(CAPTIONS, 2)
    assert filled(page, captions).next(beginning=False) is page
    assert filled(captions).next(beginning=False) is captions  # nothing stands in its way


def test_a_chat_gets_a_share_however_much_is_said() -> None:
    chat, first, second = Job(CHAT, 1, begun=True), Job(CAPTIONS, 2), Job(CAPTIONS, 3)
    turns = filled(chat, first)
    first.begun = True
    turns.took(first, 4.0)
    turns.remove(first)
    turns.add(second)
    assert chat.owed_s == SHARE * 4.0
    assert turns.next() is chat
    turns.took(chat, 0.4)
    assert turns.next() is chat
    turns.took(chat, 0.7)
    assert turns.next() is second
    second.begun = True
    turns.took(second, 1000.0)
    assert turns.next() is second  # it goes on to its end
    assert chat.owed_s == MOST_OWED_S
