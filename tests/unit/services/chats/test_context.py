"""The context meter says before what is left out, and exactly that is left out."""

from __future__ import annotations

import pytest
from data_makers.asking import picture
from data_makers.chat_engines import CountingEngine
from data_makers.talks import Talk, brief, said

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished
from phi_desk.engine.fake import TOKENS_A_PICTURE, FakeEngine, prompt_ids
from phi_desk.engine.messages import ChatRequest, Image, Message, Part, Text, Tool
from phi_desk.errors import Cancelled, InputError
from phi_desk.services.chats.context import Usage
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, Named


def measure(talk: Talk, engine: FakeEngine, *draft: str | Part, how: How | None = None) -> Usage:
    usage = talk.session.measure(engine, said(*draft), how or brief(10), CancelToken())
    assert usage is not None
    return usage


def words_of(messages: tuple[Message, ...]) -> list[str]:
    return [part.text for m in messages for part in m.parts if isinstance(part, Text)]


def test_what_is_measured_is_what_is_sent(talk: Talk) -> None:
    engine = CountingEngine(context=10_000)
    talk.store.instruct(talk.chat, "Be brief and kind.")
    talk.ask("one two three", picture(1), engine=engine)
    talk.ask("four five", engine=engine)
    usage = measure(talk, engine, "six seven eight", picture(2))
    finished = talk.ask("six seven eight", picture(2), engine=engine, how=brief(10))[-1]
    assert isinstance(finished, Finished)
    assert usage.used == finished.prompt_tokens
    assert (usage.limit, usage.reserved) == (10_000, 10)
    assert usage.left_out == ()
    assert usage.sentence == ""
    assert usage.fits


@pytest.mark.parametrize("draft", [(), ("words",)])
@pytest.mark.parametrize("system", ["", "Be kind."])
@pytest.mark.parametrize("tools", [(), (Tool("f", "does it", {}),)])
@pytest.mark.parametrize("turns", [0, 2])
def test_the_sum_of_the_messages_is_the_prompt(
    store: ChatStore, draft: tuple[str, ...], system: str, tools: tuple[Tool, ...], turns: int
) -> None:
    """Counted message by message, it must come to what the whole prompt takes."""
    talk = Talk(store, store.create(system=system).id)
    for number in range(turns):
        talk.ask(f"question {number}", answer="an answer of some words")
    usage = measure(talk, CountingEngine(), *draft, how=How(tools=tools))
    messages = [Message("system", (Text(system),))] if system else []
    messages += [
        Message(m.role, tuple(p for p in m.parts if isinstance(p, Text))) for m in talk.path
    ]
    messages += [Message("user", tuple(map(Text, draft)))] if draft else []
    assert usage.used == len(prompt_ids(ChatRequest(messages=tuple(messages))))


def test_each_stored_message_is_counted_once(talk: Talk) -> None:
    engine = CountingEngine()
    for number in range(20):
        talk.ask(f"question {number}")
    measure(talk, engine, "draft")
    before = engine.counted
    for _ in range(5):
        measure(talk, engine, "another draft")
    assert engine.counted == before + 5


def test_the_pictures_of_old_turns_go_first_and_are_named(talk: Talk) -> None:
    engine = CountingEngine(context=1500)
    talk.ask("first", Named(part=picture(1), name="a.png"), engine=engine, how=brief(10))
    talk.ask("second", picture(2), engine=engine, how=brief(10))
    usage = measure(talk, engine, "third", picture(3))
    assert [(one.what, one.names) for one in usage.left_out] == [("media", ("a.png",))]
    assert "“a.png”" in usage.sentence
    assert usage.turns_left_out == 0
    assert usage.used <= 1500 - usage.reserved
    talk.ask("third", picture(3), engine=engine, how=brief(10))
    request = engine.requests[-1]
    assert "[Picture “a.png”, not shown any more]\n" in words_of(request.messages)
    assert "first" in words_of(request.messages)
    shown = [part for m in request.messages for part in m.parts if isinstance(part, Image)]
    assert len(shown) == 2
    assert len(prompt_ids(request)) == usage.used
    assert talk.path[-1].about.left_out == usage.sentence


def test_then_the_oldest_turns_go_but_never_the_system_turn(talk: Talk) -> None:
    engine = CountingEngine(context=300)
    talk.store.instruct(talk.chat, "Stay yourself.")
    for number in range(12):
        talk.ask(f"question {number} " + "word " * 20, how=brief(10))
    usage = measure(talk, engine, "the last")
    gone = [one.message for one in usage.left_out]
    assert {one.what for one in usage.left_out} == {"turn"}
    assert gone == [message.id for message in talk.path[: len(gone)]]
    assert usage.turns_left_out == len(gone) // 2 > 0
    assert f"{usage.turns_left_out} oldest turns" in usage.sentence
    talk.ask("the last", engine=engine, how=brief(10))
    messages = engine.requests[-1].messages
    assert messages[0] == Message("system", (Text("Stay yourself."),))
    assert messages[1].role == "user"
    assert words_of(messages)[-1] == "the last"
    assert len(prompt_ids(engine.requests[-1])) == usage.used <= 290


def test_the_beginning_of_the_prompt_stays_for_several_questions(talk: Talk) -> None:
    """Or every question beyond the context would have the whole prompt computed anew."""
    engine = CountingEngine(context=500)
    for number in range(60):
        talk.ask(f"question {number} " + "word " * 10, engine=engine, how=brief(10))
    starts = [words_of(request.messages)[0] for request in engine.requests[30:]]
    assert 2 <= len(set(starts)) <= len(starts) // 3
    assert all(len(prompt_ids(request)) <= 490 for request in engine.requests)


def test_the_picture_just_talked_about_goes_last(talk: Talk) -> None:
    engine = CountingEngine(context=780)
    for number in range(10):
        talk.ask(f"question {number} " + "word " * 20, how=brief(10))
    talk.ask("look", picture(1), how=brief(10))
    usage = measure(talk, engine, "what is in it?")
    assert {one.what for one in usage.left_out} == {"turn"}
    talk.ask("what is in it?", engine=engine, how=brief(10))
    assert any(isinstance(p, Image) for m in engine.requests[-1].messages for p in m.parts)


def test_a_question_that_cannot_fit_is_left_to_the_engine_to_refuse(talk: Talk) -> None:
    engine = CountingEngine(context=500)
    talk.ask("before")
    usage = measure(talk, engine, "this", picture(1))
    assert not usage.fits
    assert usage.used > TOKENS_A_PICTURE
    assert usage.turns_left_out == 1


def test_room_for_the_answer_is_kept_but_not_all_of_it(talk: Talk) -> None:
    assert measure(talk, CountingEngine(context=1000), "x", how=brief(100)).reserved == 100
    assert measure(talk, CountingEngine(context=1000), "x", how=brief(100_000)).reserved == 250


def test_files_that_somebody_took_away_are_said(talk: Talk) -> None:
    talk.ask("look", Named(part=picture(1), name="a.png"))
    (stored,) = (p for p in talk.path[0].parts if isinstance(p, Attachment))
    stored.path.unlink()
    engine = CountingEngine()
    usage = measure(talk, engine, "and?")
    assert [(one.what, one.names) for one in usage.left_out] == [("missing", ("a.png",))]
    assert "gone" in usage.sentence
    talk.ask("and?", engine=engine)
    assert not any(isinstance(p, Image) for m in engine.requests[-1].messages for p in m.parts)


def test_an_engine_that_cannot_count_gets_everything(talk: Talk) -> None:
    engine = FakeEngine(otherwise="ok")
    for number in range(5):
        talk.ask(f"q{number}", engine=engine)
    assert talk.session.measure(engine, said("x"), How(), CancelToken()) is None
    assert len(engine.requests[-1].messages) == 9


def test_another_engine_counts_anew(talk: Talk) -> None:
    talk.ask("one")
    first, second = CountingEngine(), CountingEngine()
    measure(talk, first, "x")
    measure(talk, second, "x")
    assert first.counted == second.counted > 0


def test_measuring_can_be_stopped_and_stores_nothing(talk: Talk) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        talk.session.measure(CountingEngine(), said("x"), How(), cancel)
    assert talk.path == ()


def test_stopped_while_counting_keeps_the_question(talk: Talk) -> None:
    class Slow(CountingEngine):
        def prompt(self, request: ChatRequest, cancel: CancelToken):  # type: ignore[no-untyped-def]
            raise Cancelled

    with pytest.raises(Cancelled):
        talk.ask("one", engine=Slow())
    assert [message.state for message in talk.path] == ["whole", "stopped"]


def test_a_model_that_reads_no_pictures_says_so(talk: Talk) -> None:
    class TextOnly(CountingEngine):
        def prompt(self, request: ChatRequest, cancel: CancelToken):  # type: ignore[no-untyped-def]
            if any(isinstance(p, Image) for m in request.messages for p in m.parts):
                raise InputError("This model reads no pictures.")
            return super().prompt(request, cancel)

    with pytest.raises(InputError, match="no pictures"):
        talk.ask("one", picture(1), engine=TextOnly())
    assert talk.path[1].about.error == "This model reads no pictures."


def test_a_session_of_its_own_may_measure(talk: Talk) -> None:
    """The window measures in another thread than the one that asks."""
    talk.ask("one two three")
    usage = ChatSession(talk.store, talk.chat).measure(
        CountingEngine(), said("four"), How(), CancelToken()
    )
    assert usage is not None
    assert usage.used > 4
