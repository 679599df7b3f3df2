"""Phi-4-mini and Phi-4: the same engine on a text-only checkpoint, equal to transformers' own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from data_makers import tiny_checkpoint
from data_makers.asking import ask, picture, user
from data_makers.tiny_checkpoint import BORDER, native_config, tokenizer, weights
from safetensors.numpy import save_file

from phi_desk.cancel import CancelToken
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest
from phi_desk.errors import InputError


def make(folder: Path, **changes: Any) -> Path:
    """A tiny phi3 checkpoint, longrope and tied like Phi-4-mini unless changed."""
    config = native_config(**changes)
    for part in ("vision_config", "audio_config"):
        del config[part]
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "phi3"}))
    ends = {"eos_token_id": config["eos_token_id"]}
    (folder / "generation_config.json").write_text(json.dumps(ends))
    save_file(weights(config), folder / "model.safetensors")
    tokenizer().save(str(folder / "tokenizer.json"))
    return folder


PLAIN_ROPE = {"rope_type": "default", "rope_theta": 250000.0, "partial_rotary_factor": 1.0}


@pytest.mark.parametrize(
    "changes",
    [{}, {"tie_word_embeddings": False, "rope_parameters": PLAIN_ROPE}],
    ids=["like Phi-4-mini", "like Phi-4"],
)
def test_answers_as_transformers_does(tmp_path: Path, changes: dict[str, Any]) -> None:
    folder = make(tmp_path / "model", **changes)
    engine = LocalEngine.open(folder, precision="fp32")
    question = user("x" * (BORDER - 20))
    answer = ask(engine, question, max_tokens=40)
    model = transformers.Phi3ForCausalLM.from_pretrained(folder, dtype=torch.float32)
    request = ChatRequest(messages=(question,))
    (prompt,) = engine.prompt(request, CancelToken()).pieces
    assert isinstance(prompt, tuple)
    ids = list(prompt)
    for token in answer.output_ids:
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), use_cache=False).logits
        assert int(logits[0, -1].argmax()) == token
        ids.append(token)
    assert len(ids) > BORDER


def test_pictures_are_refused_with_a_hint(tmp_path: Path) -> None:
    engine = LocalEngine.open(make(tmp_path / "model"))
    with pytest.raises(InputError) as caught:
        ask(engine, user(picture(), "what?"))
    assert caught.value.hint


def test_maker_is_the_multimodal_one(tmp_path: Path) -> None:
    assert LocalEngine.open(tiny_checkpoint.make(tmp_path / "model")).adapters
