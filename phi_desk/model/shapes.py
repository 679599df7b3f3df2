"""Which tensors a model has and how large each is, computed from its configuration alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from phi_desk.model import keys

Shape = tuple[int, ...]


def base_shapes(config: Mapping[str, Any]) -> dict[str, Shape]:
    """Native name -> shape of every tensor of the model without adapters.

    `config` is native, as `read_spec` gives it. The dead tensors of the vision tower are in; the
    head is in only where it is not tied to the embedding.
    """
    hidden, vocab = config["hidden_size"], config["vocab_size"]
    result: dict[str, Shape] = {keys.EMBEDDING: (vocab, hidden), "model.norm.weight": (hidden,)}
    if not config["tie_word_embeddings"]:
        result[keys.HEAD] = (vocab, hidden)
    result.update(_decoder(config))
    if "vision_config" in config:
        result.update(_image(config["vision_config"], hidden))
        result.update(_audio(config["audio_config"], hidden))
    return result


def linear_shapes(config: Mapping[str, Any]) -> dict[str, Shape]:
    """Native module name -> `(out, in)` of the decoder's linears, in the model's order."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    head = hidden // heads
    of_target = {
        "self_attn.qkv_proj": ((heads + 2 * groups) * head, hidden),
        "self_attn.o_proj": (hidden, heads * head),
        "mlp.gate_up_proj": (2 * inner, hidden),
        "mlp.down_proj": (hidden, inner),
    }
    return {
        f"model.layers.{layer}.{target}": shape
        for layer in range(config["num_hidden_layers"])
        for target, shape in of_target.items()
    }


def adapter_shapes(config: Mapping[str, Any], rank: int) -> dict[str, tuple[Shape, Shape]]:
    """Native module name -> shapes of A `(rank, in)` and B `(out, rank)` of a full adapter."""
    return {
        module: ((rank, columns), (rows, rank))
        for module, (rows, columns) in linear_shapes(config).items()
    }


def published_shapes(
    config: Mapping[str, Any], ranks: Mapping[str, int] | None = None
) -> dict[str, Shape]:
    """Published name -> shape; `ranks` names the adapters inside the shards (none: None)."""
    ranks = ranks or {}
    result = {
        keys.to_published(name, wrapped=bool(ranks)): shape
        for name, shape in base_shapes(config).items()
    }
    for adapter, rank in ranks.items():
        for module, (a, b) in adapter_shapes(config, rank).items():
            result[f"{module}.lora_A.{adapter}.weight"] = a
            result[f"{module}.lora_B.{adapter}.weight"] = b
    return result


def _decoder(config: Mapping[str, Any]) -> Iterator[tuple[str, Shape]]:
    hidden = config["hidden_size"]
    for module, shape in linear_shapes(config).items():
        yield f"{module}.weight", shape
    for layer in range(config["num_hidden_layers"]):
        yield f"model.layers.{layer}.input_layernorm.weight", (hidden,)
        yield f"model.layers.{layer}.post_attention_layernorm.weight", (hidden,)


def _linear(name: str, rows: int, columns: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (rows, columns)
    yield f"{name}.bias", (rows,)


def _norm(name: str, size: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (size,)
    yield f"{name}.bias", (size,)


def _conv(name: str, *shape: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", shape
    yield f"{name}.bias", (shape[0],)


def _image(vision: Mapping[str, Any], hidden: int) -> Iterator[tuple[str, Shape]]:
    """The vision tower, its two separators and its projection."""
    size, inner, root = vision["hidden_size"], vision["intermediate_size"], keys.VISION_TOWER
    patch, side = vision["patch_size"], vision["image_size"] // vision["patch_size"]
    yield f"{keys.IMAGE_EMBED}global_img_feature_extensor", (1, 1, size)
    yield f"{keys.IMAGE_EMBED}sub_img_feature_extensor", (1, 1, 1, size)
    yield from _conv(
        f"{root}embeddings.patch_embedding", size, vision["num_channels"], patch, patch
    )
    yield f"{root}embeddings.position_embedding.weight", (side * side, size)
    for layer in range(vision["num_hidden_layers"]):
        block = f"{root}encoder.layers.{layer}."
        for name in ("k_proj", "v_proj", "q_proj", "out_proj"):
            yield from _linear(f"{block}self_attn.{name}", size, size)
        yield from _norm(f"{block}layer_norm1", size)
        yield from _norm(f"{block}layer_norm2", size)
        yield from _linear(f"{block}mlp.fc1", inner, size)
        yield from _linear(f"{block}mlp.fc2", size, inner)
    yield from _norm(f"{root}post_layernorm", size)
    yield from _pooling_head(f"{root}head.", size, inner)
    yield from _linear(f"{keys.IMAGE_EMBED}img_projection_up", hidden, size)
    yield from _linear(f"{keys.IMAGE_EMBED}img_projection_down", hidden, hidden)


def _pooling_head(root: str, size: int, inner: int) -> Iterator[tuple[str, Shape]]:
    yield f"{root}probe", (1, 1, size)
    yield f"{root}attention.in_proj_weight", (3 * size, size)
    yield f"{root}attention.in_proj_bias", (3 * size,)
    yield from _linear(f"{root}attention.out_proj", size, size)
    yield from _norm(f"{root}layernorm", size)
    yield from _linear(f"{root}mlp.fc1", inner, size)
    yield from _linear(f"{root}mlp.fc2", size, inner)


def _audio(audio: Mapping[str, Any], hidden: int) -> Iterator[tuple[str, Shape]]:
    """The speech encoder and its two projections."""
    size, root, channels = audio["hidden_size"], keys.AUDIO_ENCODER, audio["nemo_conv_channels"]
    yield f"{root}encoder_embedding.global_mean", (audio["input_size"],)
    yield f"{root}encoder_embedding.global_invstd", (audio["input_size"],)
    halvings = audio["time_reduction"].bit_length() - 1
    bands = audio["input_size"]
    for _ in range(halvings):
        bands = (bands + 1) // 2
    # The convolutions' numbers count the activations between them: 0, 2, 3, 5, 6, ...
    yield from _conv(f"{root}embed.conv.0", channels, 1, 3, 3)
    for step in range(halvings - 1):
        yield from _conv(f"{root}embed.conv.{3 * step + 2}", channels, 1, 3, 3)
        yield from _conv(f"{root}embed.conv.{3 * step + 3}", channels, channels, 1, 1)
    yield from _linear(f"{root}embed.out", size, channels * bands)
    buckets = audio["bias_max_distance"] * (1 if audio["bias_symmetric"] else 2)
    yield (
        f"{root}relative_attention_bias_layer.bias_values.weight",
        (buckets, audio["num_attention_heads"]),
    )
    for block in range(audio["num_blocks"]):
        yield from _conformer_block(f"{root}encoders.{block}.", audio)
    for use in ("speech", "vision_speech"):
        columns = size * audio["downsample_rate"]
        yield from _linear(f"{keys.AUDIO_EMBED}up_proj_for_{use}", hidden, columns)
        yield from _linear(f"{keys.AUDIO_EMBED}down_proj_for_{use}", hidden, hidden)


def _conformer_block(root: str, audio: Mapping[str, Any]) -> Iterator[tuple[str, Shape]]:
    size, inner, wide = (
        audio["hidden_size"],
        audio["intermediate_size"],
        audio["ext_pw_out_channel"],
    )
    for name in ("feed_forward_in", "feed_forward_out"):
        yield from _norm(f"{root}{name}.layer_norm", size)
        yield from _linear(f"{root}{name}.gate_up_proj", 2 * inner, size)
        yield from _linear(f"{root}{name}.down_proj", size, inner)
    for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
        yield from _linear(f"{root}self_attn.{name}", size, size)
    yield from _norm(f"{root}conv.layer_norm", size)
    yield f"{root}conv.glu.b1", (1, wide, 1)
    yield f"{root}conv.glu.b2", (1, wide, 1)
    yield from _conv(f"{root}conv.glu.ext_pw_conv_1d", 2 * wide, size, 1)
    yield from _conv(f"{root}conv.ext_pw_conv_1d", wide, size, 1)
    deep = size * audio["depthwise_multiplier"]
    out = audio["depthwise_separable_out_channel"]
    yield from _conv(f"{root}conv.dw_sep_conv_1d.dw_conv", deep, 1, audio["kernel_size"])
    yield from _conv(f"{root}conv.dw_sep_conv_1d.pw_conv", out, deep, 1)
    yield from _norm(f"{root}layer_norm_att", size)
    yield from _norm(f"{root}layer_norm", size)
