"""From a prompt to token ids, one at a time; knows no text and no event of the engine.

transformers' `generate` is not used: it cannot be stopped inside a prompt, keeps nothing between
two requests, and breaks at the 4096 border.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Generator, Hashable, Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, InputError
from phi_desk.model.contexts import Context, Contexts, encoding_key, identity
from phi_desk.model.decoder import Decoder
from phi_desk.model.encodings import Encodings
from phi_desk.model.inputs import ClipInput, PictureInput, Projection, Prompt
from phi_desk.model.loops import CHECK_EVERY, is_loop
from phi_desk.model.sampling import Sampler
from phi_desk.model.speech import SpeechEncoder
from phi_desk.model.vision import VisionEncoder

CHUNK = {"cpu": 256, "cuda": 2048, "mps": 512}  # positions of one prefill step
Ending = Literal["stop", "length", "context", "repetition", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to end and how to pick a token; `stop_ids` end the answer and are not part of it."""

    max_tokens: int
    stop_ids: frozenset[int]
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    stop_loops: bool = True


@dataclass(frozen=True, slots=True)
class Working:
    """A step of the work before a token: crops and blocks encoded, or positions read."""

    phase: Literal["encode", "prefill"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the answer."""

    id: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Always last."""

    reason: Ending


Step = Working | Token | Ended


class Generation:
    """The model with its memories: encodings by content, and contexts by their common prefix."""

    def __init__(
        self,
        decoder: Decoder,
        vision: VisionEncoder | None = None,
        speech: SpeechEncoder | None = None,
        chunk: int | None = None,
    ) -> None:
        self.decoder = decoder
        self.vision = vision
        self.speech = speech
        self.chunk = chunk or CHUNK.get(decoder.device.type, 256)
        self.encodings = Encodings()
        self.contexts = Contexts(decoder.new_cache)

    def begin(self, prompt: Prompt, adapter: str | None, projection: Projection) -> Run:
        """Understand a request; nothing is computed yet.

        Runs may be interleaved: each has a context of its own until it is closed.
        """
        regime = self.decoder.rope.regime(prompt.tokens)
        positions = identity(prompt, projection)
        context = self.contexts.take(positions, adapter, regime)
        return Run(self, prompt, projection, positions, context)

    def forget(self) -> None:
        """Give back all memory but the weights."""
        self.encodings.clear()
        self.contexts.clear()


class Run:
    """One request on its way.

    Attributes:
        cached: positions of the prompt that need not be computed again.
    """

    def __init__(
        self,
        model: Generation,
        prompt: Prompt,
        projection: Projection,
        positions: list[Hashable],
        context: Context,
    ) -> None:
        self._model = model
        self._decoder = model.decoder
        self._prompt = prompt
        self._projection = projection
        self._context = context
        self._positions = positions
        self._ids: list[int] = []
        self._encoded: dict[str, Tensor] = {}
        self._closed = False
        self.cached = context.cache.length

    def steps(self, limits: Limits, cancel: CancelToken) -> Iterator[Step]:
        """Work, then tokens, then one `Ended`; a cancelled run ends as "cancelled"."""
        try:
            yield from self._steps(limits, cancel)
        except Cancelled:
            yield Ended("cancelled")
        finally:
            self.close()

    def close(self) -> None:
        """Leave what was read to others; also for a run whose steps were never taken."""
        if not self._closed:
            self._closed = True
            self._model.contexts.release(self._context)

    def _steps(self, limits: Limits, cancel: CancelToken) -> Iterator[Step]:
        hidden = yield from self._read_rest(cancel)
        sampler = Sampler(limits.temperature, limits.top_p, limits.seed)
        while True:
            cancel.raise_if_cancelled()
            token = sampler.pick(self._decoder.logits(hidden[-1:])[0])
            if token in limits.stop_ids:
                yield Ended("stop")
                return
            self._ids.append(token)
            self._positions.append(token)
            yield Token(token)
            if (reason := self._ending(limits)) is not None:
                yield Ended(reason)
                return
            regime = self._decoder.rope.regime(len(self._positions))
            if regime != self._context.regime:
                # Past the border every position is rotated otherwise: all are read again, once.
                self._model.contexts.drop(self._context)
                self._context.taken = False
                self._context = self._model.contexts.take([None], self._context.adapter, regime)
            hidden = yield from self._read_rest(cancel)

    def _ending(self, limits: Limits) -> Ending | None:
        if len(self._ids) >= limits.max_tokens:
            return "length"
        if len(self._positions) >= self._decoder.context:
            return "context"
        due = len(self._ids) % CHECK_EVERY == 0
        return "repetition" if limits.stop_loops and due and is_loop(self._ids) else None

    def _read_rest(self, cancel: CancelToken) -> Generator[Step, None, Tensor]:
        """Read every position the context lacks; returns the last chunk's states `[n, hidden]`."""
        start, end = self._context.cache.length, len(self._positions)
        if end - start > 1:
            yield from self._encode(start, cancel)
        hidden = torch.empty(0)
        for first in range(start, end, self._model.chunk):
            last = min(first + self._model.chunk, end)
            hidden = self._read(first, last, cancel)
            if end - start > 1:
                yield Working("prefill", last - start, end - start)
        return hidden

    def _read(self, first: int, last: int, cancel: CancelToken) -> Tensor:
        """Read positions `first` .. `last - 1`; a read that is broken off leaves no trace."""
        context = self._context
        self._decoder.choose_adapter(context.adapter)  # another run may have chosen its own
        try:
            embedded = self._embedded(first, last)
            hidden = self._decoder.forward(embedded, context.cache, context.regime, cancel)
        except BaseException:
            context.crop(first)
            raise
        context.positions.extend(self._positions[first:last])
        return hidden

    def _embedded(self, first: int, last: int) -> Tensor:
        """Positions `first` .. `last - 1` as the decoder reads them, `[last - first, hidden]`."""
        parts, offset = [], 0
        for piece in (*self._prompt.pieces, tuple(self._ids)):
            length = len(piece) if isinstance(piece, tuple) else piece.tokens
            begin, end = max(first - offset, 0), min(last - offset, length)
            if begin < end and isinstance(piece, tuple):
                parts.append(self._decoder.embed(piece[begin:end]))
            elif begin < end and not isinstance(piece, tuple):
                encoded = self._encoded[encoding_key(piece, self._projection)]
                parts.append(encoded[begin:end].to(self._decoder.compute))
            offset += length
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _encode(self, start: int, cancel: CancelToken) -> Iterator[Step]:
        """Have every picture and clip that reaches past position `start` encoded."""
        missing, offset = {}, 0
        for piece in self._prompt.pieces:
            offset += len(piece) if isinstance(piece, tuple) else piece.tokens
            if isinstance(piece, tuple) or offset <= start:
                continue
            key = encoding_key(piece, self._projection)
            kept = self._encoded.get(key)
            kept = self._model.encodings.get(key) if kept is None else kept
            if kept is None:
                missing[key] = piece
            else:
                self._encoded[key] = kept
        total, done = sum(_step_count(piece) for piece in missing.values()), 0
        for key, piece in missing.items():
            encoding = self._encoder(piece, cancel)
            while True:
                try:
                    next(encoding)
                except StopIteration as finished:
                    self._encoded[key] = finished.value
                    self._model.encodings.keep(key, finished.value)
                    break
                done += 1
                yield Working("encode", done, total)

    def _encoder(
        self, piece: PictureInput | ClipInput, cancel: CancelToken
    ) -> Generator[None, None, Tensor]:
        vision, speech = self._model.vision, self._model.speech
        if isinstance(piece, PictureInput) and vision is not None:
            return vision.encode(piece, cancel)
        if isinstance(piece, ClipInput) and speech is not None:
            return speech.encode(piece, self._projection, cancel)
        raise InputError("This model reads text only.", "Choose a Phi-4-multimodal model.")


def _step_count(piece: PictureInput | ClipInput) -> int:
    return len(piece.crops) if isinstance(piece, PictureInput) else len(piece.blocks)
