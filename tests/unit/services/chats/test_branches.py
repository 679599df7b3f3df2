"""Editing and answering anew make branches, and every fork remembers what was chosen."""

from __future__ import annotations

import pytest
from data_makers.asking import picture
from data_makers.talks import Talk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import UsageError
from phi_desk.services.chats.session import How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage


def test_a_new_answer_is_a_branch_beside_the_old_one(talk: Talk) -> None:
    talk.ask("Why?", answer="Because.")
    first = talk.path[1]
    talk.regenerate(first.id, "It is so.")
    assert talk.words == ["Why?", "It is so."]
    second = talk.path[1]
    assert second.siblings == (first.id, second.id)
    assert (first.version, second.version) == (1, 2)
    talk.store.messages.choose(first.id)
    assert talk.words == ["Why?", "Because."]


def test_an_edited_question_leaves_the_rest_of_the_chat_on_its_branch(talk: Talk) -> None:
    talk.ask("one", answer="1")
    talk.ask("two", answer="2")
    talk.ask("three", answer="3")
    two = talk.path[2]
    talk.edit(two.id, "zwei", answer="II")
    assert talk.words == ["one", "1", "zwei", "II"]
    talk.ask("drei", answer="III")
    talk.store.messages.choose(two.id)
    assert talk.words == ["one", "1", "two", "2", "three", "3"]
    talk.store.messages.choose(two.siblings[0])
    assert talk.words[-1] == "3"


def test_a_branch_is_shown_as_it_was_left(talk: Talk) -> None:
    talk.ask("a", answer="1")
    talk.regenerate(talk.path[1].id, "2")
    talk.ask("b", answer="x")
    talk.regenerate(talk.path[3].id, "y")
    left = talk.words
    first, second = talk.path[1].siblings
    talk.store.messages.choose(first)
    assert talk.words == ["a", "1"]
    talk.store.messages.choose(second)
    assert talk.words == left == ["a", "2", "b", "y"]


def test_a_found_message_deep_in_another_branch_can_be_shown(talk: Talk) -> None:
    talk.ask("a", answer="1")
    talk.ask("b", answer="needle")
    needle = talk.path[3].id
    talk.edit(talk.path[0].id, "other", answer="2")
    assert talk.words == ["other", "2"]
    (hit,) = talk.store.search("needle")
    assert hit.message == needle
    talk.store.messages.choose(needle)
    assert talk.words == ["a", "1", "b", "needle"]


def test_the_model_sees_the_chosen_path_only(talk: Talk) -> None:
    talk.ask("one", answer="1")
    talk.regenerate(talk.path[1].id, "uno")
    engine = FakeEngine(otherwise="ok")
    talk.ask("two", engine=engine)
    (request,) = engine.requests
    assert [part.text for m in request.messages for part in m.parts if hasattr(part, "text")] == [
        "one",
        "uno",
        "two",
    ]
    assert [message.role for message in request.messages] == ["user", "assistant", "user"]


def test_an_edited_question_keeps_its_stored_picture(talk: Talk) -> None:
    talk.ask(picture(1), "What is this?")
    question = talk.path[0]
    (stored, _) = question.parts
    assert isinstance(stored, Attachment)
    talk.edit(question.id, stored, "And now?")
    (again, _) = talk.path[0].parts
    assert again == stored
    talk.store.messages.delete(question.id)
    talk.store.storage.purge(older_than_s=-1)
    assert stored.path.is_file()


def test_a_deleted_message_gives_way_to_its_sibling_and_comes_back(talk: Talk) -> None:
    talk.ask("a", answer="1")
    talk.regenerate(talk.path[1].id, "2")
    talk.regenerate(talk.path[1].id, "3")
    one, two, three = talk.path[1].siblings
    talk.store.messages.choose(two)
    talk.store.messages.delete(two)
    assert talk.words == ["a", "1"]
    assert talk.path[1].siblings == (one, three)
    talk.store.messages.delete(one)
    talk.store.messages.delete(three)
    assert talk.words == ["a"]
    talk.store.messages.restore(two)
    assert talk.words == ["a", "2"]
    with pytest.raises(NotFoundError):
        talk.store.messages.get(one)


def test_what_was_deleted_apart_stays_deleted(talk: Talk) -> None:
    talk.ask("a", answer="1")
    talk.ask("inner", answer="2")
    first, _, inner, _ = talk.path
    talk.store.messages.delete(inner.id)
    talk.store.messages.delete(first.id)
    assert talk.path == ()
    talk.store.messages.restore(first.id)
    assert talk.words == ["a", "1"]
    assert talk.store.search("inner") == ()
    talk.store.messages.restore(inner.id)
    assert talk.words == ["a", "1", "inner", "2"]


def test_a_deleted_branch_is_purged_with_all_below(talk: Talk) -> None:
    for number in range(4):
        talk.ask(f"question {number}")
    talk.store.messages.delete(talk.path[2].id)
    talk.store.storage.purge(older_than_s=-1e9)
    with talk.store.storage.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone()[0] == 2
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_question_whose_answer_was_deleted_can_be_answered(talk: Talk) -> None:
    talk.ask("a", answer="1")
    talk.store.messages.delete(talk.path[1].id)
    engine = FakeEngine(otherwise="2")
    list(talk.session.answer_again(engine, talk.path[0].id, How(), CancelToken()))
    assert talk.words == ["a", "2"]


def test_only_fitting_messages_of_this_chat(talk: Talk) -> None:
    talk.ask("a", answer="1")
    question, answer = talk.path
    other = Talk(talk.store, talk.store.create().id)
    with pytest.raises(UsageError):
        talk.regenerate(question.id, "x")
    with pytest.raises(UsageError):
        talk.edit(answer.id, "x")
    with pytest.raises(UsageError):
        other.edit(question.id, "x")
    with pytest.raises(NotFoundError):
        talk.edit(999, "x")


def test_a_very_long_chat_can_be_read_deleted_and_purged(storage: Storage) -> None:
    """SQLite nests deletions at most 1,000 deep; a chat may be longer."""
    store = ChatStore(storage)
    chat = store.create()
    with storage.database.write(durable=False) as connection:
        parent = None
        for _ in range(3000):
            parent = store.messages.insert(connection, chat=chat.id, parent=parent, role="user")
    path = store.messages.path(chat.id)
    assert len(path) == 3000
    assert [m.parent for m in path[1:]] == [m.id for m in path[:-1]]
    store.messages.delete(path[1500].id)
    assert len(store.messages.path(chat.id)) == 1500
    storage.purge(older_than_s=-1)
    store.delete(chat.id)
    storage.purge(older_than_s=-1)
    with storage.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone()[0] == 0


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from("aercdu"), st.integers(0, 30)), max_size=14))
def test_whatever_is_done_one_sibling_is_chosen_at_every_fork(
    store: ChatStore, actions: list[tuple[str, int]]
) -> None:
    talk = Talk(store, store.create().id)
    deleted: list[int] = []
    for action, pick in actions:
        known = store.messages.all(talk.chat)
        mine = [m for m in known if {"e": "user", "r": "assistant"}.get(action, m.role) == m.role]
        if action == "a":
            talk.ask(f"q{pick}")
        elif action == "u" and deleted:
            store.messages.restore(deleted.pop())
        elif mine and action in "ercd":
            target = mine[pick % len(mine)].id
            match action:
                case "e":
                    talk.edit(target, f"e{pick}")
                case "r":
                    talk.regenerate(target, f"r{pick}")
                case "c":
                    store.messages.choose(target)
                    assert target in {m.id for m in talk.path}
                case "d":
                    store.messages.delete(target)
                    deleted.append(target)
    known = store.messages.all(talk.chat)
    visible = {m.id for m in known}
    chosen = store.messages.chosen(talk.chat) & visible
    for message in known:
        shown = [one for one in message.siblings if one in chosen]
        assert len(shown) == 1
    path = [m.id for m in talk.path]
    assert set(path) <= visible
