"""Messages to a prompt, exactly in the published formats; knows no file and no model.

No newline is added anywhere, media come first in a user turn (pictures, then clips, then words),
and nothing a person typed can become a control token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn

from phi_desk.engine.messages import (
    Audio,
    Image,
    Message,
    Part,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from phi_desk.engine.templates import TEMPLATES, Control, Segment, Template
from phi_desk.engine.tokens import Side, Tokens, strip_space
from phi_desk.errors import InputError, UsageError
from phi_desk.model.inputs import ClipInput, PictureInput, Prompt, PromptPiece

EncodeImage = Callable[[Image], PictureInput]
EncodeAudio = Callable[[Audio], ClipInput]

TOOL_SYSTEM_TEXT = "You are a helpful assistant with some tools."  # as on the model card


def build_prompt(
    messages: Sequence[Message],
    tools: Sequence[Tool],
    tokens: Tokens,
    encode_image: EncodeImage | None,
    encode_audio: EncodeAudio | None,
    *,
    go_on: bool = False,
) -> Prompt:
    """The prompt for the answer to the last of `messages`.

    With `go_on` the last is an answer that is left open, so that the model goes on with it.
    `encode_image` and `encode_audio` are None for models that read text only.

    Raises:
        UsageError: no messages, or a part that its role cannot hold.
        InputError: media or tools that this model cannot read; a file the encoders refuse.
        CheckpointError: the vocabulary lacks a control token.
    """
    if not messages:
        raise UsageError("There is nothing to ask.", "Give a question, a picture or a sound.")
    if go_on and messages[-1].role != "assistant":
        raise UsageError("There is no answer to go on with.")
    writer = _Writer(TEMPLATES[tokens.style], tools, encode_image, encode_audio)
    return Prompt(pieces=tuple(_pieces(writer.segments(messages, go_on=go_on), tokens)))


class _Writer:
    """Turns messages into named control tokens, text and media."""

    def __init__(
        self,
        template: Template,
        tools: Sequence[Tool],
        encode_image: EncodeImage | None,
        encode_audio: EncodeAudio | None,
    ) -> None:
        self._template = template
        self._tools = tools
        self._encode_image = encode_image
        self._encode_audio = encode_audio
        if tools:
            self._demand_tools()

    def segments(self, messages: Sequence[Message], *, go_on: bool) -> Iterator[Segment]:
        if self._tools and messages[0].role != "system":
            messages = (Message("system", (Text(TOOL_SYSTEM_TEXT),)), *messages)
        for place, message in enumerate(messages):
            if go_on and place == len(messages) - 1:
                yield from self._template.opening["assistant"]
                yield from _words(message)
                return
            yield from self._turns(message, tools=place == 0)
        yield from self._template.opening["assistant"]

    def _turns(self, message: Message, *, tools: bool) -> Iterator[Segment]:
        match message.role:
            case "system":
                body = [*_words(message), *(self._tool_list() if tools else ())]
            case "user":
                body = [*self._media(message), *_words(message)]
            case "assistant":
                body = [*_words(message), *self._calls(message)]
            case "tool":
                yield from self._results(message)
                return
        yield from self._turn(message, body)

    def _turn(self, message: Message, body: Iterable[Segment]) -> Iterator[Segment]:
        yield from self._template.opening[message.role]
        yield from body
        yield from self._template.closing

    def _tool_list(self) -> Iterator[Segment]:
        if self._tools:
            described = [
                {"name": t.name, "description": t.description, "parameters": t.parameters}
                for t in self._tools
            ]
            yield from (Control("tool"), _json(described), Control("/tool"))

    def _media(self, message: Message) -> Iterator[Segment]:
        for part in message.parts:
            match part:
                case Image():
                    yield self._picture(part)
                case ToolCall() | ToolResult():
                    _refuse(message, part)
        for part in message.parts:
            if isinstance(part, Audio):
                yield self._clip(part)

    def _picture(self, part: Image) -> PictureInput:
        if self._encode_image is None:
            raise _text_only("pictures")
        return self._encode_image(part)

    def _clip(self, part: Audio) -> ClipInput:
        if self._encode_audio is None:
            raise _text_only("sound")
        return self._encode_audio(part)

    def _calls(self, message: Message) -> Iterator[Segment]:
        calls: list[dict[str, object]] = []
        for part in message.parts:
            if isinstance(part, ToolCall):
                calls.append({"name": part.name, "arguments": part.arguments})
            elif not isinstance(part, Text):
                _refuse(message, part)
        if calls:
            self._demand_tools()
            yield from (Control("tool_call"), _json(calls), Control("/tool_call"))

    def _results(self, message: Message) -> Iterator[Segment]:
        self._demand_tools()
        for part in message.parts:
            if not isinstance(part, ToolResult):
                _refuse(message, part)
            yield from self._turn(message, [part.content])

    def _demand_tools(self) -> None:
        if not self._template.calls_tools:
            raise InputError(
                "This model was not trained to call tools.",
                "Use Phi-4-multimodal or Phi-4-mini, or ask without tools.",
            )


def _words(message: Message) -> Iterator[str]:
    """The texts of a message as one, a newline between them; nothing else for a system turn."""
    if message.role == "system":
        for part in message.parts:
            if not isinstance(part, Text):
                _refuse(message, part)
    texts = [part.text for part in message.parts if isinstance(part, Text)]
    if texts:
        yield "\n".join(texts)


def _refuse(message: Message, part: Part) -> NoReturn:
    kind = {
        Text: "text",
        Image: "a picture",
        Audio: "a sound",
        ToolCall: "a tool call",
        ToolResult: "the result of a tool",
    }[type(part)]
    raise UsageError(
        f"A message of the role {message.role!r} cannot hold {kind}.",
        "Pictures and sound belong into a user's message.",
    )


def _text_only(medium: str) -> InputError:
    return InputError(
        f"This model reads text only, not {medium}.",
        "Choose Phi-4-multimodal with --model for pictures and sound.",
    )


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            "A tool's description or its arguments cannot be written as JSON.", str(error)
        ) from error


def _pieces(segments: Iterable[Segment], tokens: Tokens) -> Iterator[PromptPiece]:
    """Encode every segment; neighbouring ids become one run."""
    ids: list[int] = []
    for segment in _spaced(segments, tokens):
        match segment:
            case str():
                ids += tokens.encode_plain(segment)
            case Control():
                ids.append(tokens.control(segment.name))
            case PictureInput() | ClipInput():
                if ids:
                    yield tuple(ids)
                yield segment
                ids = []
    if ids:
        yield tuple(ids)


def _spaced(segments: Iterable[Segment], tokens: Tokens) -> Iterator[Segment]:
    """Join neighbouring texts and drop the white space that control tokens beside them swallow."""
    text, left = "", None
    for segment in segments:
        if isinstance(segment, str):
            text += segment
            continue
        if text:
            yield _between(left, text, segment, tokens)
        yield segment
        text, left = "", segment
    if text:
        yield _between(left, text, None, tokens)


def _between(left: Segment | None, text: str, right: Segment | None, tokens: Tokens) -> str:
    if left is not None and _swallows(left, tokens, "right"):
        text = strip_space(text, "left")
    if right is not None and _swallows(right, tokens, "left"):
        text = strip_space(text, "right")
    return text


def _swallows(segment: Segment, tokens: Tokens, side: Side) -> bool:
    """Whether the token of a segment eats white space; media stand for their placeholders."""
    match segment:
        case Control():
            token = tokens.find(segment.name)
        case PictureInput():
            token = tokens.find("image")
        case ClipInput():
            token = tokens.find("audio")
        case str():
            token = None
    return token is not None and tokens.strips(token, side)
