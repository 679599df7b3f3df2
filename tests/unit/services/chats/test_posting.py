"""A question is stored before anybody answers it; an answer can be gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_makers.asking import picture
from data_makers.chat_engines import CountingEngine
from data_makers.talks import Talk

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, TextDelta
from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.engine.messages import Image, Options, Text
from phi_desk.errors import Cancelled, InputError, UsageError
from phi_desk.services.chats.posting import post
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment
from phi_desk.storage.failures import NotFoundError


def test_a_question_makes_a_chat_and_stands_in_it_alone(store: ChatStore) -> None:
    posted = post(store, None, [picture(), Text("What is this?")], system="Be brief.")
    assert posted.chat.title == "What is this?"
    assert posted.chat.system == "Be brief."
    (question,) = posted.path
    assert question.id == posted.question
    assert [type(part) for part in question.parts] == [Attachment, Text]
    assert store.messages.path(posted.chat.id) == posted.path


def test_it_is_answered_afterwards(store: ChatStore) -> None:
    posted = post(store, None, [Text("Well?")])
    session = ChatSession(store, posted.chat.id)
    engine = FakeEngine(otherwise="Yes.")
    events = list(session.answer_again(engine, posted.question, How(), CancelToken()))
    assert isinstance(events[-1], Finished)
    assert [one.text for one in store.messages.path(posted.chat.id)] == ["Well?", "Yes."]


def test_the_next_question_follows_the_last_message(talk: Talk) -> None:
    talk.ask("One?", answer="1")
    posted = post(talk.store, talk.chat, [Text("Two?")])
    assert [one.text for one in posted.path] == ["One?", "1", "Two?"]
    assert posted.chat.title == "One?"


def test_another_version_of_a_question_stands_beside_it(talk: Talk) -> None:
    talk.ask("One?", answer="1")
    first = talk.path[0]
    posted = post(talk.store, talk.chat, [Text("Uno?")], beside=first.id)
    assert [one.text for one in posted.path] == ["Uno?"]
    assert posted.path[0].siblings == (first.id, posted.question)
    with pytest.raises(UsageError):
        post(talk.store, talk.chat, [Text("x")], beside=talk.store.messages.all(talk.chat)[1].id)


def test_what_cannot_be_stored_leaves_nothing(store: ChatStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        post(store, None, [Text("  ")])
    with pytest.raises(InputError):
        post(store, None, [Image(tmp_path / "none.png"), Text("x")])
    with pytest.raises(NotFoundError):
        post(store, 7, [Text("x")])
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        post(store, None, [picture(), Text("x")], cancel=stopped)
    assert store.list() == ()


def test_an_answer_that_was_cut_off_is_gone_on_with(talk: Talk) -> None:
    engine = counting_up()
    talk.ask("Count.", engine=engine, how=How(options=Options(max_tokens=3)))
    first = talk.path[-1]
    assert first.about.reason == "length"
    events = list(talk.session.finish(engine, first.id, How(), CancelToken()))
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == " 4 5 6"
    last = talk.path[-1]
    assert last.id == first.id
    assert last.text == "1 2 3 4 5 6"
    assert last.state == "whole"
    assert last.about.reason == "stop"
    assert last.about.output_tokens == first.about.output_tokens + 3
    request = engine.requests[-1]
    assert request.go_on
    assert [m.role for m in request.messages] == ["user", "assistant"]
    assert request.messages[-1].parts == (Text("1 2 3"),)


def test_the_blank_at_the_end_of_what_was_said_is_not_doubled(talk: Talk) -> None:
    talk.ask("Count.", answer="1 2 ")
    answer = talk.path[-1]
    list(talk.session.finish(FakeEngine(otherwise=" 3"), answer.id, How(), CancelToken()))
    assert talk.path[-1].text == "1 2 3"


def test_going_on_that_fails_keeps_what_there_was(talk: Talk) -> None:
    talk.ask("Count.", answer="1 2")
    answer = talk.path[-1]
    broken = FakeEngine(otherwise=InputError("Broken.", "Mend it."))
    with pytest.raises(InputError):
        list(talk.session.finish(broken, answer.id, How(), CancelToken()))
    assert talk.path[-1].text == "1 2"
    assert talk.path[-1].state == "failed"
    assert talk.path[-1].about.error == "Broken."
    list(talk.session.finish(FakeEngine(otherwise=" 3"), answer.id, How(), CancelToken()))
    assert talk.path[-1].text == "1 2 3"
    assert talk.path[-1].about.error == ""


def test_an_answer_without_a_word_is_not_gone_on_with(talk: Talk) -> None:
    talk.ask("Well?", answer="")
    with pytest.raises(UsageError):
        talk.session.finish(FakeEngine(), talk.path[-1].id, How(), CancelToken())


def test_a_longer_answer_is_counted_anew(talk: Talk) -> None:
    engine = CountingEngine(otherwise=" four five six")
    talk.ask("Count.", engine=CountingEngine(otherwise="one two three"))
    before = talk.session.measure(engine, [Text("?")], How(), CancelToken())
    list(talk.session.finish(engine, talk.path[-1].id, How(), CancelToken()))
    after = talk.session.measure(engine, [Text("?")], How(), CancelToken())
    assert before is not None
    assert after is not None
    assert after.used == before.used + 3


def counting_up() -> FakeEngine:
    """Counts to six from where the answer stands."""

    def reply(request: object) -> str:
        said = request.messages[-1]  # type: ignore[attr-defined]  # a ChatRequest
        begun = said.parts[0].text if said.role == "assistant" else ""
        rest = "1 2 3 4 5 6"[len(begun) :]
        assert isinstance(rest, str)
        return rest

    return FakeEngine(Rule(lambda _: True, reply))
