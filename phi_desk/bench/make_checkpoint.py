"""Makes a checkpoint of random weights in the published layout, up to the full size of 11 GB.

For trying out loading, memory and speed where the real weights are not at hand; what such a model
answers has no meaning. Memory stays bounded: tensors are written one after the other.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from phi_desk.bench.random_values import RandomValues
from phi_desk.bench.report import Report
from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError, UsageError
from phi_desk.model import keys, published
from phi_desk.model.fields import Fields, read_fields
from phi_desk.model.lora import WEIGHTS, LoraConfig
from phi_desk.model.native_config import from_published
from phi_desk.model.native_files import write_adapter_config
from phi_desk.model.new_folder import SMALL_FILES, new_folder, unused
from phi_desk.model.published_config import to_published
from phi_desk.model.shapes import Shape, adapter_shapes, published_shapes
from phi_desk.model.spec import ADAPTER_FOLDERS
from phi_desk.model.verify import verify
from phi_desk.model.write import SHARD_BYTES, Planned, write_file, write_json, write_shards

OnProgress = Callable[[int, int], None]
_TOKENIZER_FILES: Final = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt", "preprocessor_config.json", "processor_config.json",
)  # fmt: skip


def make_checkpoint(
    out: Path,
    *,
    tokenizer: Path,
    shapes: Path | None = None,
    config: Path | None = None,
    seed: int = 0,
    lora_folders: bool = False,
    progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> Path:
    """Write a random checkpoint in the published layout into the new folder `out`.

    Args:
        tokenizer: a folder with the tokenizer to copy (`tokenizer.json` and its neighbours).
        shapes: a json file of tensor name -> shape; by default computed from the configuration.
        config: a folder with a published `config.json`; by default the published sizes.
        seed: the same seed gives the same bytes.
        lora_folders: write both adapters a second time as peft folders, as the hub has them.
        progress: called with (done, total) bytes.

    Raises:
        CheckpointError: when `shapes` or `config` cannot be read or contradict each other.
        UsageError: when `out` is in use, or there is no tokenizer.
        DoesNotFitError: when the disk has too little room.
        Cancelled: when `cancel` was set; nothing is left behind.
    """
    if not (tokenizer / "tokenizer.json").is_file():
        raise UsageError(
            f"There is no tokenizer.json in {tokenizer}.", "Name a folder that holds a tokenizer."
        )
    out = unused(out)
    recipe = _recipe(config)
    tensors = _planned(recipe, shapes)
    extra = _adapter_bytes(recipe) if lora_folders else 0
    total = sum(tensor.nbytes for tensor in tensors) + extra
    counter = _Counter(total=total, progress=progress, cancel=cancel or CancelToken())
    values = RandomValues(seed, recipe.native["num_hidden_layers"])
    known = {tensor.name: tensor.shape for tensor in tensors}
    with new_folder(out, total + SMALL_FILES) as folder:
        write_shards(
            folder,
            tensors,
            lambda name: values.pieces(name, known[name]),
            counter.on_bytes,
            shard_bytes=shard_bytes,
        )
        if lora_folders:
            _write_adapters(recipe, values, folder, counter)
        _write_small_files(recipe, tokenizer, config, folder)
        report = verify(folder)
        if not report.ok:
            raise CheckpointError(report.sentence, report.hint, report.details)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """The configuration in both forms, and the adapters: name -> (rank, alpha)."""

    native: Mapping[str, Any]
    raw: Mapping[str, Any]
    adapters: Mapping[str, tuple[int, int]]

    @property
    def ranks(self) -> dict[str, int]:
        return {name: rank for name, (rank, _) in self.adapters.items()}


@dataclass(slots=True, kw_only=True)
class _Counter:
    total: int
    progress: OnProgress | None
    cancel: CancelToken
    done: int = 0

    def on_bytes(self, count: int) -> None:
        self.cancel.raise_if_cancelled()
        self.done += count
        if self.progress is not None:
            self.progress(self.done, self.total)


def _recipe(config: Path | None) -> _Recipe:
    if config is None:
        native = published.config()
        raw = to_published(native, published.ADAPTERS)
        return _Recipe(native=native, raw=raw, adapters=published.ADAPTERS)
    fields = read_fields(config / "config.json")
    return _Recipe(
        native=from_published(fields),
        raw=fields.values,
        adapters={
            name: (lora.integer("r", most=8192), lora.integer("lora_alpha"))
            for name in published.ADAPTERS
            if f"{name}_lora" in fields
            for lora in (fields.inner(f"{name}_lora"),)
        },
    )


def _planned(recipe: _Recipe, path: Path | None) -> list[Planned]:
    """All tensors of the shards; a list of shapes must agree with the configuration."""
    computed = published_shapes(recipe.native, recipe.ranks)
    shapes = computed if path is None else _read_shapes(read_fields(path))
    if shapes != computed:
        wrong = sorted(
            name for name in {*shapes, *computed} if shapes.get(name) != computed.get(name)
        )
        raise CheckpointError(
            f"The shapes do not fit the configuration: {len(wrong):,} tensors differ, "
            f"the first is {wrong[0][:160]}.",
            "Use the shapes and the configuration of the same model.",
            tuple(wrong),
        )
    return [Planned(name=name, dtype="BF16", shape=shape) for name, shape in shapes.items()]


def _read_shapes(fields: Fields) -> dict[str, Shape]:
    result = {}
    for name, shape in fields.values.items():
        if not isinstance(shape, list) or not all(type(size) is int for size in shape):
            raise fields.error(f"the shape of {name[:120]} must be a list of whole numbers")
        result[name] = tuple(shape)
    return result


def _adapter_bytes(recipe: _Recipe) -> int:
    return sum(t.nbytes for name in recipe.adapters for t in _adapter_tensors(recipe, name))


def _adapter_tensors(recipe: _Recipe, adapter: str) -> list[Planned]:
    pairs = adapter_shapes(recipe.native, recipe.ranks[adapter])
    return [
        Planned(
            name=f"{keys.PEFT_PREFIX}{module}.lora_{matrix}.weight",
            dtype="BF16",
            shape=pair[matrix == "B"],
        )
        for module, pair in pairs.items()
        for matrix in "AB"
    ]


def _write_adapters(recipe: _Recipe, values: RandomValues, folder: Path, counter: _Counter) -> None:
    """The adapters of the shards once more, value for value, as peft folders."""
    for name, (rank, alpha) in recipe.adapters.items():
        target = folder / ADAPTER_FOLDERS[name]
        target.mkdir()
        write_adapter_config(LoraConfig(rank=rank, alpha=float(alpha)), target)
        tensors = _adapter_tensors(recipe, name)
        in_shards = {
            tensor.name: tensor.name.removeprefix(keys.PEFT_PREFIX).removesuffix("weight")
            + f"{name}.weight"
            for tensor in tensors
        }
        content = partial(_adapter_content, values, in_shards, {t.name: t.shape for t in tensors})
        write_file(target / WEIGHTS, tensors, content, counter.on_bytes)


def _adapter_content(
    values: RandomValues, in_shards: Mapping[str, str], shapes: Mapping[str, Shape], name: str
) -> Iterator[memoryview]:
    """The bytes of an adapter's tensor: those of the same tensor in the shards."""
    return values.pieces(in_shards[name], shapes[name])


def _write_small_files(recipe: _Recipe, tokenizer: Path, config: Path | None, folder: Path) -> None:
    for name in _TOKENIZER_FILES:
        if (tokenizer / name).is_file():
            shutil.copyfile(tokenizer / name, folder / name)
    write_json(folder / "config.json", dict(recipe.raw))
    generation = (config or folder) / "generation_config.json"
    if generation.is_file():
        shutil.copyfile(generation, folder / "generation_config.json")
        return
    ids = {
        "bos_token_id": recipe.native["bos_token_id"],
        "eos_token_id": recipe.native["eos_token_id"],
        "pad_token_id": recipe.native["pad_token_id"],
    }
    write_json(folder / "generation_config.json", ids)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("out", type=Path, metavar="OUT", help="new folder for the checkpoint")
    parser.add_argument(
        "--tokenizer", type=Path, required=True, help="folder whose tokenizer is copied"
    )
    parser.add_argument("--shapes", type=Path, help="json file of tensor name -> shape")
    parser.add_argument("--config", type=Path, help="folder with a published config.json")
    parser.add_argument("--random-seed", type=int, default=0, help="same seed, same bytes")
    parser.add_argument("--lora-folders", action="store_true", help="write adapter folders too")


def run(args: argparse.Namespace, out: Report) -> int:
    """Write the checkpoint and say where it is."""
    folder = make_checkpoint(
        args.out,
        tokenizer=args.tokenizer,
        shapes=args.shapes,
        config=args.config,
        seed=args.random_seed,
        lora_folders=args.lora_folders,
        progress=lambda done, total: out.progress("write", done, total),
    )
    size = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    out.line(f"{folder}: {size / 1e9:.2f} GB of random weights.")
    out.event("finished", folder=str(folder), bytes=size)
    return 0
