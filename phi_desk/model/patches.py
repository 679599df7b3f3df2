"""What is wrong in transformers' Phi4Multimodal, mended on one model object; knows no checkpoint.

Our own generation does not pass through all of these places, but whatever else runs the model
(`model.generate`, training) must compute the same. `tests/model/test_patches.py` shows each fault
on the untouched class: the day upstream is right that test fails, and the patch goes.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any

import torch
import transformers
from torch import Tensor
from transformers.models.phi4_multimodal import modeling_phi4_multimodal as upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One fault: `reason` says what goes wrong, `versions` which transformers have it."""

    name: str
    reason: str
    versions: tuple[str, ...]
    apply: Callable[[Any], None]

    @property
    def applies(self) -> bool:
        """Whether the installed transformers is one of `versions`."""
        return transformers.__version__ in self.versions


def _look_both_ways(model: Any) -> None:
    kinds = (upstream.Phi4MultimodalVisionAttention, upstream.Phi4MultimodalAudioAttention)
    for module in model.modules():
        if isinstance(module, kinds):
            module.is_causal = False


def _additive(mask: Tensor, like: Tensor) -> Tensor:
    return torch.where(mask, 0.0, torch.finfo(like.dtype).min).to(like.dtype)


def _apply_audio_mask(model: Any) -> None:
    encoder = model.model.embed_tokens_extend.audio_embed.encoder
    embeddings, block_mask = encoder.forward_embeddings, encoder.calculate_hs_mask

    def forward_embeddings(_: Any, states: Tensor, masks: Tensor | None) -> tuple[Any, Any, Any]:
        hidden, mask, padding = embeddings(states, masks)
        return hidden, _additive(mask, hidden), padding

    def calculate_hs_mask(_: Any, states: Tensor, device: Any, mask: Tensor | None) -> Tensor:
        return _additive(block_mask(states, device, mask), states)

    encoder.forward_embeddings = MethodType(forward_embeddings, encoder)
    encoder.calculate_hs_mask = MethodType(calculate_hs_mask, encoder)


def _unfold(tensor: Tensor, length: int) -> Tensor:
    """`[N, T, D]` to `[N * (T // length), length, D]`."""
    batch, total, width = tensor.shape
    whole = total // length * length
    return tensor[:, :whole].reshape(batch * (whole // length), length, width)


def _unfold_any_layout(_: Any) -> None:
    upstream.unfold_tensor = _unfold


def _rebuild_at_border(model: Any) -> None:
    prepare = model.prepare_inputs_for_generation

    def prepare_inputs_for_generation(
        self: Any, input_ids: Tensor, past_key_values: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        border = self.config.original_max_position_embeddings
        longrope = (self.config.rope_parameters or {}).get("rope_type") == "longrope"
        held = past_key_values.get_seq_length() if past_key_values is not None else 0
        if longrope and 0 < held <= border < input_ids.shape[1]:
            past_key_values = None
            kwargs |= {"next_sequence_length": None, "is_first_iteration": True}
        inputs: dict[str, Any] = prepare(input_ids, past_key_values=past_key_values, **kwargs)
        return inputs

    model.prepare_inputs_for_generation = MethodType(prepare_inputs_for_generation, model)


PATCHES = (
    Patch(
        name="bidirectional-encoders",
        reason="Under SDPA a picture without padding is seen causally: no patch sees later ones.",
        versions=("5.23.0",),
        apply=_look_both_ways,
    ),
    Patch(
        name="audio-padding-mask",
        reason="The boolean padding mask is added to the scores (+1) instead of shutting them out.",
        versions=("5.23.0",),
        apply=_apply_audio_mask,
    ),
    Patch(
        name="long-audio-batch",
        reason="Several clips of which one is over 40 s crash on a view of strided memory.",
        versions=("5.23.0",),
        apply=_unfold_any_layout,
    ),
    Patch(
        name="longrope-border",
        reason="Past 4096 positions every step feeds only the newest token, to an empty cache.",
        versions=("5.23.0",),
        apply=_rebuild_at_border,
    ),
)


def apply_patches(model: Any) -> tuple[str, ...]:
    """Mend a `Phi4MultimodalForCausalLM`; returns the names of what was mended."""
    applied = tuple(patch for patch in PATCHES if patch.applies)
    for patch in applied:
        patch.apply(model)
    return tuple(patch.name for patch in applied)
