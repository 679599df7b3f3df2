"""Asking in a stored chat: what is on disk when, and what stays when it ends early."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_makers.asking import picture, sound
from data_makers.talks import Talk, said

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, StreamEvent, TextDelta, ToolCallReady
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.messages import (
    Audio,
    ChatRequest,
    Image,
    Message,
    Options,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from phi_desk.errors import InputError, MemoryExhaustedError, UsageError
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, Named
from phi_desk.storage.failures import StorageError


class Looking(FakeEngine):
    """Looks into the database, as another program would, when it is asked."""

    def __init__(self, path: Path) -> None:
        super().__init__(otherwise="a b c d e f")
        self.path = path
        self.seen: list[tuple[str, str]] = []

    def look(self) -> list[tuple[str, str]]:
        """Role and words of all stored messages."""
        other = sqlite3.connect(self.path)
        rows = other.execute(
            "SELECT role, ifnull(group_concat(text, ''), '') FROM messages"
            " LEFT JOIN parts ON parts.message = messages.id GROUP BY messages.id"
        ).fetchall()
        other.close()
        return rows

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Look first."""
        self.seen = self.look()
        yield from super().stream(request, cancel)


def test_the_question_is_on_disk_before_the_model_sees_it(talk: Talk) -> None:
    engine = Looking(talk.store.storage.database.path)
    talk.ask("What is it?", engine=engine)
    assert engine.seen == [("user", "What is it?"), ("assistant", "")]


def test_the_answer_is_stored_at_most_once_a_second_and_at_the_end(store: ChatStore) -> None:
    now = [100.0]
    talk = Talk(store, store.create().id, lambda: now[0])
    engine = Looking(store.storage.database.path)
    stored = []
    for event in talk.session.ask(engine, said("Go"), How(), CancelToken()):
        if isinstance(event, TextDelta):
            stored.append(engine.look()[1][1])
            now[0] += 0.4
    # a letter each 0.4 s: the first is stored at once, then what came until the next full second
    assert stored == ["a", "a", "a", "a b c d", "a b c d", "a b c d"]
    assert engine.look()[1][1] == "a b c d e f"


def test_events_pass_unchanged_and_the_answer_knows_how_it_came(talk: Talk) -> None:
    engine = FakeEngine(otherwise="one two three")
    how = How(options=Options(seed=3), adapter="none", model="nano")
    events = talk.ask("Count", engine=engine, how=how)
    twin = list(FakeEngine(otherwise="one two three").stream(engine.requests[0], CancelToken()))
    assert [type(event) for event in events] == [type(event) for event in twin]
    finished = events[-1]
    assert isinstance(finished, Finished)
    answer = talk.path[1]
    assert (answer.state, answer.text) == ("whole", "one two three")
    about = answer.about
    assert (about.reason, about.model, about.output_tokens) == ("stop", "nano", 3)
    assert about.prompt_tokens == finished.prompt_tokens > 0
    assert (about.seconds, about.first_token_s) == (finished.seconds, finished.first_token_s)
    assert about.tokens_per_second is not None
    assert engine.requests[0].options.seed == 3
    assert engine.requests[0].adapter == "none"


def test_pictures_and_sounds_are_files_from_the_first_question_on(
    talk: Talk, tmp_path: Path
) -> None:
    """So that the prompt is the same when it is asked again, and nothing is read twice."""
    (tmp_path / "talk.wav").write_bytes(b"RIFF")
    first, second = FakeEngine(otherwise="ok"), FakeEngine(otherwise="ok")
    talk.ask(picture(1), sound(2), Audio(tmp_path / "talk.wav"), "What?", engine=first)
    talk.ask("And?", engine=second)
    (tmp_path / "talk.wav").unlink()
    media = first.requests[0].messages[0].parts
    assert [type(part) for part in media] == [Image, Audio, Audio, Text]
    assert second.requests[0].messages[0].parts == media
    folder = talk.store.storage.media.folder
    for part in media[:3]:
        assert isinstance(part, Image | Audio)
        assert isinstance(part.source, Path)
        assert part.source.is_relative_to(folder)
    assert [part.name for part in talk.path[0].parts if isinstance(part, Attachment)] == [
        "",
        "",
        "talk.wav",
    ]


def test_the_same_picture_twice_in_one_question(talk: Talk) -> None:
    talk.ask(picture(1), Named(part=picture(1), name="again"), "Compare")
    one, two, _ = talk.path[0].parts
    assert isinstance(one, Attachment)
    assert isinstance(two, Attachment)
    assert one.path == two.path
    assert two.name == "again"


def test_the_system_turn_is_first_and_for_every_question(store: ChatStore) -> None:
    talk = Talk(store, store.create(system="Be brief.").id)
    engine = FakeEngine(otherwise="ok")
    talk.ask("one", engine=engine)
    store.instruct(talk.chat, "Be long.")
    talk.ask("two", engine=engine)
    systems = [request.messages[0] for request in engine.requests]
    assert systems == [Message("system", (Text(words),)) for words in ("Be brief.", "Be long.")]


def test_stopped_by_the_person(talk: Talk) -> None:
    cancel = CancelToken()
    engine = FakeEngine(otherwise="one two three four")
    events = []
    for event in talk.session.ask(engine, said("Go"), How(), cancel):
        events.append(event)
        if isinstance(event, TextDelta) and "two" in event.text:
            cancel.cancel()
    assert isinstance(events[-1], Finished)
    answer = talk.path[1]
    assert (answer.state, answer.text, answer.about.reason) == ("stopped", "one two", "cancelled")


def test_a_reader_that_goes_away_leaves_what_came(talk: Talk) -> None:
    events = talk.session.ask(
        FakeEngine(otherwise="one two three"), said("Go"), How(), CancelToken()
    )
    for event in events:
        if isinstance(event, TextDelta) and "two" in event.text:
            break
    assert talk.path[1].state == "growing"
    events.close()  # type: ignore[attr-defined]
    assert (talk.path[1].state, talk.path[1].text) == ("stopped", "one two")


class Failing(FakeEngine):
    """Says two words, then raises."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(otherwise="one two three")
        self.error = error

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Raise instead of the third word."""
        for event in super().stream(request, cancel):
            if isinstance(event, TextDelta) and "three" in event.text:
                raise self.error
            yield event


def test_a_failure_keeps_what_came_and_its_sentence(talk: Talk) -> None:
    with pytest.raises(MemoryExhaustedError):
        talk.ask("Go", engine=Failing(MemoryExhaustedError("Memory ran out.", "Close something.")))
    answer = talk.path[1]
    assert (answer.state, answer.text) == ("failed", "one two")
    assert (answer.about.error, answer.about.hint) == ("Memory ran out.", "Close something.")


def test_a_fault_of_ours_keeps_what_came_too(talk: Talk) -> None:
    with pytest.raises(ZeroDivisionError):
        talk.ask("Go", engine=Failing(ZeroDivisionError()))
    assert (talk.path[1].state, talk.path[1].text) == ("failed", "one two")
    with pytest.raises(KeyboardInterrupt):
        talk.ask("Go", engine=Failing(KeyboardInterrupt()))
    assert talk.path[3].state == "stopped"


def test_an_answer_that_failed_before_its_first_word_is_not_shown_to_the_model(talk: Talk) -> None:
    failing = FakeEngine(otherwise=MemoryExhaustedError("Memory ran out."))
    with pytest.raises(MemoryExhaustedError):
        talk.ask("one", engine=failing)
    engine = FakeEngine(otherwise="ok")
    talk.ask("two", engine=engine)
    assert [message.role for message in engine.requests[0].messages] == ["user", "user"]


def test_tool_calls_and_results_are_kept_in_order(talk: Talk) -> None:
    call = ToolCall("weather", {"city": "Köln", "days": [1, 2]})
    tools = (Tool("weather", "Tells the weather.", {}),)
    engine = FakeEngine(Rule(asks("Rain"), ("Let me see. ", call)), otherwise="No rain.")
    how = How(tools=tools)
    events = talk.ask("Rain?", engine=engine, how=how)
    assert ToolCallReady(call) in events
    results = [ToolResult("weather", '{"rain": false}')]
    list(talk.session.go_on(engine, results, how, CancelToken()))
    assert [message.role for message in talk.path] == ["user", "assistant", "tool", "assistant"]
    assert talk.path[1].parts == (Text("Let me see. "), call)
    assert talk.path[2].parts == tuple(results)
    assert talk.words[3] == "No rain."
    assert engine.requests[1].tools == tools
    assert engine.requests[1].messages[1].parts == (Text("Let me see. "), call)
    assert talk.store.search("köln")[0].message == talk.path[1].id


def test_words_before_and_behind_a_call_stay_apart(talk: Talk) -> None:
    call = ToolCall("f", {})
    talk.ask("Go", engine=FakeEngine(otherwise=("one two ", call, "three four")))
    assert talk.path[1].parts == (Text("one two "), call, Text("three four"))


@pytest.mark.parametrize("parts", [(), ("",), (" \n",), (ToolResult("f", ""),)])
def test_nothing_to_ask_stores_nothing(talk: Talk, parts: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        talk.ask(*parts)
    assert talk.path == ()


def test_a_file_that_cannot_be_read_stores_nothing(talk: Talk, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        talk.ask(picture(1), Image(tmp_path / "absent.png"))
    assert talk.path == ()
    assert [p for p in talk.store.storage.media.folder.rglob("*") if p.is_file()] == []


def test_a_tool_that_nobody_asked_for(talk: Talk) -> None:
    with pytest.raises(UsageError):
        talk.session.go_on(FakeEngine(), [ToolResult("f", "")], How(), CancelToken())


def test_a_disk_that_fills_up_does_not_stop_the_answer(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    database = talk.store.storage.database
    events: list[StreamEvent] = []

    def read() -> None:
        engine = FakeEngine(otherwise="one two three")
        for event in talk.session.ask(engine, said("Go"), How(), CancelToken()):
            events.append(event)
            if isinstance(event, TextDelta) and "two" in event.text:
                monkeypatch.setattr(type(database), "write", full)

    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    with pytest.raises(StorageError, match="full"):
        read()
    monkeypatch.undo()
    assert isinstance(events[-1], Finished)
    assert events[-1].text == "one two three"
    assert talk.path[1].text.startswith("one")
    assert "could not be stored" in caplog.text


def test_a_chat_that_is_deleted_meanwhile_is_said(talk: Talk) -> None:
    talk.store.delete(talk.chat)
    with pytest.raises(StorageError):
        talk.ask("Go")


def test_two_sessions_see_each_other(talk: Talk) -> None:
    talk.ask("one")
    other = ChatSession(talk.store, talk.chat)
    list(other.ask(FakeEngine(otherwise="b"), said("two"), How(), CancelToken()))
    talk.ask("three")
    assert list(talk.words[::2]) == ["one", "two", "three"]


def test_another_branch_may_be_chosen_while_it_answers(talk: Talk) -> None:
    """The window switches, or another program asks in the same chat: nothing gets mixed."""
    talk.ask("one", answer="1")
    engine = FakeEngine(otherwise="a b c")
    first = talk.session.ask(engine, said("two"), How(), CancelToken())
    next(first)
    talk.edit(talk.path[2].id, "zwei", answer="2")
    assert talk.words == ["one", "1", "zwei", "2"]
    list(first)
    stored = [message.text for message in talk.store.messages.all(talk.chat)]
    assert stored == ["one", "1", "two", "a b c", "zwei", "2"]


def test_the_model_gets_the_questions_own_branch_whatever_is_chosen(talk: Talk) -> None:
    talk.ask("one", answer="1")
    two = FakeEngine(otherwise="2")
    late = talk.session.ask(two, said("two"), How(), CancelToken())
    talk.edit(talk.path[0].id, "other", answer="x")
    list(late)
    assert [m.parts for m in two.requests[0].messages] == [
        (Text("one"),),
        (Text("1"),),
        (Text("two"),),
    ]
