"""An engine that answers by script: for tests and demonstrations; knows no model.

It keeps every promise of a real engine: routing by modality, token counts, cached prefixes,
streaming, cancellation, the token limit, failures as exceptions.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import (
    Finished,
    Progress,
    Reason,
    Started,
    StreamEvent,
    TextDelta,
    ToolCallReady,
)
from phi_desk.engine.messages import (
    Audio,
    ChatRequest,
    Image,
    Text,
    ToolCall,
    ToolResult,
)
from phi_desk.engine.routing import kind_of
from phi_desk.errors import PhiDeskError
from phi_desk.media.sound import Sound

TOKENS_A_PICTURE = 545  # what a picture of at most 448 x 448 pixels takes
SECONDS_A_TOKEN = 0.08  # of sound
VOCABULARY = 199_999  # ids of words lie below the control tokens

ReplyPart = str | ToolCall
Reply = ReplyPart | tuple[ReplyPart, ...] | PhiDeskError


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` says yes to a request, `reply` is the answer; an error is raised instead.

    `reply` may be a function of the request; `reason` is why an answer that was told whole ended.
    """

    when: Callable[[ChatRequest], bool]
    reply: Reply | Callable[[ChatRequest], Reply]
    reason: Reason = "stop"


def asks(words: str) -> Callable[[ChatRequest], bool]:
    """A condition: the last message says `words` somewhere."""
    return lambda request: words in question_of(request)


def question_of(request: ChatRequest) -> str:
    """The words of the last message."""
    parts = request.messages[-1].parts if request.messages else ()
    return " ".join(part.text for part in parts if isinstance(part, Text))


class FakeEngine:
    """Answers by the first rule that fits, else with `otherwise`; remembers every request."""

    def __init__(self, *rules: Rule, otherwise: Reply = "", seconds_a_token: float = 0.0) -> None:
        self.requests: list[ChatRequest] = []
        self.closed = False
        self._rules = (*rules, Rule(lambda _: True, otherwise))
        self._seconds_a_token = seconds_a_token
        self._remembered: tuple[str | None, tuple[int, ...]] = (None, ())

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """See `Engine.stream`."""
        begun = time.monotonic()
        self.requests.append(request)
        reply, reason = self._answer(request)
        if isinstance(reply, PhiDeskError):
            raise reply
        adapter, prompt = route(request), prompt_ids(request)
        cached = self._shared_with_last(adapter, prompt)
        yield Started(
            adapter=adapter,
            prompt_tokens=len(prompt),
            cached_tokens=cached,
            image_tokens=sum(_tokens_of(p) for p in _parts(request) if isinstance(p, Image)),
            audio_tokens=sum(_tokens_of(p) for p in _parts(request) if isinstance(p, Audio)),
        )
        yield Progress("prefill", 0, len(prompt))
        yield Progress("prefill", len(prompt), len(prompt))
        said: list[str] = []
        first: float | None = None
        for token in _tokens(reply):
            if stopped := self._stopped(said, request, cancel):
                reason = stopped
                break
            if isinstance(token, ToolCall):
                yield ToolCallReady(token)
                continue
            first = time.monotonic() - begun if first is None else first
            said.append(token)
            yield TextDelta(token)
        ids = tuple(map(_id, said))
        self._remembered = (adapter, (*prompt, *ids))
        yield Finished(
            text="".join(said),
            reason=reason,
            adapter=adapter,
            prompt_tokens=len(prompt),
            cached_tokens=cached,
            output_ids=ids,
            first_token_s=first,
            seconds=time.monotonic() - begun,
        )

    def close(self) -> None:
        """See `Engine.close`."""
        self.closed = True

    def _answer(self, request: ChatRequest) -> tuple[Reply, Reason]:
        rule = next(rule for rule in self._rules if rule.when(request))
        return (rule.reply(request) if callable(rule.reply) else rule.reply), rule.reason

    def _stopped(
        self, said: Sequence[str], request: ChatRequest, cancel: CancelToken
    ) -> Reason | None:
        if cancel.wait(self._seconds_a_token):
            return "cancelled"
        return "length" if len(said) >= request.options.max_tokens else None

    def _shared_with_last(self, adapter: str | None, prompt: Sequence[int]) -> int:
        owner, ids = self._remembered
        if owner != adapter:
            return 0
        same = takewhile(lambda pair: pair[0] == pair[1], zip(ids, prompt, strict=False))
        return min(sum(1 for _ in same), len(prompt) - 1)  # the last token always runs


def route(request: ChatRequest) -> str | None:
    """The adapter of a request: by its media as published, or the one it names."""
    if request.adapter == "none":
        return None
    if request.adapter != "auto":
        return request.adapter
    return kind_of(request.messages)


def prompt_ids(request: ChatRequest) -> tuple[int, ...]:
    """Ids as plausible as they can be without a tokenizer: one a word, many a picture or sound."""
    ids: list[int] = []
    for message in request.messages:
        ids.append(_id(message.role))
        for part in message.parts:
            words = _words(_words_of(part))
            ids += [_id(word) for word in words] if words else [_media_id(part)] * _tokens_of(part)
        ids.append(_id("end of turn"))
    return (*ids, _id("assistant"))


def _parts(request: ChatRequest) -> Iterator[object]:
    return (part for message in request.messages for part in message.parts)


def _words_of(part: object) -> str:
    match part:
        case Text(text):
            return text
        case ToolCall(name, arguments):
            return f"{name} {dict(arguments)}"
        case ToolResult(name, content):
            return f"{name} {content}"
        case _:
            return ""


def _tokens_of(part: object) -> int:
    match part:
        case Image():
            return TOKENS_A_PICTURE
        case Audio(Sound() as sound):
            return max(1, round(sound.seconds / SECONDS_A_TOKEN))
        case Audio():
            return 125  # ten seconds: the length of a file is not looked up
        case _:
            return 0


def _media_id(part: object) -> int:
    match part:
        case Audio(Sound() as sound):
            return zlib.crc32(sound.samples.tobytes()) % VOCABULARY
        case Image(source) | Audio(source):
            return _id(repr(source))
        case _:
            return 0


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S{1,8}|\s+$", text)


def _tokens(reply: ReplyPart | tuple[ReplyPart, ...]) -> Iterator[ReplyPart]:
    for part in reply if isinstance(reply, tuple) else (reply,):
        if isinstance(part, ToolCall):
            yield part
        else:
            yield from _words(part)


def _id(word: str) -> int:
    return zlib.crc32(word.encode()) % VOCABULARY
