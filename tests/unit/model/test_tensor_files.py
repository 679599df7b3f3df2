"""Safetensors files: what is whole is read, what is not ends in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phi_desk.errors import CheckpointError
from phi_desk.model.files import TensorFile
from phi_desk.model.header import read_header


def packed(header: object, data: bytes = b"") -> bytes:
    """A safetensors file with this header, right or wrong."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def field(start: int = 0, stop: int = 4, dtype: object = "BF16", shape: object = None) -> Any:
    return {"dtype": dtype, "shape": [2] if shape is None else shape, "data_offsets": [start, stop]}


GOOD = packed(
    {"__metadata__": {"format": "pt"}, "a": field(), "b": field(4, 12, "F32", [1, 2])},
    bytes(range(12)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def test_reads_tensors_as_written(path: Path) -> None:
    path.write_bytes(GOOD)
    with TensorFile(path) as file:
        assert list(file.entries) == ["a", "b"]
        assert file.entries["b"].shape == (1, 2)
        assert bytes(file.tensor_bytes("a")) == bytes(range(4))
        assert bytes(file.tensor_bytes("b")) == bytes(range(4, 12))
        file.release("b")
        assert b"".join(file.read("b", piece=3)) == bytes(range(4, 12))
        assert bytes(file.tensor_bytes("b")) == bytes(range(4, 12))


def test_views_outlive_the_file_and_never_write_to_it(path: Path) -> None:
    path.write_bytes(GOOD)
    with TensorFile(path) as file:
        view = file.tensor_bytes("a")
    view[0] = 99
    assert view[0] == 99
    assert path.read_bytes() == GOOD


def test_scalars_and_empty_tensors_are_whole(path: Path) -> None:
    header = {"s": field(0, 2, shape=[]), "e": field(2, 2, shape=[0, 3])}
    path.write_bytes(packed(header, b"ab"))
    with TensorFile(path) as file:
        assert bytes(file.tensor_bytes("s")) == b"ab"
        assert bytes(file.tensor_bytes("e")) == b""


DAMAGED = {
    "empty": (b"", "is empty"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "Git LFS"),
    "web page": (b"<!DOCTYPE html><html>404</html>", "web page"),
    "xml": (b"\n<?xml version='1.0'?><Error/>", "web page"),
    "pickle": (b"PK\x03\x04" + bytes(100), "another format"),
    "short": (b"\x05\x00", "no header"),
    "zeros": (bytes(4096), "no header"),
    "huge header": ((2**40).to_bytes(8, "little") + b"{}", "claims a header"),
    "header cut off": (GOOD[:40], "cut off"),
    "data cut off": (GOOD[:-3], "cut off: "),
    "longer": (GOOD + b"x", "1 bytes after its last tensor"),
    "no json": (packed(b"{nonsense"), "no valid JSON"),
    "no utf-8": (packed(b'{"\xff": 1}'), "no valid JSON"),
    "deep json": (packed(b"[" * 100_000), "no valid JSON"),
    "a list": (packed([1]), "no JSON object"),
    "metadata": (packed({"__metadata__": [1]}), "metadata"),
    "twice": (packed(b'{"a": {}, "a": {}}'), "twice"),
    "entry": (packed({"a": 3}), "no JSON object"),
    "dtype": (packed({"a": field(dtype="BF17")}, b"1234"), "unknown type"),
    "dtype list": (packed({"a": field(dtype=["BF16"])}, b"1234"), "unknown type"),
    "negative": (packed({"a": field(shape=[-2])}, b"1234"), "no valid shape"),
    "true": (packed({"a": field(shape=[True, 2])}, b"1234"), "no valid shape"),
    "float": (packed({"a": field(shape=[2.0])}, b"1234"), "no valid shape"),
    "axes": (packed({"a": field(shape=[1] * 2000 + [2])}, b"1234"), "no valid shape"),
    "backwards": (packed({"a": field(4, 0)}, b"1234"), "no valid place"),
    "size": (packed({"a": field(0, 4, shape=[3])}, b"1234"), "not its shape's size"),
    "beyond": (packed({"a": field(0, 2**62, shape=[2**61])}, b"1234"), "cut off"),
    "overlap": (packed({"a": field(), "b": field(2, 6)}, b"123456"), "overlaps"),
    "hole": (packed({"a": field(), "b": field(6, 10)}, b"1234567890"), "hole"),
}


@pytest.mark.parametrize(("data", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_named(path: Path, data: bytes, sentence: str) -> None:
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=sentence) as caught:
        TensorFile(path)
    assert "model.safetensors" in caught.value.sentence
    assert caught.value.hint


def test_a_folder_or_nothing_is_no_file(path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_header(path)
    path.mkdir()
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_header(path)


def test_a_file_that_shrinks_while_it_is_read_is_reported(path: Path) -> None:
    path.write_bytes(GOOD)
    with TensorFile(path) as file:
        path.write_bytes(GOOD[:-4])
        with pytest.raises(CheckpointError, match="cut off"):
            list(file.read("b"))


def test_unknown_names_are_refused(path: Path) -> None:
    path.write_bytes(GOOD)
    with TensorFile(path) as file, pytest.raises(CheckpointError, match="no tensor named"):
        file.tensor_bytes("\x1b[31m")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_ends_in_a_result_or_one_sentence(path: Path, data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(broken) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert"])):
            case "flip":
                broken[place] = data.draw(st.integers(0, 255))
            case "cut":
                del broken[place : place + data.draw(st.integers(1, 20))]
            case _:
                broken[place:place] = data.draw(st.binary(min_size=1, max_size=20))
        if not broken:
            break
    path.write_bytes(broken)
    try:
        with TensorFile(path) as file:
            for name, entry in file.entries.items():
                assert len(file.tensor_bytes(name)) == entry.nbytes
    except CheckpointError as error:
        assert error.sentence.isprintable()  # noqa: PT017 (a result is as good as a refusal)
