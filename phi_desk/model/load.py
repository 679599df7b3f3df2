"""Checkpoint to module: every tensor once from the mapped file to its place, in its final
precision.

Knows no prompt. Nothing of a checkpoint is executed; there are never two copies of the weights.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
import transformers
from torch import Tensor, nn

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.decoder import NARROW_CACHE_ATTENTION
from phi_desk.model.linear import AdaptedLinear, LowRank
from phi_desk.model.patches import apply_patches
from phi_desk.model.quantise import Recipe, parameter
from phi_desk.model.spec import CheckpointSpec
from phi_desk.model.weights import AdapterWeights, Ledger, iter_base, read_adapter, read_peft_folder

Attention = Literal["sdpa", "eager"]
OnTensor = Callable[[int, int], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A module ready to run, its adapters by name, and what was mended in transformers."""

    model: Any
    spec: CheckpointSpec
    recipe: Recipe
    adapters: tuple[str, ...]
    patches: tuple[str, ...]


def load(
    spec: CheckpointSpec,
    recipe: Recipe,
    *,
    attention: Attention = "sdpa",
    user_adapters: Sequence[Path] = (),
    on_tensor: OnTensor | None = None,
    cancel: CancelToken | None = None,
) -> Loaded:
    """Build the module and fill it from `spec.folder`.

    `on_tensor(done, total)` is called after each tensor.

    Raises:
        CheckpointError: a tensor is missing, unexpected, of another shape or not finite, or an
            adapter does nothing; `details` lists them all.
        Cancelled: between two tensors.
    """
    cancel = cancel or CancelToken()
    model = _skeleton(spec, attention)
    _wrap_linears(model)
    _drop_dead(model, spec)
    _fill(model, spec, recipe, on_tensor, cancel)
    names: list[str] = []
    for weights in _adapters(spec, user_adapters, cancel):
        if weights.name in names:
            raise CheckpointError(
                f"Two adapters are called {weights.name!r}.", "Rename the folder of one of them."
            )
        _attach(model, weights, recipe)
        names.append(weights.name)
    patches = apply_patches(model) if spec.multimodal else ()
    log.info(
        "loaded %s (%s), adapters %s, mended %s", spec.folder, recipe.precision, names, patches
    )
    return Loaded(model=model, spec=spec, recipe=recipe, adapters=tuple(names), patches=patches)


def _skeleton(spec: CheckpointSpec, attention: Attention) -> Any:
    """The module on the meta device: shapes without memory."""
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    config: Any
    kind: Any
    parts: list[Any] = []
    if spec.multimodal:
        config = transformers.Phi4MultimodalConfig(**spec.model_config())
        kind = transformers.Phi4MultimodalForCausalLM
        parts = [config.vision_config, config.audio_config]
    else:
        config, kind = transformers.Phi3Config(**spec.model_config()), transformers.Phi3ForCausalLM
    with torch.device("meta"):
        model = kind(config).eval()
    model.config._attn_implementation = (  # noqa: SLF001 (read by every attention call)
        NARROW_CACHE_ATTENTION if attention == "sdpa" else attention
    )
    for part in parts:
        part._attn_implementation = attention  # noqa: SLF001
    return model


def _wrap_linears(model: Any) -> None:
    """Put the place for adapters around the decoder's linears, and around nothing else."""
    for layer in range(len(model.model.layers)):
        for target in keys.TARGETS:
            owner = model.get_submodule(f"model.layers.{layer}.{target.rpartition('.')[0]}")
            name = target.rpartition(".")[2]
            setattr(owner, name, AdaptedLinear(getattr(owner, name)))


def _drop_dead(model: Any, spec: CheckpointSpec) -> None:
    """Remove the parts of the vision tower whose output nobody reads."""
    if not spec.multimodal:
        return
    tower = model.model.embed_tokens_extend.image_embed.img_processor
    kept = tower.config.num_hidden_layers + 1 + tower.config.feature_layer
    del tower.encoder.layers[kept:]
    tower.post_layernorm = nn.Identity()
    tower.head = nn.Identity()


def _expected(model: Any, spec: CheckpointSpec) -> dict[str, tuple[int, ...]]:
    """Native name -> shape of everything a file must fill."""
    named = (*model.named_parameters(remove_duplicate=False), *model.named_buffers())
    transient = {f"model.rotary_emb.{name}" for name in ("inv_freq", "original_inv_freq")}
    shapes = {n.replace(".base.", "."): tuple(t.shape) for n, t in named if n not in transient}
    if spec.tied:
        shapes.pop(keys.HEAD, None)
    return shapes


def _fill(
    model: Any,
    spec: CheckpointSpec,
    recipe: Recipe,
    on_tensor: OnTensor | None,
    cancel: CancelToken,
) -> None:
    expected = _expected(model, spec)
    ledger = Ledger(expected)
    for done, (name, tensor) in enumerate(iter_base(spec, ledger, cancel=cancel), 1):
        _place(model, name, tensor, recipe, tied=spec.tied)
        if on_tensor is not None:
            on_tensor(done, len(expected))
    ledger.finish()
    model.model.rotary_emb = None  # the decoder brings its own positions


def _place(model: Any, name: str, tensor: Tensor, recipe: Recipe, *, tied: bool) -> None:
    """Put one tensor of the file where it belongs, in its final form."""
    module_name, _, attribute = name.rpartition(".")
    owner = model.get_submodule(module_name)
    if isinstance(owner, AdaptedLinear):
        owner.base = recipe.linear("decoder", tensor)
    elif name == keys.HEAD:
        model.lm_head = recipe.linear("head", tensor)
    elif attribute in owner._buffers:  # noqa: SLF001 (torch's only list of own buffers)
        setattr(owner, attribute, parameter(tensor, recipe.tower, recipe.device).data)
    else:
        media = name.startswith((keys.MEDIA, keys.EMBEDDING))
        kind = recipe.tower if media else recipe.compute
        setattr(owner, attribute, parameter(tensor, kind, recipe.device))
        if name == keys.EMBEDDING and tied:
            _tie_head(model, tensor, recipe)


def _tie_head(model: Any, tensor: Tensor, recipe: Recipe) -> None:
    """The head shares the embedding's memory, or is an int8 copy of it."""
    if recipe.precision == "int8":
        model.lm_head = recipe.linear("head", tensor)
    else:
        model.lm_head.weight = model.model.embed_tokens.weight


def _adapters(
    spec: CheckpointSpec, folders: Sequence[Path], cancel: CancelToken
) -> Iterator[AdapterWeights]:
    """The built-in adapters, then the person's own."""
    for name in spec.adapters:
        cancel.raise_if_cancelled()
        yield read_adapter(spec, name)
    for folder in folders:
        cancel.raise_if_cancelled()
        yield read_peft_folder(folder, spec)


def _attach(model: Any, weights: AdapterWeights, recipe: Recipe) -> None:
    """Put an adapter beside the decoder's linears, giving each pair's mapping back on the way."""
    for module_name in list(weights.pairs):
        down, up = weights.pairs.pop(module_name)
        owner = model.get_submodule(module_name)
        adapter = LowRank(
            recipe.linear("adapter", down), recipe.linear("adapter", up), weights.scale
        )
        owner.add(weights.name, adapter)
