"""The engine on this machine: messages to a prompt, token ids to events; no torch until opened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

from phi_desk.cancel import CancelToken
from phi_desk.engine.crops import crop_picture
from phi_desk.engine.detokenise import Detokeniser
from phi_desk.engine.events import (
    Finished,
    Progress,
    Reason,
    Started,
    StreamEvent,
    TextDelta,
    ToolCallReady,
)
from phi_desk.engine.features import clip_input
from phi_desk.engine.messages import Audio, ChatRequest, Image, ToolCall
from phi_desk.engine.prompt import build_prompt
from phi_desk.engine.routing import Route, route
from phi_desk.engine.tokens import Tokens
from phi_desk.engine.tool_calls import ToolCallParser
from phi_desk.errors import Cancelled, ContextError
from phi_desk.libraries import load_beside
from phi_desk.media.sound import Sound
from phi_desk.model.inputs import ClipInput, PictureInput, Prompt

if TYPE_CHECKING:
    from phi_desk.model.generate import Limits, Step
    from phi_desk.model.runtime import Runtime

BLOCK_SECONDS = 40.0  # the speech encoder relates nothing across a longer distance, as published
NOTES: dict[Reason, str] = {
    "context": "The model's context is full: the answer ends here.",
    "repetition": "The answer began to repeat itself and was ended.",
    "length": "The answer reached the most tokens allowed.",
}


class LocalEngine:
    """A checkpoint loaded into this process.

    Attributes:
        adapters: names that a request may choose.
        context: most tokens of prompt and answer together.
        plan: one sentence on where and how exactly it runs.
    """

    def __init__(self, runtime: Runtime, tokens: Tokens) -> None:
        self._runtime: Runtime | None = runtime
        self._tokens = tokens
        self.adapters = runtime.adapters
        self.context = runtime.context
        self.plan = runtime.plan.sentence

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        device: str = "auto",
        precision: str = "auto",
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        adapters: Sequence[Path] = (),
        attention: str = "sdpa",
        chunk: int | None = None,
    ) -> Self:
        """Load the checkpoint in `folder`; `adapters` are folders of the person's own.

        `attention` ("sdpa", "eager") and `chunk` (positions of a prefill step) are for benchmarks.

        Raises:
            PhiDeskError: damaged files, no memory for it, no such device; `Cancelled` by `cancel`.
        """
        load_beside("torch", "lib/libtorch_cpu.so", "lib/libtorch_cpu.dylib")
        tokens = Tokens.load(folder)
        from phi_desk.model.runtime import open_runtime

        def on_tensor(done: int, total: int) -> None:
            if progress is not None:
                progress(Progress("load", done, total))

        runtime = open_runtime(
            folder,
            device=device,
            precision=precision,
            user_adapters=adapters,
            on_tensor=on_tensor,
            attention="eager" if attention == "eager" else "sdpa",
            chunk=chunk,
            cancel=cancel,
        )
        return cls(runtime, tokens)

    @property
    def runtime(self) -> Runtime:
        """The loaded checkpoint; for benchmarks."""
        if self._runtime is None:
            raise RuntimeError("the engine is closed")
        return self._runtime

    def close(self) -> None:
        """Give the model's memory back; the engine is of no use afterwards."""
        runtime, self._runtime = self._runtime, None
        if runtime is not None:
            runtime.close()

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Answer `request`; see `engine.base.Engine`.

        Raises:
            ContextError: the prompt alone is longer than the model's context.
            InputError: a picture or a sound cannot be used.
            MemoryExhaustedError: memory ran out; the engine stays usable.
        """
        started = time.perf_counter()
        way = route(request.messages, request.adapter, self.adapters)
        try:
            prompt = self.prompt(request, cancel)
        except Cancelled:
            yield _never_begun(way, time.perf_counter() - started)
            return
        self._check_length(prompt)
        with closing(self.runtime.begin(prompt, way.adapter, way.projection)) as answer:
            yield Started(
                adapter=way.adapter,
                prompt_tokens=prompt.tokens,
                cached_tokens=answer.cached,
                image_tokens=sum(p.tokens for p in prompt.pictures),
                audio_tokens=sum(c.tokens for c in prompt.clips),
            )
            steps = answer.steps(self._limits(request), cancel)
            writing = _Writing(self._tokens, request, way, prompt, answer.cached, started)
            for step in steps:
                yield from writing.events(step)

    def _limits(self, request: ChatRequest) -> Limits:
        from phi_desk.model.generate import Limits

        options = request.options
        return Limits(
            max_tokens=options.max_tokens,
            stop_ids=self._tokens.ends | frozenset(self.runtime.spec.end_token_ids),
            temperature=options.temperature,
            top_p=options.top_p,
            seed=options.seed,
            stop_loops=options.stop_loops,
        )

    def prompt(self, request: ChatRequest, cancel: CancelToken) -> Prompt:
        """What the model will read for `request`, so also what it costs: `.tokens`.

        Raises:
            InputError: a picture or a sound cannot be used.
            Cancelled: by `cancel`.
        """
        spec = self.runtime.spec
        if not spec.multimodal:
            return build_prompt(
                request.messages, request.tools, self._tokens, None, None, go_on=request.go_on
            )
        crop_size = int(spec.config["vision_config"]["crop_size"])

        def encode_image(part: Image) -> PictureInput:
            from phi_desk.media.images import read_picture

            cancel.raise_if_cancelled()
            source = part.source
            picture = read_picture(source, cancel=cancel) if isinstance(source, Path) else source
            most = min(request.options.max_crops, spec.max_crops)
            return crop_picture(picture, crop_size=crop_size, max_crops=most, cancel=cancel)

        def encode_audio(part: Audio) -> ClipInput:
            from phi_desk.media.decode import read_sound

            cancel.raise_if_cancelled()
            source = part.source
            sound = read_sound(source, cancel=cancel) if isinstance(source, Path) else source
            trailing = spec.trailing_frames
            return clip_input(sound, block_cuts(sound), cancel, trailing_frames=trailing)

        return build_prompt(
            request.messages,
            request.tools,
            self._tokens,
            encode_image,
            encode_audio,
            go_on=request.go_on,
        )

    def _check_length(self, prompt: Prompt) -> None:
        if prompt.tokens >= self.context:
            raise ContextError(
                f"This takes {prompt.tokens:,} tokens; the model's context is {self.context:,}.",
                "Send less: fewer pictures, --max-crops, a shorter recording or a new chat.",
            )


def block_cuts(sound: Sound) -> tuple[int, ...]:
    """Where a recording of over 40 s is cut for the encoder, in samples: at pauses.

    A sound without pauses gets no cuts: the encoder then lays its own 40 s grid, as published.
    """
    if sound.seconds <= BLOCK_SECONDS:
        return ()
    from phi_desk.media.blocks import cut_at_pauses
    from phi_desk.media.vad import open_detector

    cuts = cut_at_pauses(sound, open_detector(), longest_s=BLOCK_SECONDS)
    grid = int(BLOCK_SECONDS * sound.rate)
    return () if all(cut % grid == 0 for cut in cuts) else cuts


def _never_begun(way: Route, seconds: float) -> Finished:
    return Finished(
        text="",
        reason="cancelled",
        adapter=way.adapter,
        prompt_tokens=0,
        cached_tokens=0,
        output_ids=(),
        first_token_s=None,
        seconds=seconds,
    )


class _Writing:
    """Turns the steps of one answer into events."""

    def __init__(
        self,
        tokens: Tokens,
        request: ChatRequest,
        way: Route,
        prompt: Prompt,
        cached: int,
        started: float,
    ) -> None:
        self._detokeniser = Detokeniser(tokens, tools=bool(request.tools))
        self._parser = ToolCallParser([tool.name for tool in request.tools])
        self._way, self._prompt, self._cached, self._started = way, prompt, cached, started
        self._text: list[str] = []
        self._ids: list[int] = []
        self._first: float | None = None

    def events(self, step: Step) -> Iterator[StreamEvent]:
        """What a step tells the reader."""
        from phi_desk.model.generate import Ended, Token, Working

        match step:
            case Working(phase, done, total):
                yield Progress(phase, done, total)
            case Token(id_):
                if self._first is None:
                    self._first = time.perf_counter() - self._started
                self._ids.append(id_)
                yield from self._outputs(self._parser.feed(self._detokeniser.push(id_)))
            case Ended(reason):
                yield from self._outputs(self._parser.feed(self._detokeniser.flush()))
                yield from self._outputs(self._parser.flush())
                yield self._finished(reason)

    def _outputs(self, outputs: list[str | ToolCall]) -> Iterator[StreamEvent]:
        for output in outputs:
            if isinstance(output, ToolCall):
                yield ToolCallReady(output)
            elif output:
                self._text.append(output)
                yield TextDelta(output)

    def _finished(self, reason: Reason) -> Finished:
        return Finished(
            text="".join(self._text),
            reason=reason,
            adapter=self._way.adapter,
            prompt_tokens=self._prompt.tokens,
            cached_tokens=self._cached,
            output_ids=tuple(self._ids),
            first_token_s=self._first,
            seconds=time.perf_counter() - self._started,
            note=NOTES.get(reason, ""),
        )
