"""The reader of adapters in folders of their own, with the folders that are thrown at it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from data_makers import checkpoints_odd, odd_places
from data_makers.checkpoints_odd import copy_of, odd_weights, replace_file
from data_makers.mutations import (
    spoiled,
    spoiled_json,
)
from hypothesis import strategies as st

from robustness.checkpoint_readers import whole
from robustness.reader import Case, Reader, Spoilt


def _make_adapter(seed: int, folder: Path) -> Case:
    random_ = random.Random(seed)
    base = whole("native", folder)
    path = copy_of(base / "speech-lora", folder / "adapter")
    names = ("adapter_model.safetensors", "adapter_config.json")
    kinds = [(name, kind) for name in names for kind in sorted(odd_places.KINDS)]
    if seed < len(kinds):
        name, kind = kinds[seed]
        odd_places.place(kind, path / name)
        return Case(path=path, what=f"{name}: {kind}", must="refused")
    if seed % 3:
        weights = path / names[0]
        replace_file(weights, odd_weights(random_, weights.read_bytes()))
        return Case(path=path, what="odd weights")
    maker = random_.choice((checkpoints_odd.odd_json, checkpoints_odd.vast))
    maker(random_, path)
    return Case(path=path, what=maker.__name__)


_PEFT: dict[str, Any] = {
    "r": 6, "lora_alpha": 12, "target_modules": ["qkv_proj"], "peft_type": "LORA", "bias": "none",
    "use_rslora": False, "use_dora": False, "rank_pattern": {}, "modules_to_save": None,
}  # fmt: skip


def _spoilt_adapters(base: Path) -> st.SearchStrategy[Spoilt]:
    data = (base / "speech-lora/adapter_model.safetensors").read_bytes()
    header, values = checkpoints_odd.split(data)
    settings = spoiled_json(_PEFT, prefer=[(key,) for key in _PEFT])
    headers = spoiled_json(header).map(lambda text: checkpoints_odd.join(text, values))
    return st.one_of(
        st.tuples(st.just("adapter_config.json"), settings),
        st.tuples(st.just("adapter_model.safetensors"), st.one_of(headers, spoiled(data))),
    )


def _write_adapter(base: Path, example: Spoilt, folder: Path) -> Path:
    path = copy_of(base / "speech-lora", folder / "adapter")
    replace_file(path / example[0], example[1])
    return path


def _read_adapter(path: Path) -> str:
    from phi_desk.model.spec import read_spec
    from phi_desk.model.weights import read_peft_folder

    weights = read_peft_folder(path, read_spec(whole("native", path.parent)))
    assert weights.pairs
    assert all(a.shape[0] == b.shape[1] == weights.rank for a, b in weights.pairs.values())
    return f"rank {weights.rank}, {len(weights.pairs)} modules"


ADAPTER = Reader(
    name="adapter",
    make=_make_adapter,
    valid=lambda folder: whole("native", folder / "x"),
    examples=_spoilt_adapters,
    write=_write_adapter,
    read=_read_adapter,
    modules=("phi_desk.model.spec", "phi_desk.model.weights"),
)
