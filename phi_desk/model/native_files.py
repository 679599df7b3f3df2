"""The small files of the native layout: configuration, tokenizer, preprocessing, adapter settings.

Knows no weights. They are written so that transformers reads them without code of the folder's.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from phi_desk.model import published
from phi_desk.model.fields import Fields, read_fields
from phi_desk.model.lora import CONFIG, LoraConfig
from phi_desk.model.spec import TRAILING_FRAMES, CheckpointSpec
from phi_desk.model.write import write_json

# The native layout gives the two placeholders names of their own.
RENAMED_TOKENS: Final = {
    published.IMAGE_TOKEN_ID: "<|image|>",
    published.AUDIO_TOKEN_ID: "<|audio|>",
}
_TYPES: Final = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}
_CODE: Final = ("auto_map", "custom_generate", "trust_remote_code")  # would name code to run
_LICENCES: Final = ("LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE")

# Published front end: 25 ms windows every 10 ms, 80 mel bands, 8 frames a token; 36 crops.
PREPROCESSOR: Final[dict[str, Any]] = {
    "processor_class": "Phi4MultimodalProcessor",
    "feature_extractor_type": "Phi4MultimodalFeatureExtractor",
    "image_processor_type": "Phi4MultimodalImageProcessor",
    "sampling_rate": 16000,
    "n_fft": 512,
    "hop_length": 160,
    "win_length": 400,
    "preemphasis": 0.97,
    "feature_size": 80,
    "audio_compression_rate": 8,
    "audio_downsample_rate": 1,
    "audio_feat_stride": 1,
    "dynamic_hd": 36,
}
# As a pattern: the list of names in the published file would take in 120 modules of the speech
# encoder as well, which the adapters have no matrices for.
_TARGETS: Final = r"model\.layers\.\d+\.(self_attn\.(qkv|o)_proj|mlp\.(gate_up|down)_proj)"


def write_native_files(spec: CheckpointSpec, out: Path) -> None:
    """Write everything but the weights of the native layout of `spec` into the folder `out`.

    Raises:
        CheckpointError: when a json file of the source is missing or damaged.
        OSError: when a file cannot be written.
    """
    source = spec.folder
    write_json(out / "config.json", _config(spec))
    write_json(out / "generation_config.json", _generation(spec))
    write_json(out / "preprocessor_config.json", _preprocessor(spec))
    write_json(out / "processor_config.json", {"processor_class": PREPROCESSOR["processor_class"]})
    tokenizer = read_fields(source / "tokenizer.json")
    write_json(out / "tokenizer.json", _tokenizer(tokenizer, _renamed(spec)), indent=None)
    write_json(out / "tokenizer_config.json", _tokenizer_config(spec))
    for name in _LICENCES:
        if (source / name).is_file():
            shutil.copyfile(source / name, out / name)


def write_adapter_config(config: LoraConfig, folder: Path) -> None:
    """Write peft's settings of a built-in adapter into `folder`."""
    settings = {
        "base_model_name_or_path": None,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "lora_alpha": int(config.alpha) if config.alpha.is_integer() else config.alpha,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": config.rank,
        "target_modules": _TARGETS,
        "task_type": "CAUSAL_LM",
        "use_rslora": config.rank_stabilised,
    }
    write_json(folder / CONFIG, settings)


def _config(spec: CheckpointSpec) -> dict[str, Any]:
    config = spec.model_config()
    config["vision_config"]["model_type"] = "phi4_multimodal_vision"
    config["audio_config"]["model_type"] = "phi4_multimodal_audio"
    return {
        "architectures": ["Phi4MultimodalForCausalLM"],
        "model_type": "phi4_multimodal",
        "dtype": _TYPES[spec.dtype],
        **config,
    }


def _generation(spec: CheckpointSpec) -> dict[str, Any]:
    """The source's own settings (sampling, if any), with every token that ends an answer."""
    path = spec.folder / "generation_config.json"
    given = dict(read_fields(path).values) if path.exists() else {}
    dropped = ("_from_model_config", "transformers_version", *_CODE)
    return {
        **{key: value for key, value in given.items() if key not in dropped},
        "bos_token_id": spec.config["bos_token_id"],
        "eos_token_id": list(spec.end_token_ids),
        "pad_token_id": spec.config["pad_token_id"],
    }


def _preprocessor(spec: CheckpointSpec) -> dict[str, Any]:
    kept = {**PREPROCESSOR, "dynamic_hd": spec.max_crops}
    return kept | ({TRAILING_FRAMES: spec.trailing_frames} if spec.trailing_frames else {})


def _renamed(spec: CheckpointSpec) -> dict[int, str]:
    ids = (spec.image_token_id, spec.audio_token_id)
    names = RENAMED_TOKENS.values()
    return {id_: name for id_, name in zip(ids, names, strict=True) if id_ is not None}


def _tokenizer(tokenizer: Fields, renamed: dict[int, str]) -> dict[str, Any]:
    """The tokenizer with the two placeholders renamed, in both places where names stand."""
    value = dict(tokenizer.values)
    model = dict(tokenizer.inner("model").values)
    vocabulary = tokenizer.inner("model").inner("vocab").values
    model["vocab"] = {renamed.get(id_, name): id_ for name, id_ in vocabulary.items()}
    added = value.get("added_tokens") or []
    if not isinstance(added, list) or not all(isinstance(token, dict) for token in added):
        raise tokenizer.error("added_tokens must be a list of objects")
    value["model"] = model
    value["added_tokens"] = [
        {**token, "content": renamed.get(token.get("id"), token.get("content"))} for token in added
    ]
    return value


def _tokenizer_config(spec: CheckpointSpec) -> dict[str, Any]:
    path = spec.folder / "tokenizer_config.json"
    given = dict(read_fields(path).values) if path.exists() else {}
    for key in _CODE:
        given.pop(key, None)
    renamed = _renamed(spec)
    added = given.get("added_tokens_decoder")
    if isinstance(added, dict):
        names = {str(id_): name for id_, name in renamed.items()}
        given["added_tokens_decoder"] = {
            id_: {**token, "content": names[id_]} if id_ in names else token
            for id_, token in added.items()
        }
    image, audio = renamed.values()
    return {
        **given,
        # GPT2TokenizerFast, which the published file names, would rebuild the splitting rules.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "processor_class": PREPROCESSOR["processor_class"],
        "image_token": image,
        "audio_token": audio,
        "extra_special_tokens": {"image_token": image, "audio_token": audio},
    }
