"""What a checkpoint is, read from its files; odd files end in one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_checkpoint import (
    ADAPTERS,
    edit_json,
    rename_in_header,
    tiny_config,
    write_phi3,
    write_tiny,
)

from phi_desk.errors import CheckpointError, ModelNotFoundError
from phi_desk.model import native_config, published
from phi_desk.model.convert import convert
from phi_desk.model.fields import Fields, read_fields
from phi_desk.model.native_files import write_native_files
from phi_desk.model.published_config import to_published
from phi_desk.model.spec import read_spec


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("made") / "tiny")


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "tiny"))


def test_the_most_crops_are_those_it_was_trained_on(tiny: Path) -> None:
    settings = tiny / "preprocessor_config.json"
    settings.unlink(missing_ok=True)
    assert read_spec(tiny).max_crops == 36
    settings.write_text('{"dynamic_hd": 6}', encoding="utf-8")
    assert read_spec(tiny).max_crops == 6
    settings.write_text('{"dynamic_hd": "many"}', encoding="utf-8")
    with pytest.raises(CheckpointError, match="dynamic_hd"):
        read_spec(tiny)


def test_the_silence_behind_a_sound_is_what_it_was_trained_with(tiny: Path, tmp_path: Path) -> None:
    settings = tiny / "preprocessor_config.json"
    settings.unlink(missing_ok=True)
    assert read_spec(tiny).trailing_frames == 0
    settings.write_text('{"audio_trailing_frames": 64}', encoding="utf-8")
    spec = read_spec(tiny)
    assert spec.trailing_frames == 64
    (tmp_path / "out").mkdir()
    write_native_files(spec, tmp_path / "out")
    kept = json.loads((tmp_path / "out" / "preprocessor_config.json").read_text(encoding="utf-8"))
    assert kept["audio_trailing_frames"] == 64
    settings.write_text('{"audio_trailing_frames": -1}', encoding="utf-8")
    with pytest.raises(CheckpointError, match="audio_trailing_frames"):
        read_spec(tiny)


def test_the_published_config_gives_the_published_facts(oracle: Path) -> None:
    raw = read_fields(oracle / "published" / "config.json")
    assert native_config.from_published(raw) == published.config()


def test_writing_a_config_back_is_the_inverse() -> None:
    for config in (published.config(), tiny_config()):
        raw = json.loads(json.dumps(to_published(config, ADAPTERS)))
        assert native_config.from_published(Fields(raw, "config.json")) == config


def test_the_reference_checkpoint(oracle: Path) -> None:
    spec = read_spec(oracle / "checkpoint")
    assert spec.layout == "published"
    assert (spec.layers, spec.heads, spec.kv_heads, spec.head_dim, spec.hidden) == (3, 6, 2, 16, 96)
    assert (spec.vocab, spec.context, spec.border) == (200064, 131072, 4096)
    assert spec.end_token_ids == (200020, 199999)
    assert (spec.image_token_id, spec.audio_token_id) == (200010, 200011)
    assert spec.tied
    assert not spec.head_stored
    assert spec.config["vision_config"]["hidden_size"] == 64
    assert {a.name: (a.rank, a.alpha, a.scale, a.source) for a in spec.adapters.values()} == {
        "vision": (8, 16.0, 2.0, "shards"),
        "speech": (10, 20.0, 2.0, "shards"),
    }
    stored = sum(f.stat().st_size for f in spec.folder.glob("model-*.safetensors"))
    counted = spec.sizes.loaded + spec.sizes.dead + sum(a.nbytes for a in spec.adapters.values())
    assert 0 < stored - counted < 40_000  # the two headers


def test_the_converted_checkpoint_is_the_same_model(tiny: Path, tmp_path: Path) -> None:
    before, after = read_spec(tiny), read_spec(convert(tiny, tmp_path / "native"))
    assert (before.layout, after.layout) == ("published", "native")
    assert before.config == after.config
    assert before.sizes == after.sizes
    for name, adapter in before.adapters.items():
        twin = after.adapters[name]
        assert (twin.rank, twin.scale, twin.nbytes) == (adapter.rank, adapter.scale, adapter.nbytes)
        assert twin.source == "folder"


def test_the_tokens_that_end_an_answer(oracle: Path, tiny: Path, tmp_path: Path) -> None:
    assert read_spec(tiny).end_token_ids == (1,)  # the published ones are not in this vocabulary
    (tiny / "generation_config.json").unlink()
    assert read_spec(tiny).end_token_ids == (1,)
    edit_json(tiny / "config.json", eos_token_id=9999)
    with pytest.raises(CheckpointError, match="which token ends"):
        read_spec(tiny)
    folder = Path(shutil.copytree(oracle / "checkpoint", tmp_path / "reference"))
    folder.chmod(0o755)
    (folder / "generation_config.json").unlink()
    assert read_spec(folder).end_token_ids == (200020, 199999)


def test_the_folders_name_says_nothing(tiny: Path) -> None:
    renamed = tiny.rename(tiny.parent / "phi4_multimodal-native-pr-94")
    assert read_spec(renamed).layout == "published"


def test_code_named_by_the_config_is_ignored(tiny: Path) -> None:
    (tiny / "evil.py").write_text("raise SystemExit(3)")
    edit_json(tiny / "config.json", auto_map={"AutoConfig": "evil.Evil"})
    assert "auto_map" not in read_spec(tiny).config


def test_text_only_models(tmp_path: Path) -> None:
    spec = read_spec(write_phi3(tmp_path / "mini"))
    assert (spec.layout, spec.multimodal, spec.border, spec.tied) == ("phi3", False, 4096, True)
    assert spec.image_token_id is None
    assert not spec.adapters
    large = {"rope_scaling": None, "partial_rotary_factor": 1.0, "rope_theta": 250000}
    spec = read_spec(write_phi3(tmp_path / "large", tied=False, changes=large))
    assert (spec.border, spec.tied, spec.head_stored) == (None, False, True)
    assert spec.config["rope_parameters"]["rope_theta"] == 250000
    assert spec.sizes.head == spec.sizes.embedding > 0


def test_tying_is_read_from_the_tensors_where_the_config_is_silent(tmp_path: Path) -> None:
    for tied in (True, False):
        folder = write_phi3(tmp_path / str(tied), tied=tied)
        edit_json(folder / "config.json", tie_word_embeddings=None)
        assert read_spec(folder).tied is tied


def test_the_adapter_folders_are_used_where_the_shards_have_none(
    tiny: Path, tmp_path: Path
) -> None:
    native = convert(tiny, tmp_path / "native")
    shutil.rmtree(native / "speech-lora")
    assert list(read_spec(native).adapters) == ["vision"]


def test_config_of_one_revision_with_weights_of_another(tiny: Path, tmp_path: Path) -> None:
    native = convert(tiny, tmp_path / "native")
    shutil.copyfile(native / "config.json", tiny / "config.json")
    with pytest.raises(CheckpointError, match=r"native revision, the weights to the published"):
        read_spec(tiny)


def test_weights_that_mix_two_revisions(tiny: Path) -> None:
    root = "model.embed_tokens_extend.image_embed"
    path = next(p for p in tiny.glob("model-*") if b"img_projection.2.bias" in p.read_bytes())
    rename_in_header(path, f"{root}.img_projection.2.bias", f"{root}.img_projection_up.bia")
    (tiny / "model.safetensors.index.json").unlink()
    with pytest.raises(CheckpointError, match="mix tensors"):
        read_spec(tiny)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model_type": "llama"}, "'llama' model"),
        ({"hidden_size": "32"}, "hidden_size must be a whole number"),
        ({"hidden_size": None}, "hidden_size is missing"),
        ({"hidden_size": 33}, "multiple of num_attention_heads"),
        ({"num_key_value_heads": 3}, "multiple of num_key_value_heads"),
        ({"num_hidden_layers": 10**9}, "whole number of 1 to 1,000"),
        ({"tie_word_embeddings": "yes"}, "true or false"),
        ({"rms_norm_eps": -1}, "rms_norm_eps"),
        ({"hidden_act": "tanh"}, "only swish"),
        ({"attention_bias": True}, "attention_bias"),
        ({"rope_scaling": {"type": "dynamic"}}, "'dynamic' is not supported"),
        ({"rope_scaling": {"type": "longrope"}}, "short_factor is missing"),
        ({"rope_scaling": {"type": "longrope", "short_factor": [1.0]}}, "list of 3 numbers"),
        ({"rope_scaling": 7}, "must be an object"),
        ({"partial_rotary_factor": 0.1}, "even number"),
        ({"vision_lora": {"r": 5, "lora_alpha": 8}}, "r is 5, but"),
        ({"vision_lora": None}, "vision_lora must be an object"),
        ({"pad_token_id": 64}, "pad_token_id lies outside"),
        ({"audio_processor": {}}, "config must be an object"),
        ({"original_max_position_embeddings": 131073}, "within the context"),
    ],
)
def test_wrong_values_are_named(tiny: Path, changes: dict[str, Any], sentence: str) -> None:
    edit_json(tiny / "config.json", **changes)
    with pytest.raises(CheckpointError, match=sentence) as caught:
        read_spec(tiny)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '{"a": NaN}', "[" * 50_000])
def test_broken_config_files(tiny: Path, text: str) -> None:
    (tiny / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"config\.json"):
        read_spec(tiny)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no folder"):
        read_spec(tmp_path / "absent")
    with pytest.raises(ModelNotFoundError, match="no model"):
        read_spec(tmp_path)


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    here = [path] if path else []
    if isinstance(value, dict):
        return here + [p for key, item in value.items() for p in _paths(item, (*path, key))]
    return here


RAW = to_published(tiny_config(), ADAPTERS)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]),
    st.just({}), st.lists(st.integers(), max_size=3), st.just(10**400), st.just(float("nan")),
)  # fmt: skip


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(_paths(RAW)), value=ODD)
def test_any_value_anywhere_is_read_or_refused(path: tuple[str, ...], value: Any) -> None:
    raw = json.loads(json.dumps(RAW))
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    try:
        config = native_config.from_published(Fields(raw, "config.json"))
    except CheckpointError as error:
        assert error.sentence.startswith("config.json")  # noqa: PT017 (both ends are good)
    else:
        assert config["hidden_size"] > 0
