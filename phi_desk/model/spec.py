"""What a checkpoint on disk is: layout, configuration, adapters and sizes, read from its files.

Reads json and headers only, never executes what a model folder brings, and decides nothing by the
folder's name.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from phi_desk.errors import CheckpointError
from phi_desk.model import keys, native_config, published
from phi_desk.model.fields import Fields, read_fields
from phi_desk.model.header import TensorEntry, read_header
from phi_desk.model.layout import Layout, read_layout
from phi_desk.model.lora import CONFIG, WEIGHTS, LoraConfig, read_lora_config
from phi_desk.model.shards import Shards, readable

ADAPTER_FOLDERS: Final = {"vision": "vision-lora", "speech": "speech-lora"}
TRAILING_FRAMES: Final = "audio_trailing_frames"  # in preprocessor_config.json; ours alone
_FLOATS: Final = ("BF16", "F16", "F32")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSpec:
    """A built-in adapter: where it is and how large.

    `source` "shards": inside the model's weight files; "folder": in `folder`, as peft writes it.
    """

    name: str
    config: LoraConfig
    source: Literal["shards", "folder"]
    folder: Path | None
    nbytes: int

    @property
    def rank(self) -> int:
        """The inner size of A and B."""
        return self.config.rank

    @property
    def alpha(self) -> float:
        """The strength before it is divided by the rank."""
        return self.config.alpha

    @property
    def scale(self) -> float:
        """What B A x is multiplied by."""
        return self.config.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBytes:
    """Bytes of each part of the model as stored; adapters are in their `AdapterSpec`.

    Attributes:
        decoder_linears: the four linears of every decoder layer.
        decoder_norms: all that is small in the decoder.
        embedding: the token embedding.
        head: the output layer; 0 where it is tied to the embedding.
        vision_tower: without the dead tensors.
        audio_encoder: the conformer.
        projections: picture and sound projections and the picture's separators.
        dead: tensors that never reach an output and need not be loaded.
    """

    decoder_linears: int = 0
    decoder_norms: int = 0
    embedding: int = 0
    head: int = 0
    vision_tower: int = 0
    audio_encoder: int = 0
    projections: int = 0
    dead: int = 0

    @property
    def loaded(self) -> int:
        """Bytes of all that has to be loaded, without adapters."""
        return (
            self.decoder_linears + self.decoder_norms + self.embedding + self.head
            + self.vision_tower + self.audio_encoder + self.projections
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSpec:
    """A checkpoint on disk.

    Attributes:
        config: the configuration in native form: the keyword arguments of transformers'
            `Phi4MultimodalConfig` (or `Phi3Config` for the layout "phi3").
        dtype: how most of the weights are stored: "BF16", "F16" or "F32".
        adapters: the built-in adapters that are there, by name.
        tensors: number of tensors in the weight files, adapters included.
        head_stored: whether the output layer is a tensor of its own in the files.
        max_crops: the most crops of a picture that it was trained on.
        trailing_frames: frames of silence that its speech encoder expects behind a sound; the
            published model expects none.
    """

    folder: Path
    layout: Layout
    config: Mapping[str, Any]
    dtype: str
    adapters: Mapping[str, AdapterSpec]
    sizes: GroupBytes
    tensors: int
    head_stored: bool
    max_crops: int
    trailing_frames: int

    @property
    def multimodal(self) -> bool:
        """Whether it sees and hears."""
        return self.layout != "phi3"

    @property
    def layers(self) -> int:
        """Decoder layers."""
        return int(self.config["num_hidden_layers"])

    @property
    def heads(self) -> int:
        """Attention heads."""
        return int(self.config["num_attention_heads"])

    @property
    def kv_heads(self) -> int:
        """Heads of the key-value cache."""
        return int(self.config["num_key_value_heads"])

    @property
    def head_dim(self) -> int:
        """Size of a head."""
        return self.hidden // self.heads

    @property
    def hidden(self) -> int:
        """Size of a token's vector."""
        return int(self.config["hidden_size"])

    @property
    def vocab(self) -> int:
        """Rows of the embedding."""
        return int(self.config["vocab_size"])

    @property
    def tied(self) -> bool:
        """Whether the output layer is the embedding."""
        return bool(self.config["tie_word_embeddings"])

    @property
    def context(self) -> int:
        """Most tokens the model can hold."""
        return int(self.config["max_position_embeddings"])

    @property
    def border(self) -> int | None:
        """Where the position encoding changes from short to long factors; None: it never does."""
        rope = self.config["rope_parameters"]
        return int(rope["original_max_position_embeddings"]) if "long_factor" in rope else None

    @property
    def end_token_ids(self) -> tuple[int, ...]:
        """Tokens that end an answer."""
        return tuple(self.config["eos_token_id"])

    @property
    def image_token_id(self) -> int | None:
        """The token that stands for a picture's positions."""
        return int(self.config["vision_config"]["image_token_id"]) if self.multimodal else None

    @property
    def audio_token_id(self) -> int | None:
        """The token that stands for a sound's positions."""
        return int(self.config["audio_config"]["audio_token_id"]) if self.multimodal else None

    @property
    def kv_bytes_per_token(self) -> int:
        """Bytes of the key-value cache a token at 2 bytes a value."""
        return 2 * 2 * self.layers * self.kv_heads * self.head_dim

    def model_config(self) -> dict[str, Any]:
        """A deep copy of `config`: the model classes change what they are given."""
        return copy.deepcopy(dict(self.config))

    def is_dead(self, name: str) -> bool:
        """Whether a native tensor name is one of those that never reach an output."""
        if not self.multimodal:
            return False
        vision = self.config["vision_config"]
        patterns = keys.dead_patterns(vision["num_hidden_layers"], vision["feature_layer"])
        return name.startswith(patterns)


def read_spec(folder: Path, shards: Shards | None = None) -> CheckpointSpec:
    """Read what the checkpoint in `folder` is.

    Raises:
        ModelNotFoundError: when there is no model in the folder.
        CheckpointError: when its files are missing, damaged, contradict each other or are of
            another kind of model.
    """
    shards = shards or Shards.open(folder)
    names = shards.names
    entries = [entry for _, entry in shards.entries()]
    with readable(folder):
        raw = _read_config(folder)
        layout = read_layout(raw, names)
        config = _native(layout, raw, names)
        config["eos_token_id"] = _end_ids(folder, config)
        dtype = _dtype(entries)
        adapters = _adapters(folder, layout, raw, entries)
        max_crops, trailing_frames = _preprocessing(folder)
    bare = CheckpointSpec(
        folder=folder,
        layout=layout,
        config=config,
        dtype=dtype,
        adapters=adapters,
        sizes=GroupBytes(),
        tensors=len(entries),
        head_stored=keys.HEAD in names,
        max_crops=max_crops,
        trailing_frames=trailing_frames,
    )
    return _with_sizes(bare, entries)


def _read_config(folder: Path) -> Fields:
    if not (folder / "config.json").exists():
        raise CheckpointError(
            f"config.json is missing in {folder.name}.", "Fetch the model's json files as well."
        )
    return read_fields(folder / "config.json")


def _native(layout: Layout, raw: Fields, names: frozenset[str]) -> dict[str, Any]:
    read = {
        "published": native_config.from_published,
        "native": native_config.from_native,
        "phi3": native_config.from_phi3,
    }
    config = read[layout](raw)
    config.setdefault("tie_word_embeddings", keys.HEAD not in names)
    return config


def _end_ids(folder: Path, config: Mapping[str, Any]) -> list[int]:
    """The tokens that end an answer: generation_config.json's, then config.json's."""
    path = folder / "generation_config.json"
    ids = read_fields(path).ids("eos_token_id") if path.exists() else ()
    if not ids and config["vocab_size"] > published.END_TOKEN_IDS[0]:
        ids = published.END_TOKEN_IDS  # config.json alone names the end of the text only
    both = dict.fromkeys((*ids, *config["eos_token_id"]))
    result = [id_ for id_ in both if id_ < config["vocab_size"]]
    if not result:
        raise CheckpointError(
            "Neither generation_config.json nor config.json says which token ends an answer.",
            "Fetch the model's json files again.",
        )
    return result


def _preprocessing(folder: Path) -> tuple[int, int]:
    """The most crops of a picture, and the frames of silence behind a sound."""
    path = folder / "preprocessor_config.json"
    given = read_fields(path) if path.exists() else Fields({}, path.name)
    return (
        given.integer("dynamic_hd", 36, most=1000),
        given.integer(TRAILING_FRAMES, 0, least=0, most=1000),
    )


def _dtype(entries: list[TensorEntry]) -> str:
    """The type most bytes are stored in."""
    total = dict.fromkeys(_FLOATS, 0)
    for entry in entries:
        if entry.dtype not in total:
            raise CheckpointError(
                f"The tensor {entry.name[:120]} is stored as {entry.dtype}, "
                "which is not supported: the checkpoint is quantised or of another kind.",
                "Use the model's bf16 files; Phi Desk quantises while it loads.",
            )
        total[entry.dtype] += entry.nbytes
    return max(total, key=lambda name: total[name])


def _adapters(
    folder: Path, layout: Layout, raw: Fields, entries: list[TensorEntry]
) -> dict[str, AdapterSpec]:
    """The built-in adapters: those in the shards first, then those in their folders."""
    names = {key.adapter for entry in entries if (key := keys.lora_key(entry.name))}
    if unknown := names - (set() if layout == "phi3" else set(ADAPTER_FOLDERS)):
        raise CheckpointError(
            f"The weights hold an adapter named {sorted(map(str, unknown))[0][:60]!r}, "
            "which is not supported inside the model's files.",
            "Keep adapters of your own in folders of their own, as peft saves them.",
        )
    if layout == "phi3":
        return {}
    result: dict[str, AdapterSpec] = {}
    for name, subfolder in ADAPTER_FOLDERS.items():
        inside = [e for e in entries if (k := keys.lora_key(e.name)) and k.adapter == name]
        if inside:
            result[name] = AdapterSpec(
                name=name,
                config=_config_in_shards(raw, name, inside),
                source="shards",
                folder=None,
                nbytes=sum(entry.nbytes for entry in inside),
            )
        elif (folder / subfolder / WEIGHTS).exists() or (folder / subfolder / CONFIG).exists():
            header = read_header(folder / subfolder / WEIGHTS)
            result[name] = AdapterSpec(
                name=name,
                config=read_lora_config(folder / subfolder),
                source="folder",
                folder=folder / subfolder,
                nbytes=sum(entry.nbytes for entry in header.entries.values()),
            )
    return result


def _config_in_shards(raw: Fields, name: str, inside: list[TensorEntry]) -> LoraConfig:
    """Rank and alpha from config.json; the tensors must agree with the rank."""
    fields = raw.inner(f"{name}_lora")
    config = LoraConfig(
        rank=fields.integer("r", most=8192),
        alpha=fields.number("lora_alpha"),
        rank_stabilised=fields.boolean("use_rslora", default=False),
        targets=keys.TARGETS,
    )
    for entry in inside:
        key = keys.lora_key(entry.name)
        axis = 0 if key is not None and key.matrix == "A" else 1
        if len(entry.shape) != 2 or entry.shape[axis] != config.rank:
            raise fields.error(
                f"r is {config.rank}, but {entry.name[:120]} has the shape {list(entry.shape)}"
            )
    return config


def _with_sizes(spec: CheckpointSpec, entries: list[TensorEntry]) -> CheckpointSpec:
    total = dict.fromkeys(GroupBytes.__dataclass_fields__, 0)
    for entry in entries:
        if not keys.is_adapter_key(entry.name):
            total[_group(spec, keys.to_native(entry.name))] += entry.nbytes
    return replace(spec, sizes=GroupBytes(**total))


def _group(spec: CheckpointSpec, name: str) -> str:
    """The field of `GroupBytes` a native base tensor counts to."""
    if name == keys.EMBEDDING:
        return "embedding"
    if name == keys.HEAD:
        return "dead" if spec.tied else "head"
    if spec.is_dead(name):
        return "dead"
    if name.startswith(keys.VISION_TOWER):
        return "vision_tower"
    if name.startswith(keys.AUDIO_ENCODER):
        return "audio_encoder"
    if name.startswith(keys.MEDIA):
        return "projections"
    return "decoder_linears" if keys.is_target(name.removesuffix(".weight")) else "decoder_norms"
