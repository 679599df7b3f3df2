"""Conversion: the same bytes under native names, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from tiny_checkpoint import write_phi3, write_tiny

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, CheckpointError, DoesNotFitError, UsageError
from phi_desk.model import keys
from phi_desk.model.convert import convert
from phi_desk.model.files import TensorFile
from phi_desk.model.shards import INDEX, Shards


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("made") / "tiny")


def contents(folder: Path) -> dict[str, bytes]:
    """Every tensor of the shards and of both adapter folders, by its own name."""
    result = {}
    for file in Shards.open(folder).files():
        result.update({name: bytes(file.tensor_bytes(name)) for name in file.entries})
    for adapter in ("vision", "speech"):
        path = folder / f"{adapter}-lora" / "adapter_model.safetensors"
        if path.exists():
            with TensorFile(path) as file:
                for name in file.entries:
                    key = keys.lora_key(name)
                    assert key is not None
                    assert name.startswith("base_model.model.")
                    stored = f"{key.module}.lora_{key.matrix}.{adapter}.weight"
                    result[stored] = bytes(file.tensor_bytes(name))
    return result


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_every_tensor_keeps_its_bytes(made: Path, tmp_path: Path) -> None:
    out = convert(made, tmp_path / "native", shard_bytes=60_000)
    before = {keys.to_native(name): data for name, data in contents(made).items()}
    assert contents(out) == before
    assert len(list(out.glob("model-*.safetensors"))) > 1
    index = json.loads((out / INDEX).read_text())
    assert not [name for name in index["weight_map"] if "lora" in name]


def test_the_reference_checkpoint(oracle: Path, tmp_path: Path) -> None:
    out = convert(oracle / "checkpoint", tmp_path / "native")
    before = contents(oracle / "checkpoint")
    assert contents(out) == {keys.to_native(name): data for name, data in before.items()}


def test_the_small_files_are_native(made: Path, tmp_path: Path) -> None:
    out = convert(made, tmp_path / "native")
    config = json.loads((out / "config.json").read_text())
    assert config["model_type"] == "phi4_multimodal"
    assert config["tie_word_embeddings"] is True
    assert config["dtype"] == "bfloat16"
    assert not any("auto_map" in path.read_text("utf-8") for path in out.glob("*.json"))
    tokenizer = json.loads((out / "tokenizer.json").read_text("utf-8"))
    assert tokenizer["model"]["vocab"] == {
        "a": 0, "é": 1, "<|endoftext|>": 199999, "<|image|>": 200010, "<|audio|>": 200011,
    }  # fmt: skip
    assert {token["content"] for token in tokenizer["added_tokens"]} == {
        "<|endoftext|>", "<|image|>", "<|audio|>",
    }  # fmt: skip
    named = json.loads((out / "tokenizer_config.json").read_text())
    assert (named["image_token"], named["audio_token"]) == ("<|image|>", "<|audio|>")
    assert named["added_tokens_decoder"]["200010"]["content"] == "<|image|>"
    adapter = json.loads((out / "speech-lora" / "adapter_config.json").read_text())
    assert (adapter["r"], adapter["lora_alpha"], adapter["bias"]) == (6, 12, "none")


def test_adapters_from_folders_are_taken_along(made: Path, tmp_path: Path) -> None:
    """A published checkpoint whose shards have no adapters, with adapter keys without prefix."""
    from phi_desk.model.write import Planned, write_shards

    native = convert(made, tmp_path / "native")
    bare = tmp_path / "bare"
    bare.mkdir()
    data = {n: d for n, d in contents(made).items() if not keys.is_adapter_key(n)}
    entries = {e.name: e for _, e in Shards.open(made).entries() if e.name in data}
    planned = [Planned(name=n, dtype=e.dtype, shape=e.shape) for n, e in entries.items()]
    write_shards(bare, planned, lambda name: [data[name]])
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(made / name, bare / name)
    for adapter in ("vision", "speech"):
        shutil.copytree(native / f"{adapter}-lora", bare / f"{adapter}-lora")
    assert contents(convert(bare, tmp_path / "again")) == contents(native)


def test_progress_counts_every_byte(made: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    convert(made, tmp_path / "native", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert len({total for _, total in seen}) == 1


def test_stopping_leaves_nothing(made: Path, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            assert left_behind(tmp_path)
            token.cancel()

    with pytest.raises(Cancelled):
        convert(made, tmp_path / "native", progress=stop, cancel=token)
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_leaves_nothing(made: Path, tmp_path: Path) -> None:
    def fill_disk(done: int, _: int) -> None:
        if done:
            raise OSError(28, "No space left on device")

    with pytest.raises(DoesNotFitError, match="disk is full"):
        convert(made, tmp_path / "native", progress=fill_disk)
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_known_before(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(DoesNotFitError, match=r"needs 0\.1 GB on disk, 0\.0 GB are free"):
        convert(made, tmp_path / "native")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(made: Path, tmp_path: Path) -> None:
    (tmp_path / "native").mkdir()
    (tmp_path / "native" / "mine.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    for name in ("native", "file"):
        with pytest.raises(UsageError, match="exists and is not empty"):
            convert(made, tmp_path / name)
    assert (tmp_path / "native" / "mine.txt").read_text() == "keep"
    (tmp_path / "empty").mkdir()
    assert convert(made, tmp_path / "empty").joinpath("config.json").exists()


def test_a_missing_parent_is_made(made: Path, tmp_path: Path) -> None:
    assert (convert(made, tmp_path / "a" / "b") / "config.json").exists()


def test_what_needs_no_conversion_is_told(made: Path, tmp_path: Path) -> None:
    native = convert(made, tmp_path / "native")
    with pytest.raises(CheckpointError, match="already in the native layout"):
        convert(native, tmp_path / "again")
    with pytest.raises(CheckpointError, match="already a text-only model"):
        convert(write_phi3(tmp_path / "mini"), tmp_path / "again")


def test_a_damaged_checkpoint_is_not_converted(made: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(made, tmp_path / "broken"))
    min(broken.glob("model-*")).unlink()
    with pytest.raises(CheckpointError, match="weight files are missing"):
        convert(broken, tmp_path / "native")
    assert not (tmp_path / "native").exists()
