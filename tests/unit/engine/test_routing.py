"""The published adapter rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from phi_desk.engine.messages import Audio, Image, Message, Part, Text
from phi_desk.engine.routing import Route, kind_of, route
from phi_desk.errors import InputError, UsageError

PICTURE, CLIP, WORDS = Image(Path("a.png")), Audio(Path("a.wav")), Text("?")
BUILT_IN = ("speech", "vision")


def asked(*turns: tuple[Part, ...]) -> tuple[Message, ...]:
    return tuple(Message("user", parts) for parts in turns)


@pytest.mark.parametrize(
    ("messages", "adapter", "projection"),
    [
        (asked((WORDS,)), None, "speech"),
        (asked((CLIP, WORDS)), "speech", "speech"),
        (asked((PICTURE, WORDS)), "vision", "vision"),
        (asked((PICTURE, CLIP)), "vision", "vision"),
        (asked((CLIP,), (PICTURE,)), "vision", "vision"),
        (asked((PICTURE,), (WORDS,)), "vision", "vision"),  # the history counts
        (asked((CLIP,), (WORDS,)), "speech", "speech"),
    ],
)
def test_auto_follows_what_the_whole_request_holds(
    messages: tuple[Message, ...], adapter: str | None, projection: str
) -> None:
    found = route(messages, "auto", BUILT_IN)
    assert (found.adapter, found.projection) == (adapter, projection)
    assert kind_of(messages) == adapter


def test_none_takes_the_bare_decoder_but_keeps_the_projector() -> None:
    messages = asked((PICTURE, CLIP))
    assert route(messages, "none", BUILT_IN) == Route(adapter=None, projection="vision")


@pytest.mark.parametrize(
    ("part", "projection"), [(PICTURE, "vision"), (CLIP, "speech"), (WORDS, "speech")]
)
def test_a_name_takes_the_place_of_the_built_in(part: Part, projection: str) -> None:
    found = route(asked((part,)), "mine", (*BUILT_IN, "mine"))
    assert (found.adapter, found.projection) == ("mine", projection)


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(UsageError, match="no adapter named 'sight'") as caught:
        route(asked((WORDS,)), "sight", BUILT_IN)
    assert caught.value.hint == "Choose one of: auto, none, speech, vision."


@pytest.mark.parametrize(
    ("part", "available", "word"), [(PICTURE, ("speech",), "pictures"), (CLIP, (), "sound")]
)
def test_a_model_without_the_adapter_says_so(
    part: Part, available: tuple[str, ...], word: str
) -> None:
    with pytest.raises(InputError, match=f"no adapter for {word}"):
        route(asked((part,)), "auto", available)
    assert route(asked((part,)), "none", available).adapter is None
