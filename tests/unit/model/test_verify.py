"""Verification: every kind of damage is told apart, in one sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_checkpoint import edit_json, poke, rename_in_header, write_phi3, write_tiny

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, ModelNotFoundError
from phi_desk.model import published
from phi_desk.model.convert import convert
from phi_desk.model.header import read_header
from phi_desk.model.shards import INDEX
from phi_desk.model.spec import read_spec
from phi_desk.model.verify import expected_tensors, verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("made") / "tiny", lora_folders=True)


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "tiny"))


def first(folder: Path) -> Path:
    return min(folder.glob("model-*.safetensors"))


def holding(folder: Path, name: str) -> Path:
    return next(p for p in folder.glob("model-*") if name in read_header(p).entries)


def test_a_whole_checkpoint(tiny: Path, tmp_path: Path) -> None:
    report = verify(tiny, quick=False)
    assert report.ok
    assert "published layout, whole" in report.sentence
    assert "vision and speech" in report.sentence
    assert not report.hint
    native = verify(convert(tiny, tmp_path / "native"), quick=False)
    assert native.ok
    assert "native layout, whole" in native.sentence
    assert verify(write_phi3(tmp_path / "mini"), quick=False).ok


def test_the_reference_checkpoint(oracle: Path) -> None:
    assert verify(oracle / "checkpoint", quick=False).ok


def test_the_published_json_files_without_weights(oracle: Path) -> None:
    report = verify(oracle / "published")
    assert not report.ok
    assert report.sentence.startswith("3 of the 3 weight files are missing")


def test_expected_tensors_are_those_in_the_files(tiny: Path) -> None:
    spec = read_spec(tiny)
    expected = expected_tensors(spec)
    assert len(expected) == spec.tensors
    for path in tiny.glob("model-*.safetensors"):
        for name, entry in read_header(path).entries.items():
            assert expected[name] == entry.shape


def _truncate(folder: Path) -> None:
    path = first(folder)
    path.write_bytes(path.read_bytes()[:-100])


def _web_page(folder: Path) -> None:
    first(folder).write_text("<!DOCTYPE html><title>429</title>")


def _pointer(folder: Path) -> None:
    first(folder).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\n")


def _tokenizer_pointer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("version https://git-lfs.github.com/spec/v1\n")


def _other_revision(folder: Path) -> None:
    for number, path in enumerate(sorted(folder.glob("model-*.safetensors"))):
        path.rename(folder / f"model-{number + 1:05d}-of-00099.safetensors")


def _adapters_only(folder: Path) -> None:
    for path in folder.glob("model*"):
        path.unlink()


def _pickles(folder: Path) -> None:
    _adapters_only(folder)
    shutil.rmtree(folder / "vision-lora")
    shutil.rmtree(folder / "speech-lora")
    (folder / "pytorch_model.bin").write_bytes(b"PK")


def _index_misses_one(folder: Path) -> None:
    index = json.loads((folder / INDEX).read_text())
    del index["weight_map"]["model.norm.weight"]
    (folder / INDEX).write_text(json.dumps(index))


def _index_escapes(folder: Path) -> None:
    edit_json(folder / INDEX, weight_map={"model.norm.weight": "../other/model.safetensors"})


def _unknown_tensor(folder: Path) -> None:
    name = "model.norm.weight"
    rename_in_header(holding(folder, name), name, "model.nurm.weight")
    (folder / INDEX).unlink()


def _other_shape(folder: Path) -> None:
    edit_json(folder / "config.json", intermediate_size=40)


def _half_an_adapter(folder: Path) -> None:
    name = "model.layers.1.mlp.down_proj.lora_B.speech.weight"
    path = holding(folder, name)
    rename_in_header(path, name, name.replace("layers.1", "layers.7"))
    (folder / INDEX).unlink()


def _adapter_of_another_model(folder: Path) -> None:
    edit_json(folder / "vision-lora" / "adapter_config.json", r=5)


def _shard_missing(folder: Path) -> None:
    (folder / INDEX).unlink()
    first(folder).unlink()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (_truncate, r"model-00001-of-\d+\.safetensors is cut off: [\d,]+ of [\d,]+ bytes"),
    "missing": (lambda f: first(f).unlink(), r"1 of the \d+ weight files are missing: model-00001"),
    "missing without index": (_shard_missing, r"1 of the \d+ weight files are missing"),
    "other revision": (_other_revision, "weight files are missing"),
    "pointer": (_pointer, "Git LFS pointer"),
    "tokenizer pointer": (_tokenizer_pointer, r"tokenizer\.json is a Git LFS pointer"),
    "web page": (_web_page, "web page"),
    "adapters only": (_adapters_only, "adapters only"),
    "pickles": (_pickles, "can run code"),
    "index misses one": (_index_misses_one, r"index\.json does not fit .* model\.norm\.weight"),
    "index escapes": (_index_escapes, "not the name of a file in this folder"),
    "index damaged": (lambda f: (f / INDEX).write_text("{"), "no valid JSON"),
    "config missing": (lambda f: (f / "config.json").unlink(), r"config\.json is missing"),
    "tokenizer missing": (lambda f: (f / "tokenizer.json").unlink(), r"tokenizer\.json is missing"),
    "unknown": (_unknown_tensor, r"1 tensor missing \(model\.norm.*1 tensor unexpected"),
    "other shape": (_other_shape, r"12 tensors of the wrong shape \(model\.layers\.0\.mlp"),
    "half an adapter": (_half_an_adapter, r"1 tensor missing \(model\.layers\.1\.mlp\.down_proj"),
    "adapter": (_adapter_of_another_model, "weights in vision-lora do not fit"),
}


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_told_in_one_sentence(
    tiny: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    damage(tiny)
    report = verify(tiny)
    assert not report.ok
    assert re.search(sentence, report.sentence), report.sentence
    assert report.hint
    assert report.sentence.count("\n") == 0


def test_details_list_everything(tiny: Path) -> None:
    edit_json(tiny / "config.json", intermediate_size=40)
    details = verify(tiny).details
    assert len([line for line in details if line.startswith("of the wrong shape: ")]) == len(
        details
    )
    assert len(details) == 2 * 2 + 4 * 2  # two linears a layer, and one matrix of each adapter


@pytest.mark.parametrize("bits", [b"\x80\x7f", b"\x80\xff", b"\xc0\x7f", b"\xff\xff"])
def test_values_that_are_not_finite_are_found(tiny: Path, bits: bytes) -> None:
    path = holding(tiny, "model.norm.weight")
    poke(path, read_header(path).entries["model.norm.weight"], bits)
    assert verify(tiny).ok
    report = verify(tiny, quick=False)
    assert not report.ok
    assert "not finite, the first is model.norm.weight" in report.sentence


def test_reading_the_values_can_be_followed_and_stopped(tiny: Path) -> None:
    seen: list[tuple[int, int]] = []
    verify(tiny, quick=False, on_bytes=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        verify(tiny, quick=False, cancel=token)


def test_a_model_without_adapters_is_whole_but_warned_of(tiny: Path, tmp_path: Path) -> None:
    native = convert(tiny, tmp_path / "native")
    shutil.rmtree(native / "speech-lora")
    report = verify(native)
    assert report.ok
    assert "speech adapter" in report.hint


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError):
        verify(tmp_path)


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_any_change_to_any_file_ends_in_a_report(made: Path, data: st.DataObject) -> None:
    names = sorted(p.relative_to(made).as_posix() for p in made.rglob("*.*") if p.is_file())
    path = made / data.draw(st.sampled_from(names))
    whole = path.read_bytes()
    # Most of what can go wrong lies in the first bytes: headers, and all of the json files.
    place = data.draw(st.integers(0, min(len(whole), 5000) - 1))
    change = data.draw(st.binary(max_size=8))
    removed = data.draw(st.sampled_from([0, 1, len(change), 1000, len(whole)]))
    try:
        path.write_bytes(whole[:place] + change + whole[place + removed :])
        report = verify(made, quick=False)
        assert report.sentence.isprintable()
        assert report.ok or report.hint
    finally:
        path.write_bytes(whole)


def test_the_full_size_is_known() -> None:
    from phi_desk.model.shapes import published_shapes

    ranks = {name: rank for name, (rank, _) in published.ADAPTERS.items()}
    total = 0
    for shape in published_shapes(published.config(), ranks).values():
        values = 1
        for size in shape:
            values *= size
        total += 2 * values
    assert total == published.TOTAL_BYTES
