"""Listening to pieces: what the model is asked, and that memory stays constant."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished
from phi_desk.engine.fake import FakeEngine, Rule, asks
from phi_desk.engine.languages import find_language
from phi_desk.errors import InputError
from phi_desk.media.pieces import Piece
from phi_desk.media.sound import Sound
from phi_desk.services.speech.events import Heard, Segment, SpeechEvent
from phi_desk.services.speech.job import SpeechJob
from phi_desk.services.speech.listening import listen
from phi_desk.services.speech.recording import Recording

GERMAN = find_language("German")


def piece(number: int, *, speech: bool = True) -> Piece:
    start = number * 30.0
    spans = ((start + 1, start + 20),) if speech else ()
    return Piece(start, start + 30, Sound(np.full(480, number, np.float32)), spans)


def events(
    engine: FakeEngine, pieces: list[Piece], job: SpeechJob | None = None
) -> list[SpeechEvent]:
    return list(listen(Recording(pieces, 60.0), job or SpeechJob(), engine, CancelToken()))


def test_pieces_are_not_kept() -> None:
    alive: weakref.WeakSet[Sound] = weakref.WeakSet()
    most = 0

    class Tracked(Sound):
        __slots__ = ("__weakref__",)

    def hours() -> Iterator[Piece]:
        for number in range(50):
            one = piece(number)
            sound = Tracked(one.sound.samples)
            alive.add(sound)
            yield Piece(one.start_s, one.end_s, sound, one.speech)

    engine = FakeEngine(otherwise="Words.")
    for _ in listen(Recording(hours()), SpeechJob(), engine, CancelToken()):
        engine.requests.clear()
        most = max(most, len(alive))
    assert most <= 2


def test_the_sum_of_all_pieces() -> None:
    replies = iter(["One two.", "Three."])
    engine = FakeEngine(Rule(lambda _: True, lambda _: next(replies)))
    heard = events(engine, [piece(0), piece(1, speech=False), piece(2)])
    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert finished.text == "One two.\n\nThree."
    assert finished.output_tokens == 3
    assert finished.adapter == "speech"
    assert len(engine.requests) == 2
    assert [e.done_s for e in heard if isinstance(e, Heard)] == [0, 30, 60, 90]


def test_a_length_stop_without_separator_still_asks_for_the_translation() -> None:
    engine = FakeEngine(
        Rule(asks("separator"), "Words and words", "length"), Rule(asks("Translate the"), "Worte.")
    )
    heard = events(engine, [piece(0)], SpeechJob(language=GERMAN))
    (segment,) = (event for event in heard if isinstance(event, Segment))
    assert (segment.text, segment.translation) == ("Words and words", "Worte.")
    assert segment.reason == "length"
    assert isinstance(heard[-1], Finished)
    assert "near 0:01" in heard[-1].note


def test_many_doubtful_places_are_counted_not_listed() -> None:
    engine = FakeEngine(Rule(lambda _: True, "Words", "repetition"))
    finished = events(engine, [piece(n) for n in range(200)])[-1]
    assert isinstance(finished, Finished)
    assert "near 0:01, 0:31, 1:01 and 197 more" in finished.note


def test_a_failing_file_is_no_stop() -> None:
    def failing() -> Iterator[Piece]:
        yield piece(0)
        raise InputError("The file is broken.")

    heard: list[SpeechEvent] = []
    with pytest.raises(InputError):
        heard.extend(
            listen(Recording(failing()), SpeechJob(), FakeEngine(otherwise="One."), CancelToken())
        )
    assert any(isinstance(event, Segment) for event in heard)
