"""How tensors are named: the published names, the native ones, and those of adapters.

Knows names only: no file, no shape, no value. The native names are transformers' own
(`phi4_multimodal`), under which the module is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

VISION_TOWER: Final = "model.embed_tokens_extend.image_embed.img_processor."
IMAGE_EMBED: Final = "model.embed_tokens_extend.image_embed."
AUDIO_EMBED: Final = "model.embed_tokens_extend.audio_embed."
AUDIO_ENCODER: Final = "model.embed_tokens_extend.audio_embed.encoder."
MEDIA: Final = "model.embed_tokens_extend."
EMBEDDING: Final = "model.embed_tokens.weight"
HEAD: Final = "lm_head.weight"

# The four linears of a decoder layer: the only modules an adapter may change.
TARGETS: Final = ("self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj")
_TARGET = re.compile(r"model\.layers\.\d+\.(self_attn\.(qkv|o)_proj|mlp\.(gate_up|down)_proj)")

# (published, native): what differs; every other name is the same in both.
_RENAMED_EXACTLY: Final = (
    (f"{IMAGE_EMBED}glb_GN", f"{IMAGE_EMBED}global_img_feature_extensor"),
    (f"{IMAGE_EMBED}sub_GN", f"{IMAGE_EMBED}sub_img_feature_extensor"),
)
_RENAMED_MODULES: Final = (
    (f"{IMAGE_EMBED}img_projection.0.", f"{IMAGE_EMBED}img_projection_up."),
    (f"{IMAGE_EMBED}img_projection.2.", f"{IMAGE_EMBED}img_projection_down."),
    (f"{AUDIO_EMBED}audio_projection.speech.0.", f"{AUDIO_EMBED}up_proj_for_speech."),
    (f"{AUDIO_EMBED}audio_projection.speech.2.", f"{AUDIO_EMBED}down_proj_for_speech."),
    (f"{AUDIO_EMBED}audio_projection.vision.0.", f"{AUDIO_EMBED}up_proj_for_vision_speech."),
    (f"{AUDIO_EMBED}audio_projection.vision.2.", f"{AUDIO_EMBED}down_proj_for_vision_speech."),
)
_RENAMED_IN_BLOCKS: Final = (
    ("feed_forward_in.net.0.linear.", "feed_forward_in.gate_up_proj."),
    ("feed_forward_in.net.2.", "feed_forward_in.down_proj."),
    ("feed_forward_out.net.0.linear.", "feed_forward_out.gate_up_proj."),
    ("feed_forward_out.net.2.", "feed_forward_out.down_proj."),
    ("self_attn.linear_q.", "self_attn.q_proj."),
    ("self_attn.linear_k.", "self_attn.k_proj."),
    ("self_attn.linear_v.", "self_attn.v_proj."),
    ("self_attn.linear_out.", "self_attn.o_proj."),
)
_BLOCK = re.compile(rf"{re.escape(AUDIO_ENCODER)}encoders\.\d+\.")
_LORA = re.compile(r"(?P<module>.+)\.lora_(?P<matrix>[AB])(\.(?P<adapter>[^.]+))?\.weight")
_WRAPPED = ".base_layer.weight"
PEFT_PREFIX: Final = "base_model.model."


class LoraKey(NamedTuple):
    """A tensor of an adapter: the native module it changes, "A" or "B", the adapter's name."""

    module: str
    matrix: str
    adapter: str | None


def lora_key(name: str) -> LoraKey | None:
    """Read a name as a tensor of an adapter, or None.

    Understands the shards (`<module>.lora_A.vision.weight`) and peft's folders
    (`<module>.lora_A.weight`), with and without the prefix `base_model.model.`.
    """
    found = _LORA.fullmatch(name.removeprefix(PEFT_PREFIX))
    if found is None:
        return None
    return LoraKey(found["module"], found["matrix"], found["adapter"])


def is_adapter_key(name: str) -> bool:
    """Whether the name is a tensor of an adapter, not of the model."""
    return lora_key(name) is not None


def is_target(module: str) -> bool:
    """Whether a native module name is one of the decoder's linears that an adapter may change."""
    return _TARGET.fullmatch(module) is not None


def target_modules(layers: int) -> Iterator[str]:
    """The decoder's linears, four a layer."""
    for layer in range(layers):
        for target in TARGETS:
            yield f"model.layers.{layer}.{target}"


def to_native(name: str) -> str:
    """The native name of a published base tensor; native names pass unchanged."""
    return _rename(name.removesuffix(_WRAPPED) + ".weight" if name.endswith(_WRAPPED) else name, 0)


def to_published(name: str, *, wrapped: bool = True) -> str:
    """The published name of a native base tensor.

    `wrapped`: adapters are in the shards, so that the decoder's linears are called `.base_layer`.
    """
    module = name.removesuffix(".weight")
    if wrapped and is_target(module):
        return module + _WRAPPED
    return _rename(name, 1)


def is_published(name: str) -> bool:
    """Whether the name exists in the published layout only."""
    return name.endswith(_WRAPPED) or to_native(name) != name or lora_key(name) is not None


def is_native_only(name: str) -> bool:
    """Whether the name exists in the native layout only."""
    return lora_key(name) is None and _rename(name, 1) != name


def dead_patterns(vision_layers: int, feature_layer: int = -2) -> tuple[str, ...]:
    """Prefixes of the native names that never reach an output.

    The features are taken `feature_layer` from the end (-2: after the last layer but one), so the
    layers after that, the closing norm and the pooling head compute nothing that is used.
    """
    layers = range(vision_layers + 1 + feature_layer, vision_layers)
    return (
        *(f"{VISION_TOWER}encoder.layers.{layer}." for layer in layers),
        f"{VISION_TOWER}post_layernorm.",
        f"{VISION_TOWER}head.",
    )


def _rename(name: str, source: int) -> str:
    """`source` 0: published to native; 1: the way back."""
    for pair in _RENAMED_EXACTLY:
        if name == pair[source]:
            return pair[1 - source]
    for pair in _RENAMED_MODULES:
        if name.startswith(pair[source]):
            return pair[1 - source] + name[len(pair[source]) :]
    block = _BLOCK.match(name)
    if block is not None:
        inside = name[block.end() :]
        for pair in _RENAMED_IN_BLOCKS:
            if inside.startswith(pair[source]):
                return block.group() + pair[1 - source] + inside[len(pair[source]) :]
    return name
