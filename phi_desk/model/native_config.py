"""A model's `config.json` in the form the native model classes take; knows no tensor.

Reads data only: `auto_map` and whatever else names code to run is ignored. Fields that have no
native counterpart are checked to hold the one value the native model implements.
"""

from __future__ import annotations

from typing import Any, Final

from phi_desk.model import published
from phi_desk.model.fields import Fields

_ACTIVATIONS: Final = ("swish", "silu", "gelu", "gelu_pytorch_tanh", "relu")

# What the published audio and image settings must be: the native model knows nothing else.
_AUDIO_FIXED: Final = {
    "batch_norm": False, "bias_in_glu": True, "causal": True, "cnn_layer_norm": True,
    "ext_pw_kernel_size": 1, "input_layer": "nemo_conv",
}  # fmt: skip
_AUDIO_EMBED_FIXED: Final = {
    "compression_rate": 8, "projection_cls": "mlp", "use_conv_downsample": False,
    "use_qformer": False,
}  # fmt: skip
_IMAGE_EMBED_FIXED: Final = {
    "hd_transform_order": "sub_glb", "image_token_compression_cls": "avg_pool_2d",
    "projection_cls": "mlp", "use_hd_transform": True, "with_learnable_separator": True,
}  # fmt: skip
_DECODER_FIXED: Final = {
    "attention_bias": False, "mlp_bias": False, "lm_head_bias": False, "full_attn_mod": 1,
    "interpolate_factor": 1,
}  # fmt: skip


def from_published(raw: Fields) -> dict[str, Any]:
    """The native form of the published (`phi4mm`) configuration.

    Raises:
        CheckpointError: for a value that is missing, of a wrong type, or not implemented.
    """
    result = _decoder(raw, partial_default=0.75, tied_default=True)
    result["eos_token_id"] = _end_ids(raw)
    embed = raw.inner("embd_layer", {})
    image = embed.inner("image_embd_layer", {})
    audio = embed.inner("audio_embd_layer", {})
    _check_fixed(image, _IMAGE_EMBED_FIXED)
    _check_fixed(audio, _AUDIO_EMBED_FIXED)
    result["vision_config"] = _vision(
        raw.inner("vision_config", {}), crop_size=image.integer("crop_size", 448, most=4096)
    )
    result["audio_config"] = _published_audio(
        raw.inner("audio_processor").inner("config"),
        downsample_rate=audio.integer("downsample_rate", 1, most=16),
    )
    return result


def from_native(raw: Fields) -> dict[str, Any]:
    """The native form of a native (`phi4_multimodal`) configuration: the same, checked."""
    result = _decoder(raw, partial_default=1.0, tied_default=None)
    result["eos_token_id"] = _end_ids(raw)
    result["vision_config"] = _vision(raw.inner("vision_config", {}))
    result["audio_config"] = _native_audio(raw.inner("audio_config", {}))
    return result


def from_phi3(raw: Fields) -> dict[str, Any]:
    """The native form of a `phi3` configuration (Phi-4-mini, Phi-4)."""
    result = _decoder(raw, partial_default=1.0, tied_default=None)
    result["eos_token_id"] = list(raw.ids("eos_token_id"))
    return result


def _decoder(raw: Fields, *, partial_default: float, tied_default: bool | None) -> dict[str, Any]:
    """What all three have in common; `tied_default` None leaves the choice to the tensors."""
    _check_fixed(raw, _DECODER_FIXED)
    heads = raw.integer("num_attention_heads", most=4096)
    result: dict[str, Any] = {
        "vocab_size": raw.integer("vocab_size", most=10_000_000),
        "hidden_size": raw.integer("hidden_size"),
        "intermediate_size": raw.integer("intermediate_size"),
        "num_hidden_layers": raw.integer("num_hidden_layers", most=1000),
        "num_attention_heads": heads,
        "num_key_value_heads": raw.integer("num_key_value_heads", heads, most=4096),
        "resid_pdrop": raw.number("resid_pdrop", 0.0, most=1.0),
        "embd_pdrop": raw.number("embd_pdrop", 0.0, most=1.0),
        "attention_dropout": raw.number("attention_dropout", 0.0, most=1.0),
        "hidden_act": raw.text("hidden_act", "silu", among=_ACTIVATIONS),
        "max_position_embeddings": raw.integer("max_position_embeddings", most=100_000_000),
        "initializer_range": raw.number("initializer_range", 0.02),
        "rms_norm_eps": raw.number("rms_norm_eps", 1e-5, most=1.0),
        "use_cache": True,
        "bos_token_id": _first(raw.ids("bos_token_id")),
        "pad_token_id": _first(raw.ids("pad_token_id")),
        "sliding_window": _optional_integer(raw, "sliding_window"),
    }
    result["original_max_position_embeddings"] = raw.integer(
        "original_max_position_embeddings", result["max_position_embeddings"], most=100_000_000
    )
    if "tie_word_embeddings" in raw or tied_default is not None:
        result["tie_word_embeddings"] = raw.boolean("tie_word_embeddings", tied_default)
    _check_heads(raw, result)
    for key in ("bos_token_id", "pad_token_id"):
        if result[key] is not None and result[key] >= result["vocab_size"]:
            raise raw.error(f"{key} lies outside the vocabulary")
    result["rope_parameters"] = _rope(raw, result, partial_default)
    return result


def _check_heads(raw: Fields, config: dict[str, Any]) -> None:
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    if config["hidden_size"] % heads:
        raise raw.error("hidden_size must be a multiple of num_attention_heads")
    if heads % groups:
        raise raw.error("num_attention_heads must be a multiple of num_key_value_heads")
    raw.fixed("head_dim", config["hidden_size"] // heads)


def _rope(raw: Fields, config: dict[str, Any], partial_default: float) -> dict[str, Any]:
    """`rope_parameters` from it, or from the older `rope_scaling` and its neighbours."""
    given = raw.inner("rope_parameters" if "rope_parameters" in raw else "rope_scaling", {}) \
        if "rope_parameters" in raw or "rope_scaling" in raw else Fields({}, raw.where)  # fmt: skip
    kind = given.text("rope_type", given.text("type", "default"))
    kind = "longrope" if kind in {"longrope", "su", "yarn"} else kind
    if kind not in {"default", "longrope"}:
        raise given.error(f"the position encoding {kind[:60]!r} is not supported")
    partial = given.number(
        "partial_rotary_factor", raw.number("partial_rotary_factor", partial_default), most=1.0
    )
    rotary = int(config["hidden_size"] // config["num_attention_heads"] * partial)
    if rotary < 2 or rotary % 2:
        raise raw.error("partial_rotary_factor must leave an even number of rotating dimensions")
    result: dict[str, Any] = {
        "rope_type": kind,
        "rope_theta": given.number("rope_theta", raw.number("rope_theta", 10_000.0), least=1.0),
        "partial_rotary_factor": partial,
    }
    if kind == "longrope":
        border = config["original_max_position_embeddings"]
        if not 1 < border <= config["max_position_embeddings"]:
            raise raw.error("original_max_position_embeddings must lie within the context")
        result["original_max_position_embeddings"] = border
        # The ratio is what the published code uses; transformers wants it spelled out.
        result["factor"] = given.number(
            "factor", config["max_position_embeddings"] / border, least=1.0
        )
        if "attention_factor" in given:
            result["attention_factor"] = given.number("attention_factor")
        result["short_factor"] = given.numbers("short_factor", rotary // 2)
        result["long_factor"] = given.numbers("long_factor", rotary // 2)
    return result


def _vision(raw: Fields, crop_size: int | None = None) -> dict[str, Any]:
    """The vision tower; what the file does not say is as published."""
    known = published.VISION
    result: dict[str, Any] = {
        key: raw.integer(key, known[key], most=100_000)
        for key in ("hidden_size", "intermediate_size", "num_attention_heads", "num_channels",
                    "image_size", "patch_size")
    }  # fmt: skip
    result["num_hidden_layers"] = raw.integer(
        "num_hidden_layers", known["num_hidden_layers"], most=1000
    )
    result["crop_size"] = raw.integer("crop_size", crop_size or known["crop_size"], most=4096)
    result["hidden_act"] = raw.text("hidden_act", known["hidden_act"], among=_ACTIVATIONS)
    result["layer_norm_eps"] = raw.number("layer_norm_eps", known["layer_norm_eps"], most=1.0)
    result["attention_dropout"] = raw.number("attention_dropout", 0.0, most=1.0)
    result["image_token_id"] = raw.integer("image_token_id", known["image_token_id"])
    result["feature_layer"] = _feature_layer(raw, result["num_hidden_layers"])
    if result["hidden_size"] % result["num_attention_heads"]:
        raise raw.error("hidden_size must be a multiple of num_attention_heads")
    if result["image_size"] % result["patch_size"] or result["image_size"] < result["patch_size"]:
        raise raw.error("image_size must be a multiple of patch_size")
    return result


def _published_audio(raw: Fields, downsample_rate: int) -> dict[str, Any]:
    """The speech encoder from the published names (one of them with its misspelling)."""
    _check_fixed(raw, _AUDIO_FIXED)
    bias = raw.inner("relative_attention_bias_args", {})
    bias.fixed("type", "t5")
    nemo = raw.inner("nemo_conv_settings", {})
    renamed: dict[str, Any] = {
        "hidden_size": raw.integer("attention_dim"),
        "intermediate_size": raw.integer("linear_units"),
        "num_attention_heads": raw.integer("attention_heads", most=4096),
        "depthwise_separable_out_channel": raw.integer("depthwise_seperable_out_channel"),
        "bias_max_distance": bias.integer("t5_bias_max_distance", 500),
        "bias_symmetric": bias.boolean("t5_bias_symmetric", default=False),
        "nemo_conv_channels": nemo.integer("conv_channels", raw.integer("attention_dim")),
        "downsample_rate": downsample_rate,
    }
    return _native_audio(Fields({**raw.values, **renamed}, raw.where))


def _native_audio(raw: Fields) -> dict[str, Any]:
    """The speech encoder; what the file does not say is as published."""
    known = published.AUDIO
    result: dict[str, Any] = {
        key: raw.integer(key, known[key], most=100_000)
        for key in ("hidden_size", "intermediate_size", "num_attention_heads",
                    "ext_pw_out_channel", "depthwise_separable_out_channel",
                    "depthwise_multiplier", "kernel_size", "input_size", "time_reduction",
                    "bias_max_distance", "nemo_conv_channels", "downsample_rate")
    }  # fmt: skip
    result["num_blocks"] = raw.integer("num_blocks", known["num_blocks"], most=1000)
    for key in ("activation", "conv_activation", "conv_glu_type", "nemo_activation"):
        result[key] = raw.text(key, known[key], among=_ACTIVATIONS)
    result["chunk_size"] = raw.integer("chunk_size", known["chunk_size"], least=-1)
    result["left_chunk"] = raw.integer("left_chunk", known["left_chunk"], least=0)
    result["dropout_rate"] = raw.number("dropout_rate", 0.0, most=1.0)
    result["bias_symmetric"] = raw.boolean("bias_symmetric", known["bias_symmetric"])
    result["initializer_range"] = raw.number("initializer_range", 0.02)
    result["audio_token_id"] = raw.integer("audio_token_id", known["audio_token_id"])
    result["feature_layer"] = _feature_layer(raw, result["num_blocks"])
    if result["hidden_size"] % result["num_attention_heads"]:
        raise raw.error("hidden_size must be a multiple of num_attention_heads")
    if result["time_reduction"] not in {2, 4, 8, 16, 32}:
        raise raw.error("time_reduction must be 2, 4, 8, 16 or 32")
    return result


def _feature_layer(raw: Fields, layers: int) -> int:
    """Counted from the end, -1 the last layer's output."""
    return raw.integer("feature_layer", -2, least=-layers - 1, most=-1)


def _end_ids(raw: Fields) -> list[int]:
    """The two published tokens that end an answer (config.json alone says one), and the file's."""
    return list(dict.fromkeys((*published.END_TOKEN_IDS, *raw.ids("eos_token_id"))))


def _optional_integer(raw: Fields, key: str) -> int | None:
    return raw.integer(key, most=100_000_000) if key in raw else None


def _first(ids: tuple[int, ...]) -> int | None:
    return ids[0] if ids else None


def _check_fixed(raw: Fields, only: dict[str, Any]) -> None:
    for key, value in only.items():
        raw.fixed(key, value)
