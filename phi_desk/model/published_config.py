"""A native configuration written back in the published form, for checkpoints we make ourselves.

The inverse of reading (`native_config.from_published`); knows no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from phi_desk.model import published

_SAME: Final = (
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "resid_pdrop", "embd_pdrop", "attention_dropout", "hidden_act",
    "max_position_embeddings", "original_max_position_embeddings", "initializer_range",
    "rms_norm_eps", "use_cache", "tie_word_embeddings", "bos_token_id", "pad_token_id",
    "sliding_window",
)  # fmt: skip
_SAME_AUDIO: Final = (
    "activation", "chunk_size", "conv_activation", "conv_glu_type", "depthwise_multiplier",
    "dropout_rate", "ext_pw_out_channel", "input_size", "kernel_size", "left_chunk",
    "num_blocks", "time_reduction",
)  # fmt: skip


def to_published(
    config: Mapping[str, Any], adapters: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    """The published `config.json` of a native `config`; `adapters`: name -> (rank, alpha).

    `vision_config` is in it only where the vision tower is not the published one: the published
    file is silent about it.
    """
    rope = config["rope_parameters"]
    result = {
        "architectures": ["Phi4MMForCausalLM"],
        "model_type": "phi4mm",
        "torch_dtype": "bfloat16",
        **{key: config[key] for key in _SAME},
        "eos_token_id": config["eos_token_id"][-1],
        "attention_bias": False,
        "mlp_bias": False,
        "lm_head_bias": False,
        "full_attn_mod": 1,
        "interpolate_factor": 1,
        "partial_rotary_factor": rope["partial_rotary_factor"],
        "rope_theta": rope["rope_theta"],
        "rope_scaling": {
            "type": rope["rope_type"],
            "long_factor": rope["long_factor"],
            "short_factor": rope["short_factor"],
        },
        "audio_processor": {"name": "cascades", "config": _audio(config["audio_config"])},
        "embd_layer": _embedding(config),
    }
    for name, (rank, alpha) in adapters.items():
        result[f"{name}_lora"] = {"r": rank, "lora_alpha": alpha, "dp": 0.0}
    if dict(config["vision_config"]) != dict(published.VISION):
        result["vision_config"] = dict(config["vision_config"])
    return result


def _audio(audio: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: audio[key] for key in _SAME_AUDIO},
        "attention_dim": audio["hidden_size"],
        "attention_heads": audio["num_attention_heads"],
        "linear_units": audio["intermediate_size"],
        "depthwise_seperable_out_channel": audio["depthwise_separable_out_channel"],
        "nemo_conv_settings": {"conv_channels": audio["nemo_conv_channels"]},
        "relative_attention_bias_args": {
            "type": "t5",
            "t5_bias_max_distance": audio["bias_max_distance"],
            "t5_bias_symmetric": audio["bias_symmetric"],
        },
        "input_layer": "nemo_conv",
        "batch_norm": False,
        "bias_in_glu": True,
        "causal": True,
        "cnn_layer_norm": True,
        "ext_pw_kernel_size": 1,
    }


def _embedding(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "embedding_cls": "image_audio",
        "audio_embd_layer": {
            "compression_rate": 8,
            "downsample_rate": config["audio_config"]["downsample_rate"],
            "embedding_cls": "audio",
            "projection_cls": "mlp",
            "use_conv_downsample": False,
            "use_qformer": False,
        },
        "image_embd_layer": {
            "crop_size": config["vision_config"]["crop_size"],
            "embedding_cls": "tune_image",
            "hd_transform_order": "sub_glb",
            "image_token_compression_cls": "avg_pool_2d",
            "projection_cls": "mlp",
            "use_hd_transform": True,
            "with_learnable_separator": True,
        },
    }
