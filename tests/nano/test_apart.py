"""Symbols without a place of their own get one, once, and nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from apart import move_apart

from phi_desk.engine.tokens import Tokens
from phi_desk.services.embedded import embedded_folder, has_embedded

pytestmark = pytest.mark.skipif(not has_embedded(), reason="its vocabulary is not in this copy")


def _tokens() -> Tokens:
    return Tokens.load(Path(embedded_folder()))


def test_symbols_that_were_never_written_move_apart_once() -> None:
    tokens = _tokens()
    torch.manual_seed(1)
    embedding = torch.randn(2100, 192) * 0.2
    never = torch.randn(192)
    rare = [tokens.encode_plain(symbol)[0] for symbol in "%(€#"]
    unused = 2050  # not of the alphabet: it stays where it is
    for place in (*rare, unused):
        embedding[place] = never + 0.01 * torch.randn(192)
    before = embedding.clone()
    assert move_apart(embedding, tokens) == len(rare)
    changed = (embedding != before).any(1).nonzero().flatten().tolist()
    assert changed == sorted(rare)
    directions = torch.nn.functional.normalize(embedding[rare], dim=1)
    likeness = directions @ directions.T - torch.eye(len(rare))
    assert likeness.max() < 0.99
    assert (embedding[rare] @ never > 0.9 * never @ never).all()  # what keeps them silent is left
    after = embedding.clone()
    assert move_apart(embedding, tokens) <= 1
    assert torch.equal(embedding, after)


def test_the_shipped_symbols_can_be_told_apart() -> None:
    from safetensors.torch import load_file

    weights = load_file(Path(embedded_folder()) / "model.safetensors")
    embedding = weights["model.embed_tokens.weight"].float()
    symbols = [_tokens().encode_plain(symbol)[0] for symbol in "%()€#&"]
    directions = torch.nn.functional.normalize(embedding[symbols] - embedding.mean(0), dim=1)
    assert (directions @ directions.T - torch.eye(len(symbols))).max() < 0.95
