"""The readers of weight files, of checkpoints and of their settings, with odd files for them."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data_makers import checkpoints_odd, odd_places, tiny_checkpoint
from data_makers.checkpoints_odd import copy_of, index_leading_out, odd_weights, replace_file, spoil
from data_makers.mutations import (
    Place,
    spoiled,
    spoiled_json,
)
from hypothesis import strategies as st
from tiny_checkpoint import write_phi3, write_tiny

from phi_desk.errors import CheckpointError
from robustness.reader import Case, Reader, Spoilt, with_odd_places, write_spoilt

# ---- one safetensors file --------------------------------------------------------------------

_TENSORS = {
    "model.embed_tokens.weight": ("BF16", [3, 4], 24),
    "model.layers.0.mlp.down_proj.weight": ("F32", [2, 2], 16),
    "scale": ("F16", [], 2),
    "nothing": ("F32", [0, 7], 0),
    "ids": ("I64", [1], 8),
}


def _small_file() -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    position = 0
    for name, (dtype, shape, size) in _TENSORS.items():
        places = [position, position + size]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": places}
        position += size
    return checkpoints_odd.join(header, bytes(range(position)))


def _make_tensor_file(seed: int, folder: Path) -> Case:
    path = folder / "model.safetensors"
    path.write_bytes(odd_weights(random.Random(seed), _small_file()))
    return Case(path=path, what="odd weights")


def _spoilt_tensor_files(valid: bytes) -> st.SearchStrategy[Spoilt]:
    header, values = checkpoints_odd.split(valid)
    headers = spoiled_json(header).map(lambda text: checkpoints_odd.join(text, values))
    return st.tuples(st.just("a.safetensors"), st.one_of(headers, spoiled(valid)))


def _read_tensor_file(path: Path) -> str:
    from phi_desk.model.files import TensorFile

    with TensorFile(path) as file:
        for name, entry in file.entries.items():
            view = file.tensor_bytes(name)
            assert len(view) == entry.nbytes
            assert bytes(view) == b"".join(file.read(name))
            file.release(name)
        return f"{len(file.entries)} tensors"


TENSORS = Reader(
    name="safetensors",
    make=with_odd_places(_make_tensor_file, "a.safetensors"),
    valid=lambda folder: _small_file(),
    examples=_spoilt_tensor_files,
    write=write_spoilt,
    read=_read_tensor_file,
    modules=("phi_desk.model.files",),
)

# ---- whole checkpoints -----------------------------------------------------------------------

_bases: dict[str, Path] = {}


def whole(layout: str, near: Path) -> Path:
    """A whole tiny checkpoint, made once a process; on the disk of `near`, for links to it."""
    if layout not in _bases:
        folder = Path(tempfile.mkdtemp(dir=near.parent, prefix="whole-")) / layout
        if layout == "native":
            tiny_checkpoint.make(folder)
        elif layout == "phi3":
            write_phi3(folder)
        else:
            write_tiny(folder, lora_folders=layout == "published-folders")
        _bases[layout] = folder
    return _bases[layout]


LAYOUTS = ("native", "published", "published-folders", "phi3")


def _make_checkpoint(seed: int, folder: Path) -> Case:
    random_ = random.Random(seed)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    path = copy_of(whole(layout, folder), folder / "model")
    if seed % 10 == 9:
        outside = folder / "outside.safetensors"
        outside.write_bytes(sorted(path.glob("*.safetensors"))[0].read_bytes())
        index_leading_out(random_, path, outside)
        return Case(path=path, what=f"{layout}, an index that leads out", must="refused")
    return Case(path=path, what=f"{layout}, {spoil(random_, path)}")


def _spoilt_checkpoints(layout: Path) -> st.SearchStrategy[Spoilt]:
    files = sorted(p for p in layout.rglob("*") if p.is_file())

    def of(path: Path) -> st.SearchStrategy[Spoilt]:
        name, data = str(path.relative_to(layout)), path.read_bytes()
        if path.suffix != ".json":
            return st.tuples(st.just(name), spoiled(data))
        return st.tuples(st.just(name), st.one_of(spoiled(data), spoiled_json(json.loads(data))))

    return st.sampled_from(files).flatmap(of)


def _write_checkpoint(layout: Path, example: Spoilt, folder: Path) -> Path:
    path = copy_of(layout, folder / "model")
    replace_file(path / example[0], example[1])
    return path


def _read_checkpoint(path: Path) -> str:
    from phi_desk.model.spec import read_spec
    from phi_desk.model.verify import expected_tensors, verify

    quick = verify(path)
    report = verify(path, quick=False)
    if not report.ok:
        _check_refused_the_same(path, quick.sentence)
        raise CheckpointError(report.sentence, report.hint, report.details)
    assert quick.ok
    spec = read_spec(path)
    assert expected_tensors(spec)
    return report.sentence


def _check_refused_the_same(path: Path, sentence: str) -> None:
    """`read_spec` by itself, as loading calls it, refuses too or finds nothing wrong in headers."""
    from phi_desk.model.spec import read_spec

    assert sentence
    try:
        read_spec(path)
    except CheckpointError as error:
        assert error.sentence  # noqa: PT017 (both outcomes are right; the sentence must be there)


CHECKPOINT = Reader(
    name="checkpoint",
    make=_make_checkpoint,
    valid=lambda folder: whole("native", folder / "x"),
    examples=_spoilt_checkpoints,
    write=_write_checkpoint,
    read=_read_checkpoint,
    modules=("phi_desk.model.verify",),
)

# ---- config.json and its companions ----------------------------------------------------------

_SETTINGS = ("config.json", "config.json", "config.json", "generation_config.json")


def _spoilt_settings(bases: Mapping[str, Path]) -> st.SearchStrategy[tuple[str, str, bytes]]:
    def of(place: tuple[str, str]) -> st.SearchStrategy[tuple[str, str, bytes]]:
        layout, name = place
        path = bases[layout] / name
        value = json.loads(path.read_bytes()) if path.exists() else {"eos_token_id": [1]}
        top: list[Place] = [(key,) for key in value]
        texts = spoiled_json(value, prefer=top)
        return st.tuples(st.just(layout), st.just(name), texts)

    return st.tuples(st.sampled_from(sorted(bases)), st.sampled_from(_SETTINGS)).flatmap(of)


def _write_settings(
    bases: Mapping[str, Path], example: tuple[str, str, bytes], folder: Path
) -> Path:
    layout, name, data = example
    path = copy_of(bases[layout], folder / "model")
    replace_file(path / name, data)
    return path


def _make_settings(seed: int, folder: Path) -> Case:
    random_ = random.Random(seed)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    path = copy_of(whole(layout, folder), folder / "model")
    name = random_.choice(sorted(p.name for p in path.glob("*.json")))
    places = sorted(odd_places.KINDS)
    if seed < len(places):
        odd_places.place(places[seed], path / "config.json")
        return Case(path=path, what=f"config.json: {places[seed]}", must="refused")
    maker = random_.choice((checkpoints_odd.odd_json, checkpoints_odd.one_line_changed))
    maker(random_, path)
    return Case(path=path, what=f"{layout}, {name}")


CONFIG = Reader(
    name="config",
    make=_make_settings,
    valid=lambda folder: {layout: whole(layout, folder / "x") for layout in LAYOUTS},
    examples=_spoilt_settings,
    write=_write_settings,
    read=_read_checkpoint,
    modules=("phi_desk.model.verify",),
)
