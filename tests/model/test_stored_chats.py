"""Stored chats on a real engine: what is counted is what is read, and what is stored comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_makers.asking import picture, sound
from data_makers.talks import Talk, brief, said
from data_makers.tiny_checkpoint import BORDER, CONTEXT

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Started
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Part, Tool
from phi_desk.services.chats.context import CountsTokens
from phi_desk.services.chats.session import How
from phi_desk.services.chats.store import ChatStore
from phi_desk.storage.place import Storage


def asked(
    talk: Talk, engine: LocalEngine, *parts: str | Part, tokens: int = 8
) -> tuple[int, Started]:
    """What was measured before a question, and how it began."""
    how = brief(tokens)
    usage = talk.session.measure(engine, said(*parts), how, CancelToken())
    assert usage is not None
    started = talk.ask(*parts, engine=engine, how=how)[0]
    assert isinstance(started, Started)
    return usage.used, started


def test_what_is_measured_is_what_the_model_reads(engine: LocalEngine, tmp_path: Path) -> None:
    assert isinstance(engine, CountsTokens)
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create(system="Be kind.").id)
        for parts in (("hello",), (picture(1), "what?"), (sound(2, 1.0),), ("and now?",)):
            used, started = asked(talk, engine, *parts)
            assert used == started.prompt_tokens


def test_with_tools_too(engine: LocalEngine, tmp_path: Path) -> None:
    tools = (Tool("f", "does it", {"x": {"type": "int"}}),)
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        for system in ("", "Be kind."):
            talk = Talk(store, store.create(system=system).id)
            how = How(options=brief(4).options, tools=tools)
            for words in ("one", "two"):
                usage = talk.session.measure(engine, said(words), how, CancelToken())
                started = talk.ask(words, engine=engine, how=how)[0]
                assert isinstance(started, Started)
                assert usage is not None
                assert usage.used == started.prompt_tokens


def test_a_chat_longer_than_the_context_goes_on(engine: LocalEngine, tmp_path: Path) -> None:
    """Without leaving anything out the engine would refuse it."""
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create().id)
        left_out = 0
        for number in range(14):
            used, started = asked(talk, engine, f"question {number} " + "x" * 60)
            assert used == started.prompt_tokens
            assert used + 8 <= CONTEXT
            left_out += bool(talk.path[-1].about.left_out)
        assert left_out > 2


def test_an_answer_is_computed_on_what_was_kept_of_the_last_one(
    engine: LocalEngine, tmp_path: Path
) -> None:
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create().id)
        asked(talk, engine, picture(1), "what?", tokens=2)
        _, started = asked(talk, engine, "and?", tokens=2)
        assert started.prompt_tokens < BORDER  # beyond it the positions are turned anew
        assert started.cached_tokens > started.image_tokens


@pytest.mark.parametrize("parts", [("hello",), (picture(1), sound(2, 1.0), "what?")])
def test_a_stored_question_gives_the_same_answer_in_another_run(
    engine: LocalEngine, tmp_path: Path, parts: tuple[str | Part, ...]
) -> None:
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create().id)
        talk.ask(*parts, engine=engine, how=brief(8))
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.list()[0].id)
        first = talk.path[1]
        events = list(talk.session.regenerate(engine, first.id, brief(8), CancelToken()))
        assert isinstance(events[-1], Finished)
        assert talk.path[1].text == first.text
        assert talk.path[1].siblings == (first.id, talk.path[1].id)


def test_an_answer_is_gone_on_with_on_what_was_kept_of_it(
    engine: LocalEngine, tmp_path: Path
) -> None:
    """As if it had never been cut: greedy words are the same ones."""
    with Storage(tmp_path) as storage:
        store = ChatStore(storage)
        talk = Talk(store, store.create().id)
        talk.ask("hello", engine=engine, how=brief(6))
        first = talk.path[-1]
        if not first.text.strip():
            pytest.skip("this checkpoint said nothing")
        events = list(talk.session.finish(engine, first.id, brief(6), CancelToken()))
        assert isinstance(events[0], Started)
        assert events[0].cached_tokens > 0
        last = talk.path[-1]
        assert last.id == first.id
        assert last.text.startswith(first.text.rstrip(" "))
        assert last.about.output_tokens >= first.about.output_tokens
