"""A loaded checkpoint, ready to answer: the one door through which the engine reaches torch.

Knows no message and no file but the checkpoint's.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

from phi_desk.cancel import CancelToken
from phi_desk.errors import MemoryExhaustedError
from phi_desk.model.decoder import Decoder
from phi_desk.model.devices import find_devices, free_memory
from phi_desk.model.generate import Generation, Limits, Step
from phi_desk.model.inputs import Projection, Prompt
from phi_desk.model.linear import release
from phi_desk.model.load import Attention, Loaded, OnTensor, load
from phi_desk.model.plan import Plan, Sizes, gigabytes, make_plan
from phi_desk.model.quantise import Recipe
from phi_desk.model.spec import read_spec
from phi_desk.model.speech import SpeechEncoder
from phi_desk.model.threads import settle_threads
from phi_desk.model.vision import VisionEncoder

log = logging.getLogger(__name__)
# What torch says when the processor's memory is out: it has no class of its own for that.
_CPU_ALLOCATOR = ("can't allocate memory", "not enough memory", "DefaultCPUAllocator")


class Runtime:
    """One checkpoint on one device.

    Attributes:
        spec: what the checkpoint is.
        adapters: names of the adapters, built-in ones first.
        context: most positions of prompt and answer together.
        plan: where it runs and why.
    """

    def __init__(self, loaded: Loaded, plan: Plan, chunk: int | None = None) -> None:
        recipe, media = loaded.recipe, loaded.spec.multimodal
        self.spec = loaded.spec
        self.adapters = loaded.adapters
        self.plan = plan
        self.model = loaded.model
        decoder = Decoder(loaded.model, recipe.compute, recipe.cache)
        self.context = decoder.context
        extend = loaded.model.model.embed_tokens_extend if media else None
        self.generation = Generation(
            decoder,
            VisionEncoder(extend.image_embed) if extend is not None else None,
            SpeechEncoder(extend.audio_embed) if extend is not None else None,
            chunk,
        )
        self._sizes = Sizes.of(self.spec.config, _ranks(loaded))

    @property
    def weight_bytes(self) -> int:
        """Bytes of all weights in the precision they are loaded in."""
        return self._sizes.weight_bytes(self.plan.precision)

    def begin(self, prompt: Prompt, adapter: str | None, projection: Projection) -> Answer:
        """Understand a request; `Answer.cached` positions of it are known already.

        Answers may be interleaved, from one thread; each is closed when it is done with.
        """
        return Answer(self, prompt, adapter, projection)

    def close(self) -> None:
        """Give all memory back, now.

        The modules themselves may live on for a while: frames that libraries keep from when they
        were imported lead to them. So the weights are taken out of them.
        """
        self.generation.forget()
        for module in self.model.modules():
            release(module)

    @contextmanager
    def guarded(self, positions: int) -> Iterator[None]:
        """Turn running out of memory into a sentence, and give back what is not the weights."""
        try:
            yield
        except (MemoryError, torch.OutOfMemoryError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not _out_of_memory(error):
                raise
            self.generation.forget()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            raise self._exhausted(positions) from error

    def _exhausted(self, positions: int) -> MemoryExhaustedError:
        free = free_memory()
        if self.plan.device.kind == "cuda":
            free = torch.cuda.mem_get_info(0)[0]
        each = self._sizes.cache_bytes(self.plan.precision, 1)
        fits = max(0, free - 2 * 10**8) // (2 * each)
        return MemoryExhaustedError(
            f"Memory ran out at {positions:,} tokens; {gigabytes(free)} are free.",
            f"About {min(fits, self.context):,} tokens fit: send fewer or smaller pictures "
            "(--max-crops), shorter sound, or load the model in int8.",
        )


class Answer:
    """One request to a runtime.

    Attributes:
        cached: positions of the prompt that need not be computed again.
    """

    def __init__(
        self, runtime: Runtime, prompt: Prompt, adapter: str | None, projection: Projection
    ) -> None:
        self._runtime = runtime
        self._prompt = prompt
        self._run = runtime.generation.begin(prompt, adapter, projection)
        self.cached = self._run.cached

    def steps(self, limits: Limits, cancel: CancelToken) -> Iterator[Step]:
        """Work, tokens, and one `Ended`.

        Raises:
            MemoryExhaustedError: memory ran out; the runtime stays usable.
        """
        with self._runtime.guarded(self._prompt.tokens):
            yield from self._run.steps(limits, cancel)

    def close(self) -> None:
        """Leave what was read to the next request; twice does no harm."""
        self._run.close()


def open_runtime(
    folder: Path,
    *,
    device: str = "auto",
    precision: str = "auto",
    user_adapters: Sequence[Path] = (),
    attention: Attention = "sdpa",
    chunk: int | None = None,
    on_tensor: OnTensor | None = None,
    cancel: CancelToken | None = None,
) -> Runtime:
    """Read what `folder` is, decide what fits, and load it.

    Raises:
        CheckpointError: the files are damaged or of another kind.
        UsageError: a device or precision that this machine does not have.
        DoesNotFitError: not enough memory, with what would fit.
        Cancelled: by `cancel`, between two tensors.
    """
    spec = read_spec(folder)
    sizes = Sizes.of(spec.config, {a.name: a.rank for a in spec.adapters.values()})
    plan = make_plan(sizes, find_devices(), device, precision)
    log.info("plan: %s", plan.sentence)
    recipe = Recipe.of(plan.precision, torch.device(plan.device.kind))
    settle_threads(spec.sizes.loaded)
    loaded = load(
        spec,
        recipe,
        attention=attention,
        user_adapters=user_adapters,
        on_tensor=on_tensor,
        cancel=cancel,
    )
    return Runtime(loaded, plan, chunk)


def _ranks(loaded: Loaded) -> dict[str, int]:
    return {a.name: a.rank for a in loaded.spec.adapters.values()}


def _out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error) for words in _CPU_ALLOCATOR
    )
