"""What we convert to is what transformers reads as its own layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tiny_checkpoint import tiny_config, write_phi3
from tokenizers import Tokenizer

from phi_desk.model import published
from phi_desk.model.convert import convert
from phi_desk.model.ledger import Ledger
from phi_desk.model.shapes import base_shapes
from phi_desk.model.spec import read_spec
from phi_desk.model.weights import iter_base


@pytest.fixture(scope="module")
def native(oracle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert(oracle / "checkpoint", tmp_path_factory.mktemp("native") / "model")


def test_the_shapes_are_those_of_the_module() -> None:
    for config in (tiny_config(), published.config()):
        with torch.device("meta"):
            model = transformers.Phi4MultimodalForCausalLM(
                transformers.Phi4MultimodalConfig(**config)
            )
        state = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
        assert state.pop("lm_head.weight") == (config["vocab_size"], config["hidden_size"])
        assert state == base_shapes(config)


def test_the_phi3_shapes_are_those_of_the_module(tmp_path: Path) -> None:
    spec = read_spec(write_phi3(tmp_path / "mini", tied=False))
    with torch.device("meta"):
        model = transformers.Phi3ForCausalLM(transformers.Phi3Config(**spec.model_config()))
    state = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    assert state == base_shapes(spec.config)


def test_transformers_reads_the_same_configuration(oracle: Path, native: Path) -> None:
    read = transformers.AutoConfig.from_pretrained(native).to_dict()
    built = transformers.Phi4MultimodalConfig(
        **read_spec(oracle / "checkpoint").model_config()
    ).to_dict()
    ours = {"architectures", "dtype", "_name_or_path"}
    assert {k: v for k, v in read.items() if k not in ours} == {
        k: v for k, v in built.items() if k not in ours
    }


def test_transformers_loads_it_whole(oracle: Path, native: Path) -> None:
    loaded: Any = transformers.Phi4MultimodalForCausalLM.from_pretrained(
        native, output_loading_info=True, dtype=torch.bfloat16
    )
    model, report = loaded
    assert not any(report.values())
    state = model.state_dict()
    spec = read_spec(oracle / "checkpoint")
    shapes = base_shapes(spec.config)
    ledger = Ledger({name: shape for name, shape in shapes.items() if not spec.is_dead(name)})
    for name, tensor in iter_base(spec, ledger):
        assert torch.equal(state[name], tensor), name
    ledger.finish()
    assert model.lm_head.weight.data_ptr() == model.model.embed_tokens.weight.data_ptr()


def test_the_tokenizer_has_both_placeholders_and_the_same_words(oracle: Path, native: Path) -> None:
    before = Tokenizer.from_file(str(oracle / "checkpoint" / "tokenizer.json"))
    after = Tokenizer.from_file(str(native / "tokenizer.json"))
    assert (after.token_to_id("<|image|>"), after.token_to_id("<|audio|>")) == (200010, 200011)
    assert after.token_to_id("<|endoftext10|>") is None
    for text in ("Hello, world 123", "<|user|>naïve Zürich 東京\n\n  x<|end|>", "It's <b>"):
        assert after.encode(text).ids == before.encode(text).ids
    auto = transformers.AutoTokenizer.from_pretrained(native)
    assert (auto.image_token, auto.image_token_id) == ("<|image|>", 200010)
    assert (auto.audio_token, auto.audio_token_id) == ("<|audio|>", 200011)
    assert auto("a <|image|> b")["input_ids"] == after.encode("a <|image|> b").ids
