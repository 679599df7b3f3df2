"""Two answers written in turns say what each would have said alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from data_makers.asking import ask, events, picture, sound, user
from data_makers.tiny_checkpoint import BORDER

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Started, StreamEvent
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest, Message, Options

CHATS = {
    "text": user("hello there"),
    "picture": user(picture(), "what?"),
    "sound": user(sound(seconds=1.0), "and?"),
}
CAPTIONS = user(sound(seed=7), "Transcribe the audio clip into text.")


def request(*messages: Message, tokens: int = 24) -> ChatRequest:
    return ChatRequest(messages=messages, options=Options(max_tokens=tokens, stop_loops=False))


def ids_of(found: Sequence[StreamEvent]) -> tuple[int, ...]:
    last = found[-1]
    assert isinstance(last, Finished)
    return last.output_ids


def alone(engine: LocalEngine, asked: ChatRequest) -> tuple[int, ...]:
    """What the engine answers when nothing else is asked, nor was before."""
    engine.runtime.generation.forget()
    found = ids_of(list(engine.stream(asked, CancelToken())))
    engine.runtime.generation.forget()
    return found


@pytest.mark.parametrize("chat", CHATS.values(), ids=CHATS.keys())
def test_a_paused_answer_goes_on_as_if_nothing_had_been_asked(
    engine: LocalEngine, chat: Message
) -> None:
    asked, heard = request(chat, tokens=BORDER), request(CAPTIONS)
    expected, captions = alone(engine, asked), alone(engine, heard)
    assert len(expected) > 24
    for paused_after in (1, 3, 9, 30):  # in the prompt, at its end, in the answer, past the border
        engine.runtime.generation.forget()
        stream = engine.stream(asked, CancelToken())
        found = [next(stream) for _ in range(paused_after)]
        assert ids_of(list(engine.stream(heard, CancelToken()))) == captions
        found += stream
        assert ids_of(found) == expected


def test_four_answers_in_turns_event_by_event(engine: LocalEngine) -> None:
    asked = [request(message) for message in (*CHATS.values(), CAPTIONS)]
    expected = [alone(engine, one) for one in asked]
    streams = [engine.stream(one, CancelToken()) for one in asked]
    found: list[list[StreamEvent]] = [[] for _ in asked]
    going = set(range(len(asked)))
    while going:
        for place in sorted(going):
            event = next(streams[place], None)
            if event is None:
                going.discard(place)
            else:
                found[place].append(event)
    assert [ids_of(one) for one in found] == expected


def test_a_paused_answer_keeps_what_it_read_from_one_that_begins_alike(engine: LocalEngine) -> None:
    expected = ask(engine, user("hello there, you"), max_tokens=16)
    engine.runtime.generation.forget()
    stream = engine.stream(request(user("hello there, you"), tokens=16), CancelToken())
    found = [next(stream) for _ in range(4)]
    (begun, *_) = events(engine, user("hello there, nobody"))
    assert isinstance(begun, Started)
    assert begun.cached_tokens == 0  # the shared words are the paused answer's
    found += stream
    assert ids_of(found) == expected.output_ids


def test_an_answer_that_is_let_go_leaves_what_it_read(engine: LocalEngine) -> None:
    question = request(user("hello there, you"))
    for taken in (1, 4, 99):
        stream = engine.stream(question, CancelToken())
        assert isinstance(stream, Iterator)
        for _ in range(taken):
            next(stream, None)
        stream.close()  # type: ignore[attr-defined]
    held = engine.runtime.generation.contexts._held
    assert not any(context.taken for context in held)
    (begun, *_) = events(engine, user("hello there, you"))
    assert isinstance(begun, Started)
    assert begun.cached_tokens == begun.prompt_tokens - 1


def test_a_cancelled_answer_beside_another_leaves_it_alone(engine: LocalEngine) -> None:
    asked = request(CHATS["picture"])
    expected = alone(engine, asked)
    stream, stop = engine.stream(asked, CancelToken()), CancelToken()
    found = [next(stream) for _ in range(5)]
    other = engine.stream(request(CAPTIONS), stop)
    next(other)
    stop.cancel()
    last = list(other)[-1]
    assert isinstance(last, Finished)
    assert last.reason == "cancelled"
    found += stream
    assert ids_of(found) == expected


def test_no_more_is_kept_afterwards_than_before(engine: LocalEngine) -> None:
    streams = [
        engine.stream(request(user(f"{word} hello")), CancelToken()) for word in ("one", "two", "3")
    ]
    for stream in streams:
        next(stream)
    contexts = engine.runtime.generation.contexts
    assert len(contexts._held) == 3
    for stream in streams:
        list(stream)
    assert len(contexts._held) == 2
