"""Facts of the published Phi-4-multimodal-instruct: its sizes, ids and fixed choices; no code.

Source: `config.json` of the hub's `main`, revision 93f923e1a7727d1c4f446756212d9d3e8fcc5d81. The
sizes of the vision tower are in no published json file: they are the SigLIP so400m-patch14 ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

IMAGE_TOKEN_ID: Final = 200010  # <|endoftext10|>, renamed <|image|> in the native layout
AUDIO_TOKEN_ID: Final = 200011  # <|endoftext11|>, renamed <|audio|>
END_TOKEN_IDS: Final = (200020, 199999)  # <|end|>, <|endoftext|>
TENSORS: Final = 2047  # in the three shards: 1535 of the model, 512 of the two adapters
TOTAL_BYTES: Final = 11_148_920_768  # of these tensors
ADAPTERS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"vision": (256, 512), "speech": (320, 640)}  # name -> (rank, alpha)
)

# SigLIP, features from the last layer but one.
VISION: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 27,
        "num_attention_heads": 16,
        "num_channels": 3,
        "image_size": 448,
        "patch_size": 14,
        "crop_size": 448,
        "hidden_act": "gelu_pytorch_tanh",
        "layer_norm_eps": 1e-6,
        "attention_dropout": 0.0,
        "image_token_id": IMAGE_TOKEN_ID,
        "feature_layer": -2,
    }
)

# The conformer; names as in the native config.
AUDIO: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "hidden_size": 1024,
        "intermediate_size": 1536,
        "num_blocks": 24,
        "num_attention_heads": 16,
        "activation": "swish",
        "chunk_size": -1,
        "left_chunk": 18,
        "dropout_rate": 0.0,
        "ext_pw_out_channel": 1024,
        "depthwise_separable_out_channel": 1024,
        "depthwise_multiplier": 1,
        "kernel_size": 3,
        "conv_activation": "swish",
        "input_size": 80,
        "conv_glu_type": "swish",
        "time_reduction": 8,
        "bias_max_distance": 500,
        "bias_symmetric": False,
        "nemo_activation": "relu",
        "nemo_conv_channels": 1024,
        "downsample_rate": 1,
        "initializer_range": 0.02,
        "audio_token_id": AUDIO_TOKEN_ID,
        "feature_layer": -2,
    }
)

LONG_FACTORS: Final = (
    1.0, 1.118320672, 1.250641126, 1.398617824, 1.564103225, 1.74916897, 1.956131817, 2.187582649,
    2.446418898, 2.735880826, 3.059592084, 3.421605075, 3.826451687, 4.279200023, 4.785517845,
    5.351743533, 5.984965424, 6.693110555, 7.485043894, 8.370679318, 9.36110372, 10.4687158,
    11.70738129, 13.09260651, 14.64173252, 16.37415215, 18.31155283, 20.47818807, 22.90118105,
    25.61086418, 28.64115884, 32.03, 32.1, 32.13, 32.23, 32.6, 32.61, 32.64, 32.66, 32.7, 32.71,
    32.93, 32.97, 33.28, 33.49, 33.5, 44.16, 47.77,
)  # fmt: skip


def config() -> dict[str, Any]:
    """The published model's configuration in native form, a fresh copy."""
    return {
        "vocab_size": 200064,
        "hidden_size": 3072,
        "intermediate_size": 8192,
        "num_hidden_layers": 32,
        "num_attention_heads": 24,
        "num_key_value_heads": 8,
        "resid_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "attention_dropout": 0.0,
        "hidden_act": "silu",
        "max_position_embeddings": 131072,
        "original_max_position_embeddings": 4096,
        "initializer_range": 0.02,
        "rms_norm_eps": 1e-5,
        "use_cache": True,
        "tie_word_embeddings": True,
        "rope_parameters": {
            "rope_type": "longrope",
            "rope_theta": 10000.0,
            "partial_rotary_factor": 0.75,
            "original_max_position_embeddings": 4096,
            "factor": 32.0,
            "short_factor": [1.0] * 48,
            "long_factor": list(LONG_FACTORS),
        },
        "bos_token_id": 199999,
        "eos_token_id": list(END_TOKEN_IDS),
        "pad_token_id": 199999,
        "sliding_window": 262144,
        "vision_config": dict(VISION),
        "audio_config": dict(AUDIO),
    }
